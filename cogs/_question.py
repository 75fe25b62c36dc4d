"""The window in which a question is typed."""

from collections.abc import Awaitable, Callable

import discord

from bot.answers.asked import QUESTION_CHARACTERS
from bot.client import tell

Asked = Callable[[discord.Interaction, str], Awaitable[None]]
"""Takes the interaction of the window's button and the question."""

_EXAMPLE = "What was it compared with?"


class QuestionWindow(discord.ui.Modal):
    """One text field; what is typed goes to `asked`."""

    question: discord.ui.TextInput["QuestionWindow"] = discord.ui.TextInput(
        custom_id="question",
        label="Your question",
        style=discord.TextStyle.paragraph,
        placeholder=_EXAMPLE,
        max_length=QUESTION_CHARACTERS,
    )

    def __init__(self, title: str, asked: Asked) -> None:
        super().__init__(title=title)
        self._asked = asked

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Pass the question on."""
        await self._asked(interaction, self.question.value)

    async def on_error(  # type: ignore[override] # discord.py's own Modal has this signature
        self, interaction: discord.Interaction, error: Exception
    ) -> None:
        """Tell the person, as for every command."""
        await tell(interaction, error)
