"""Cutting text to a length, at the least harmful place (pure).

Lengths are in UTF-16 code units: Discord does not say what it counts, and they are never fewer than the code
points.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import TypeAlias

Measure: TypeAlias = Callable[[str], int]

_PARAGRAPH = re.compile(r"\n\s*\n")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[^\s\da-z])")
_WORD = re.compile(r"\s+")
_JOINER = "\u200d"


def length(text: str) -> int:
    """The number of UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, *, measure: Measure = length) -> list[str]:
    """Parts of at most `limit`, cut between paragraphs, else lines, sentences, words, or graphemes.

    Only white space at the cuts is lost. `measure` must count each code point at least once and never shrink
    as a text grows.
    """
    parts = []
    rest = text.strip()
    while measure(rest) > limit:
        end = _cut(rest, limit, measure, (_PARAGRAPH, _LINE, _SENTENCE, _WORD))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def shorten(text: str, limit: int, *, measure: Measure = length) -> str:
    """The text itself if it fits, else its start up to the end of a sentence or word, and `…`."""
    text = text.strip()
    if measure(text) <= limit:
        return text
    sentences = text[: _cut(text, limit - 2, measure, (_SENTENCE,))].rstrip()
    if sentences.endswith((".", "!", "?")) and limit / 2 <= measure(sentences) <= limit - 2:
        return f"{sentences} …"
    start = text[: _cut(text, limit - 1, measure, (_WORD,))].rstrip(" \n\t,;:–-") + "…"
    return start if measure(start) <= limit else "…"[: max(0, limit)]


def _cut(text: str, limit: int, measure: Measure, boundaries: Iterable[re.Pattern[str]]) -> int:
    """Where to cut: at the first kind of boundary in the second half of what fits, else between graphemes."""
    fitting = _fitting(text, limit, measure)
    for boundary in boundaries:
        ends = [match.start() for match in boundary.finditer(text[: fitting + 1]) if match.start() <= fitting]
        if ends and ends[-1] * 2 >= fitting:
            return ends[-1]
    return _between_graphemes(text, fitting)


def _fitting(text: str, limit: int, measure: Measure) -> int:
    """The number of leading code points that fit; at least 1, so that a split always ends."""
    low, high = 1, max(1, min(len(text), limit))
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _between_graphemes(text: str, end: int) -> int:
    """The last place up to `end` that splits no letter from its accent, and no emoji.

    An approximation of https://www.unicode.org/reports/tr29/, which Python does not implement.
    """
    for place in range(end, max(0, end - 32), -1):
        if place == len(text) or not _is_inside(text, place):
            return place
    return end


def _is_inside(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if _is_flag_half(before) and _is_flag_half(after):
        return sum(1 for _ in takewhile(_is_flag_half, reversed(text[:place]))) % 2 == 1
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
