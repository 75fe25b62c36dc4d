"""What a server's refusal says about what it accepts."""

import pytest

from bot.llm.dialect import context_of, is_too_long, longest_reply


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


@pytest.mark.parametrize(
    ("refusal", "tokens"),
    [
        ("request (9225 tokens) exceeds the available context size (8192 tokens), try increasing it", 8192),
        (
            "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
            8192,
        ),
        ("The decoder prompt (length 9000) is longer than the maximum model length of 8192.", 8192),
        ("prompt is too long: 209000 tokens > 200000 maximum", 200_000),
        ("Prompt contains 40000 tokens, too large for model with 32768 maximum context length", 32_768),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            1_048_576,
        ),
        (
            "However, the model is loaded with context length of only 4096 tokens, which is not enough.",
            4096,
        ),
        (
            "The number of tokens to keep is greater than the context length (n_keep: 26166>= n_ctx: 8192).",
            8192,
        ),
        ("{'error': 'Cannot truncate prompt with n_keep (14169) >= n_ctx (4096)'}", 4096),
        (
            "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000.",
            272_000,
        ),
        ("`inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens and 512", 4097),
        ("Input validation error: `inputs` must have less than 4096 tokens. Given: 9000", 4096),
        ("input length and `max_tokens` exceed context limit: 200000 + 8000 > 204648, decrease it", 204_648),
        ("max_tokens=8000 cannot be greater than max_model_len=4096. Please request fewer.", 4096),
        ("the request exceeds the available context size. try increasing the context size", None),
        ("Please reduce the length of the messages or completion.", None),
        ("Invalid 'user': string too long. Expected a string with maximum length 256, but got 300.", None),
        ("Request too large for gpt-5 on tokens per min (TPM): Limit 30000, Requested 41000.", None),
    ],
)
def test_the_context_is_read_from_a_refusal(refusal: str, tokens: int | None) -> None:
    words = f"Error code: 400 - {refusal}"

    assert context_of(words) == tokens
    assert is_too_long(words) or tokens is None


def test_a_code_alone_says_that_a_prompt_is_too_long() -> None:
    assert is_too_long("Error code: 400 - {'error': 'context_length_exceeded'}")
