"""What admins see of their server's usage, as Discord text (pure)."""

from collections.abc import Sequence

from bot.limits.rules import Limits, Share
from bot.rendering.wording import cost, counted
from storage.model import UsageTotal, WorkKind

_KINDS = {
    WorkKind.QUESTION: ("question", "questions"),
    WorkKind.SUMMARY: ("summary", "summaries"),
    WorkKind.DIGEST: ("digest beside the weekly ones", "digests beside the weekly ones"),
}


def usage_lines(spans: Sequence[tuple[str, Sequence[UsageTotal]]], limits: Limits) -> list[str]:
    """What was used in each named span of time, then the limits."""
    lines = []
    for name, totals in spans:
        lines.append(f"**{name}**")
        lines += [f"- {_total(total)}" for total in totals] or ["- nothing was asked"]
    server = _share(limits.server)
    if limits.server.tokens_per_day:
        server += ", and as many for digests beside the weekly ones"
    lines += ["**Limits**", f"- a person: {_share(limits.user)}", f"- this server: {server}"]
    return lines


def _total(total: UsageTotal) -> str:
    one, many = _KINDS[total.kind]
    tokens = total.prompt_tokens + total.completion_tokens
    words = counted(total.requests, one, many)
    if total.kind is not WorkKind.DIGEST:  # of which nobody notes who asked for it
        words += f" by {counted(total.people, 'person', 'people')}"
    words += f", {tokens:,} tokens"
    if total.cost_usd is None:
        return words
    part = f" for {total.priced:,} of {total.requests:,}" if total.priced < total.requests else ""
    return f"{words}, about {cost(total.cost_usd)}{part}"


def _share(share: Share) -> str:
    questions = f"{share.questions_per_hour:,} an hour" if share.questions_per_hour else "any number an hour"
    tokens = f"{share.tokens_per_day:,} tokens a day" if share.tokens_per_day else "any number of tokens"
    return f"{questions}, {tokens}"
