"""The buttons people vote with (pure)."""

import discord

from bot.rendering.discord_components import Component
from bot.rendering.discord_view import view_of
from bot.taste.votes import MOST_VOTES_AN_HOUR
from storage.model import VoteCount

Button = discord.ui.Button[discord.ui.LayoutView]


def vote_buttons(paper_id: str, count: VoteCount) -> tuple[Button, Button]:
    """👍 and 👎 with their counts."""
    return (
        discord.ui.Button(label=_up(count), custom_id=Component.UP.custom_id(paper_id)),
        discord.ui.Button(label=_down(count), custom_id=Component.DOWN.custom_id(paper_id)),
    )


def vote_rows(paper_id: str, count: VoteCount | None) -> list[discord.ui.ActionRow[discord.ui.LayoutView]]:
    """The buttons as a row of their own; none where votes are not counted."""
    return [] if count is None else [discord.ui.ActionRow(*vote_buttons(paper_id, count))]


def recounted(message: discord.Message, paper_id: str, count: VoteCount) -> discord.ui.LayoutView:
    """The message as it is, with these counts on the paper's buttons."""
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    for item in view.walk_children():
        if isinstance(item, discord.ui.Button):
            if item.custom_id == Component.UP.custom_id(paper_id):
                item.label = _up(count)
            elif item.custom_id == Component.DOWN.custom_id(paper_id):
                item.label = _down(count)
    view.stop()  # as in `view_of`
    return view


def flood_text(within_hour: int) -> str:
    """What a voter should know who has given so many votes within an hour; empty where that is nothing."""
    if within_hour == MOST_VOTES_AN_HOUR:
        return (
            f"These are {MOST_VOTES_AN_HOUR} votes within an hour. With one more, none of them would count: "
            "go on in an hour."
        )
    if within_hour == MOST_VOTES_AN_HOUR + 1:
        return (
            f"These are more than {MOST_VOTES_AN_HOUR} votes within an hour, and so many count for nothing. "
            "Take back what is too many, and the others count."
        )
    return ""


def _up(count: VoteCount) -> str:
    return f"👍 {count.up}"


def _down(count: VoteCount) -> str:
    return f"👎 {count.down}"


def confirm_view(question: str, label: str, custom_id: str) -> discord.ui.LayoutView:
    """A question before something that cannot be undone, with the one button that does it."""
    sure: Button = discord.ui.Button(label=label, custom_id=custom_id, style=discord.ButtonStyle.danger)
    return view_of(discord.ui.TextDisplay(question), discord.ui.ActionRow(sure))
