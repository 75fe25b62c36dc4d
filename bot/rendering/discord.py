"""Digests and summaries as Discord messages: Components V2, inside every limit (pure).

Limits: https://docs.discord.com/developers/components/reference. A message has 4,000 characters of text;
which texts Discord counts it does not say, so labels and menus count here too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord

from bot.rendering import discord_digest, discord_summary, wording
from bot.rendering.discord_components import Component
from bot.rendering.discord_menus import menu_length, reading_menus, voting_menus
from bot.rendering.discord_pages import MESSAGE_LENGTH, pages
from bot.rendering.discord_text import escape, escaped_length, link
from bot.rendering.discord_view import View, view_of
from bot.rendering.discord_votes import vote_buttons, vote_rows
from bot.rendering.limits import length, shorten
from storage.model import Digest, DigestStyle, Highlight, Paper, Summary, TextSource, VoteCount

_Row: TypeAlias = discord.ui.ActionRow[View]

_COMPONENTS_V2 = 1 << 15
_VOTE_LABELS_LENGTH = 20
_LABELS_LENGTH = sum(map(length, ("arXiv", "PDF", "Full summary"))) + _VOTE_LABELS_LENGTH
_THREAD_NAME_LENGTH = 100

_HEAD_COLOUR = 0x3B5B92
_READ_COLOUR = 0x2E8B6F
_ABSTRACT_COLOUR = 0xC98A1B


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One message of a digest."""

    view: View
    thread_name: str | None
    """What to call a thread opened from it; None for a message that only continues the one before."""
    paper_key: str | None
    """The highlight whose own message it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A message before it knows its place."""

    texts: Sequence[str]
    colour: int
    rows: Sequence[_Row] = ()
    thread_name: str | None = None
    paper_key: str | None = None


def digest_views(
    digest: Digest,
    *,
    style: DigestStyle,
    marker: Callable[[int], str] | None = None,
    votes: Mapping[str, VoteCount] | None = None,
) -> list[Rendered]:
    """The digest's messages in the order of posting: the head, then for `full` one for each highlight.

    Each ends with the line `marker(<its position>)`, which has to be at most 100 characters long; messages
    that need not be found again have none. `votes` are what the buttons show, by versionless id.
    """
    drafts = _head(digest, style)
    if style is DigestStyle.FULL:
        counts = votes or {}
        drafts += (
            _highlight(digest, each, counts.get(each.pick.paper.id, VoteCount()))
            for each in digest.highlights
        )
    return [
        Rendered(
            view=_view(draft, marker and marker(position)),
            thread_name=draft.thread_name,
            paper_key=draft.paper_key,
        )
        for position, draft in enumerate(drafts)
    ]


def summary_views(paper: Paper, summary: Summary) -> list[View]:
    """The whole summary with nothing shortened, in as many messages as it takes."""
    laid = pages(discord_summary.sections(paper, summary), MESSAGE_LENGTH - _LABELS_LENGTH)
    last = len(laid) - 1
    return [
        _view(_Draft(texts=page, colour=_colour(summary), rows=[_row(paper, None)] if place == last else ()))
        for place, page in enumerate(laid)
    ]


def paper_view(
    paper: Paper,
    summary: Summary,
    *,
    newest: Paper,
    code: str = "en",
    model_problem: str | None = None,
    can_ask: bool = False,
    votes: VoteCount | None = None,
) -> View:
    """A summary somebody asked for, as one message with its buttons.

    Args:
        paper: The version that was summarised.
        summary: What is shown of it, shortened where it has to be.
        newest: The newest version that is known.
        code: The language that was asked for.
        model_problem: Why the language model did not write it.
        can_ask: Whether there is somebody to answer the button for questions.
        votes: What the buttons to vote show; None leaves them out.
    """
    notes = wording.about_summary(paper, summary, newest=newest, code=code, model_problem=model_problem)
    labels = ["arXiv", "All results", "Ask about this", f"Summarize v{newest.version}"]
    limit = MESSAGE_LENGTH - sum(map(length, labels)) - _VOTE_LABELS_LENGTH
    laid, is_shortened = discord_summary.fitted(paper, summary, limit, notes=notes)
    buttons = [discord.ui.Button[View](label="arXiv", url=paper.abs_url)]
    if is_shortened:
        buttons.insert(0, _button("All results", Component.RESULTS.custom_id(f"{paper.key}/{code}")))
    if can_ask:
        buttons.insert(0, _button("Ask about this", Component.ASK.custom_id(paper.key)))
    if newest.version > paper.version and not newest.withdrawn:
        newer = _button(f"Summarize v{newest.version}", Component.SUMMARIZE.custom_id(f"{newest.key}/{code}"))
        buttons.insert(0, newer)
    texts = [section.text for section in laid]
    rows = [discord.ui.ActionRow[View](*buttons), *vote_rows(paper.id, votes)]
    return _view(_Draft(texts=texts, colour=_colour(summary), rows=rows))


def ballot_view(paper: Paper, count: VoteCount) -> View:
    """A paper to vote on."""
    texts = [f"### {link(wording.title(paper), paper.abs_url)}\n-# {escape(wording.authors(paper))}"]
    rows = vote_rows(paper.id, count)
    return _view(_Draft(texts=texts, colour=_HEAD_COLOUR, rows=rows))


def text_view(text: str, *, markdown: bool = False) -> View:
    """A note of one message, cut to fit; `markdown` only for words that are all our own."""
    measure = length if markdown else escaped_length
    words = shorten(text, MESSAGE_LENGTH, measure=measure)
    return view_of(discord.ui.TextDisplay((words if markdown else escape(words)) or "…"))


def payload(view: View) -> dict[str, Any]:
    """The message's body for Discord's API: it pings nobody, whatever it says."""
    return {
        "flags": _COMPONENTS_V2,
        "components": view.to_components(),  # type: ignore[no-untyped-call]
        "allowed_mentions": {"parse": []},
    }


def _head(digest: Digest, style: DigestStyle) -> list[_Draft]:
    """Menus of summaries stand under the first message, those of votes under the last: all are read."""
    to_read, to_judge = reading_menus(digest, style), voting_menus(digest, style)
    sections, below = discord_digest.sections(digest), menu_length(to_judge)
    first = MESSAGE_LENGTH - menu_length(to_read)
    laid = pages(sections, MESSAGE_LENGTH, first=first)
    if sum(map(length, laid[-1])) + below > (first if len(laid) == 1 else MESSAGE_LENGTH):
        laid = pages(sections, MESSAGE_LENGTH - below, first=first - below)
    last = len(laid) - 1
    name = _thread_name(wording.headline(digest))
    return [
        _Draft(
            texts=page,
            colour=_HEAD_COLOUR,
            rows=[
                discord.ui.ActionRow[View](menu)
                for menus, place in ((to_read, 0), (to_judge, last))
                if place == number
                for menu in menus
            ],
            thread_name=name if number == 0 else None,
        )
        for number, page in enumerate(laid)
    ]


def _highlight(digest: Digest, highlight: Highlight, count: VoteCount) -> _Draft:
    paper = highlight.pick.paper
    laid, is_shortened = discord_summary.fitted(
        paper,
        highlight.summary,
        MESSAGE_LENGTH - _LABELS_LENGTH,
        reason=wording.reason(highlight.pick),
    )
    full = Component.FULL.custom_id(f"{digest.id}/{paper.key}")
    return _Draft(
        texts=[section.text for section in laid],
        colour=_colour(highlight.summary),
        rows=[_row(paper, count, full=full if is_shortened else None)],
        thread_name=_thread_name(wording.title(paper)),
        paper_key=paper.key,
    )


def _view(draft: _Draft, marker: str | None = None) -> View:
    container: discord.ui.Container[View] = discord.ui.Container(accent_colour=draft.colour)
    for place, text in enumerate(draft.texts):
        if place == 1:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(text))
    for row in draft.rows:
        container.add_item(row)
    signature = () if marker is None else (discord.ui.TextDisplay[View](f"-# {marker}"),)
    return view_of(container, *signature)


def _row(paper: Paper, count: VoteCount | None, *, full: str | None = None) -> _Row:
    """Votes where they are counted, links, and the way to what was shortened: five buttons at most."""
    row: _Row = discord.ui.ActionRow(*(vote_buttons(paper.id, count) if count is not None else ()))
    row.add_item(discord.ui.Button(label="arXiv", url=paper.abs_url))
    row.add_item(discord.ui.Button(label="PDF", url=paper.pdf_url))
    if full is not None:
        row.add_item(_button("Full summary", full))
    return row


def _button(label: str, custom_id: str) -> discord.ui.Button[View]:
    return discord.ui.Button(label=label, custom_id=custom_id)


def _colour(summary: Summary) -> int:
    return _READ_COLOUR if summary.source is TextSource.PDF else _ABSTRACT_COLOUR


def _thread_name(words: str) -> str:
    return shorten(words, _THREAD_NAME_LENGTH)
