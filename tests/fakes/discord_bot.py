"""A small bot for the tests of the fake Discord: a command of each kind, and a record of the events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from tests.fakes.discord import FakeDiscord

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True)


class Form(discord.ui.Modal, title="Interests"):
    words: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Words", custom_id="words")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"noted: {self.words.value}", ephemeral=True)


class Card(discord.ui.LayoutView):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        row: discord.ui.ActionRow[Card] = discord.ui.ActionRow()
        more: discord.ui.Button[Card] = discord.ui.Button(label="More", custom_id="more")
        more.callback = self.more  # type: ignore[method-assign]
        row.add_item(more)
        self.add_item(discord.ui.Container(discord.ui.TextDisplay("A paper"), row))
        menu: discord.ui.ActionRow[Card] = discord.ui.ActionRow()
        select: discord.ui.Select[Card] = discord.ui.Select(custom_id="which", options=_options("one", "two"))
        select.callback = self.chosen  # type: ignore[method-assign]
        self.select = select
        self.add_item(menu.add_item(select))

    async def more(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())

    async def chosen(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"chosen: {self.select.values[0]}", ephemeral=True)


def _options(*values: str) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=value, value=value) for value in values]


class Bot(discord.Client):
    """Has one command of each kind and records the events it receives."""

    def __init__(self) -> None:
        super().__init__(intents=INTENTS, allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self._events: asyncio.Queue[str] = asyncio.Queue()
        self.tree.add_command(_Digest())
        self.tree.add_command(app_commands.ContextMenu(name="Summarise", callback=_summarise))

    async def heard(self) -> str:
        """The next event, waiting for it."""
        async with asyncio.timeout(10):
            return await self._events.get()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Don't wait five seconds, as discord.py would."""

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_resumed(self) -> None:
        self._events.put_nowait("resumed")

    async def on_message(self, message: discord.Message) -> None:
        self._events.put_nowait(f"message {message.content}")

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self._events.put_nowait(f"reaction {event.emoji}")


async def _summarise(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"about: {message.content}")


class _Digest(app_commands.Group):
    def __init__(self) -> None:
        super().__init__(name="digest", description="The weekly digest")

    @app_commands.command(description="Show it")
    async def show(
        self, interaction: discord.Interaction, week: str, channel: discord.TextChannel | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        view = discord.ui.LayoutView().add_item(discord.ui.TextDisplay(f"{week} in {channel}"))
        await interaction.followup.send(view=view)
        await interaction.followup.send("and more")

    @show.autocomplete("week")
    async def weeks(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}-W47", value=f"{current}-W47")]

    @app_commands.command(description="Show a card")
    async def card(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Card())


@asynccontextmanager
async def connected(fake: FakeDiscord) -> AsyncIterator[Bot]:
    bot = Bot()
    async with fake.running(bot):
        yield bot
