"""Digests and summaries in the terminal (pure): rich renderables, designed for 80 columns."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.rendering import wording
from bot.rendering.receipts import receipt_rows
from storage.model import Digest, Highlight, Noted, Paper, Summary

_INDENT = 3


def digest_terminal(digest: Digest) -> RenderableType:
    """The whole digest. Papers' words are never interpreted as rich markup."""
    shown: list[RenderableType] = [
        Rule(Text(wording.headline(digest), style="bold"), style="dim"),
        Text(wording.overview(digest), style="dim"),
    ]
    for number, highlight in enumerate(digest.highlights, start=1):
        shown += [Text(), _highlight(number, highlight)]
    if not digest.highlights:
        shown += [Text(), Text("No paper was highlighted this week.")]
    if digest.noted:
        shown += [Text(), Rule(Text("Also noted"), style="dim"), *map(_noted, digest.noted)]
    return Group(*shown, Text(), Rule(Text("Receipt"), style="dim"), _receipt(digest))


def summary_terminal(paper: Paper, summary: Summary, *, notes: Sequence[str] = ()) -> RenderableType:
    """One paper's summary under its title and our own `notes`."""
    shown: list[RenderableType] = [
        Text(wording.title(paper), style=Style(bold=True, link=paper.abs_url)),
        *(Text(note, style="bold yellow") for note in notes),
    ]
    if paper.withdrawn:
        shown.append(Text("Withdrawn by its authors.", style="bold yellow"))
    return Group(*shown, _body(paper, summary))


def _body(paper: Paper, summary: Summary, *, reason: str | None = None) -> RenderableType:
    """One paper's summary, without its title."""
    about = " · ".join(filter(None, (wording.authors(paper), ", ".join(paper.categories), paper.key)))
    shown: list[RenderableType] = [Text(about, style="dim")]
    if reason:
        shown.append(Text(f"Picked because: {reason}", style="dim italic"))
    gist = wording.statement(paper, summary.gist)
    if gist.text:
        shown.append(_line(gist))
    for part in wording.parts(paper, summary):
        shown.append(Text(part.heading, style="bold cyan"))
        shown += (_statement(line) for line in part.lines)
    return Group(*shown, Text(" · ".join(wording.facts(summary)), style="dim"))


def _highlight(number: int, highlight: Highlight) -> RenderableType:
    paper = highlight.pick.paper
    heading = Table.grid(padding=(0, 1))
    heading.add_column(width=_INDENT - 1, justify="right")
    heading.add_column()
    heading.add_row(
        Text(f"{number}.", style="bold"),
        Text(wording.title(paper), style=Style(bold=True, link=paper.abs_url)),
    )
    body = _body(paper, highlight.summary, reason=wording.reason(highlight.pick))
    return Group(heading, Padding(body, (0, 0, 0, _INDENT)))


def _noted(noted: Noted) -> RenderableType:
    paper, gist = noted.pick.paper, wording.gist(noted)
    words = Text.assemble((wording.title(paper), Style(link=paper.abs_url)))
    if gist:
        words.append(f": {gist}", style="dim")
    return _bulleted(words)


def _statement(line: wording.Line) -> RenderableType:
    words = _line(line)
    if line.quote:
        words.append(f"\n“{line.quote}”", style="dim italic")
    return _bulleted(words)


def _line(line: wording.Line) -> Text:
    words = Text(line.text)
    if not line.checked:
        words.append(f" {wording.UNCHECKED}", style="yellow")
    if line.url:
        words.append(" ")
        words.append(f"p. {line.page}", style=Style(color="blue", link=line.url))
    return words


def _bulleted(words: Text) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row("•", words)
    return grid


def _receipt(digest: Digest) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", max_width=24)
    grid.add_column()
    for name, value in (*receipt_rows(digest.receipt), ("Written by", wording.model(digest))):
        grid.add_row(Text(name), Text(value))
    return grid
