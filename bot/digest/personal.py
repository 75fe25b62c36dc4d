"""Digests for one person, by direct message and from their own votes.

They are subscriptions like a server's, with the person's id where the server's stands.
"""

from dataclasses import replace

from bot.clock import Clock
from bot.delivery.marker import nonce
from bot.delivery.port import Messenger
from bot.digest.plan import DigestRequest, weekly_request
from bot.errors import InputError
from bot.weeks import latest_complete_week
from storage.database import Database
from storage.model import Subscription, ThreadPolicy


class PersonalDigests:
    """What a person wishes for themselves."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def wish(
        self, user_id: int, server_id: int, messenger: Messenger, *, every_week: bool
    ) -> Subscription:
        """The person's wish, with the categories and interests of the server they ask in.

        Where that has none, it is what they wished for before. `every_week` makes it come by itself; what
        does so already stays as it is without. What the person stops or has deleted meanwhile stays so.

        Raises:
            InputError: there is nothing to go by, or the person was forgotten meanwhile.
            ChannelRefusedError: the person takes no direct messages.
            DeliveryError: Discord could not be asked.
        """
        began = self._clock.now()
        async with self._database.begin() as tx:
            own = await tx.subscriptions.get(user_id)
            was_weekly = _is_weekly(own)
            stays = was_weekly and not every_week
            like = own if stays else await tx.subscriptions.get(server_id) or own
        if like is None:
            raise InputError("This server has no digest yet, so I don't know which papers to look at.")
        channel_id = await messenger.direct_channel(user_id)
        hello = (
            "Your own digests come here. In a server, `/digest mine` with `every_week` changes or stops them."
        )
        # The nonce lets Discord drop the same words of a minute ago; who takes no messages is found out here.
        await messenger.post(channel_id, {"content": hello}, nonce=nonce(f"hello {user_id}"))
        async with self._database.begin() as tx:
            if await tx.deletions.came_since(user_id, began):
                raise InputError("You were forgotten meanwhile, so there is no digest of your own.")
            is_weekly = _is_weekly(await tx.subscriptions.get(user_id))
            is_stopped = was_weekly and not is_weekly
            wish = replace(
                like,
                server_id=user_id,
                admin_id=user_id,
                channel_id=channel_id,
                threads=ThreadPolicy.NONE,
                publication=None,
                paused=is_stopped or not (every_week or is_weekly),
                created_at=self._clock.now(),
            )
            await tx.subscriptions.save(wish)
        return wish

    async def stop(self, user_id: int) -> None:
        """No more weekly digests for the person; their categories and interests stay known."""
        async with self._database.begin() as tx:
            await tx.subscriptions.set_paused(user_id, paused=True)

    def request(self, wish: Subscription) -> DigestRequest:
        """The digest of the last complete week."""
        return weekly_request(wish, latest_complete_week(self._clock.now()))


def _is_weekly(own: Subscription | None) -> bool:
    return own is not None and not own.paused
