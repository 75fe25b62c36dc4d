"""The window for typing a question."""

import discord

from bot.answers.asked import QUESTION_CHARACTERS

_EXAMPLE = "What was it compared with?"


def question_modal(title: str, custom_id: str) -> discord.ui.Modal:
    """A window with one text field; its text goes to the component handler that the custom id names.

    The window is stopped at once: discord.py would keep it until it is submitted and forget it at a restart,
    while the custom id outlives both.
    """
    window = discord.ui.Modal(title=title, custom_id=custom_id)
    question: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="question",
        label="Your question",
        style=discord.TextStyle.paragraph,
        placeholder=_EXAMPLE,
        max_length=QUESTION_CHARACTERS,
    )
    window.add_item(question)
    window.stop()
    return window
