"""What is kept of a server that the bot was taken out of, and for how long."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from bot.delivery.notices import forget_notices
from bot.digest.plan import MISSED, weekly_runs
from bot.site.publishing import forget_private
from bot.speech.podcasts import Podcasts
from storage.database import Database

log = logging.getLogger(__name__)

_KEPT = timedelta(days=90)
"""Invited again within that time, the bot finds everything as it was."""


class Servers(Protocol):
    """What is asked of the connection (`bot.client.BroadsheetClient`)."""

    def has_left(self, server_id: int) -> bool:
        """Whether the bot was taken out of a server, as far as is known; an outage is no leave."""
        ...

    def is_in(self, server_id: int) -> bool:
        """Whether the bot is in a server, as far as is known."""
        ...


async def forget_left_servers(
    database: Database, podcasts: Podcasts, servers: Servers, now: datetime
) -> None:
    """Delete all that is kept of servers that were left long ago.

    While the bot is not connected nobody knows where it is, so nothing happens.
    """
    async with database.begin() as tx:
        noted = await tx.servers.left()
        for server_id in await tx.servers.with_subscription():
            if server_id not in noted and servers.has_left(server_id):  # while the bot was away
                await tx.servers.note_left(server_id, now)
    for server_id, since in noted.items():
        if servers.is_in(server_id):
            async with database.begin() as tx:
                await tx.servers.note_back(server_id)
        elif now - since >= _KEPT and servers.has_left(server_id):
            await podcasts.forget(weekly_runs(server_id))  # first, as afterwards nobody would look for it
            async with database.begin() as tx:
                await tx.servers.forget(server_id)
                await forget_notices(tx, server_id)
                await forget_private(tx, server_id)
                await tx.state.forget(f"{MISSED}{weekly_runs(server_id)}")
            log.info("server %d was left on %s: what was kept of it is deleted", server_id, since.date())
