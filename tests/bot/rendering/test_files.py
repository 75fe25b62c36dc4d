import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from rich.console import Console

from bot.rendering.html import digest_html, style_css
from bot.rendering.markdown import digest_markdown
from bot.rendering.terminal import digest_terminal
from storage.model import Digest
from tests.bot.rendering.examples import HOSTILE_TITLE, example_digest, small_digest
from tests.bot.rendering.strategies import LENIENT, digests

_OUR_ADDRESS = re.compile(
    r"https://arxiv\.org/(?:abs|pdf)/[\w./-]+v\d+(?:#page=\d+)?"
    r"|https://creativecommons\.org/(?:licenses/by-nc-sa/4|publicdomain/zero/1)\.0/"
)
_MARKDOWN_TAGS = {
    *("h1", "h2", "h3", "p", "a", "ul", "li", "em", "strong", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "br"),
}
_VOID = {"meta", "br", "hr"}


class _Page(HTMLParser):
    """Collects tags and addresses, and checks that every element is closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]
        self.loads += [
            name for name, _ in attrs if name in {"src", "srcset", "background", "action", "style"}
        ]
        self.loads += [name for name, _ in attrs if name.startswith("on") or (name == "href" and tag != "a")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _assert_safe_page(html: str) -> None:
    page = _Page(html)
    assert page.open == []
    assert page.loads == []
    assert not page.tags & {"script", "img", "iframe", "link", "object", "form", "b"}
    assert all(map(_OUR_ADDRESS.fullmatch, page.links))


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    html = digest_html(example_digest())

    _assert_safe_page(html)
    assert "url(" not in style_css()
    assert "@import" not in style_css()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@LENIENT
@given(digests())
def test_any_page_is_well_formed_and_links_to_arxiv_alone(digest: Digest) -> None:
    _assert_safe_page(digest_html(digest))


@LENIENT
@given(digests())
def test_any_markdown_links_to_arxiv_and_licences_alone(digest: Digest) -> None:
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(digest_markdown(digest))

    page = _Page(html)
    assert all(map(_OUR_ADDRESS.fullmatch, page.links))
    assert page.tags <= _MARKDOWN_TAGS


def test_hostile_words_show_as_they_are_in_markdown() -> None:
    html = MarkdownIt("commonmark").render(digest_markdown(example_digest()))

    shown = re.sub(r"<[^>]+>", "", html).replace("&lt;", "<").replace("&gt;", ">")
    assert HOSTILE_TITLE in shown


@pytest.mark.parametrize("width", [80, 40])
def test_the_terminal_keeps_its_width_and_shows_words_as_they_are(width: int) -> None:
    console = Console(width=width, file=io.StringIO(), record=True, color_system=None)

    console.print(digest_terminal(example_digest()))

    shown = console.export_text()
    assert max(map(len, shown.splitlines())) <= width
    assert "[click](https://evil.example)" in shown
    assert "Also noted" in shown


@LENIENT
@given(digests())
def test_any_digest_can_be_printed_without_control_characters(digest: Digest) -> None:
    console = Console(width=80, file=io.StringIO(), record=True, color_system=None)

    console.print(digest_terminal(digest))

    assert "\x1b" not in console.export_text()


@pytest.mark.parametrize(("name", "suffix"), [("markdown", "md"), ("terminal", "txt")])
def test_a_small_digest_is_exactly_this(name: str, suffix: str) -> None:
    if name == "markdown":
        shown = digest_markdown(small_digest())
    else:
        console = Console(width=80, file=io.StringIO(), record=True, color_system=None)
        console.print(digest_terminal(small_digest()))
        shown = "".join(f"{line.rstrip()}\n" for line in console.export_text().splitlines())

    assert shown == Path(__file__).with_name(f"small_digest.{suffix}").read_text()
