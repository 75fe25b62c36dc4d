"""A summary as Discord Markdown, whole or shortened to fit into one message (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering import wording
from bot.rendering.discord_pages import Section
from bot.rendering.discord_text import escape, escaped_length, link, shown
from bot.rendering.limits import length, split
from storage.model import Paper, Summary

_BLOCK_LENGTH = 1_500
"""The longest block of a section: two fit into a message, so that no message stays nearly empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """How much of a summary is shown."""

    statement: int
    """Characters of one statement or quote, once escaped."""
    items: int
    """The number of statements under one heading."""
    quote: int


# The first that fits is taken; with the last, even the worst text (every character escaped) fits.
_CUTS = (
    _Cut(statement=700, items=8, quote=400),
    _Cut(statement=550, items=7, quote=300),
    _Cut(statement=450, items=6, quote=250),
    _Cut(statement=380, items=5, quote=200),
    _Cut(statement=320, items=4, quote=180),
    _Cut(statement=240, items=3, quote=120),
    _Cut(statement=170, items=2, quote=90),
    _Cut(statement=120, items=1, quote=0),
)


def sections(
    paper: Paper, summary: Summary, *, reason: str | None = None, notes: Sequence[str] = ()
) -> list[Section]:
    """The whole summary, our own `notes` below its title; long statements become several blocks."""
    body = [
        Section(
            heading=f"**{part.heading}**",
            blocks=tuple(block for line in part.lines for block in _whole(line)),
        )
        for part in wording.parts(paper, summary)
    ]
    return [_top(paper, reason, notes), *_gist(paper, summary, None), *body, _bottom(summary, 1_000)]


def fitted(
    paper: Paper, summary: Summary, limit: int, *, reason: str | None = None, notes: Sequence[str] = ()
) -> tuple[list[Section], bool]:
    """The summary in at most `limit` characters, and whether it had to be shortened for that."""
    whole = sections(paper, summary, reason=reason, notes=notes)
    if _length(whole) <= limit:
        return whole, False
    shortened = whole
    for cut in _CUTS:
        shortened = [_top(paper, reason, notes), *_shortened(paper, summary, cut)]
        if _length(shortened) <= limit:
            break
    return shortened, True


def _shortened(paper: Paper, summary: Summary, cut: _Cut) -> list[Section]:
    body = [
        Section(
            heading=f"**{part.heading}**", blocks=tuple(_block(line, cut) for line in part.lines[: cut.items])
        )
        for part in wording.parts(paper, summary)
    ]
    return [*_gist(paper, summary, cut), *body, _bottom(summary, 200)]


def _length(sections: list[Section]) -> int:
    return sum(length(section.text) for section in sections)


def _top(paper: Paper, reason: str | None, notes: Sequence[str]) -> Section:
    lines = [f"### {link(wording.title(paper), paper.abs_url)}"]
    about = [shown(wording.authors(paper), 150), shown(", ".join(paper.categories), 80), escape(paper.key)]
    lines.append("-# " + " · ".join(filter(None, about)))
    if paper.withdrawn:
        lines.append("**Withdrawn by its authors.**")
    lines += (f"**{escape(note)}**" for note in notes)
    if reason:
        lines.append(f"-# Picked because: {shown(reason, 250)}")
    return Section(blocks=("\n".join(lines),))


def _gist(paper: Paper, summary: Summary, cut: _Cut | None) -> list[Section]:
    gist = wording.statement(paper, summary.gist)
    if not gist.text:
        return []
    blocks = _whole(gist, bullet="") if cut is None else (_block(gist, cut, bullet=""),)
    return [Section(blocks=tuple(blocks))]


def _bottom(summary: Summary, limit: int) -> Section:
    read, written, *others = wording.facts(summary)
    lines = (f"{read} · {written}", *others)
    return Section(blocks=("\n".join(f"-# {shown(line, limit)}" for line in lines),))


def _whole(line: wording.Line, *, bullet: str = "- ") -> list[str]:
    pieces = split(" ".join(line.text.split()), _BLOCK_LENGTH, measure=escaped_length)
    blocks = [f"{bullet}{escape(piece)}" for piece in pieces]
    blocks[-1] += line.markdown_tail
    if line.quote:
        blocks += (
            f"> “{escape(piece)}”" for piece in split(line.quote, _BLOCK_LENGTH, measure=escaped_length)
        )
    return blocks


def _block(line: wording.Line, cut: _Cut, *, bullet: str = "- ") -> str:
    text = f"{bullet}{shown(line.text, cut.statement)}{line.markdown_tail}"
    return f"{text}\n> “{shown(line.quote, cut.quote)}”" if line.quote and cut.quote else text
