"""/taste: what a server likes, shown to anyone and taught by its admins."""

import io
from pathlib import PurePath
from typing import Literal, TypeAlias, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.papers import taxonomy
from bot.rendering.discord import text_view
from bot.rendering.discord_components import Component
from bot.rendering.discord_taste import export_text, portrait_text, preference_text, taught_text
from bot.rendering.discord_votes import confirm_view
from bot.taste.teaching import MOST_LIST_BYTES
from bot.taste.transfer import MOST_BYTES
from bot.texts.folding import folded, narrow
from cogs._inputs import CHOICE_CHARACTERS, CHOICES, Choices, empty_on_storage_failure
from cogs._people import manages, server_of
from cogs._replies import defer, read_attachment, send_privately, tell, within_token_life
from storage.model import PreferenceKind, Subject

_LISTS = (".bib", ".csv", ".txt")
_SURE = (
    "Delete all votes, seeds, follows and mutes of this server? Personal digests lose what they learned from "
    "the votes cast here. This cannot be undone, but `/taste export` makes a copy first."
)
_Value: TypeAlias = app_commands.Range[str, 1, 100]
_Followed = Literal["author", "topic", "category"]
_Muted = Literal["author", "topic", "category", "word"]


@app_commands.guild_only()
class Taste(commands.GroupCog, name="taste", description="What this server likes"):
    """Anyone can look; teaching needs the Manage Server permission."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._teaching = client.services.teaching
        client.components[Component.RESET] = self.reset_confirmed

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Let only admins change anything; suggestions are not checked, and anyone may see them."""
        return manages(interaction, unless={"show"})

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what I think this server likes, with examples."""
        await defer(interaction, ephemeral=True, thinking=True)
        portrait = await self._teaching.portrait(server_of(interaction))
        await tell(interaction, portrait_text(portrait))

    @app_commands.command()
    @app_commands.describe(kind="What to follow", value="A name, a topic in plain words, or a category")
    async def follow(self, interaction: discord.Interaction, kind: _Followed, value: _Value) -> None:
        """Always show papers by an author or on a topic, and the best of a category."""
        await self._prefer(interaction, PreferenceKind.FOLLOW, kind, value)

    @app_commands.command()
    @app_commands.describe(kind="What to mute", value="A name, a topic, a word, or a category")
    async def mute(self, interaction: discord.Interaction, kind: _Muted, value: _Value) -> None:
        """Never show papers by an author, on a topic, in a category, or with a word."""
        await self._prefer(interaction, PreferenceKind.MUTE, kind, value)

    @app_commands.command()
    @app_commands.describe(kind="What it is", value="The name, topic, word or category to forget")
    async def forget(self, interaction: discord.Interaction, kind: _Muted, value: _Value) -> None:
        """Stop following or muting something."""
        await defer(interaction, ephemeral=True, thinking=True)
        await self._teaching.forget(server_of(interaction), Subject(kind), value)
        await interaction.followup.send("It is no longer followed or muted.", ephemeral=True)

    @follow.autocomplete("value")
    @mute.autocomplete("value")
    @empty_on_storage_failure
    async def suggest_values(self, interaction: discord.Interaction, current: str) -> Choices:
        """Autocomplete for categories by code and name, and for authors of papers shown here."""
        kind = interaction.namespace.kind
        if kind == Subject.CATEGORY:
            known = taxonomy.suggest(current)
            return [
                app_commands.Choice(name=str(each)[:CHOICE_CHARACTERS], value=each.code) for each in known
            ]
        if kind != Subject.AUTHOR:
            return []
        names = await self._teaching.known_authors(server_of(interaction), current, CHOICES)
        cut = [name[:CHOICE_CHARACTERS] for name in names]
        return [app_commands.Choice(name=name, value=name) for name in cut]

    @forget.autocomplete("value")
    @empty_on_storage_failure
    async def suggest_known(self, interaction: discord.Interaction, current: str) -> Choices:
        """Autocomplete for what is followed or muted."""
        known = await self._teaching.preferences(server_of(interaction))
        values = [one.value for one in known if one.subject == interaction.namespace.kind]
        fitting = [value for value in values if folded(current) in folded(value)]
        return [app_commands.Choice(name=value, value=value) for value in fitting[:CHOICES]]

    @app_commands.command()
    @app_commands.describe(papers="arXiv ids or links", file="A .bib, .csv or .txt file of arXiv papers")
    async def seed(
        self,
        interaction: discord.Interaction,
        papers: app_commands.Range[str, 1, 4000] = "",
        file: discord.Attachment | None = None,
    ) -> None:
        """Name papers that this server likes; five are enough for a useful first digest."""
        await defer(interaction, ephemeral=True, thinking=True)
        if file is not None and PurePath(file.filename.lower()).suffix not in _LISTS:
            raise InputError("Attach a .bib, .csv or .txt file.")
        listed = "" if file is None else await read_attachment(file, MOST_LIST_BYTES)
        text = f"{narrow(papers)}\n{listed}"
        taught = await within_token_life(self._teaching.seed(server_of(interaction), text))
        await tell(interaction, taught_text(taught))

    @app_commands.command()
    async def export(self, interaction: discord.Interaction) -> None:
        """Get this server's taste as a file, without anyone's name."""
        await defer(interaction, ephemeral=True, thinking=True)
        exported = await self._teaching.export(server_of(interaction))
        file = discord.File(io.BytesIO(exported.text.encode()), filename="taste.json")
        await interaction.followup.send(export_text(exported), file=file, ephemeral=True)

    @app_commands.command(name="import")
    @app_commands.describe(file="A file from /taste export, of this or another server")
    async def import_file(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Add the taste in a file to this server's."""
        await defer(interaction, ephemeral=True, thinking=True)
        text = await read_attachment(file, MOST_BYTES)
        taught = await within_token_life(self._teaching.take(server_of(interaction), text))
        await tell(interaction, taught_text(taught))

    @app_commands.command()
    async def reset(self, interaction: discord.Interaction) -> None:
        """Delete all votes, seeds, follows and mutes of this server, once you confirm."""
        view = confirm_view(_SURE, "Delete them", Component.RESET.custom_id("taste"))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def reset_confirmed(self, interaction: discord.Interaction, *_: object) -> None:
        """Delete them, as confirmed with the button."""
        manages(interaction)
        await defer(interaction)
        await self._teaching.reset(server_of(interaction))
        await interaction.edit_original_response(view=text_view("This server's taste is deleted."))

    async def _prefer(
        self, interaction: discord.Interaction, kind: PreferenceKind, subject: str, value: str
    ) -> None:
        await defer(interaction, ephemeral=True, thinking=True)
        stored = await self._teaching.prefer(server_of(interaction), kind, Subject(subject), value)
        covered = await self._teaching.categories_covered(stored.server_id)
        await send_privately(interaction, [text_view(preference_text(stored, covered))])


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Taste(cast("BroadsheetClient", client)))
