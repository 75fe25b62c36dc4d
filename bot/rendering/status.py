"""What admins see of their subscription and its deliveries, as Discord text (pure)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.digest.weeks import next_due
from bot.rendering import wording
from bot.rendering.discord_text import escape
from storage.model import Delivery, DeliveryState, Digest, Subscription, ThreadPolicy

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_THREADS = {
    ThreadPolicy.EACH: "a thread for each highlight",
    ThreadPolicy.DIGEST: "one thread for the digest",
    ThreadPolicy.NONE: "no threads",
}


def moment(when: datetime) -> str:
    """A moment that Discord shows in each reader's own time zone."""
    return f"<t:{int(when.timestamp())}:F>"


def message_link(delivery: Delivery) -> str:
    """The link that opens a message delivered in a server."""
    return _link(delivery.server_id, delivery)


def direct_message_link(delivery: Delivery) -> str:
    """The link that opens a message delivered to a person."""
    return _link("@me", delivery)


def _link(place: int | str, delivery: Delivery) -> str:
    return f"https://discord.com/channels/{place}/{delivery.channel_id}/{delivery.message_id}"


def subscription_lines(wish: Subscription) -> list[str]:
    """What a server wishes for, one line each."""
    lines = [
        f"**When**: {_WEEKDAYS[wish.weekday]} {wish.hour:02}:00, {wish.zone}",
        f"**Categories**: {', '.join(wish.categories)}",
        f"**Interests**: {escape(wish.interests) or 'none: a broad choice'}",
    ]
    if wish.excluded_words:
        lines.append(f"**Left out**: {escape(', '.join(wish.excluded_words))}")
    lines.append(f"**Form**: {wish.highlights} highlights, {wish.style.value}, {_THREADS[wish.threads]}")
    if wish.publication is not None:
        lines.append(f"**Public** on the web as “{escape(wish.publication)}”")
    return lines


def status_lines(
    wish: Subscription,
    latest: Digest | None,
    deliveries: Sequence[Delivery],
    *,
    now: datetime,
    recording: str = "",
    index: str | None = None,
) -> list[str]:
    """Settings, next run, how the passage index stands, last receipt, and what became of its messages.

    Args:
        wish: The server's.
        latest: Its last digest.
        deliveries: Of that digest.
        now: The present moment.
        recording: How the recording of that digest stands.
        index: How the passage index stands; None where passages have no vectors.
    """
    where = f"<#{wish.channel_id}>" if wish.channel_id else "no channel"
    coming = (
        "paused (`/digest resume` goes on)" if wish.paused else f"{moment(next_due(now, wish))} in {where}"
    )
    lines = [f"**Next digest**: {coming}", *subscription_lines(wish)]
    lines.append(f"**Passage index**: {escape(index or 'none: passages are found by their words alone')}")
    if latest is None:
        return [*lines, "**Last digest**: none yet"]
    lines.append(f"**Last digest**: {latest.week}, made {moment(latest.created_at)}")
    lines += [f"-# {escape(line)}" for line in wording.receipt_lines(latest.receipt)]
    if recording:
        lines.append(f"**Recording**: {escape(recording)}")
    if deliveries:
        states = Counter(delivery.state for delivery in deliveries)
        lines.append(
            "**Messages**: "
            + ", ".join(f"{states[state]} {state.value}" for state in DeliveryState if states[state])
        )
        lines += [f"-# {error}" for error in dict.fromkeys(d.error for d in deliveries) if error]
        if deliveries[0].message_id:
            lines.append(message_link(deliveries[0]))
    return lines
