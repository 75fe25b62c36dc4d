"""The digest that a command is about."""

import discord

from bot.digest.weeks import Week
from cogs._inputs import server_of
from storage.database import Database
from storage.model import Digest


async def digest_of(interaction: discord.Interaction, database: Database, week: Week | None) -> Digest | None:
    """The server's digest of the week, or its latest; None where there is none."""
    server_id = server_of(interaction)
    async with database.begin() as tx:
        if week is None:
            return await tx.digests.latest(server_id)
        return await tx.digests.for_week(server_id, str(week))
