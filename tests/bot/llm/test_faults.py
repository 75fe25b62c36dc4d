"""What servers mean by their refusals."""

import pytest

from bot.llm.faults import DECLINED, QUOTA_SPENT, Fault


@pytest.mark.parametrize(
    ("status", "code", "words", "meaning"),
    [
        (400, "400", "API key not valid. Please pass a valid API key.", 401),
        (400, "", "Incorrect API key provided: sk***ys. You can obtain one from the console.", 401),
        (400, "400", "some/model is not a valid model ID", 404),
        (400, "invalid_request_error", "Model Not Exist", 404),
        (400, "1500", "Invalid model: small-9", 404),
        (400, "", "The model `small-9` does not exist.", 404),
        (502, "", "Unexpected endpoint or method. (POST /chat/completions)", 404),
        (400, "content_filter", "The response was filtered.", DECLINED),
        (400, "invalid_prompt", "Your prompt was flagged.", DECLINED),
        (429, "insufficient_quota", "You exceeded your current quota.", QUOTA_SPENT),
        (
            429,
            "rate_limit_exceeded",
            "Request too large for small-9 on tokens per min (TPM): Limit 30000",
            413,
        ),
        (429, "rate_limit_exceeded", "Rate limit reached for small-9", 429),
        (500, "", "input (600 tokens) is too large to process. increase the physical batch size", 413),
        (400, "", "This model does not support response_format json_schema.", 400),
        (400, "", f"max_tokens: not a number in {'x' * 500} invalid model", 400),
        (500, "", "invalid model", 500),
    ],
)
def test_a_refusal_is_understood(status: int, code: str, words: str, meaning: int) -> None:
    told = Fault(status=status, code=code, words=f"Error code: {status} - {words}")

    assert told.meaning == meaning


@pytest.mark.parametrize(
    ("header", "words", "seconds"),
    [
        ("17", "", 17),
        ("1.5", "Please retry in 34.07s.", 1.5),
        ("-1", "", None),
        (None, "You exceeded your current quota: limit: 10\nPlease retry in 34.07s.", 34.07),
        (None, "Quota exceeded for metric: requests. " * 30 + "Please retry in 45.58s.", 45.58),
        (None, "Rate limit reached. Please try again in 7s.", 7),
        (None, "Please try again in 1m7s.", None),
        (None, "Rate limit reached.", None),
        ("Fri, 20 Nov 2026 09:00:00 GMT", "", None),
        ("nan", "", None),
    ],
)
def test_the_wait_is_read_from_the_header_or_the_words(
    header: str | None, words: str, seconds: float | None
) -> None:
    told = Fault(status=429, code="", words=f"Error code: 429 - {words}", retry_after=header)

    assert told.wait_seconds == seconds
