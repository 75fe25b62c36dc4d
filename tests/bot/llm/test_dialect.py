"""What a server's refusal says about what it accepts."""

import pytest

from bot.llm.dialect import longest_reply


@pytest.mark.parametrize(
    ("refusal", "tokens"),
    [
        (
            "max_tokens is too large: 8000. This model supports at most 4096 completion tokens, not 8000.",
            4096,
        ),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 4096]", 4096),
        ("`max_tokens` must be less than or equal to `4096`, the maximum value for `max_tokens`", 4096),
        ("max_completion_tokens: expected a value <= 4096, but got 8000 instead.", 4096),
        ("max_tokens: 8000 > 4096, which is the maximum allowed number of output tokens for claude-3", 4096),
        ("max_tokens: the maximum you requested exceeds the model limit of 4096. Try again", 4096),
        ("Unsupported parameter: 'max_tokens' is not supported, use 'max_completion_tokens'.", None),
        ("max_tokens must be at most 16384", None),
        ("max_tokens must be at most 16", None),
        ("This model takes at most 4096 images.", None),
    ],
)
def test_the_longest_reply_is_read_from_a_refusal(refusal: str, tokens: int | None) -> None:
    assert longest_reply(f"Error code: 400 - {refusal}", 8000) == tokens
