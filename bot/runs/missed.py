"""Tells admins of the weeks for which no digest was made, or that were given up while nobody could be told.

The bot has often just come back when it notices, and the network with it. So a notice is stored before it is
sent, and tried until it reaches someone: once an hour for a day, and then once a day for two months.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.port import Messenger
from bot.delivery.untold import Untold
from bot.digest.plan import MISSED, weekly_run_id, weekly_runs
from bot.weeks import Week, parse_week
from storage.database import Database
from storage.model import Subscription

_PAUSE, _LATER_PAUSE = timedelta(hours=1), timedelta(days=1)
_HOURLY_TRIES, _TRIES = 24, 80


class MissedWeeks:
    """Of all subscriptions: which were missed, and whom that was told."""

    def __init__(self, database: Database, messenger: Messenger, clock: Clock) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock
        self._looked_at: dict[int, tuple[datetime, timedelta]] = {}

    async def is_noted(self, subscription: Subscription, week: Week) -> bool:
        """Whether a week is known to be missed or given up, told or not."""
        async with self._database.begin() as tx:
            return await tx.state.get(_name(subscription, week)) is not None

    async def note(self, subscription: Subscription, weeks: Sequence[Week]) -> None:
        """Store that these weeks were missed; `tell` tells of them."""
        async with self._database.begin() as tx:
            for week in weeks:
                await tx.state.set(_name(subscription, week), str(Untold()))
        self._looked_at.pop(subscription.server_id, None)

    async def tell(self, subscription: Subscription) -> None:
        """Tell the admin of the weeks they have not been told of, unless that was just tried.

        A digest that was made since is not mentioned. Discord drops a repeat after a crash by its nonce.
        """
        now = self._clock.now()
        looked_at, pause = self._looked_at.get(subscription.server_id, (now, timedelta()))
        if looked_at <= now < looked_at + pause:
            return
        notices = await self._untold(subscription)
        fewest_tries = min((notice.tries for notice in notices.values()), default=0)
        pause = _PAUSE if fewest_tries < _HOURLY_TRIES else _LATER_PAUSE
        self._looked_at[subscription.server_id] = now, pause
        if not notices:
            return
        is_told = await self._messenger.tell_admin(
            subscription.server_id,
            subscription.channel_id,
            subscription.admin_id,
            _words(notices, subscription),
        )
        async with self._database.begin() as tx:
            for week, notice in notices.items():
                tries = notice.tries + 1
                is_over = is_told or tries == _TRIES
                value = self._clock.now().isoformat() if is_over else str(notice._replace(tries=tries))
                await tx.state.set(_name(subscription, week), value)

    async def _untold(self, subscription: Subscription) -> dict[Week, Untold]:
        """The notices to send, by week, oldest first; one without words is of a week that was missed."""
        prefix = f"{MISSED}{weekly_runs(subscription.server_id)}"
        async with self._database.begin() as tx:
            facts = await tx.state.named(prefix)
            untold = {
                parse_week(name.removeprefix(prefix)): notice
                for name, value in facts.items()
                if (notice := Untold.read(value)) is not None
            }
            made = [
                week
                for week in untold
                if await tx.digests.is_made(weekly_run_id(subscription.server_id, week))
            ]
        return {week: untold[week] for week in sorted(untold) if week not in made}


def _name(subscription: Subscription, week: Week) -> str:
    return f"{MISSED}{weekly_run_id(subscription.server_id, week)}"


def _words(notices: Mapping[Week, Untold], subscription: Subscription) -> str:
    """All notices as one; of digests that were given up the newest first, as the end may be cut off."""
    missed = [week for week, notice in notices.items() if not notice.words]
    given_up = [notice.words for _, notice in sorted(notices.items(), reverse=True) if notice.words]
    return "\n".join([_words_of_missed(missed, subscription), *given_up] if missed else given_up)


def _words_of_missed(weeks: Sequence[Week], subscription: Subscription) -> str:
    """The notice that these digests were not made; newest last."""
    *others, newest = map(str, weeks)
    why = "the bot was not running, or failed, until the deadline had passed"
    if others:
        words = f"The digests of {', '.join(others)} and {newest} were not made: {why}."
        hint = f"`/digest preview` still shows each of them, such as `week:{newest}`."
    else:
        words = f"The digest of {newest} was not made: {why}."
        hint = f"`/digest preview week:{newest}` still shows it."
    return words if subscription.is_personal else f"{words} {hint}"
