from decimal import Decimal

import pytest

from bot.papers._scripts import apart
from bot.summaries.numbers import numbers
from bot.summaries.sentences import plain


@pytest.mark.parametrize(
    ("before", "text", "written"),
    [
        ("about 10", "6", "⁶"),
        ("5x10", "−4", "⁻⁴"),
        ("5x10", "−", "⁻"),
        ("⁻", "4", "⁴"),
        (" -10", "6 ", "⁶ "),
        ("of the 697", "5", "⁵"),
        ("0.5", "-1", "⁻¹"),
        ("in 2016", "3", " 3"),
        ("all 1,024", "3", " 3"),
        ("81.2", "3", " 3"),
        ("81.2", "0.5", " 0.5"),
        ("81.2", "-0.5", "-0.5"),
        ("GPT-4", "3", " 3"),
        ("T5", "1,2", " 1,2"),
        ("in 2016.", "3", " 3"),
        ("the words", "3", "3"),
        ("(2016)", "3", "3"),
        ("the 10", "th", "th"),
        ("10 ", "6", "6"),
        ("", "6", "6"),
    ],
)
def test_raised_text(before: str, text: str, written: str) -> None:
    assert apart(text, before, raised=True) == written


@pytest.mark.parametrize(
    ("before", "text", "written"),
    [("0.157", "0.002", " 0.002"), ("10", "2", " 2"), ("10", "k", "k"), ("x", "2", "2"), ("0.", "5", "5")],
)
def test_lowered_text(before: str, text: str, written: str) -> None:
    assert apart(text, before, raised=False) == written


@pytest.mark.parametrize(
    ("before", "text", "value"), [("10", "6", "1e6"), ("10", "−4", "1e-4"), ("5 × 10", "−4", "5e-4")]
)
def test_powers_are_understood(before: str, text: str, value: str) -> None:
    found = numbers(plain(before + apart(text, before, raised=True)))

    assert [number.value for number in found] == [Decimal(value)]
