"""The menus under a digest's head: choose a summary to read, or a paper to vote on (pure)."""

from collections.abc import Mapping, Sequence

import discord

from bot.rendering import wording
from bot.rendering.discord_components import Component
from bot.rendering.discord_view import View
from bot.rendering.limits import length, shorten
from storage.model import Digest, DigestStyle, Paper

_OPEN = "Read a summary (only you can see it)"
_VOTE = "Vote on a paper"
_OPTIONS = 25
"""Discord's limit for one menu."""
_OPTION_LENGTH = 100
_VOTE_OPTION_LENGTH = 60
_OPTIONS_LENGTH = 1_200
"""For all menus of a kind together, as they take it from the head's text."""

Menu = discord.ui.Select[View]


def reading_menus(digest: Digest, style: DigestStyle) -> list[Menu]:
    """Menus that open summaries; none in a `full` digest, which shows the summaries itself."""
    titles = {paper.key: wording.title(paper) for paper in _highlights(digest, style)}
    return _menus(Component.OPEN.custom_id(digest.id), _OPEN, titles, _OPTION_LENGTH)


def voting_menus(digest: Digest, style: DigestStyle) -> list[Menu]:
    """Menus that show a paper's vote buttons; the highlights of a `full` digest have theirs already."""
    papers = [*_highlights(digest, style), *(noted.pick.paper for noted in digest.noted)]
    titles = {paper.id: wording.title(paper) for paper in papers}
    return _menus(Component.VOTE.custom_id(digest.id), _VOTE, titles, _VOTE_OPTION_LENGTH)


def menu_length(menus: Sequence[Menu]) -> int:
    """The number of characters in all labels and placeholders."""
    labels = [option.label for menu in menus for option in menu.options]
    return sum(map(length, [*labels, *(menu.placeholder or "" for menu in menus)]))


def _highlights(digest: Digest, style: DigestStyle) -> list[Paper]:
    if style is DigestStyle.FULL:
        return []
    return [highlight.pick.paper for highlight in digest.highlights]


def _menus(custom_id: str, placeholder: str, titles: Mapping[str, str], limit: int) -> list[Menu]:
    """As many menus as it takes; custom ids must differ within a message."""
    limit = min(limit, _OPTIONS_LENGTH // max(1, len(titles)))
    options = [discord.SelectOption(label=shorten(title, limit), value=key) for key, title in titles.items()]
    return [
        discord.ui.Select(
            custom_id=f"{custom_id}/{start}" if start else custom_id,
            placeholder=placeholder + _which(start, len(options)),
            options=options[start : start + _OPTIONS],
        )
        for start in range(0, len(options), _OPTIONS)
    ]


def _which(start: int, count: int) -> str:
    """Tells several menus of one kind apart: ` (26–50)`."""
    return "" if count <= _OPTIONS else f" ({start + 1}–{min(start + _OPTIONS, count)})"
