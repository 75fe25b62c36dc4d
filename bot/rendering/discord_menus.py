"""The menus under a digest's head: which summary to read, which paper to vote on (pure)."""

from collections.abc import Mapping

import discord

from bot.rendering import wording
from bot.rendering.limits import length, shorten
from storage.model import Digest, DigestStyle, Paper

OPEN_PREFIX = "broadsheet:open:"
"""`custom_id` of the menu of summaries: this and the digest's id. An option's value is a paper's key."""

VOTE_PREFIX = "broadsheet:vote:"
"""`custom_id` of the menu of votes: this and the digest's id. An option's value is a versionless id."""

_OPEN = "Read a summary (only you will see it)"
_VOTE = "Vote on a paper"
_OPTIONS = 25
_OPTION_LENGTH = 100
_VOTE_OPTION_LENGTH = 60
_OPTIONS_LENGTH = 1_200
"""Of one menu: what it takes, the head's text has not."""

Menu = discord.ui.Select[discord.ui.LayoutView]


def reading_menu(digest: Digest, style: DigestStyle) -> Menu | None:
    """Opens summaries; a full digest shows them anyway."""
    titles = {paper.key: wording.title(paper) for paper in _highlights(digest, style)}
    return _menu(OPEN_PREFIX + digest.id, _OPEN, titles, _OPTION_LENGTH)


def voting_menu(digest: Digest, style: DigestStyle) -> Menu | None:
    """Leads to the buttons of a paper; the highlights of a full digest have theirs already."""
    papers = [*_highlights(digest, style), *(noted.pick.paper for noted in digest.noted)]
    titles = {paper.id: wording.title(paper) for paper in papers[:_OPTIONS]}
    return _menu(VOTE_PREFIX + digest.id, _VOTE, titles, _VOTE_OPTION_LENGTH)


def menu_length(menu: Menu | None) -> int:
    """The characters of all that it may show."""
    if menu is None:
        return 0
    return length(menu.placeholder or "") + sum(length(option.label) for option in menu.options)


def _highlights(digest: Digest, style: DigestStyle) -> list[Paper]:
    if style is DigestStyle.FULL:
        return []
    return [highlight.pick.paper for highlight in digest.highlights[:_OPTIONS]]


def _menu(custom_id: str, placeholder: str, titles: Mapping[str, str], limit: int) -> Menu | None:
    if not titles:
        return None
    limit = min(limit, _OPTIONS_LENGTH // len(titles))
    options = [discord.SelectOption(label=shorten(title, limit), value=key) for key, title in titles.items()]
    return discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=options)
