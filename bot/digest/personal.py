"""Personal digests: for one person, by direct message, from their own votes.

They are subscriptions like a server's, with the person's id in place of the server's.
"""

from dataclasses import replace

from bot.clock import Clock
from bot.delivery.marker import nonce
from bot.delivery.port import Messenger
from bot.digest.plan import DigestRequest, weekly_request, weekly_run_id
from bot.errors import InputError
from bot.weeks import Week, latest_complete_week
from storage.database import Database
from storage.model import Subscription, ThreadPolicy

_HELLO = (
    "Your personal digests will arrive here. `/digest mine` in a server changes them; to stop weekly ones, "
    "write “stop” here."
)


class PersonalDigests:
    """Starts and stops personal digests."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def subscribe(
        self, user_id: int, server_id: int, messenger: Messenger, *, every_week: bool
    ) -> Subscription:
        """Store and return the person's subscription.

        Its categories and interests are those of the server they ask in. If that has no subscription, those
        of the person's earlier subscription are used. With `every_week` the digest comes by itself; without
        it, an existing weekly subscription stays as it is. If the person stops or deletes it meanwhile, it
        stays stopped or deleted.

        Raises:
            InputError: neither subscription exists, or the person was forgotten meanwhile.
            ChannelRefusedError: the person accepts no direct messages.
            DeliveryError: Discord could not be reached.
        """
        began = self._clock.now()
        async with self._database.begin() as tx:
            own = await tx.subscriptions.get(user_id)
            was_weekly = _is_weekly(own)
            stays = was_weekly and not every_week
            like = own if stays else await tx.subscriptions.get(server_id) or own
            is_made = await tx.digests.is_made(weekly_run_id(user_id, self._week))
        if like is None:
            raise InputError("This server has no digest yet, so I don't know which papers to look at.")
        channel_id = await messenger.direct_channel(user_id)
        if not is_made or own is None or own.channel_id != channel_id:
            # Fails if the person accepts no messages, before anything is made for nobody. The nonce lets
            # Discord drop a repeat within minutes.
            await messenger.post(channel_id, {"content": _HELLO}, nonce=nonce(f"hello {user_id}"))
        async with self._database.begin() as tx:
            if await tx.deletions.deleted_since(user_id, began):
                raise InputError("Your data was deleted in the meantime, so there is no personal digest.")
            is_weekly = _is_weekly(await tx.subscriptions.get(user_id))
            is_stopped = was_weekly and not is_weekly
            subscription = replace(
                like,
                server_id=user_id,
                admin_id=user_id,
                channel_id=channel_id,
                threads=ThreadPolicy.NONE,
                publication=None,
                paused=is_stopped or not (every_week or is_weekly),
                created_at=self._clock.now(),
            )
            await tx.subscriptions.save(subscription)
        return subscription

    async def stop(self, user_id: int) -> None:
        """Stop the person's weekly digests; their categories and interests are kept."""
        async with self._database.begin() as tx:
            await tx.subscriptions.set_paused(user_id, paused=True)

    def request(self, subscription: Subscription) -> DigestRequest:
        """The digest of the last complete week."""
        return weekly_request(subscription, self._week)

    @property
    def _week(self) -> Week:
        return latest_complete_week(self._clock.now())


def _is_weekly(own: Subscription | None) -> bool:
    return own is not None and not own.paused
