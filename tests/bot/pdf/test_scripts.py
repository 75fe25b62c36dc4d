from decimal import Decimal

import pytest

from bot.checks.numbers import numbers
from bot.checks.sentences import plain
from bot.pdf._scripts import ScriptWriter, apart


@pytest.mark.parametrize(
    ("before", "text", "written"),
    [
        ("about 10", "6", "⁶"),
        ("5x10", "−4", "⁻⁴"),
        ("5x10", "−", "⁻"),
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
        ("mass of 10", "10.5", "^10.5"),
        ("5x10", "−3.5 ", "^-3.5 "),
        ("of 12.5", "+0.3", " +0.3"),
        ("of 12", "+3", " +3"),
        ("10", "+3", "⁺³"),
        ("0", "+", "⁺"),
        ("all 2", "N", "^N"),
        ("all 2", "n−1", "^(n−1)"),
        ("x", "n−1", "n−1"),
        ("10 ", "6", "6"),
        ("", "6", "6"),
    ],
)
def test_raised_text_is_an_exponent_only_after_what_can_have_one(
    before: str, text: str, written: str
) -> None:
    assert apart(text, before, raised=True) == written


@pytest.mark.parametrize(
    ("before", "text", "written"),
    [
        ("0.157", "0.002", " 0.002"),
        ("10", "2", " 2"),
        ("12.5", "−0.2", " −0.2"),
        ("10", "k", "k"),
        ("x", "2", "2"),
        ("0.", "5", "5"),
    ],
)
def test_a_lowered_number_stays_apart_from_the_number_before_it(before: str, text: str, written: str) -> None:
    assert apart(text, before, raised=False) == written


def test_both_ends_of_an_error_are_no_exponents() -> None:
    assert apart("−2", "of 10", raised=True, below="+3") == " −2"
    assert apart("+3", "of 10", raised=True, below="−2") == " +3"


_RAISED, _LOWERED, _BELOW = 3.6, -2.5, -3.5


@pytest.mark.parametrize(
    ("pieces", "line"),
    [
        ((("10", 0), ("−", _RAISED), ("4", _RAISED), (" of", 0)), "10⁻⁴ of"),
        ((("10", 0), ("10", _RAISED), (".", _RAISED), ("5", _RAISED), (" suns", 0)), "10^10.5 suns"),
        ((("12", 0), (".", 0), ("5", 0), ("+0", _RAISED), (".", _RAISED), ("3", _RAISED), ("−", _LOWERED),
          ("0", _LOWERED), (".", _LOWERED), ("2", _LOWERED), (" km", 0)), "12.5 +0.3 −0.2 km"),
        ((("12", 0), ("+3", _RAISED), ("−2", _LOWERED)), "12 +3 −2"),
        ((("about ", 0), ("1", _RAISED), ("2", _LOWERED)), "about 1 2"),
        ((("x", 0), ("i", _LOWERED), ("2", _RAISED)), "xi2"),
        ((("saves 3", 0), ("1", _RAISED), ("2", _BELOW), (" times", 0)), "saves 3 1/2 times"),
        ((("saves 3", 0), (" 1", _RAISED), (" 2", _BELOW), (" times", 0)), "saves 3 1/2 times"),
        ((("with", 0), (" 1", _RAISED), (" 2", _BELOW), (" of it", 0)), "with 1/2 of it"),
        ((("(", 0), ("15", _RAISED), ("16", _BELOW), (")", 0)), "(15/16)"),
        ((("12.5", 0), ("1", _RAISED), ("2", _BELOW)), "12.5 1 2"),
        ((("x", 0), ("2", _RAISED), ("1", _BELOW)), "x2 1"),
        ((("x", 0), ("2", _RAISED), (" 1", _BELOW)), "x2 1"),
        ((("∑ ", 0), ("10", _RAISED), ("1", _BELOW)), "∑ 10 1"),
        ((("mass ", 0), ("14", _RAISED), ("6", _LOWERED), ("C", 0)), "mass 14 6C"),
        ((("below 10", 0), ("-3/2", _RAISED), (" of", 0)), "below 10^(-3/2) of"),
        ((("at 2", 0), ("1", _RAISED), ("/", _RAISED), ("2", _RAISED)), "at 2^(1/2)"),
    ],
)  # fmt: skip
def test_pieces_of_one_script_are_judged_as_one(pieces: tuple[tuple[str, float], ...], line: str) -> None:
    writer = ScriptWriter()

    for text, rise in pieces:
        writer.add(text, size=7.0 if rise else 10.0, baseline=700.0 + rise)

    assert writer.written() == line


@pytest.mark.parametrize(("whole", "read"), [("is 3", "is 3 1/2 wide"), ("is ", "is 1/2 wide")])
@pytest.mark.parametrize("slash", ["/", "⁄"])
def test_the_lower_number_of_a_fraction_with_a_slash_may_stand_on_the_line(
    whole: str, slash: str, read: str
) -> None:
    writer = ScriptWriter()

    for text, size, rise in ((whole, 10, 0), ("1", 7, 2), (slash, 10, 0), ("2", 7, 0), (" wide", 10, 0)):
        writer.add(text, size=size, baseline=700.0 + rise)

    assert writer.written() == read


@pytest.mark.parametrize(
    ("before", "line"), [("a mean of 85.2", "a mean of 85.2 1"), ("over 10", "over 10¹")]
)
def test_a_browser_makes_raised_text_little_smaller(before: str, line: str) -> None:
    writer = ScriptWriter()

    writer.add(before, size=12, baseline=700.0)
    writer.add("1", size=10, baseline=704.0)

    assert writer.written() == line


def test_digits_of_one_size_above_one_another_do_not_run_together() -> None:
    writer = ScriptWriter()

    for text, baseline in (("1", 704.0), ("2", 696.0)):
        writer.add(text, size=7, baseline=baseline)

    assert writer.written() == "1 2"


@pytest.mark.parametrize(
    ("before", "text", "value"), [("10", "6", "1e6"), ("10", "−4", "1e-4"), ("5 × 10", "−4", "5e-4")]
)
def test_powers_are_understood(before: str, text: str, value: str) -> None:
    found = numbers(plain(before + apart(text, before, raised=True)))

    assert [number.value for number in found] == [Decimal(value)]
