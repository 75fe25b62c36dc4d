import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given

from bot.rendering.html import digest_html
from bot.rendering.receipts import receipt_rows
from bot.site import pages
from bot.site.archive import Publication, clean_title
from storage.model import Digest, DigestListing, Highlight, Noted, Statement
from tests.bot.rendering.examples import example_digest, example_highlight, small_digest
from tests.bot.rendering.strategies import LENIENT, digests, words
from tests.bot.site.newsstand import recording, weekly_digest

_FEEDS = pages.Feeds(atom=True, podcast=True)
_OURS = re.compile(
    r"#content|(\.\./)*(style\.css|icon\.svg|search\.js|player\.js|index\.html|feed\.xml|podcast\.xml)"
    r"|(\.\./)?\d{4}-W\d\d\.html|papers/[\w.-]+\.html|audio/\d{4}-W\d\d\.(mp3|opus)(#t=\d+)?"
    r"|https://arxiv\.org/((abs|pdf)/[\w./-]+v\d+(#page=\d+)?)?"
    r"|https://creativecommons\.org/(licenses/by-nc-sa/4|publicdomain/zero/1)\.0/"
)
_VOID = {"meta", "link", "br", "input", "source"}


class _Page(HTMLParser):
    """Collects what can be followed or loaded, and checks that every element is closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.headings: list[int] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _assert_sound(html: str) -> None:
    page = _Page(html)
    assert [address for address in page.addresses if not _OURS.fullmatch(address)] == []
    assert page.handlers == []
    assert not page.tags & {"iframe", "object", "img", "b", "style"}
    assert {"header", "main", "footer", "h1"} <= page.tags
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def _publication(digest: Digest, title: str = "Lab papers") -> Publication:
    listing = DigestListing(id=digest.id, week=digest.week, created_at=digest.created_at)
    audios = {digest.id: recording(digest)}
    return Publication(server_id=42, code="3f2a9c01e5d47b68", title=title, digests=(listing,), audios=audios)


def _digest_page(digest: Digest, title: str = "Lab papers") -> str:
    files = tuple(
        pages.RecordingFile(address=f"audio/{digest.week}{suffix}", kind=kind, name=suffix)
        for suffix, kind in ((".mp3", "audio/mpeg"), (".opus", "audio/ogg; codecs=opus"))
    )
    heard = pages.Recording(audio=recording(digest), files=files)
    publication = _publication(digest, title)
    return pages.digest_page(
        publication, digest, _FEEDS, recording=heard, earlier="2026-W46", later="2026-W48"
    )


@LENIENT
@given(digests(), words)
def test_pages_of_any_digest_are_well_formed_and_lead_nowhere_else(digest: Digest, title: str) -> None:
    publication = _publication(digest, clean_title(title))
    shown: tuple[Highlight | Noted, ...] = (*digest.highlights[:1], *digest.noted[:1])

    _assert_sound(_digest_page(digest, title))
    _assert_sound(
        pages.front_page(publication, digest, _FEEDS, indexes=["search/2026.js"], recorded=publication.audios)
    )
    for each in shown:
        _assert_sound(pages.paper_page(publication, each, _FEEDS, ["2026-W47", "2026-W40"]))


class _Astray(HTMLParser):
    """Collects Hebrew words that stand in English ones without a direction of their own."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag in {"bdi", "title"} or ("dir", "auto") in attrs)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if re.search("[א-ת]", data) and not any(self.open):
            self.words.append(data)


def test_words_that_are_written_from_right_to_left_change_the_place_of_nothing_beside_them() -> None:
    name, said = "מודלים של שפה (2026)!", Statement(text="המודל מגיע ל-81.2 % (GSM8K).", page=3)
    summary = {"gist": said, "claim": replace(said, page=4), "critique": (said,)}
    highlight = example_highlight(title=name, authors=(name,), abstract=name, summary=summary)
    highlight = replace(highlight, pick=replace(highlight.pick, reason=f"close to “{name}”"))
    digest = small_digest(
        highlights=(highlight,), noted=(Noted(pick=highlight.pick, gist=name),), interests=name
    )
    publication = _publication(digest, name)

    papers: list[Highlight | Noted] = [*digest.highlights, *digest.noted]
    shown = [
        pages.root_page([publication]),
        pages.front_page(publication, digest, _FEEDS, indexes=[], recorded={}),
        _digest_page(digest, name),
        *(pages.paper_page(publication, each, _FEEDS, []) for each in papers),
        digest_html(digest),
    ]

    assert [_Astray(page).words for page in shown] == [[]] * len(shown)


def test_the_root_lists_what_is_published() -> None:
    public = _publication(small_digest(), "A & B")
    silent = replace(public, server_id=43, title="Nothing yet", digests=())

    page = pages.root_page([public, silent])

    assert f'<a href="{public.slug}/index.html" dir="auto">A &amp; B</a>' in page
    assert "1 digest · latest: 16–22 November 2026" in page
    assert "No digests yet." in page
    assert "Nothing has been published here yet." in pages.root_page([])


def test_a_front_page_marks_what_is_unchecked() -> None:
    said = Statement(text="Twice as fast.", checked=False)
    digest = small_digest(highlights=(example_highlight(summary={"gist": said}),))

    page = pages.front_page(_publication(digest), digest, _FEEDS, indexes=["search/2026.js"], recorded={})

    assert "Twice as fast. (unchecked)" in page


def test_a_front_page_without_a_digest_says_so_and_has_nothing_to_search() -> None:
    publication = replace(_publication(small_digest()), digests=())

    page = pages.front_page(
        publication, None, pages.Feeds(atom=False, podcast=False), indexes=[], recorded={}
    )

    _Page(page)
    assert "No digests yet." in page
    assert 'role="search"' not in page
    assert "feed.xml" not in page


def test_a_digest_page_holds_everything_its_digest_does() -> None:
    digest = weekly_digest()

    page = _digest_page(digest)

    for pick in digest.picks:
        assert f'href="papers/{pick.paper.id.replace("/", "-")}.html"' in page
    for name, _ in receipt_rows(digest.receipt):
        assert f'<th scope="row">{name}</th>' in page
    assert "https://arxiv.org/pdf/2611.90001v1#page=6" in page
    assert 'href="audio/2026-W47.mp3#t=14" data-seconds="14.5"' in page
    assert 'href="2026-W46.html" rel="prev"' in page
    assert 'href="2026-W48.html" rel="next"' in page


def test_a_long_digest_is_a_page_of_less_than_100_kilobytes_and_leaves_details_to_the_papers_pages() -> None:
    longest = next(each for each in example_digest().highlights if len(each.summary.method) > 3).summary
    summary = {"method": longest.method, "results": longest.results, "critique": longest.critique}
    digest = weekly_digest(
        highlights=tuple(example_highlight(number, summary=summary) for number in range(25))
    )

    page = _digest_page(digest)

    _assert_sound(page)
    assert page.count("<article") == 25
    assert len(page.encode()) < 100_000
    assert '<a href="papers/2611.90024.html">Method · Results · Critique · Implications</a>' in page
    assert page.count("overstate the gain of drafting") == 25


def test_a_digest_of_usual_length_has_its_details_on_the_page() -> None:
    digest = weekly_digest(highlights=tuple(example_highlight(number) for number in range(25)))

    page = _digest_page(digest)

    assert len(page.encode()) < 100_000
    assert page.count("our scheduler reaches 41.2 tokens per second") == 25


def test_a_paper_page_shows_the_whole_summary_unfolded_and_where_it_was_shown() -> None:
    digest = small_digest()

    page = pages.paper_page(_publication(digest), digest.highlights[0], _FEEDS, ["2026-W47", "2026-W40"])

    assert "<details" not in page
    assert "Ada Example, Bo Sample, Cy Invented, Di Fictional" in page
    assert "our scheduler reaches 41.2 tokens per second" in page
    assert "We look again at budgeted decoding." in page
    assert '<a href="../2026-W40.html">28 September – 4 October 2026</a>' in page


def test_a_paper_that_was_only_noted_has_its_line_and_abstract() -> None:
    digest = small_digest()

    page = pages.paper_page(_publication(digest), digest.noted[0], _FEEDS, ["2026-W47"])

    assert "It says one more thing." in page
    assert "Picked because: <bdi>in cs.CL</bdi>" in page
    assert "We look again at budgeted decoding." in page
    assert "<article" not in page


def test_the_style_sheet_loads_nothing() -> None:
    assert "url(" not in pages.style_sheet()
    assert "@import" not in pages.style_sheet()
