"""Writes raised and lowered text apart from the number before it, inside the child process."""

import re

_SUPERSCRIPTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_MINUSES = str.maketrans("−–", "--")
_SIGNS = frozenset("-+−–")
_WHOLE = re.compile(r"\d+\s*")
_SIGNED = re.compile(r"[-+−–]\d*\s*")
_DECIMAL = re.compile(r"[-+−–]?\d+\.\d+\s*")
_QUOTIENT = re.compile(r"[-+−–]?\d+[/⁄]\d+\s*")
_WITH_LETTER = re.compile(r"(?!(?:st|nd|rd|th)\b)(?=\S*[^\W\d_])\S{1,12}\s*")
"""The exponent of a formula, or the mark of a footnote; no 1st."""
_POWER_BASE = re.compile(r"(?:(?<![\w.,])(?<![^\W_]-)|(?<=\d[xX]))\d{1,3}$")
"""A short whole number that ends no name, decimal or year.

Behind whatever else ends in a digit stands the mark of a footnote: GPT-3.5, PyPDF2, 81.2, "in 2016", "of 85."
"""
_TEN = re.compile(r"(?<!\d)10$")
_NUMBER_END = re.compile(r"\d[.,]?$")
_PART = re.compile(r"\s*\d{1,4}\s*")
"""The upper or the lower number of a fraction."""
_BEFORE_FRACTION = re.compile(r"(?<![\w.,-])\d{1,3}\s?$|[(\[{=+−–±×·≤≥<>-]\s?$|(?<![∫∑∏])(?<!\b[A-Z])\s$")
"""Behind letters, brackets and sums stand indices and limits, one above the other as well."""
_SLASHES = frozenset("/⁄")
_TAIL_CHARACTERS = 16
_SMALLER = 0.8
_RAISED_EM = 0.15
_LOWERED_EM = 0.1
"""TeX raises by 0.36 em and lowers by 0.15, Word by 0.33 and 0.14."""
_BELOW_EM = 0.3, 0.5
"""TeX lowers the lower number of a fraction by 0.35 em, and an index with an exponent above it by 0.25."""
_ROW_EM = 0.6
_OTHER_LINE_EM = 1.0
_RAISED, _LEVEL, _LOWERED, _BELOW = 1, 0, -1, -2


class ScriptWriter:
    """Takes the pieces of one line in order, and writes the line.

    TeX takes the points, the minus signs and the digits of one exponent from different fonts: what is raised
    or lowered is judged once it is whole.
    """

    def __init__(self) -> None:
        self._base: tuple[float, float] | None = None
        self._runs: list[tuple[int, str]] = []
        """Consecutive pieces as one text, behind the side of the line's text that they stand on."""

    def add(self, text: str, *, size: float, baseline: float) -> None:
        """Add the piece that comes next."""
        side = self._side(size, baseline) if text.strip() else _LEVEL
        if not side and text.strip():
            text = self._off_another_row(text, baseline)
            self._base = size, baseline
        if side == _BELOW and (upper := self._upper_number(text)):
            side, text = _LEVEL, f"{upper}/{text.lstrip()}"
        if self._runs and self._runs[-1][0] == side:
            text = self._runs.pop()[1] + text
        self._runs.append((side, text))

    def _off_another_row(self, text: str, baseline: float) -> str:
        """Part digits from those above them: pdfium begins lines with both numbers of a fraction."""
        if self._base is None or abs(baseline - self._base[1]) < _ROW_EM * self._base[0]:
            return text
        return f" {text}" if text[0].isdecimal() and self._runs[-1][1][-1:].isdecimal() else text

    def _upper_number(self, lower: str) -> str:
        """Take the number above `lower` off the line, with the slash between; empty without a fraction."""
        count = len(self._runs) - self._is_behind_slash()
        if count < 2:  # noqa: PLR2004 - the upper number and what stands before it
            return ""
        (side_before, before), (side, upper) = self._runs[count - 2 : count]
        if side <= 0 or side_before or not (_PART.fullmatch(upper) and _PART.fullmatch(lower)):
            return ""
        before = before[-_TAIL_CHARACTERS:] + upper[: -len(upper.lstrip())]
        if not _BEFORE_FRACTION.search(before):
            return ""
        del self._runs[count - 1 :]
        return (" " if before[-1:].isdecimal() else "") + upper.rstrip()

    def _is_behind_slash(self) -> bool:
        return bool(self._runs) and self._runs[-1][1].strip() in _SLASHES

    def written(self) -> str:
        """The line, in which no raised or lowered digits run into a number."""
        return "".join(self._script(place) if side else text for place, (side, text) in enumerate(self._runs))

    def _script(self, place: int) -> str:
        side, text = self._runs[place]
        side_before, before = self._runs[place - 1]  # the first run is on the line
        if side > 0 and side_before:
            before = ""  # lowered text that belongs to a letter
        side_after, after = self._runs[place + 1] if place + 1 < len(self._runs) else (0, "")
        below = after if side_after < 0 else ""
        return apart(text, before[-_TAIL_CHARACTERS:], raised=side > 0, below=below)

    def _side(self, size: float, baseline: float) -> int:
        """Where a smaller piece stands beside the line's text."""
        if self._base is None or size >= _SMALLER * self._base[0]:
            return _LEVEL
        em = (baseline - self._base[1]) / self._base[0]
        if self._is_behind_slash() or _BELOW_EM[0] < -em < _BELOW_EM[1]:
            return _BELOW
        return int(_RAISED_EM < em < _OTHER_LINE_EM) - int(-_OTHER_LINE_EM < em < -_LOWERED_EM)


def apart(text: str, before: str, *, raised: bool, below: str = "") -> str:
    """How `text`, raised or else lowered, is written behind `before` (pure).

    Powers get superscripts, 10⁶ and 10⁻⁴, or a caret, 10^10.5 and 2^k. The marks of footnotes, what is
    lowered, and the upper end of an error with the lower one `below` it get a blank: 81.2 3, 12.5 +0.3 -0.2.
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
