import html
import re
from datetime import date
from typing import Any

import yaml
from hypothesis import given
from markdown_it import MarkdownIt

from bot.rendering import wording
from bot.rendering.exports.notes import digest_notes, note_name
from storage.model import Digest, Statement
from tests.bot.rendering.examples import (
    HOSTILE_TITLE,
    example_digest,
    example_highlight,
    example_paper,
    small_digest,
)
from tests.bot.rendering.strategies import LENIENT, digests

_FORBIDDEN = set('\\/:*?"<>|#^[]')
_TARGET = re.compile(r"\[\[([^\]|]+)\|([^\]|]+)\]\]")


def _front_matter(note: str) -> dict[str, Any]:
    start, front, _ = note.split("---\n", 2)
    assert start == ""
    read = yaml.safe_load(front)
    assert isinstance(read, dict)
    return read


def test_a_note_says_what_it_is_about() -> None:
    notes = digest_notes(example_digest())

    (note,) = (text for name, text in notes.items() if "9901001" in name)
    assert _front_matter(note) == {
        "title": "A Scanned Note on Anomalies",
        "authors": ["O. L. D. Timer", "N. E. W. Comer"],
        "arxiv": "hep-th/9901001",
        "version": 3,
        "url": "https://arxiv.org/abs/hep-th/9901001v3",
        "categories": ["hep-th"],
        "published": date(2026, 11, 17),
        "week": "2026-W47",
        "tags": ["broadsheet", "arxiv/hep-th"],
    }
    assert "# [A Scanned Note on Anomalies](https://arxiv.org/abs/hep-th/9901001v3)" in note


def test_the_index_leads_to_every_note() -> None:
    notes = digest_notes(example_digest())

    index = notes["Broadsheet 2026-W47/Broadsheet 2026-W47.md"]
    targets = {f"{target}.md" for target, _ in _TARGET.findall(index)}
    assert targets == set(notes) - {"Broadsheet 2026-W47/Broadsheet 2026-W47.md"}
    assert "## Also noted" in index
    assert "| Written by | invented-1 |" in index


def test_the_index_marks_what_is_unchecked() -> None:
    said = Statement(text="Twice as fast.", checked=False)
    digest = small_digest(highlights=(example_highlight(summary={"gist": said}),))

    index = digest_notes(digest)["Broadsheet 2026-W47/Broadsheet 2026-W47.md"]

    assert "]]: Twice as fast. (unchecked)\n" in index


def test_no_word_of_a_paper_is_a_tag_a_highlight_or_a_comment() -> None:
    said = Statement(text="Now #P-hard as #SAT is, if a==b and c==d, or 5%%, in C# and A&#60;B. 100%% sure.")
    digest = small_digest(highlights=(example_highlight(summary={"gist": said}),))

    note = list(digest_notes(digest).values())[1]

    assert re.findall(r"(?<![\w\\])#\w|(?<!\\)==|(?<!\\)%%", note.split("---\n", 2)[2]) == []
    assert said.text in html.unescape(MarkdownIt().render(note))


def test_a_name_is_one_that_every_system_takes() -> None:
    names = [
        note_name(example_paper(title=title)) for title in (HOSTILE_TITLE, "CON", "dots...", "𝒪" * 200, "")
    ]

    assert names[1:3] == ["2611.90001 CON", "2611.90001 dots"]
    assert names[4] == "2611.90001 2611.90001v1"
    assert all(len(name.encode()) <= 120 and not _FORBIDDEN & set(name) for name in names)


@LENIENT
@given(digests())
def test_any_digest_makes_notes_that_can_be_read_and_found(digest: Digest) -> None:
    notes = digest_notes(digest)

    assert len({name.casefold() for name in notes}) == len(digest.highlights) + 1
    index, *others = notes.values()
    assert [f"{target}.md" for target, _ in _TARGET.findall(index)] == list(notes)[1:]
    for name, note, highlight in zip(list(notes)[1:], others, digest.highlights, strict=True):
        base = name.removeprefix("Broadsheet 2026-W47/").removesuffix(".md")
        assert not _FORBIDDEN & set(base)
        assert base.isprintable()
        assert not base.endswith((" ", "."))
        front = _front_matter(note)
        assert front["title"] == wording.title(highlight.pick.paper)
        assert front["authors"] == list(wording.all_authors(highlight.pick.paper))
