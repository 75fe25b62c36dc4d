"""arXiv identifiers and the links that contain them, as people paste them.

Rules: https://info.arxiv.org/help/arxiv_identifier.html. A text is only *read*: every link Broadsheet shows
or fetches is built from the canonical id. Even so, a host that merely looks like arXiv's is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bot.errors import InputError, echoed
from bot.papers._bibtex import with_whole_ids
from bot.texts.folding import in_plain_characters, narrow

_ARCHIVES = (
    r"acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg"
    r"|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph"
    r"|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int"
    r"|supr-con"
)
"""The archives from the time when ids started with their archive."""
_FIRST_NEW_MONTH, _FIRST_FIVE_DIGIT_MONTH = 704, 1501
_FIRST_OLD_YEAR = 91
_VERSION = r"(?:v(?P<version>[1-9]\d{0,2}))?"
_NEW = re.compile(
    rf"(?P<month>\d\d(?:0[1-9]|1[0-2]))\.(?P<number>\d{{4,5}}){_VERSION}", re.ASCII | re.IGNORECASE
)
_CUT = re.compile(r"\d{4}\.\d{3,4}", re.ASCII)
"""A new id may have lost digits. With only two it is more often something else: `2011.12` is a month."""
_OLD = re.compile(
    rf"(?P<archive>{_ARCHIVES})(?:\.[a-z-]{{2,10}})?/?"  # file names have no slash
    rf"(?P<month>\d\d(?:0[1-9]|1[0-2]))(?P<number>\d{{3}}){_VERSION}",
    re.ASCII | re.IGNORECASE,
)
_OTHERS_KEYS = (
    re.compile(r"(?:(?:DBLP:)?journals/corr/)?abs-(\d{4})-(\d{4,5})", re.ASCII | re.IGNORECASE),
    re.compile(r"\d{4}arXiv(\d{4})\.?(\d{4,5})[A-Z.]", re.ASCII | re.IGNORECASE),
)
"""Keys of arXiv papers at DBLP and the Astrophysics Data System, by month and number."""
_LINK = re.compile(
    r"(?:https?://)?(?P<host>[a-z0-9.-]+)/(?P<path>[^?#\s]+)(?:[?#]\S*)?", re.ASCII | re.IGNORECASE
)
_ARXIV_PATH = re.compile(
    r"html/(?P<of_file>\d[^/]+)/.+"  # a figure on the page
    r"|(?:ftp|ps_cache)/(?:arxiv|(?P<archive>[a-z-]+))/(?:papers|pdf)/\d{4}/(?P<of_year>[^/]+?)(?:\.pdf)?"
    # Possessive: a run of slashes parted in every way would take time by the square of its length.
    r"|/*+(?:(?:abs|pdf|html|format|src|e-print|ps|bibtex)/++)?+(?:arxiv:)?(?P<id>.+?)(?:\.pdf)?/?",
    re.ASCII | re.IGNORECASE,
)
"""The second alternative has former addresses of PDFs, which search engines and bibliographies still hold."""
_DOI_PATH = re.compile(r"10\.48550/arxiv\.(?P<id>.+?)/?", re.ASCII | re.IGNORECASE)
_HUGGINGFACE_PATH = re.compile(r"papers/(?P<id>.+?)(?:\.md)?/?", re.ASCII | re.IGNORECASE)
_ALPHAXIV_PATH = re.compile(
    r"(?:[a-z]{2}(?:-[a-z]+)?/)?(?:abs|pdf|html|overview|resources|audio)/(?P<id>.+?)(?:\.pdf|\.md)?/?",
    re.ASCII | re.IGNORECASE,
)
_PAPERS_PATH = re.compile(r"papers/(?P<id>.+?)/?", re.ASCII | re.IGNORECASE)
_DBLP_PATH = re.compile(
    r"rec/(?:[a-z]+\d?/)?(?P<id>journals/corr/abs-.+?)(?:\.[a-z]+)?/?", re.ASCII | re.IGNORECASE
)
_OTHERS_PATH = re.compile(
    r"(?:arxiv[/:]|abs/(?:arxiv:)?)(?P<id>.+?)(?:/abstract)?/?", re.ASCII | re.IGNORECASE
)
_PATHS = {
    "arxiv.org": _ARXIV_PATH,
    "export.arxiv.org": _ARXIV_PATH,
    "browse.arxiv.org": _ARXIV_PATH,
    "xxx.lanl.gov": _ARXIV_PATH,
    "ar5iv.labs.arxiv.org": _ARXIV_PATH,
    "ar5iv.org": _ARXIV_PATH,
    "doi.org": _DOI_PATH,
    "dx.doi.org": _DOI_PATH,
    "huggingface.co": _HUGGINGFACE_PATH,
    "hf.co": _HUGGINGFACE_PATH,
    "alphaxiv.org": _ALPHAXIV_PATH,
    "arxiv-vanity.com": _PAPERS_PATH,
    "emergentmind.com": _PAPERS_PATH,
    "dblp.org": _DBLP_PATH,
    "dblp.uni-trier.de": _DBLP_PATH,
    "papers.cool": _OTHERS_PATH,
    "scirate.com": _OTHERS_PATH,
    "semanticscholar.org": _OTHERS_PATH,
    "api.semanticscholar.org": _OTHERS_PATH,
    "ui.adsabs.harvard.edu": _OTHERS_PATH,
    "inspirehep.net": _OTHERS_PATH,
}
"""Host without `www.` -> where its links keep the id."""
_MIRROR = re.compile(r"(?:[a-z]{2}|lanl)\.arxiv\.org")
"""Former mirrors, such as `de.arxiv.org`: bibliographies are full of them."""
_BLANK = re.compile(r"\s", re.ASCII)
_WRAPPED = re.compile(
    r"https?://(?:(?:www\.)?google\.com/url\?(?:\S*&)?(?:q|url)="
    r"|[a-z\d.-]+\.safelinks\.protection\.outlook\.com/\S*?[?&]url=|web\.archive\.org/web/\w+/)"
    r"(?P<link>https?[^&\s]+)\S*",
    re.ASCII | re.IGNORECASE,
)
"""A link inside the link of a redirecting or archiving site, as found in documents and e-mails."""
_PREFIX = re.compile(
    r"(?:arxiv[:\s]|arxiv[./_-]?(?=\d)|oai:arxiv\.org:|(?:doi:\s*)?10\.48550/arxiv\.)\s*",
    re.ASCII | re.IGNORECASE,
)
_BEFORE_VERSION = re.compile(r"(?<=\d)(?:\s*\(|,?\s+)v(?:ersion\s+)?(?=\d+\)?\s*\Z)", re.IGNORECASE)
"""What stands between an id and the number of its version in `2404.12345 (v2)` or `2404.12345 version 2`."""
_STAMP = re.compile(r"(?<!\s)\s*\[[\w.-]+\](?:\s+\d{1,2}\s[A-Z][a-z]{2}\s\d{4})?\Z", re.ASCII)
"""What follows the id where arXiv itself names a paper: `arXiv:2404.12345v1 [cs.CL] 19 Apr 2024`."""
_WRAPPING = (
    " \t\r\n<>()[]{}\"'`*_~|.,;:!?…“”‘’«»"
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_SPACING = r'\s<>|"'
"""What always separates the words of a message."""
UNSPACED = (
    r"\u0e01-\u0e4f"  # Thai
    r"\u3005\u3040-\u30ff\uff66-\uff9f"  # Japanese
    r"\u3400-\u9fff\uac00-\ud7a3"  # Chinese, Korean
    r"\u2014\u2015"  # long dashes
)
"""Letters and dashes that may touch an id or a link without a space. No digits, no units."""
_STOPS = (
    r"\u3001\u3002\u3008-\u301b\u301d-\u301f"
    r"\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff3b\uff3d\uff5b\uff5d\uff61-\uff64"
)
"""The punctuation of these scripts, except the wave dash, which stands in ranges of numbers."""
_SCHEME = r"(?<![A-Za-z])[A-Za-z]+://"
_TO_THE_END = rf"(?:(?!\]\()[^{_SPACING}{_STOPS}]|[\u3002\uff61](?=[A-Za-z0-9]))*"
"""The rest of a link: what may be part of a host or a path in any script. An ideographic full stop is a dot
in a host; `](` stands between the text and the target of a Markdown link."""
_WORD = re.compile(
    rf"{_SCHEME}{_TO_THE_END}"
    rf"|(?:(?!\]\(|{_SCHEME})[^{_SPACING}{_STOPS}{UNSPACED}/\\?#@])+(?:[/\\?#@]{_TO_THE_END})?"
    rf"|[/\\?#@]{_TO_THE_END}"
)
"""A word of a message. A link is one word from its scheme or host to its end: what stands inside the link of
another host is never read by itself."""
_IN_ASCII = re.compile(rf"[^{_STOPS}{UNSPACED}]*")
"""The part of a word that can be an id or a link."""
_POSSESSIVE = re.compile(r"['\u2019]s\Z", re.IGNORECASE)
_UNSEEN = r"\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd"
"""The zero-width characters between words copied from web pages, and the sign for what could not be decoded,
such as no-break spaces and quotation marks in Excel's and Notepad's files on Windows."""
_BULLETS = r"\u00b7\u2022\u2023\u2219\u25a0\u25aa\u25cb\u25cf\u25e6"
_BETWEEN_FIELDS = rf"\s<>|\"'{{}}\[\](),;=\\{_STOPS}{_UNSEEN}{_BULLETS}"
"""What separates words in bibliographies, tables and lists."""
_LISTED = re.compile(rf"[^{_BETWEEN_FIELDS}{UNSPACED}~/]+(?:/[^{_BETWEEN_FIELDS}]*)?|/[^{_BETWEEN_FIELDS}]*")
"""A word of these texts. BibTeX's no-break space `~` and unspaced letters separate words too, except after a
slash, where they may be part of a link."""

_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
"""Every id has them, and few other words of a bibliography do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A paper, or one version of it, as someone named it."""

    paper_id: str
    """Canonical and versionless: `2404.12345`, `math/0309136`."""
    version: int | None = None
    """None: the newest."""

    @property
    def key_or_id(self) -> str:
        """The key where a version was named, else the id: what arXiv's `id_list` takes."""
        return self.paper_id if self.version is None else f"{self.paper_id}v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Where a text names a paper."""

    reference: Reference
    start: int
    end: int
    """The first character after the id or link, its brackets, its punctuation and its "'s"."""


def parse(text: str) -> Reference:
    """The paper that `text` names: an id or a link, in any form people paste, or one among other words.

    Raises:
        InputError: it names none, or more than one; the message shows what can be read.
    """
    reference = _read(_BEFORE_VERSION.sub("v", text)) or _only(text) or _read(in_plain_characters(text))
    if reference is None:
        echo = echoed(text)
        if len(find_all(text)) > 1:
            raise InputError(f"“{echo}” names several papers. Name one at a time.", echo=echo)
        raise InputError(
            f"“{echo}” is not an arXiv id or link. Use one like 2404.12345, hep-th/9901001 "
            "or https://arxiv.org/abs/2404.12345.",
            echo=echo,
        )
    return reference


def find_first(text: str) -> Reference | None:
    """The first arXiv id or link among the words of a message; None where there is none."""
    return next((mention.reference for mention in mentions(text)), None)


def _only(text: str) -> Reference | None:
    """The only paper among the words, as in the titles that browsers show for arXiv's pages."""
    found = [mention.reference for mention in mentions(text)]
    return found[0] if len({reference.paper_id for reference in found}) == 1 else None


def mentions(text: str) -> Iterator[Mention]:
    """Every place where a message names a paper by id or link, in order.

    Chinese, Japanese, Korean and Thai words may touch it: `请总结2404.12345的方法`. Of other letters and
    signs only "'s" may, so that `0912.3456µm` and `$0912.3456` are not taken for papers.
    """
    for word in _WORD.finditer(narrow(text)):
        readable = _IN_ASCII.match(word[0])
        assert readable is not None, "it may be empty"
        reference = _read(_POSSESSIVE.sub("", readable[0].strip(_WRAPPING)))
        if reference is not None:
            yield Mention(reference=reference, start=word.start(), end=word.start() + readable.end())


def find_all(text: str) -> list[Reference]:
    """Every paper named in a text, a table or a bibliography, each once, in order; versions are left out.

    BibTeX's braces and a table's commas separate words here, as no id contains them. `abs/1706.03762` is how
    DBLP and Semantic Scholar give the volume of what they call the journal CoRR or ArXiv.
    """
    found = (_read(word.removeprefix("abs/")) for word in _listed(with_whole_ids(text)))
    return list(
        {
            reference.paper_id: Reference(paper_id=reference.paper_id)
            for reference in found
            if reference is not None
        }.values()
    )


def find_cut(text: str) -> list[str]:
    """What looks like an id without its last one or two zeros, each once, in order.

    A spreadsheet takes ids for numbers: `2404.1234` may be 2404.12340.
    """
    short = (word for word in _listed(text) if _CUT.fullmatch(word) and _read_id(word) is None)
    return list(dict.fromkeys(word for word in short if _read_id(f"{word}0") or _read_id(f"{word}00")))


def _listed(text: str) -> Iterator[str]:
    """The words of a list that may be ids."""
    # Word by word: a single search through megabytes would hold up all other threads.
    for word in _LISTED.finditer(text):
        if _FOUR_DIGITS.search(word[0]):
            yield word[0].strip(_WRAPPING)


def _read(text: str) -> Reference | None:
    bare = _STAMP.sub("", text.strip()).strip(_WRAPPING).removesuffix(".pdf")
    if prefix := _PREFIX.match(bare):
        return _read_id(bare[prefix.end() :])
    return _read_id(bare) or _read_link(bare)


def _read_link(text: str) -> Reference | None:
    if _BLANK.search(text):  # no link has any; `_WRAPPED` would try every way to part what stands before one
        return None
    wrapped = _WRAPPED.fullmatch(text)
    link = _LINK.fullmatch(unquote(wrapped["link"]) if wrapped is not None else text)
    if link is None:
        return None
    host = link["host"].lower().removeprefix("www.")
    path = _ARXIV_PATH if _MIRROR.fullmatch(host) else _PATHS.get(host)
    found = path.fullmatch(unquote(link["path"])) if path is not None else None
    if found is None:
        return None
    parts = found.groupdict()
    archive = f"{parts['archive']}/" if parts.get("archive") else ""
    return _read_id(parts["id"] or parts["of_file"] or archive + parts["of_year"])


def _read_id(text: str) -> Reference | None:
    if match := _NEW.fullmatch(text):
        return _new_style(match)
    if match := _OLD.fullmatch(text):
        return _old_style(match)
    keys = (pattern.fullmatch(text) for pattern in _OTHERS_KEYS)
    return next((_read_id(".".join(key.groups())) for key in keys if key is not None), None)


def _new_style(match: re.Match[str]) -> Reference | None:
    month, number = int(match["month"]), match["number"]
    digits = 5 if month >= _FIRST_FIVE_DIGIT_MONTH else 4
    if month < _FIRST_NEW_MONTH or len(number) != digits or int(number) == 0:
        return None
    return Reference(paper_id=f"{match['month']}.{number}", version=_version(match))


def _old_style(match: re.Match[str]) -> Reference | None:
    archive, month = match["archive"].lower(), int(match["month"])
    in_time = month >= _FIRST_OLD_YEAR * 100 or month < _FIRST_NEW_MONTH
    if not in_time or int(match["number"]) == 0:
        return None
    return Reference(paper_id=f"{archive}/{match['month']}{match['number']}", version=_version(match))


def _version(match: re.Match[str]) -> int | None:
    return int(match["version"]) if match["version"] else None
