"""Vote buttons, and the texts around them (pure)."""

import discord

from bot.rendering.discord_components import Component
from bot.rendering.discord_view import View, view_of
from bot.taste.votes import MOST_VOTES_AN_HOUR
from storage.model import VoteCount

Button = discord.ui.Button[View]


def vote_buttons(paper_id: str, count: VoteCount) -> tuple[Button, Button]:
    """👍 and 👎 with their counts."""
    return (
        discord.ui.Button(label=_up(count), custom_id=Component.UP.custom_id(paper_id)),
        discord.ui.Button(label=_down(count), custom_id=Component.DOWN.custom_id(paper_id)),
    )


def vote_rows(paper_id: str, count: VoteCount | None) -> list[discord.ui.ActionRow[View]]:
    """The buttons in a row of their own; no row without a `count`."""
    return [] if count is None else [discord.ui.ActionRow(*vote_buttons(paper_id, count))]


def recounted(message: discord.Message, paper_id: str, count: VoteCount) -> View:
    """The message with these counts on the paper's buttons, otherwise unchanged."""
    view = View.from_message(message, timeout=None)
    for item in view.walk_children():
        if isinstance(item, discord.ui.Button):
            if item.custom_id == Component.UP.custom_id(paper_id):
                item.label = _up(count)
            elif item.custom_id == Component.DOWN.custom_id(paper_id):
                item.label = _down(count)
    view.stop()  # as in `view_of`
    return view


def flood_text(within_hour: int) -> str:
    """A warning for somebody whose votes within an hour reach or exceed the limit; otherwise empty."""
    if within_hour == MOST_VOTES_AN_HOUR:
        return (
            f"That makes {MOST_VOTES_AN_HOUR} votes within an hour. With one more, none of them would count, "
            "so please wait an hour."
        )
    if within_hour == MOST_VOTES_AN_HOUR + 1:
        return (
            f"That makes more than {MOST_VOTES_AN_HOUR} votes within an hour, so none of them count. "
            "Take the extra ones back and the others count again."
        )
    return ""


def _up(count: VoteCount) -> str:
    return f"👍 {count.up}"


def _down(count: VoteCount) -> str:
    return f"👎 {count.down}"


def confirm_view(question: str, label: str, custom_id: str) -> View:
    """Asks before something that cannot be undone; the one button does it."""
    button: Button = discord.ui.Button(label=label, custom_id=custom_id, style=discord.ButtonStyle.danger)
    return view_of(discord.ui.TextDisplay(question), discord.ui.ActionRow(button))
