"""The menus under a digest's head: which summary to read, which paper to vote on (pure)."""

from collections.abc import Mapping

import discord

from bot.rendering import wording
from bot.rendering.limits import length, shorten
from storage.model import Digest, DigestStyle

OPEN_PREFIX = "broadsheet:open:"
"""`custom_id` of the menu of summaries: this and the digest's id. An option's value is a paper's key."""

VOTE_PREFIX = "broadsheet:vote:"
"""`custom_id` of the menu of votes: this and the digest's id. An option's value is a versionless id."""

_OPEN = "Read a summary (only you will see it)"
_VOTE = "Vote on a paper"
_OPTIONS = 25
_OPTION_LENGTH = 100
_VOTE_OPTION_LENGTH = 60
_OPTIONS_LENGTH = 1_500
"""Of all menus together: what they take, the head's text has not."""

Menu = discord.ui.Select[discord.ui.LayoutView]


def menus(digest: Digest, style: DigestStyle) -> list[Menu]:
    """The head's menus: a full digest's highlights have messages with buttons, so they need none."""
    highlights = [highlight.pick.paper for highlight in digest.highlights[:_OPTIONS]]
    if style is DigestStyle.FULL:
        highlights = []
    to_read = {paper.key: wording.title(paper) for paper in highlights}
    to_judge = {paper.id: wording.title(paper) for paper in highlights}
    to_judge |= {noted.pick.paper.id: wording.title(noted.pick.paper) for noted in digest.noted}
    to_judge = dict(list(to_judge.items())[:_OPTIONS])
    limit = _OPTIONS_LENGTH // max(1, len(to_read) + len(to_judge))
    found = (
        _menu(OPEN_PREFIX + digest.id, _OPEN, to_read, min(limit, _OPTION_LENGTH)),
        _menu(VOTE_PREFIX + digest.id, _VOTE, to_judge, min(limit, _VOTE_OPTION_LENGTH)),
    )
    return [menu for menu in found if menu is not None]


def menu_length(menu: Menu) -> int:
    """The characters of all that it may show."""
    return length(menu.placeholder or "") + sum(length(option.label) for option in menu.options)


def _menu(custom_id: str, placeholder: str, titles: Mapping[str, str], limit: int) -> Menu | None:
    if not titles:
        return None
    options = [discord.SelectOption(label=shorten(title, limit), value=key) for key, title in titles.items()]
    return discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=options)
