from datetime import UTC, datetime

import pytest

from bot.limits.rules import (
    LimitReachedError,
    Share,
    too_many_digests,
    too_many_personal_digests,
    too_many_questions,
    too_many_tokens,
)

NEXT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SHOWN = f"<t:{int(NEXT.timestamp()) + 1}:R>"
SHARE = Share(questions_per_hour=20, tokens_per_day=500_000)
ONE = Share(questions_per_hour=1, tokens_per_day=1)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (
            too_many_questions("You have", SHARE, next_at=NEXT),
            f"You have asked 20 questions within an hour, which is the limit. Try again {SHOWN}.",
        ),
        (
            too_many_questions("This server has", ONE, next_at=None),
            (
                "This server has asked 1 question within an hour, which is the limit. "
                "Try again once one of them is answered."
            ),
        ),
        (
            too_many_tokens("You have", SHARE, next_at=NEXT),
            (
                "You have used up the limit of 500,000 language model tokens in 24 hours. "
                f"Try again {SHOWN}; existing summaries are still shown."
            ),
        ),
        (
            too_many_digests(SHARE, next_at=NEXT),
            (
                "This server's extra digests used up the limit of 500,000 language model tokens in 24 hours. "
                f"Try again {SHOWN}. The weekly digest comes all the same."
            ),
        ),
        (
            too_many_personal_digests(next_at=NEXT, is_weekly=False),
            f"You have had 3 personal digests made within 24 hours, which is the limit. Try again {SHOWN}.",
        ),
        (
            too_many_personal_digests(next_at=NEXT, is_weekly=True),
            (
                "You have had 3 personal digests made within 24 hours, which is the limit. "
                f"Try again {SHOWN}. Your weekly digest is on and not affected."
            ),
        ),
    ],
)
def test_a_refusal_says_what_is_allowed_and_when_to_try_again(refusal: LimitReachedError, words: str) -> None:
    assert str(refusal) == words
