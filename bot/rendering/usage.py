"""A server's usage, for its admins, as Discord text (pure)."""

from collections.abc import Sequence

from bot.limits.rules import Limits, Share
from bot.rendering.wording import cost, counted
from storage.model import UsageTotal, WorkKind

_KINDS = {
    WorkKind.QUESTION: ("question", "questions"),
    WorkKind.SUMMARY: ("summary", "summaries"),
    WorkKind.DIGEST: ("extra digest", "extra digests"),
}


def usage_lines(spans: Sequence[tuple[str, Sequence[UsageTotal]]], limits: Limits) -> list[str]:
    """The usage in each named span of time, then the limits; “extra” are digests besides the weekly ones."""
    lines = []
    for name, totals in spans:
        lines.append(f"**{name}**")
        lines += [f"- {_total(total)}" for total in totals] or ["- no requests"]
    server = _share(limits.server)
    if limits.server.tokens_per_day:
        server += ", and as many for extra digests (besides the weekly ones)"
    lines += ["**Limits**", f"- each person: {_share(limits.user)}", f"- this server: {server}"]
    return lines


def _total(total: UsageTotal) -> str:
    one, many = _KINDS[total.kind]
    tokens = total.prompt_tokens + total.completion_tokens
    words = counted(total.requests, one, many)
    if total.kind is not WorkKind.DIGEST:  # who asked for a digest is not recorded
        words += f" by {counted(total.people, 'person', 'people')}"
    words += f", {tokens:,} tokens"
    if total.cost_usd is None:
        return words
    part = f" for {total.priced:,} of {total.requests:,}" if total.priced < total.requests else ""
    return f"{words}, about {cost(total.cost_usd)}{part}"


def _share(share: Share) -> str:
    hourly, daily = share.questions_per_hour, share.tokens_per_day
    requests = f"{counted(hourly, 'request')} an hour" if hourly else "no limit on requests"
    tokens = f"{daily:,} tokens a day" if daily else "no limit on tokens"
    return f"{requests}, {tokens}"
