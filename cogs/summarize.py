"""/summarize, "Summarize paper" in a message's menu, and the buttons under a summary."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.failures import BROKEN
from bot.languages import ENGLISH, parse_language
from bot.papers.ids import Reference, find_first, parse
from bot.rendering import discord as rendering
from bot.rendering.discord_components import Component
from bot.rendering.discord_view import without_button
from bot.summaries.on_demand import SummarizedPaper
from cogs._inputs import paper_named, suggest_languages, suggest_papers
from cogs._messages import message_text
from cogs._people import asker, is_among_others, is_under_private, place, reader
from cogs._replies import defer, send_privately, within_token_life
from cogs._stages import Stages
from storage.model import VoteCount

_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)


class Summarize(commands.Cog):
    """Summarises any paper for anyone, in servers and in direct messages."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._clock = client.services.clock
        self._on_demand = client.services.on_demand
        self._ballots = client.services.ballots
        self._being_renewed = set[int]()
        """Messages whose newer version is being summarised below them."""
        client.components[Component.SUMMARIZE] = self.summarize_newer
        client.components[Component.RESULTS] = self.show_all
        self._menu = app_commands.ContextMenu(
            name="Summarize paper",
            callback=self.summarize_message,
            allowed_installs=_INSTALLS,
            allowed_contexts=_CONTEXTS,
        )

    async def cog_load(self) -> None:
        """Add the context menu, which discord.py does not find in a cog by itself."""
        self._client.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Remove the context menu."""
        self._client.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        paper="arXiv id or link, or part of a title to choose from",
        private="Show the summary only to you",
        language="Language of the summary; quotes stay in the original",
    )
    @app_commands.autocomplete(paper=suggest_papers, language=suggest_languages)
    async def summarize(
        self,
        interaction: discord.Interaction,
        paper: app_commands.Range[str, 1, 500],
        private: bool = False,
        language: str = ENGLISH,
    ) -> None:
        """Summarise an arXiv paper, with every number checked and linked to its page."""
        code = parse_language(language).code
        await defer(interaction, ephemeral=private, thinking=True)
        reference = await paper_named(self._database, reader(interaction), paper)
        await self._answer(interaction, reference, code=code, private=private)

    async def summarize_message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Summarise the first paper that a message names; nothing else in it is used or kept."""
        reference = find_first(message_text(message))
        if reference is None:
            raise InputError("There is no arXiv link in this message.")
        await defer(interaction, thinking=True)
        await self._answer(interaction, reference)

    async def summarize_newer(
        self, interaction: discord.Interaction, argument: str, _: Sequence[str]
    ) -> None:
        """Summarise the version named by the button, for the same readers as the message above it.

        A public summary is posted once: then the button is gone.
        """
        name, _, code = argument.rpartition("/")
        private = is_under_private(interaction)
        await defer(interaction, ephemeral=private, thinking=True)
        above = interaction.message
        if above is None or private:
            await self._answer(interaction, parse(name), code=code, private=private)
            return
        if above.id in self._being_renewed:
            raise InputError("Somebody has just asked for this version: it is on its way.")
        self._being_renewed.add(above.id)
        try:
            await self._answer(interaction, parse(name), code=code)
            # It may be gone, or not the bot's to edit.
            with contextlib.suppress(*BROKEN, discord.NotFound, discord.Forbidden):
                above = await above.fetch()  # people may have voted meanwhile
                await above.edit(view=without_button(above, Component.SUMMARIZE.custom_id(argument)))
        finally:
            self._being_renewed.discard(above.id)

    async def show_all(self, interaction: discord.Interaction, argument: str, _: Sequence[str]) -> None:
        """Show a summary in full, with all its results, to the reader only."""
        await defer(interaction, ephemeral=True, thinking=True)
        name, _, code = argument.rpartition("/")
        shown = await self._on_demand.shown(parse(name), code)
        if shown is None:
            raise InputError("This summary is no longer stored. Use `/summarize` to make it again.")
        await send_privately(interaction, rendering.summary_views(shown.paper, shown.summary))

    async def _answer(
        self,
        interaction: discord.Interaction,
        reference: Reference,
        *,
        code: str = ENGLISH,
        private: bool = False,
    ) -> None:
        asked_at = self._clock.now()
        async with Stages(interaction) as stages:
            work = self._on_demand.summarize(reference, code=code, asker=asker(interaction), progress=stages)
            made = await within_token_life(work)
        votes = await self._votes(interaction, made.paper.id, private=private)
        await interaction.edit_original_response(view=self._view(made, votes))
        async with self._database.begin() as tx:
            await tx.seen.note(reader(interaction, private=private), made.paper.id, asked_at)
        # The answer is shown, so looking for a newer version may take as long as arXiv needs.
        newest = await self._on_demand.newest(made)
        if newest.version > made.newest.version:
            votes = await self._votes(interaction, made.paper.id, private=private)  # people may have voted
            with contextlib.suppress(discord.NotFound):  # the answer was deleted
                view = self._view(replace(made, newest=newest), votes)
                await interaction.edit_original_response(view=view)

    async def _votes(
        self, interaction: discord.Interaction, paper_id: str, *, private: bool
    ) -> VoteCount | None:
        """The counts for the vote buttons; None where others would see how this person votes."""
        if is_among_others(interaction) and not private:
            return None
        return await self._ballots.count(place(interaction), interaction.user.id, paper_id)

    def _view(self, made: SummarizedPaper, votes: VoteCount | None) -> discord.ui.LayoutView:
        return rendering.paper_view(
            made.paper,
            made.summary,
            newest=made.newest,
            code=made.code,
            model_problem=made.model_problem,
            can_ask=Component.ASK in self._client.components,
            votes=votes,
        )


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Summarize(cast("BroadsheetClient", client)))
