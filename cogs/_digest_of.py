"""The digest that a command is about."""

import discord

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.rendering.status import next_digest
from bot.weeks import parse_week
from cogs._people import server_of
from storage.model import Digest


async def digest_of(
    interaction: discord.Interaction, client: BroadsheetClient, week: str | None = None
) -> Digest:
    """The server's digest of the week that somebody typed, or its latest.

    Raises:
        InputError: there is none, or it is no week.
    """
    wanted = parse_week(week) if week else None
    server_id = server_of(interaction)
    async with client.services.database.begin() as tx:
        if wanted is None:
            digest = await tx.digests.latest(server_id)
        else:
            digest = await tx.digests.for_week(server_id, str(wanted))
    if digest is None:
        why = (
            await _none_yet(interaction, client)
            if wanted is None
            else f"There is no digest of {wanted} here."
        )
        raise InputError(why)
    return digest


async def _none_yet(interaction: discord.Interaction, client: BroadsheetClient) -> str:
    """That the server has no digest, and what this person can do about it, or when one comes."""
    may_change = interaction.permissions.manage_guild
    async with client.services.database.begin() as tx:
        wish = await tx.subscriptions.get(server_of(interaction))
    if wish is None and may_change:
        return "There is no digest yet: `/setup` makes one."
    if wish is None:
        return "There is no digest yet: who manages this server can wish for one with `/setup`."
    if may_change:
        return "There is no digest yet. `/digest now` posts one, `/digest preview` makes one for you alone."
    if wish.paused:
        return "There is no digest yet, and none comes by itself: who manages this server paused it."
    week = await client.schedule.next_week(wish)
    return f"There is no digest yet. {next_digest(wish, week, now=client.services.clock.now())}"
