"""How every message of components is built."""

from typing import TypeAlias

import discord

View: TypeAlias = discord.ui.LayoutView


def without_button(message: discord.Message, custom_id: str) -> View:
    """The message's components but for the button with this custom id."""
    view = View.from_message(message, timeout=None)
    for row in [item for item in view.walk_children() if isinstance(item, discord.ui.ActionRow)]:
        for item in row.children:
            if isinstance(item, discord.ui.Button) and item.custom_id == custom_id:
                row.remove_item(item)
    view.stop()  # as below
    return view


def view_of(*parts: discord.ui.Item[View]) -> View:
    """A message of these parts; the client handles its buttons and menus by their custom ids.

    It is stopped at once, as discord.py keeps every running view with buttons that it sends, for ever.
    """
    view = View(timeout=None)
    for part in parts:
        view.add_item(part)
    view.stop()
    return view
