"""Writes raised and lowered digits apart from the number before them, inside the child process."""

import re

_SUPERSCRIPTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_SIGNS = frozenset("⁺⁻")
_WHOLE = re.compile(r"\d+\s*")
_SIGNED = re.compile(r"[-+−–]\d*\s*")
_POWER_BASE = re.compile(r"(?:(?<![\w.,])(?<![^\W_]-)|(?<=\d[xX]))\d{1,3}$|[⁺⁻]$")
"""A short whole number that ends no name, decimal or year; or the sign of an exponent in two pieces.

Behind whatever else ends in a digit stands the mark of a footnote: GPT-3.5, PyPDF2, 81.2, "in 2016", "of 85."
"""
_NUMBER_END = re.compile(r"\d[.,]?$")
_TAIL_CHARACTERS = 16
_SMALLER = 0.8
_RAISED_EM = 0.15
_LOWERED_EM = 0.1
"""TeX raises by 0.36 em and lowers by 0.15, Word by 0.33 and 0.14."""
_OTHER_LINE_EM = 1.0


class ScriptWriter:
    """Takes the pieces of one line in order, and tells how each is written."""

    def __init__(self) -> None:
        self._base: tuple[float, float] | None = None
        self._tail = ""

    def written(self, text: str, *, size: float, baseline: float) -> str:
        """The piece's text, so that it adds no digits to a number that it is set above or below."""
        em = self._shift(size, baseline) if text.strip() else 0.0
        if em:
            text = apart(text, self._tail, raised=em > 0)
            # Only the digits of an exponent may stand at what is itself raised: its sign.
            self._tail = text if text in _SIGNS else ""
            return text
        self._tail = (self._tail + text)[-_TAIL_CHARACTERS:]
        if text.strip():
            self._base = size, baseline
        return text

    def _shift(self, size: float, baseline: float) -> float:
        """How far above (or, negative, below) the line's text a smaller piece stands, in its em; else 0."""
        if self._base is None or size >= _SMALLER * self._base[0]:
            return 0.0
        em = (baseline - self._base[1]) / self._base[0]
        return em if _RAISED_EM < em < _OTHER_LINE_EM or -_OTHER_LINE_EM < em < -_LOWERED_EM else 0.0


def apart(text: str, before: str, *, raised: bool) -> str:
    """How `text`, raised or else lowered, is written behind `before` (pure).

    Powers get superscripts, 10⁶ and 10⁻⁴; the marks of footnotes and what is lowered a blank, 81.2 3.
    """
    if raised and _is_exponent(text, before):
        return text.translate(_SUPERSCRIPTS)
    glued = _NUMBER_END.search(before) is not None if raised else before[-1:].isdecimal()
    return f" {text}" if glued and text[0].isdecimal() else text


def _is_exponent(text: str, before: str) -> bool:
    if _SIGNED.fullmatch(text):
        return before[-1:].isdecimal()
    return _WHOLE.fullmatch(text) is not None and _POWER_BASE.search(before) is not None
