"""How long old data is kept."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.limits.rules import DAY
from bot.weeks import week_of
from storage.database import Database, Transaction
from storage.pagination import Place

_PREVIEWS_KEPT = timedelta(days=7)
"""The menus of a preview work for this long."""
_DELETIONS_KEPT = DAY
"""By then every command under way has ended (Discord takes answers for 15 minutes), and the usage kept for
the limits, which look back one day, is no longer needed."""
_USAGE_KEPT = timedelta(days=31)
"""`/usage` looks back 30 days."""
_AHEAD = DAY
"""What is dated further in the future was recorded by a clock that was wrong; the clocks of other processes
differ by less."""
_VECTORS_KEPT = timedelta(weeks=26)
"""Vectors of whole papers: 6 KB each, 300 MB for 50,000. Digests need those of ten weeks, `/why` those of the
week it is asked about."""
_ANNOUNCEMENTS_KEPT = timedelta(weeks=8)
"""Announcements of papers not stored: a week's list reaches back two weeks, and a late digest may need it."""
_LISTS_KEPT = timedelta(weeks=26)
"""A digest needs the last week's list, `/why` that of the week before the one it is asked about."""
RUNS_KEPT = timedelta(days=60)
"""By then a week's digest can no longer be started again."""

_Deletion: TypeAlias = Callable[[Transaction], Awaitable[object]]


async def forget_people(database: Database, now: datetime) -> None:
    """Delete expired data about people."""
    await _all(
        database,
        [
            lambda tx: tx.conversations.prune(now=now),
            lambda tx: _forget_deleted(tx, now),
            lambda tx: tx.usage.prune(before=now - _USAGE_KEPT, after=now + _AHEAD),
        ],
    )


async def clear_up(database: Database, now: datetime) -> None:
    """Delete expired previews, plans, vectors, announcements and answers from arXiv."""
    weeks_kept = str(week_of((now - _LISTS_KEPT).date()))
    await _all(
        database,
        [
            lambda tx: tx.digests.forget(made_before=now - _PREVIEWS_KEPT),
            lambda tx: tx.digests.forget_plans_of_weeks(before=str(week_of((now - RUNS_KEPT).date()))),
            lambda tx: tx.arxiv.prune(answers_before=now.date(), lists_before=weeks_kept),
        ],
    )
    vectors, announcements = now - _VECTORS_KEPT, (now - _ANNOUNCEMENTS_KEPT).date()
    await _in_steps(database, lambda tx, after: tx.paper_vectors.prune(submitted_before=vectors, after=after))
    await _in_steps(
        database, lambda tx, after: tx.papers.prune_announcements(last_before=announcements, after=after)
    )


async def _all(database: Database, deletions: Sequence[_Deletion]) -> None:
    for delete in deletions:
        # One transaction each: on SQLite everyone else waits meanwhile.
        async with database.begin() as tx:
            await delete(tx)


async def _in_steps(
    database: Database, step: Callable[[Transaction, Place | None], Awaitable[Place | None]]
) -> None:
    """Delete step by step, each starting where the previous one stopped: on SQLite everyone else waits."""
    after: Place | None = None
    while True:
        async with database.begin() as tx:
            after = await step(tx, after)
        if after is None:
            return


async def _forget_deleted(tx: Transaction, now: datetime) -> None:
    """Delete the usage kept for the limits of people who deleted everything."""
    pruned = await tx.deletions.prune(before=now - _DELETIONS_KEPT, after=now + _AHEAD)
    for user_id, at in pruned.items():
        await tx.usage.forget_user(user_id, before=at)
