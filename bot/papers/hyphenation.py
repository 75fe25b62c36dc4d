"""Joins words that were broken at line ends, and keeps the hyphens that belong (pure)."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

_HYPHENS = "-\u2010\u2011"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W_]+)*")
_BROKEN = re.compile(r"(\S*[^\W_])[-\u2010\u2011]$")
_LONGEST_WORD = 60
_FIRST = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Chinese and Japanese, which end lines within words and set no blanks between them; Korean has blanks."""


class Hyphenation:
    """Knows a paper's own words, and so whether `cross-` + `encoder` is one word or two."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words = Counter[str]()
        for line in lines:
            words = _WORD.findall(line)
            # A word at a line's end may be half a word.
            whole = words[:-1] if line.endswith(tuple(_HYPHENS)) else words
            for word in whole:
                self._words[word.casefold()] += 1
                parts = re.split(f"[{_HYPHENS}]", word.casefold())
                if len(parts) > 2:  # noqa: PLR2004 - state-of-the-art may break after any of its parts
                    self._words.update(f"{one}-{two}" for one, two in pairwise(parts))

    def joined(self, earlier: str, later: str) -> str:
        """Two consecutive lines as one text."""
        if _UNSPACED.match(earlier[-1:]) and _UNSPACED.match(later):
            return earlier + later
        broken, first = _BROKEN.search(earlier[-_LONGEST_WORD:]), _FIRST.match(later)
        if broken is None or first is None:
            return f"{earlier} {later}"
        if self._keeps_hyphen(broken[1], first[0]):
            return earlier + later
        return earlier[:-1] + later

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        if not right[0].islower() or not left[-1].isalpha() or any(char.isupper() for char in left[1:]):
            return True  # GPT-4, BERT-base, Levy-Goldberg: no dictionary breaks words there
        # With the rest of a compound in front: state-of-the- + art.
        stem = re.split(f"[{_HYPHENS}]", (_WORD.findall(left) or [left])[-1].casefold())[-1]
        right = right.casefold()
        with_hyphen, without = self._words[f"{stem}-{right}"], self._words[stem + right]
        if with_hyphen != without:
            return with_hyphen > without
        # Neither is known: two words that stand alone elsewhere make a compound.
        shortest = min(len(stem), len(right))
        return shortest > 3 and self._words[stem] > 0 and self._words[right] > 0  # noqa: PLR2004 - not co- or re-
