"""Keeps raised and lowered text apart from the number before it, inside the child process."""

import re

_SUPERSCRIPTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_MINUSES = str.maketrans("−–", "--")
_SIGNS = frozenset("-+−–")
_WHOLE = re.compile(r"\d+\s*")
_SIGNED = re.compile(r"[-+−–]\d*\s*")
_DECIMAL = re.compile(r"[-+−–]?\d+\.\d+\s*")
_QUOTIENT = re.compile(r"[-+−–]?\d+[/⁄]\d+\s*")
_WITH_LETTER = re.compile(r"(?!(?:st|nd|rd|th)\b)(?=\S*[^\W\d_])\S{1,12}\s*")
"""An exponent in a formula, or a footnote mark; not the end of 1st."""
_POWER_BASE = re.compile(r"(?:(?<![\w.,])(?<![^\W_]-)|(?<=\d[xX]))\d{1,3}$")
"""A short whole number that is not the end of a name, decimal or year.

What is raised after anything else that ends in a digit is a footnote mark: GPT-3.5, PyPDF2, 81.2, "in 2016",
"of 85."
"""
_TEN = re.compile(r"(?<!\d)10$")
_NUMBER_END = re.compile(r"\d[.,]?$")
_TERM = re.compile(r"\s*\d{1,4}\s*")
"""The numerator or denominator of a fraction."""
_BEFORE_FRACTION = re.compile(r"(?<![\w.,-])\d{1,3}\s?$|[(\[{=+−–±×·≤≥<>-]\s?$|(?<![∫∑∏])(?<!\b[A-Z])\s$")
"""After letters, closing brackets and sums come indices and limits, which may also stand above each other."""
_SLASHES = frozenset("/⁄")
_TAIL_CHARACTERS = 16
_SMALLER = 0.85
"""TeX sets raised text at 0.7 of the size or less, browsers at 0.83."""
_RAISED_EM = 0.15
_LOWERED_EM = 0.1
"""TeX raises by 0.36 em and lowers by 0.15, Word by 0.33 and 0.14."""
_BELOW_EM = 0.3, 0.5
"""TeX lowers the denominator of a fraction by 0.35 em, and an index below an exponent by 0.25."""
_ROW_EM = 0.6
_OTHER_LINE_EM = 1.0
_RAISED, _LEVEL, _LOWERED, _BELOW = 1, 0, -1, -2


class ScriptWriter:
    """Takes the pieces of one line in order, and writes the line.

    TeX takes the points, minus signs and digits of one exponent from different fonts, so raised or lowered
    text is judged once it is complete.
    """

    def __init__(self) -> None:
        self._base: tuple[float, float] | None = None
        self._runs: list[tuple[int, str]] = []
        """Consecutive pieces on the same side of the baseline, as (side, text)."""

    def add(self, text: str, *, size: float, baseline: float) -> None:
        """Add the piece that comes next."""
        side = self._side(size, baseline) if text.strip() else _LEVEL
        if side == _LEVEL and text.strip():
            text = self._apart_from_other_row(text, baseline)
            self._base = size, baseline
        if side == _BELOW and (numerator := self._take_numerator(text)):
            side, text = _LEVEL, f"{numerator}/{text.lstrip()}"
        if self._runs and self._runs[-1][0] == side:
            text = self._runs.pop()[1] + text
        self._runs.append((side, text))

    def _apart_from_other_row(self, text: str, baseline: float) -> str:
        """Keep digits apart from those above them: pdfium starts lines with both numbers of a fraction."""
        if self._base is None or abs(baseline - self._base[1]) < _ROW_EM * self._base[0]:
            return text
        return f" {text}" if text[0].isdecimal() and self._runs[-1][1][-1:].isdecimal() else text

    def _take_numerator(self, denominator: str) -> str:
        """Take the numerator off the line, with any slash after it; empty if this is not a fraction."""
        count = len(self._runs) - self._is_after_slash()
        if count < 2:  # noqa: PLR2004 - the numerator and what stands before it
            return ""
        (side_before, before), (side, numerator) = self._runs[count - 2 : count]
        is_raised = side > _LEVEL and side_before == _LEVEL
        if not (is_raised and _TERM.fullmatch(numerator) and _TERM.fullmatch(denominator)):
            return ""
        before = before[-_TAIL_CHARACTERS:] + numerator[: -len(numerator.lstrip())]
        if not _BEFORE_FRACTION.search(before):
            return ""
        del self._runs[count - 1 :]
        return (" " if before[-1:].isdecimal() else "") + numerator.rstrip()

    def _is_after_slash(self) -> bool:
        return bool(self._runs) and self._runs[-1][1].strip() in _SLASHES

    def written(self) -> str:
        """The line, with raised and lowered digits kept apart from numbers."""
        return "".join(self._script(place) if side else text for place, (side, text) in enumerate(self._runs))

    def _script(self, place: int) -> str:
        side, text = self._runs[place]
        side_before, before = self._runs[place - 1]  # the first run is level, so there is one
        if side > 0 and side_before:
            before = ""  # lowered text that belongs to a letter
        side_after, after = self._runs[place + 1] if place + 1 < len(self._runs) else (0, "")
        below = after if side_after < 0 else ""
        return apart(text, before[-_TAIL_CHARACTERS:], raised=side > 0, below=below)

    def _side(self, size: float, baseline: float) -> int:
        """Where a smaller piece stands in relation to the line's text."""
        if self._base is None or size >= _SMALLER * self._base[0]:
            return _LEVEL
        em = (baseline - self._base[1]) / self._base[0]
        if self._is_after_slash() or _BELOW_EM[0] < -em < _BELOW_EM[1]:
            return _BELOW
        if _RAISED_EM < em < _OTHER_LINE_EM:
            return _RAISED
        return _LOWERED if -_OTHER_LINE_EM < em < -_LOWERED_EM else _LEVEL


def apart(text: str, before: str, *, raised: bool, below: str = "") -> str:
    """How raised or lowered `text` is written after `before` (pure).

    Powers become superscripts, 10⁶ and 10⁻⁴, or get a caret, 10^10.5 and 2^k. Footnote marks, lowered text,
    and an upper error with the lower one `below` it get a space: 81.2 3, 12.5 +0.3 -0.2.
    """
    is_error = raised and text[0] in _SIGNS and below[:1] in _SIGNS
    if raised and not is_error:
        if _is_exponent(text, before):
            return text.translate(_SUPERSCRIPTS)
        if _DECIMAL.fullmatch(text) and _TEN.search(before):
            return f"^{text.translate(_MINUSES)}"
        if _QUOTIENT.fullmatch(text) and before[-1:].isdecimal():
            bare = text.strip()
            return f"^({bare.translate(_MINUSES)}){text[len(bare) :]}"
        if _WITH_LETTER.fullmatch(text) and before[-1:].isdecimal():
            bare = text.strip()
            return f"^{text}" if len(bare) == 1 else f"^({bare}){text[len(bare) :]}"
    glued = _NUMBER_END.search(before) is not None if raised else before[-1:].isdecimal()
    begins = text[0].isdecimal() or text[0] == "+" or (text[0] in _SIGNS and (is_error or not raised))
    return f" {text}" if glued and begins else text


def _is_exponent(text: str, before: str) -> bool:
    if _SIGNED.fullmatch(text):
        return before[-1:].isdecimal() and (
            text.strip() == "+" or text[0] != "+" or bool(_TEN.search(before))
        )
    return _WHOLE.fullmatch(text) is not None and _POWER_BASE.search(before) is not None
