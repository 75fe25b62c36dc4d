from hypothesis import given
from hypothesis import strategies as st

from bot.llm.port import estimated_tokens, within_tokens


def test_scripts_with_more_bytes_per_letter_are_more_tokens() -> None:
    assert estimated_tokens("量化减少内存占用") > 8
    assert estimated_tokens("квантование") > 11 / 2
    assert estimated_tokens("quantization") == 5


@given(st.text(), st.integers(1, 20))
def test_the_beginning_of_a_text_is_as_long_as_fits(text: str, max_tokens: int) -> None:
    beginning = within_tokens(text, max_tokens)

    assert text.startswith(beginning)
    assert estimated_tokens(beginning) <= max_tokens
    assert beginning == text or estimated_tokens(text[: len(beginning) + 1]) > max_tokens
