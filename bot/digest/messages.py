"""The messages of a digest, as they are planned for its channel."""

from collections.abc import Mapping, Sequence

from bot.delivery.marker import visible_marker
from bot.digest.plan import DigestRequest
from bot.rendering.discord import digest_views, payload
from bot.taste.ballots import PERSONAL
from bot.weeks import Week, deadline
from storage.database import Transaction
from storage.model import Delivery, Digest, Highlight, Subscription, ThreadPolicy, VoteCount, delivery_key


async def votes_shown(
    tx: Transaction, wish: Subscription, highlights: Sequence[Highlight]
) -> dict[str, VoteCount]:
    """What the buttons show: a server's votes; under one's own digest those of one's direct messages."""
    shown = [highlight.pick.paper.id for highlight in highlights]
    if wish.is_personal:
        return await tx.tastes.counts(PERSONAL, shown, user_id=wish.server_id)
    return await tx.tastes.counts(wish.server_id, shown)


def deliveries(
    digest: Digest, request: DigestRequest, week: Week, votes: Mapping[str, VoteCount]
) -> list[Delivery]:
    """The digest's messages as outbox rows, each with its visible marker; none without a channel."""
    wish = request.subscription
    if wish.channel_id is None:
        return []
    channel_id = wish.channel_id

    def key(part: int) -> str:
        return delivery_key(wish.server_id, channel_id, digest.week, part)

    rendered = digest_views(
        digest, style=wish.style, marker=lambda part: visible_marker(key(part)), votes=votes
    )
    until = deadline(week, wish)
    return [
        Delivery(
            server_id=wish.server_id,
            channel_id=channel_id,
            week=digest.week,
            part=part,
            payload=payload(message.view),
            deadline=until,
            paper_key=message.paper_key,
            thread_name=message.thread_name if _opens_thread(part, wish.threads) else None,
        )
        for part, message in enumerate(rendered)
    ]


def _opens_thread(part: int, policy: ThreadPolicy) -> bool:
    return (policy is ThreadPolicy.EACH and part > 0) or (policy is ThreadPolicy.DIGEST and part == 0)
