"""A server's subscription and the state of its digests, for admins, as Discord text (pure)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.dates import WEEKDAYS
from bot.rendering import wording
from bot.rendering.discord_text import escape, shown
from bot.rendering.limits import shorten
from bot.rendering.receipts import receipt_lines
from bot.taste.interests import in_other_scripts, unwanted
from bot.weeks import Week, due_at, latest_complete_week
from storage.model import Delivery, DeliveryState, Digest, Receipt, Subscription, ThreadPolicy

_THREADS = {
    ThreadPolicy.EACH: "a thread for each highlight",
    ThreadPolicy.DIGEST: "one thread for the digest",
    ThreadPolicy.NONE: "no threads",
}
_NO_THREADS_FOR_EACH = "no threads (a thread for each highlight needs the style `full`)"
_REST_BY_DIGEST_NOW = "Once the problem is fixed, `/digest now` posts the rest."
_LATE = timedelta(days=6)
"""A digest this long after its week is complete could have the next week's papers a day later, or less."""
_WHY_LENGTH = 400
_LINE_LENGTH, _TITLE_LENGTH, _MOST_LINES = 200, 80, 10
"""Limits of small print: twice this much, and everything before it, fits into one message."""


def moment(when: datetime) -> str:
    """A moment, which Discord shows in each reader's own time zone."""
    return f"<t:{int(when.timestamp())}:F>"


def dates(week: Week) -> str:
    """The days of a week, such as `16–22 November 2026`."""
    return wording.date_range(week.first_day, week.last_day)


def message_link(delivery: Delivery) -> str:
    """The link to a message that was delivered in a server."""
    return _link(delivery.server_id, delivery)


def direct_message_link(delivery: Delivery) -> str:
    """The link to a message that was delivered to a person."""
    return _link("@me", delivery)


def _link(place: int | str, delivery: Delivery) -> str:
    return f"https://discord.com/channels/{place}/{delivery.channel_id}/{delivery.message_id}"


def subscription_lines(subscription: Subscription) -> list[str]:
    """The settings of a subscription, one line each."""
    lines = [
        f"**When**: {WEEKDAYS[subscription.weekday]} {subscription.hour:02}:00, {subscription.zone}",
        f"**Categories**: {', '.join(subscription.categories)}",
        f"**Interests**: {escape(subscription.interests) or 'none, for a broad choice'}",
    ]
    if subscription.excluded_words:
        lines.append(f"**Excluded words**: {escape(', '.join(subscription.excluded_words))}")
    highlights = wording.counted(subscription.highlights, "highlight")
    threads = _NO_THREADS_FOR_EACH if subscription.has_unusable_threads else _THREADS[subscription.threads]
    lines.append(f"**Format**: {highlights}, {subscription.style.value}, {threads}")
    if subscription.publication is not None:
        lines.append(f"**Public** on the web as “{escape(subscription.publication)}”")
    return lines


def interests_warnings(interests: str, excluded_words: Sequence[str]) -> list[str]:
    """What of the interests finds no papers, and what of the excluded words leaves none out."""
    lines = []
    if idle := [word for word in excluded_words if in_other_scripts(word)]:
        lines.append(
            f"⚠️ Papers are in English, so these words leave none out: {shown(', '.join(idle), _LINE_LENGTH)}"
        )
    if foreign := in_other_scripts(interests):
        lines.append(
            "⚠️ Papers are found by English words. Please write these interests in English: "
            f"{shown('; '.join(foreign), _LINE_LENGTH)}"
        )
    if exclusions := unwanted(interests):
        lines.append(
            "⚠️ Interests only say what is wanted, so this is ignored: "
            f"{shown('; '.join(exclusions), _LINE_LENGTH)}. "
            "Words that papers must not contain belong in `leave_out`."
        )
    return lines


def next_digest(subscription: Subscription, next_week: Week, *, now: datetime) -> str:
    """When and where the next digest, `next_week`'s, will be posted."""
    where = f"<#{subscription.channel_id}>" if subscription.channel_id else "no channel"
    due = due_at(next_week, subscription)
    if subscription.paused:
        coming = "paused (`/digest resume` starts it again)"
    elif due > now:
        coming = f"{moment(due)} in {where}, with the papers of {dates(next_week)}"
    else:
        coming = f"{next_week}, in a few minutes, in {where}"
    return f"**Next digest**: {coming}"


def lateness_warnings(subscription: Subscription, week: Week) -> list[str]:
    """Says so if a week's digest comes almost a week after its papers are complete."""
    if subscription.paused or due_at(week, subscription) - week.complete_at <= _LATE:
        return []
    words = (
        f"⚠️ The papers of {dates(week)} are complete on {moment(week.complete_at)}, almost a week before "
        "their digest. A weekday and hour soon after that would bring papers a week newer (`/setup`)."
    )
    return [words]


def being_made(week: Week) -> str:
    """Says that a run is making a week's digest, or waiting to."""
    return f"{week} is being made. If something holds it up, the bot tries again at least once an hour."


def status_lines(
    subscription: Subscription,
    latest: Digest | None,
    deliveries: Sequence[Delivery],
    *,
    next_week: Week,
    now: datetime,
    week_being_made: Week | None = None,
    latest_failure: tuple[Week, str] | None = None,
    to_retry: str | None = None,
    recording: str = "",
    index: str | None = None,
    refusal: str | None = None,
    private_weeks: Sequence[str] = (),
) -> list[str]:
    """The next digest, the state of the last one, the settings, the passage index, the last receipt.

    Lists of problems are kept short and the receipt comes last, as the end of a message may be cut off.

    Args:
        subscription: The server's subscription.
        latest: Its last digest.
        deliveries: The deliveries of that digest.
        next_week: The week whose digest is started next.
        now: The current time.
        week_being_made: The week whose digest a run is making, or waiting to make.
        latest_failure: A week after the last digest whose own digest could not be made, and why.
        to_retry: The week whose refused messages and missing threads `/digest now` tries again.
        recording: The state of the last digest's recording.
        index: The state of the passage index; None if passages have no vectors.
        refusal: Why messages can't be posted in the channel, as Markdown; None if no problem is known.
        private_weeks: The weeks whose digests stay private although the others are public.
    """
    last = ["**Last digest**: none yet"]
    if latest is not None:
        can_be_posted = latest.week in {to_retry, str(latest_complete_week(now))}
        last = _outcome_lines(latest, deliveries, recording, can_be_posted=can_be_posted)
        if to_retry is not None and to_retry != latest.week:
            last.append(f"**Incomplete**: {to_retry}. {_REST_BY_DIGEST_NOW}")
    lines = [next_digest(subscription, next_week, now=now), *lateness_warnings(subscription, next_week)]
    if refusal is not None:
        lines.append(f"**Cannot be posted**: {refusal}")
    if week_being_made is not None:
        lines.append(f"**In progress**: {being_made(week_being_made)}")
    if latest_failure is not None:
        week, why = latest_failure
        lines.append(f"**No digest for {week}**: {shown(why, _WHY_LENGTH)}")
    lines += [*last, *subscription_lines(subscription)]
    if private_weeks and subscription.publication is not None:
        lines.append(f"**Not public**: {shown(', '.join(private_weeks), _LINE_LENGTH)}")
    lines.append(f"**Passage index**: {escape(index or 'none, passages are found by their words only')}")
    if latest is not None:
        receipt = receipt_lines(_with_short_titles(latest.receipt))
        lines += ["**Receipt**", *_small_print([shown(line, _LINE_LENGTH) for line in receipt])]
    return lines


def _outcome_lines(
    latest: Digest, deliveries: Sequence[Delivery], recording: str, *, can_be_posted: bool
) -> list[str]:
    """The state of a digest: its messages, why some were refused, a link to it, and its recording."""
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
    """How many threads are missing, and how to get missing messages and threads."""
    threads = sum(delivery.lacks_thread for delivery in deliveries)
    lines = [f"**Threads**: {threads} missing"] if threads else []
    if can_be_posted and (threads or any(delivery.state is DeliveryState.FAILED for delivery in deliveries)):
        lines.append(_REST_BY_DIGEST_NOW)
    return lines


def _with_short_titles(receipt: Receipt) -> Receipt:
    """The receipt with titles cut, so that a short line still says why a paper was not read in full."""
    abstract_only, failed = (
        tuple(replace(short, title=shorten(short.title, _TITLE_LENGTH)) for short in shortfalls)
        for shortfalls in (receipt.abstract_only, receipt.failed)
    )
    return replace(receipt, abstract_only=abstract_only, failed=failed)


def _small_print(lines: Sequence[str]) -> list[str]:
    """The first lines in small print, then how many more there are."""
    more = [f"and {len(lines) - _MOST_LINES:,} more"] if len(lines) > _MOST_LINES else []
    return [f"-# {line}" for line in [*lines[:_MOST_LINES], *more]]
