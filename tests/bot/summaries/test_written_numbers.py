"""Numbers in digits, as readers of a language read them."""

import time
from decimal import Decimal

import pytest

from bot.summaries.written_numbers import written


def values(text: str, code: str) -> list[Decimal | None]:
    return [number.value for number in written(text, code)]


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("ja", "1万2500件", "12500"),
        ("ja", "2億3000万500件", "230000500"),
        ("zh", "1万零500篇", "10500"),
        ("zh-Hant", "3億5000萬個", "350000000"),
        ("ko", "2만 5천 편", "25000"),
        ("ko", "2만 5천 달러", "25000"),
        ("ko", "2만 500명", "20500"),
        ("ko", "2만30개", "20030"),
        ("ko", "1억2천만 개", "120000000"),
        ("hi", "12,34,567 शब्द", "1234567"),
        ("hi", "1,234,567 शब्द", "1234567"),
        ("hi", "12 लाख 34 हज़ार 567 शब्द", "1234567"),
        ("hi", "1,00,000.5", "100000.5"),
        ("de", "1.234,5 Millionen", "1234500000"),
    ],
)
def test_a_number_in_the_notation_of_a_language_is_one_number(code: str, text: str, value: str) -> None:
    assert values(text, code) == [Decimal(value)]


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("ja", "1.5万2500", ["15000", "2500"]),
        ("zh", "1万、2500", ["10000", "2500"]),
        ("zh", "2千5万", ["2000", "50000"]),
        ("ko", "2만 5개", ["20000", "5"]),
        ("ko", "샘플 2만 30% 노이즈", ["20000", "30"]),
        ("ko", "2만 500 ms", ["20000", "500"]),
        ("ko", "2만 50명", ["20000", "50"]),
        ("hi", "2 लाख 30 प्रतिशत", ["200000", "30"]),
        ("hi", "2 लाख 500 GB", ["200000", "500"]),
        ("fr", "2 millions 500", ["2000000", "500"]),
        ("en", "12,34,567", ["12", "34567"]),
    ],
)
def test_what_is_not_written_in_parts_is_several_numbers(code: str, text: str, found: list[str]) -> None:
    assert values(text, code) == [Decimal(value) for value in found]


def test_ten_thousand_and_a_single_figure_are_in_doubt() -> None:
    assert values("1万2个", "zh") == [None]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("zh", "1" * 30 + "万5"),
        ("ja", "1" * 29 + "万12"),
        ("ko", "3만 " + "1" * 40),
        ("ko", "1" * 25 + "조 5000"),
        ("hi", "3 लाख " + "1" * 40),
        ("de", "-" + "1" * 40),
    ],
)
def test_a_number_of_very_many_digits_is_in_doubt(code: str, text: str) -> None:
    assert None in values(text, code)


def test_a_negative_number_in_parts_is_negative_as_a_whole() -> None:
    assert values("-1万2500", "ja") == [Decimal(-12500)]


@pytest.mark.parametrize("text", ["1,23," * 2_000, "1万" * 5_000, "5 mil " * 3_000, "5 " + "мил" * 5_000])
@pytest.mark.parametrize("code", ["hi", "zh", "es", "ru"])
def test_hostile_text_is_read_in_little_time(code: str, text: str) -> None:
    started = time.process_time()

    written(text, code)

    assert time.process_time() - started < 2
