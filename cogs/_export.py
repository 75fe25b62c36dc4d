"""/digest export: a digest as a file, for anyone in the server."""

import io
import zipfile
from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.rendering.exports.formats import FORMATS, exported
from cogs._digest_of import digest_of
from cogs._inputs import suggest_weeks
from cogs._replies import defer
from storage.model import Digest

_FORMATS = [app_commands.Choice(name=name, value=name) for name in FORMATS]


class Export(commands.Cog):
    """Part of the group /digest."""

    _client: BroadsheetClient

    @app_commands.command()
    @app_commands.rename(form="format")
    @app_commands.choices(form=_FORMATS)
    @app_commands.describe(
        form="File format; obsidian is a zipped folder of notes",
        week="ISO week such as 2026-W47; by default the latest digest",
    )
    @app_commands.autocomplete(week=suggest_weeks)
    async def export(self, interaction: discord.Interaction, form: str, week: str | None = None) -> None:
        """Get a digest as a file; only you see it."""
        await defer(interaction, ephemeral=True, thinking=True)
        digest = await digest_of(interaction, self._client, week)
        name, content = _one_file(digest, exported(digest, [form]))
        if len(content) > interaction.filesize_limit:
            most = f"{interaction.filesize_limit:,} bytes"
            raise InputError(f"The file is over Discord's limit here ({most}). Choose another `format`.")
        await interaction.followup.send(file=discord.File(io.BytesIO(content), filename=name), ephemeral=True)


def _one_file(digest: Digest, files: Mapping[str, str]) -> tuple[str, bytes]:
    """The file's name and content; several files, or files in a folder, are zipped."""
    stem = f"broadsheet-{digest.week}"
    (name, text), *others = files.items()
    if not others and "/" not in name:
        return f"{stem}.{name.rpartition('.')[2]}", text.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each, content in files.items():
            entry = zipfile.ZipInfo(each, digest.created_at.timetuple()[:6])
            # A ZipInfo means "stored" unless a compression is given; the archive's default does not count.
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return f"{stem}.zip", packed.getvalue()
