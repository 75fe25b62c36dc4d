"""What a person and a server may use, and what they are told beyond that (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import InputError
from storage.model import WorkKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

QUESTIONS, DIGESTS = (WorkKind.QUESTION, WorkKind.SUMMARY), (WorkKind.DIGEST,)
"""Kinds of work with a share of their own: neither takes from the other."""

MAX_PERSONAL_DIGESTS = 3
"""That a person may have made within a day: a week has only one, unless they delete everything."""


class LimitReachedError(InputError):
    """A person or a server asked for more than its share; the message says when to try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The most that one person, or one server, may use. 0 is no limit."""

    questions_per_hour: int
    """Questions and new summaries in any 60 minutes."""
    tokens_per_day: int
    """Prompts and replies together, in any 24 hours. A server's digests besides the weekly ones have as many
    again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The shares of each person and of each server."""

    user: Share
    server: Share


def too_many_questions(whose: str, share: Share, *, next_at: datetime | None) -> LimitReachedError:
    """The refusal of one more question.

    Args:
        whose: `You have`, `This server has`.
        share: What is allowed.
        next_at: When the next one is possible; None if that depends on questions under way.
    """
    when = _moment(next_at) if next_at else "once one of them is answered"
    questions = f"{share.questions_per_hour} question{'s' if share.questions_per_hour > 1 else ''}"
    return LimitReachedError(
        f"{whose} asked {questions} within an hour, which is the limit. Try again {when}."
    )


def too_many_tokens(whose: str, share: Share, *, next_at: datetime) -> LimitReachedError:
    """The refusal of work by a language model until then."""
    return LimitReachedError(
        f"{whose} used up the limit of {share.tokens_per_day:,} language model tokens in 24 hours. Try again "
        f"{_moment(next_at)}; existing summaries are still shown."
    )


def too_many_digests(share: Share, *, next_at: datetime) -> LimitReachedError:
    """The refusal of a digest besides the weekly ones until then."""
    return LimitReachedError(
        f"This server's extra digests used up the limit of {share.tokens_per_day:,} language model tokens in "
        f"24 hours. Try again {_moment(next_at)}. The weekly digest comes all the same."
    )


def too_many_personal_digests(*, next_at: datetime, is_weekly: bool) -> LimitReachedError:
    """The refusal of another personal digest until then; a weekly one is not affected."""
    weekly = " Your weekly digest is on and not affected." if is_weekly else ""
    return LimitReachedError(
        f"You have had {MAX_PERSONAL_DIGESTS} personal digests made within 24 hours, which is the limit. "
        f"Try again {_moment(next_at)}.{weekly}"
    )


def _moment(at: datetime) -> str:
    """As Discord shows it in the reader's language, such as "in 12 minutes"."""
    return f"<t:{int(at.timestamp()) + 1}:R>"
