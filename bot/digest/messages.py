"""A digest's messages, as planned for its channel."""

from collections.abc import Mapping, Sequence

from bot.delivery.marker import visible_marker
from bot.digest.plan import DigestRequest
from bot.rendering.discord import digest_views, payload
from bot.taste.ballots import PERSONAL
from bot.weeks import Week, deadline
from storage.database import Transaction
from storage.model import Delivery, Digest, Highlight, Subscription, ThreadPolicy, VoteCount, delivery_key


async def votes_shown(
    tx: Transaction, subscription: Subscription, highlights: Sequence[Highlight]
) -> dict[str, VoteCount]:
    """The counts on the buttons: a server's votes, or the person's own in a personal digest."""
    shown = [highlight.pick.paper.id for highlight in highlights]
    if subscription.is_personal:
        return await tx.tastes.counts(PERSONAL, shown, user_id=subscription.server_id)
    return await tx.tastes.counts(subscription.server_id, shown)


def deliveries(
    digest: Digest, request: DigestRequest, week: Week, votes: Mapping[str, VoteCount]
) -> list[Delivery]:
    """The digest's messages as outbox rows, each with its visible marker; empty without a channel."""
    subscription = request.subscription
    if subscription.channel_id is None:
        return []
    channel_id = subscription.channel_id

    def key(part: int) -> str:
        return delivery_key(subscription.server_id, channel_id, digest.week, part)

    rendered = digest_views(
        digest, style=subscription.style, marker=lambda part: visible_marker(key(part)), votes=votes
    )
    until = deadline(week, subscription)
    return [
        Delivery(
            server_id=subscription.server_id,
            channel_id=channel_id,
            week=digest.week,
            part=part,
            payload=payload(message.view),
            deadline=until,
            paper_key=message.paper_key,
            thread_name=message.thread_name if _opens_thread(part, subscription.threads) else None,
        )
        for part, message in enumerate(rendered)
    ]


def _opens_thread(part: int, policy: ThreadPolicy) -> bool:
    return (policy is ThreadPolicy.EACH and part > 0) or (policy is ThreadPolicy.DIGEST and part == 0)
