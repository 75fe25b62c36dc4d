"""What every message of components is made with."""

from typing import TypeAlias

import discord

View: TypeAlias = discord.ui.LayoutView


def view_of(*parts: discord.ui.Item[View]) -> View:
    """A message of these parts; the client answers its buttons and menus by their custom ids.

    It is stopped from the beginning: discord.py keeps every other view with a button that it sends, for ever.
    """
    view = View(timeout=None)
    for part in parts:
        view.add_item(part)
    view.stop()
    return view
