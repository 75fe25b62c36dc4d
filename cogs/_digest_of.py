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
    """The server's digest of the given week, or its latest.

    Raises:
        InputError: there is no such digest, or `week` is not a week.
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
            else f"This server has no digest of {wanted}."
        )
        raise InputError(why)
    return digest


async def _none_yet(interaction: discord.Interaction, client: BroadsheetClient) -> str:
    """Says that the server has no digest yet, and what this person can do about it or when one comes."""
    may_change = interaction.permissions.manage_guild
    async with client.services.database.begin() as tx:
        subscription = await tx.subscriptions.get(server_of(interaction))
    if subscription is None and may_change:
        return "There is no digest yet. Set one up with `/setup`."
    if subscription is None:
        return "There is no digest yet. Someone who manages this server can set one up with `/setup`."
    if may_change:
        return "There is no digest yet. `/digest now` posts one; `/digest preview` shows one only to you."
    if subscription.paused:
        return (
            "There is no digest yet, and the weekly digest is paused. Someone who manages this server can "
            "resume it with `/digest resume`."
        )
    week = await client.schedule.next_week(subscription)
    return f"There is no digest yet. {next_digest(subscription, week, now=client.services.clock.now())}"
