"""What admins see of their subscription and its deliveries, as Discord text (pure)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.dates import WEEKDAYS
from bot.rendering import wording
from bot.rendering.discord_text import escape, shown
from bot.rendering.limits import shorten
from bot.rendering.receipts import receipt_lines
from bot.weeks import Week, due_at, latest_complete_week
from storage.model import Delivery, DeliveryState, Digest, Receipt, Subscription, ThreadPolicy

_THREADS = {
    ThreadPolicy.EACH: "a thread for each highlight",
    ThreadPolicy.DIGEST: "one thread for the digest",
    ThreadPolicy.NONE: "no threads",
}
_NO_THREADS_FOR_EACH = "no threads (a thread for each highlight needs the style `full`)"
_WHY_LENGTH = 400
_LINE_LENGTH, _TITLE_LENGTH, _MOST_LINES = 200, 80, 10
"""Of small print: twice as much as this, and all that stands before it, fits into one message."""


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
        f"**When**: {WEEKDAYS[wish.weekday]} {wish.hour:02}:00, {wish.zone}",
        f"**Categories**: {', '.join(wish.categories)}",
        f"**Interests**: {escape(wish.interests) or 'none: a broad choice'}",
    ]
    if wish.excluded_words:
        lines.append(f"**Left out**: {escape(', '.join(wish.excluded_words))}")
    threads = _NO_THREADS_FOR_EACH if wish.has_threads_in_vain else _THREADS[wish.threads]
    lines.append(f"**Form**: {wording.counted(wish.highlights, 'highlight')}, {wish.style.value}, {threads}")
    if wish.publication is not None:
        lines.append(f"**Public** on the web as “{escape(wish.publication)}”")
    return lines


def next_digest(wish: Subscription, next_week: Week, *, now: datetime) -> str:
    """When and where the next digest comes, `next_week`'s."""
    where = f"<#{wish.channel_id}>" if wish.channel_id else "no channel"
    due = due_at(next_week, wish)
    when = moment(due) if due > now else f"that of {next_week}, in a few minutes,"
    coming = "paused (`/digest resume` goes on)" if wish.paused else f"{when} in {where}"
    return f"**Next digest**: {coming}"


def being_made(week: Week) -> str:
    """That a run makes a week's digest, or waits to."""
    return (
        f"{week} is being made; where something keeps it waiting, the bot tries again by itself, "
        "at least every hour."
    )


def status_lines(
    wish: Subscription,
    latest: Digest | None,
    deliveries: Sequence[Delivery],
    *,
    next_week: Week,
    now: datetime,
    week_being_made: Week | None = None,
    in_vain: tuple[Week, str] | None = None,
    to_retry: str | None = None,
    recording: str = "",
    index: str | None = None,
    refusal: str | None = None,
    private_weeks: Sequence[str] = (),
) -> list[str]:
    """The next run, what became of the last digest, settings, how the passage index stands, the last receipt.

    What grows with what went wrong stands last and is kept short: a message's end may be cut off.

    Args:
        wish: The server's.
        latest: Its last digest.
        deliveries: Of that digest.
        next_week: Whose digest is started next.
        now: The present moment.
        week_being_made: Whose digest a run makes, or waits to make.
        in_vain: The week since then whose digest could not be made, and why.
        to_retry: The week whose refused messages and missing threads `/digest now` tries again.
        recording: How the recording of that digest stands.
        index: How the passage index stands; None where passages have no vectors.
        refusal: Why the channel takes no message; None where nothing is known.
        private_weeks: Whose digests are kept from the web where the others are public.
    """
    last = ["**Last digest**: none yet"]
    if latest is not None:
        can_be_posted = latest.week in {to_retry, str(latest_complete_week(now))}
        last = _outcome_lines(latest, deliveries, recording, can_be_posted=can_be_posted)
        if to_retry is not None and to_retry != latest.week:
            last.append(
                f"**Not whole**: {to_retry}. When what is wrong is put right, `/digest now` does the rest."
            )
    under_way = [] if week_being_made is None else [f"**Under way**: {being_made(week_being_made)}"]
    closed = [] if refusal is None else [f"**It cannot be posted**: {escape(refusal)}"]
    missing = [] if in_vain is None else [f"**No digest for {in_vain[0]}**: {shown(in_vain[1], _WHY_LENGTH)}"]
    lines = [next_digest(wish, next_week, now=now), *closed, *under_way, *missing, *last]
    lines += subscription_lines(wish)
    if private_weeks and wish.publication is not None:
        lines.append(f"**Not public**: {shown(', '.join(private_weeks), _LINE_LENGTH)}")
    lines.append(f"**Passage index**: {escape(index or 'none: passages are found by their words alone')}")
    if latest is not None:
        told = receipt_lines(_with_short_titles(latest.receipt))
        lines += ["**Receipt**", *_small_print([shown(line, _LINE_LENGTH) for line in told])]
    return lines


def _outcome_lines(
    latest: Digest, deliveries: Sequence[Delivery], recording: str, *, can_be_posted: bool
) -> list[str]:
    """What became of a digest: its messages, why some were refused, where it is, and its recording."""
    lines = [f"**Last digest**: {latest.week}, made {moment(latest.created_at)}"]
    if deliveries:
        states = Counter(delivery.state for delivery in deliveries)
        counts = [f"{states[state]} {state.value}" for state in DeliveryState if states[state]]
        lines.append(f"**Messages**: {', '.join(counts)}")
        reasons = dict.fromkeys(delivery.error for delivery in deliveries if delivery.error)
        lines += _small_print([shorten(reason, _LINE_LENGTH) for reason in reasons])
        lines += _missing_lines(deliveries, can_be_posted=can_be_posted)
        if deliveries[0].message_id:
            lines.append(message_link(deliveries[0]))
    if recording:
        lines.append(f"**Recording**: {shown(recording, _LINE_LENGTH)}")
    return lines


def _missing_lines(deliveries: Sequence[Delivery], *, can_be_posted: bool) -> list[str]:
    """How many threads are missing, and what posts and opens what did not go on by itself."""
    threads = sum(delivery.lacks_thread for delivery in deliveries)
    lines = [f"**Threads**: {threads} not open"] if threads else []
    if can_be_posted and (threads or any(delivery.state is DeliveryState.FAILED for delivery in deliveries)):
        lines.append("When what is wrong is put right, `/digest now` does the rest.")
    return lines


def _with_short_titles(receipt: Receipt) -> Receipt:
    """The receipt with titles cut, so that a short line still says why a paper was not read as wished."""
    abstract_only, failed = (
        tuple(replace(short, title=shorten(short.title, _TITLE_LENGTH)) for short in shortfalls)
        for shortfalls in (receipt.abstract_only, receipt.failed)
    )
    return replace(receipt, abstract_only=abstract_only, failed=failed)


def _small_print(lines: Sequence[str]) -> list[str]:
    """The first lines in small print, and how many more there are."""
    more = [f"and {len(lines) - _MOST_LINES:,} more"] if len(lines) > _MOST_LINES else []
    return [f"-# {line}" for line in [*lines[:_MOST_LINES], *more]]
