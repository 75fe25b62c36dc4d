"""Digests and summaries as Discord messages: Components V2, inside every limit (pure).

Limits: https://docs.discord.com/developers/components/reference. A message has 4,000 characters of text;
which texts Discord counts it does not say, so labels and menus count here too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord

from bot.rendering import discord_digest, discord_summary, wording
from bot.rendering.discord_pages import MESSAGE_LENGTH, pages
from bot.rendering.discord_text import escape, escaped_length
from bot.rendering.limits import length, shorten
from storage.model import Digest, DigestStyle, Highlight, Paper, Summary, TextSource

OPEN_PREFIX = "broadsheet:open:"
"""`custom_id` of a digest's menu: this and the digest's id. An option's value is a paper's key."""

FULL_PREFIX = "broadsheet:full:"
"""`custom_id` of the button for what was shortened: this, the digest's id, `/`, the paper's key."""

SUMMARIZE_PREFIX = "broadsheet:summarize:"
"""`custom_id` of the button for a newer version: this, the paper's key, `/`, a language's code."""

RESULTS_PREFIX = "broadsheet:results:"
"""`custom_id` of the button for what an answer had to shorten: as above."""

ASK_PREFIX = "broadsheet:ask:"
"""`custom_id` of the button that asks about a paper: this and the paper's key."""

View: TypeAlias = discord.ui.LayoutView
_Row: TypeAlias = discord.ui.ActionRow[View]

_COMPONENTS_V2 = 1 << 15
_OPTIONS = 25
_OPTION_LENGTH = 100
_OPTIONS_LENGTH = 1_500
_PLACEHOLDER = "Read a summary (only you will see it)"
_LABELS = ("arXiv", "PDF", "Full summary")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A message before it knows its place."""

    texts: Sequence[str]
    colour: int
    row: _Row | None = None
    thread_name: str | None = None


def digest_views(
    digest: Digest, *, style: DigestStyle, marker: Callable[[int], str] | None = None
) -> list[Rendered]:
    """The digest's messages in the order of posting: the head, then for `full` one for each highlight.

    Each ends with the line `marker(<its position>)`, which has to be at most 100 characters long; messages
    that need not be found again have none.
    """
    drafts = _head(digest, style)
    if style is DigestStyle.FULL:
        drafts += (_highlight(digest, highlight) for highlight in digest.highlights)
    return [
        Rendered(view=_view(draft, marker and marker(position)), thread_name=draft.thread_name)
        for position, draft in enumerate(drafts)
    ]


def summary_views(paper: Paper, summary: Summary) -> list[View]:
    """The whole summary with nothing shortened, in as many messages as it takes."""
    laid = pages(discord_summary.sections(paper, summary), MESSAGE_LENGTH - sum(map(length, _LABELS)))
    last = len(laid) - 1
    return [
        _view(_Draft(texts=page, colour=_colour(summary), row=_links(paper) if place == last else None))
        for place, page in enumerate(laid)
    ]


def paper_view(
    paper: Paper, summary: Summary, *, newest: Paper, code: str = "en", can_ask: bool = False
) -> View:
    """A summary somebody asked for, as one message with its buttons.

    Args:
        paper: The version that was summarised.
        summary: What is shown of it, shortened where it has to be.
        newest: The newest version that is known.
        code: The language that was asked for.
        can_ask: Whether there is somebody to answer the button for questions.
    """
    notes = [note for note in (wording.newer(paper, newest), wording.other_language(summary, code)) if note]
    labels = ["arXiv", "All results", "Ask about this", f"Summarize v{newest.version}"]
    limit = MESSAGE_LENGTH - sum(map(length, labels))
    laid, is_shortened = discord_summary.fitted(paper, summary, limit, notes=notes)
    buttons = [discord.ui.Button[View](label="arXiv", url=paper.abs_url)]
    if is_shortened:
        buttons.insert(0, _button("All results", f"{RESULTS_PREFIX}{paper.key}/{code}"))
    if can_ask:
        buttons.insert(0, _button("Ask about this", f"{ASK_PREFIX}{paper.key}"))
    if newest.version > paper.version and not newest.withdrawn:
        newer = _button(f"Summarize v{newest.version}", f"{SUMMARIZE_PREFIX}{newest.key}/{code}")
        buttons.insert(0, newer)
    row: _Row = discord.ui.ActionRow(*buttons)
    texts = [section.text for section in laid]
    return _view(_Draft(texts=texts, colour=_colour(summary), row=row))


def text_view(text: str, *, markdown: bool = False) -> View:
    """A note of one message, cut to fit; `markdown` only for words that are all our own."""
    measure = length if markdown else escaped_length
    words = shorten(text, MESSAGE_LENGTH, measure=measure)
    view = View(timeout=None)
    view.add_item(discord.ui.TextDisplay((words if markdown else escape(words)) or "…"))
    return view


def payload(view: View) -> dict[str, Any]:
    """The message's body for Discord's API: it pings nobody, whatever it says."""
    return {
        "flags": _COMPONENTS_V2,
        "components": view.to_components(),  # type: ignore[no-untyped-call]
        "allowed_mentions": {"parse": []},
    }


def _head(digest: Digest, style: DigestStyle) -> list[_Draft]:
    options = _options(digest) if style is DigestStyle.COMPACT else []
    menu_length = sum(length(option.label) for option in options) + length(_PLACEHOLDER)
    laid = pages(discord_digest.sections(digest), MESSAGE_LENGTH, first=MESSAGE_LENGTH - menu_length)
    name = _thread_name(wording.headline(digest))
    return [
        _Draft(texts=laid[0], colour=_HEAD_COLOUR, row=_menu(digest, options), thread_name=name),
        *(_Draft(texts=page, colour=_HEAD_COLOUR) for page in laid[1:]),
    ]


def _highlight(digest: Digest, highlight: Highlight) -> _Draft:
    paper = highlight.pick.paper
    laid, is_shortened = discord_summary.fitted(
        paper,
        highlight.summary,
        MESSAGE_LENGTH - sum(map(length, _LABELS)),
        reason=wording.reason(highlight.pick),
    )
    return _Draft(
        texts=[section.text for section in laid],
        colour=_colour(highlight.summary),
        row=_links(paper, full=f"{FULL_PREFIX}{digest.id}/{paper.key}" if is_shortened else None),
        thread_name=_thread_name(wording.title(paper)),
    )


def _view(draft: _Draft, marker: str | None = None) -> View:
    container: discord.ui.Container[View] = discord.ui.Container(accent_colour=draft.colour)
    for place, text in enumerate(draft.texts):
        if place == 1:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(text))
    if draft.row is not None:
        container.add_item(draft.row)
    view = View(timeout=None)
    view.add_item(container)
    if marker is not None:
        view.add_item(discord.ui.TextDisplay(f"-# {marker}"))
    return view


def _links(paper: Paper, *, full: str | None = None) -> _Row:
    row: _Row = discord.ui.ActionRow(
        discord.ui.Button(label="arXiv", url=paper.abs_url), discord.ui.Button(label="PDF", url=paper.pdf_url)
    )
    if full is not None:
        row.add_item(discord.ui.Button(label="Full summary", custom_id=full))
    return row


def _button(label: str, custom_id: str) -> discord.ui.Button[View]:
    return discord.ui.Button(label=label, custom_id=custom_id)


def _options(digest: Digest) -> list[discord.SelectOption]:
    titles = {
        highlight.pick.paper.key: wording.title(highlight.pick.paper)
        for highlight in digest.highlights[:_OPTIONS]
    }
    limit = min(_OPTION_LENGTH, _OPTIONS_LENGTH // max(1, len(titles)))
    return [discord.SelectOption(label=shorten(title, limit), value=key) for key, title in titles.items()]


def _menu(digest: Digest, options: list[discord.SelectOption]) -> _Row | None:
    if not options:
        return None
    custom_id = f"{OPEN_PREFIX}{digest.id}"
    return discord.ui.ActionRow(
        discord.ui.Select(custom_id=custom_id, placeholder=_PLACEHOLDER, options=options)
    )


def _colour(summary: Summary) -> int:
    return _READ_COLOUR if summary.source is TextSource.PDF else _ABSTRACT_COLOUR


def _thread_name(words: str) -> str:
    return shorten(words, _THREAD_NAME_LENGTH)
