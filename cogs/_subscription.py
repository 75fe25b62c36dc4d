"""The subscription of the server where a command was given."""

import discord

from bot.errors import InputError
from cogs._people import server_of
from storage.database import Database
from storage.model import Subscription


async def subscription_of(interaction: discord.Interaction, database: Database) -> Subscription:
    """The server's subscription.

    Raises:
        InputError: it has none.
    """
    async with database.begin() as tx:
        subscription = await tx.subscriptions.get(server_of(interaction))
    if subscription is None:
        raise InputError("This server has no digest yet. Set one up with `/setup`.")
    return subscription
