"""How every message of components is built."""

from typing import TypeAlias

import discord

View: TypeAlias = discord.ui.LayoutView


def view_of(*parts: discord.ui.Item[View]) -> View:
    """A message of these parts; the client handles its buttons and menus by their custom ids.

    It is stopped at once, as discord.py keeps every running view with buttons that it sends, for ever.
    """
    view = View(timeout=None)
    for part in parts:
        view.add_item(part)
    view.stop()
    return view
