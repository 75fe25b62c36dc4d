"""What a person and a server may use, and the words for too much (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import InputError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class LimitReachedError(InputError):
    """A person or a server asked for more than its share; the message says when it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The most that one person, or one server, may use. 0 is no limit."""

    questions_per_hour: int
    """Questions and new summaries in any 60 minutes."""
    tokens_per_day: int
    """Prompts and replies together, in any 24 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The shares of everybody."""

    user: Share
    server: Share


def too_many_questions(whose: str, share: Share, *, next_at: datetime | None) -> LimitReachedError:
    """The refusal of one question more.

    Args:
        whose: `You have`, `This server has`.
        share: What is allowed.
        next_at: When the next one is possible; None while it depends on questions under way.
    """
    # Discord shows such a stamp as "in 12 minutes", in the reader's language.
    when = f"<t:{int(next_at.timestamp()) + 1}:R>" if next_at else "once one of them is answered"
    questions = f"{share.questions_per_hour} question{'s' if share.questions_per_hour > 1 else ''}"
    return LimitReachedError(
        f"{whose} asked {questions} within an hour, which is the limit. Try again {when}."
    )


def too_many_tokens(whose: str, share: Share) -> LimitReachedError:
    """The refusal of work by a language model."""
    return LimitReachedError(
        f"{whose} used the language model's {share.tokens_per_day:,} tokens of these 24 hours. Try again "
        "tomorrow; summaries that exist already are still shown."
    )
