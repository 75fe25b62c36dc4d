"""How long the data of a server is kept after the bot was removed from it."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from bot.digest.forgetting import forget_told
from bot.digest.plan import weekly_runs
from bot.site.publishing import forget_private
from bot.speech.podcasts import Podcasts
from storage.database import Database

log = logging.getLogger(__name__)

_KEPT = timedelta(days=90)
"""If the bot is invited again within this time, it finds everything as it was."""


class Servers(Protocol):
    """What this module needs of the connection (`bot.client.BroadsheetClient`)."""

    def has_left(self, server_id: int) -> bool:
        """Whether the bot is known to have been removed from a server; an outage does not count."""
        ...

    def is_in(self, server_id: int) -> bool:
        """Whether the bot is known to be in a server."""
        ...


async def forget_left_servers(
    database: Database, podcasts: Podcasts, servers: Servers, now: datetime
) -> None:
    """Delete everything kept of servers that were left long ago.

    Does nothing while the bot is not connected, as it cannot know which servers it is in.
    """
    async with database.begin() as tx:
        noted = await tx.servers.left()
        for server_id in await tx.servers.with_data():
            # Left while the bot was offline, or never joined: people use it there through their own install.
            if server_id not in noted and servers.has_left(server_id):
                await tx.servers.note_left(server_id, now)
    for server_id, since in noted.items():
        if servers.is_in(server_id):
            async with database.begin() as tx:
                await tx.servers.note_back(server_id)
        elif now - since >= _KEPT and servers.has_left(server_id):
            await podcasts.forget(weekly_runs(server_id))  # first: afterwards nothing would point to it
            async with database.begin() as tx:
                await tx.servers.forget(server_id)
                await forget_told(tx, server_id)
                await forget_private(tx, server_id)
            log.info("the data of server %d, left on %s, was deleted", server_id, since.date())
