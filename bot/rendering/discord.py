"""Digests and summaries as Discord messages: Components V2, within every limit (pure).

Limits: https://docs.discord.com/developers/components/reference. A message may have 4,000 characters of text.
Discord does not say which texts it counts, so labels and menus count here, too.
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
_ASK = "Ask about this"
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
    """The name of the thread opened from it; None for a message that only continues the one before."""
    paper_key: str | None
    """The highlight it shows; None for messages of the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A message without its marker, which depends on its position."""

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

    Each ends with the line `marker(position)`, of at most 100 characters; messages that need not be found
    again have no marker. `votes` are the counts on the buttons, by versionless id.
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


def summary_views(
    paper: Paper, summary: Summary, *, can_ask: bool = False, votes: VoteCount | None = None
) -> list[View]:
    """The whole summary, unshortened, in as many messages as it takes; the last one has the buttons.

    Args:
        paper: The version that was summarised.
        summary: Its summary.
        can_ask: Whether to show the button for questions.
        votes: The counts on the vote buttons; None leaves the buttons out.
    """
    room = MESSAGE_LENGTH - _LABELS_LENGTH - length(_ASK)
    *before, last = pages(discord_summary.sections(paper, summary), room)
    row = _row(paper, votes)
    if can_ask:
        row.add_item(_button(_ASK, Component.ASK.custom_id(paper.key)))
    colour = _colour(summary)
    drafts = [*(_Draft(texts=texts, colour=colour) for texts in before)]
    return [*map(_view, drafts), _view(_Draft(texts=last, colour=colour, rows=[row]))]


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
    """A summary that somebody asked for, as one message with its buttons.

    Args:
        paper: The version that was summarised.
        summary: Its summary, shortened if it does not fit.
        newest: The newest known version.
        code: The language that was asked for.
        model_problem: Why the language model did not write it.
        can_ask: Whether to show the button for questions.
        votes: The counts on the vote buttons; None leaves the buttons out.
    """
    notes = wording.about_summary(paper, summary, newest=newest, code=code, model_problem=model_problem)
    summarize = f"Summarize v{newest.version}"
    labels = (summarize, _ASK, "Full summary", "arXiv")
    limit = MESSAGE_LENGTH - sum(map(length, labels)) - _VOTE_LABELS_LENGTH
    fitted, is_shortened = discord_summary.fitted(paper, summary, limit, notes=notes)
    buttons = []
    if newest.version > paper.version and not newest.withdrawn:
        buttons.append(_button(summarize, Component.SUMMARIZE.custom_id(f"{newest.key}/{code}")))
    if can_ask:
        buttons.append(_button(_ASK, Component.ASK.custom_id(paper.key)))
    if is_shortened:
        buttons.append(_button("Full summary", Component.RESULTS.custom_id(f"{paper.key}/{code}")))
    buttons.append(discord.ui.Button(label="arXiv", url=paper.abs_url))
    texts = [section.text for section in fitted]
    rows = [discord.ui.ActionRow[View](*buttons), *vote_rows(paper.id, votes)]
    return _view(_Draft(texts=texts, colour=_colour(summary), rows=rows))


def ballot_view(paper: Paper, count: VoteCount) -> View:
    """A paper with its vote buttons."""
    texts = [f"### {link(wording.title(paper), paper.abs_url)}\n-# {escape(wording.authors(paper))}"]
    rows = vote_rows(paper.id, count)
    return _view(_Draft(texts=texts, colour=_HEAD_COLOUR, rows=rows))


def text_view(text: str, *, markdown: bool = False) -> View:
    """A message of text alone, cut to fit; `markdown` only where text from elsewhere is escaped already."""
    measure = length if markdown else escaped_length
    words = shorten(text, MESSAGE_LENGTH, measure=measure)
    return view_of(discord.ui.TextDisplay((words if markdown else escape(words)) or "…"))


def payload(view: View) -> dict[str, Any]:
    """The message's body for Discord's API; it pings nobody, whatever it says."""
    return {
        "flags": _COMPONENTS_V2,
        "components": view.to_components(),  # type: ignore[no-untyped-call]
        "allowed_mentions": {"parse": []},
    }


def _head(digest: Digest, style: DigestStyle) -> list[_Draft]:
    """The messages before those of the highlights.

    The menus for reading are in the first message; those for voting are in the last, after all the papers.
    """
    to_read, to_vote_on = reading_menus(digest, style), voting_menus(digest, style)
    sections, below = discord_digest.sections(digest), menu_length(to_vote_on)
    first = MESSAGE_LENGTH - menu_length(to_read)
    messages = pages(sections, MESSAGE_LENGTH, first=first)
    if sum(map(length, messages[-1])) + below > (first if len(messages) == 1 else MESSAGE_LENGTH):
        messages = pages(sections, MESSAGE_LENGTH - below, first=first - below)
    last = len(messages) - 1
    name = _thread_name(wording.headline(digest))
    drafts = []
    for place, texts in enumerate(messages):
        menus = [*(to_read if place == 0 else ()), *(to_vote_on if place == last else ())]
        rows = [discord.ui.ActionRow[View](menu) for menu in menus]
        thread_name = name if place == 0 else None
        drafts.append(_Draft(texts=texts, colour=_HEAD_COLOUR, rows=rows, thread_name=thread_name))
    return drafts


def _highlight(digest: Digest, highlight: Highlight, count: VoteCount) -> _Draft:
    paper = highlight.pick.paper
    fitted, is_shortened = discord_summary.fitted(
        paper,
        highlight.summary,
        MESSAGE_LENGTH - _LABELS_LENGTH,
        reason=wording.reason(highlight.pick),
    )
    full = Component.FULL.custom_id(f"{digest.id}/{paper.key}")
    return _Draft(
        texts=[section.text for section in fitted],
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
    signature = () if marker is None else (discord.ui.TextDisplay[View](marker),)
    return view_of(container, *signature)


def _row(paper: Paper, count: VoteCount | None, *, full: str | None = None) -> _Row:
    """Up to five buttons: votes if there is a `count`, links, “Full summary” with the custom id `full`."""
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
