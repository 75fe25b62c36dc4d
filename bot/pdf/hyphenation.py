"""Joins words that were broken at line ends, and keeps the hyphens that belong to them (pure)."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

_HYPHENS = "-\u2010\u2011"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W_]+)*")
_BROKEN = re.compile(r"(\S*[^\W_])[-\u2010\u2011]$")
_LONGEST_WORD = 60
_FIRST = re.compile(r"[^\W_]+")
_BEGINS_COMPOUND = re.compile(
    r"closed|coarse|cross|few|fine|full|high|large|long|low|one|open|real|self|three|two|well|worst|zero"
)
_ENDS_COMPOUND = re.compile(
    r"agnostic|aware|based|centric|consuming|dimensional|driven|grained|hoc|intensive|level|preserving|prone"
    r"|scale|specific|supervised|theoretic|tuned|tuning"
)
"""Words that nearly always belong to a compound: low-resource, community-based."""
_SHORT = 3
"""Letters of a part that may not be a word itself: co-, re-."""
_UNSPACED = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Chinese and Japanese, which break lines within words and put no spaces between them; Korean has spaces."""


class Hyphenation:
    """Knows a paper's own words, and so whether `cross-` + `encoder` keeps its hyphen."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` are in order; a word broken between two of them is not counted."""
        self._words = Counter[str]()
        goes_on = False
        for line in lines:
            words = _WORD.findall(line)
            ends_broken = line.endswith(tuple(_HYPHENS))
            for word in words[goes_on : len(words) - ends_broken]:
                self._words[word.casefold()] += 1
                parts = re.split(f"[{_HYPHENS}]", word.casefold())
                if len(parts) > 2:  # noqa: PLR2004 - state-of-the-art may break after any of its parts
                    self._words.update(f"{one}-{two}" for one, two in pairwise(parts))
            goes_on = ends_broken

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
        if not right[0].isalpha() or not left[-1].isalpha():
            return True  # GPT-4
        *before, stem = re.split(f"[{_HYPHENS}]", (_WORD.findall(left) or [left])[-1])
        # `before` has the earlier parts of a compound: state-of-the- + art.
        first, second = stem.casefold(), right.casefold()
        with_hyphen, without = self._words[f"{first}-{second}"], self._words[first + second]
        if with_hyphen != without:
            return with_hyphen > without
        if not right[0].islower() or any(char.isupper() for char in stem[1:]):
            return True  # BERT-base, Levy-Goldberg: hyphenation never breaks words there
        if before or len(first) == 1:
            return True  # TeX breaks compounds only at their own hyphens, and no word after its first letter
        # Neither is known: two words that also stand alone make a compound, and some always do.
        if len(first) >= _SHORT and _ENDS_COMPOUND.fullmatch(second):
            return True
        both_are_long = min(len(first), len(second)) > _SHORT
        likely = _BEGINS_COMPOUND.fullmatch(first) or (both_are_long and self._words[first] > 0)
        return bool(likely) and self._words[second] > 0
