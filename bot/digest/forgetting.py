"""Forgetting what admins and readers were told of digests."""

from bot.delivery.notices import forget_notices
from bot.digest.plan import MISSED, weekly_runs
from storage.database import Transaction


async def forget_told(tx: Transaction, owner_id: int) -> None:
    """Forget all notices about a server's or a person's digests: refused, late and missed ones."""
    await forget_notices(tx, owner_id)
    await tx.state.forget(f"{MISSED}{weekly_runs(owner_id)}")
