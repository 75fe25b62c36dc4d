"""Tells from their sequence which numbers are those of headings (pure)."""

from collections.abc import Iterable

from bot.pdf.candidates import Candidate

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_MAX_MISSED = 2


def in_sequence(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates whose number can follow earlier ones: 3.2 after 3.1, 4 after 3.2, 3.1 after 3, A after 7.

    Those without a number are left out.
    """
    accepted: list[Candidate] = []
    latest: dict[tuple[str, ...], str] = {}
    for candidate in candidates:
        if not candidate.number:
            continue
        *stem, step = candidate.number.split(".")
        series = (*stem, _series(step, latest.get((*stem, "roman")), latest.get((*stem, "letters"))))
        before = latest.get(series)
        gap = _ordinal(step, series[-1]) - (_ordinal(before, series[-1]) if before else 0)
        # If it looks like a heading, up to two before it may have been missed.
        if 1 <= gap <= (_MAX_MISSED + 1 if candidate.stands_out else 1):
            latest[series] = step
            if series == ("roman",):
                latest.pop(("letters",), None)  # they start again in each section
            accepted.append(candidate)
    return accepted


def _series(step: str, roman_before: str | None, letter_before: str | None) -> str:
    if step.isdigit():
        return "digits"
    if letter_before is not None and len(step) == 1 and ord(step) - ord(letter_before) == 1:
        return "letters"  # appendix I after H
    after = ROMAN.index(roman_before) + 1 if roman_before else 0
    return "roman" if step in ROMAN[after : after + 1] else "letters"


def _ordinal(step: str, series: str) -> int:
    if series == "digits":
        return int(step)
    return ROMAN.index(step) + 1 if series == "roman" else ord(step[0]) - ord("A") + 1
