r"""Finds a quote's words in a paper, whatever PDF extraction did to them (pure).

"reduces long-term memory by 81.2 %" is found in a page with "reduces long-\nterm memory by 81.2%", but not
where the paper has 812 %.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from bot.checks.segments import Segment
from bot.checks.sentences import paragraphs, plain

MIN_CHARACTERS = 12
_MIN_WORDS = 3
_QUOTED = re.compile(r'"([^"]{8,300})"')
_ELLIPSIS = re.compile(r"\[\s*(?:\.{3}|…)\s*\]|\.{3,}|…")
_CITATION = re.compile(
    r"\s?\[\d{1,3}(?:\s?[,-]\s?\d{1,3})*\]|\s?\((?:[^()]{2,60}?,\s)?[^()]{0,200}?(?:19|20)\d\d[a-z]?[^()]{0,20}\)"
)
_SPAN_CHARACTERS = 2_000
"""How far the parts of a quote with an ellipsis may be apart."""
_LOOSE_CHARACTERS = 30
"""From this length a quote may differ in letters of ligatures, or start inside what looks like one word."""
_LIGATURE_LETTERS = frozenset("fil")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A quote in the paper."""

    text: str
    """The paper's own words, with white space and line ends tidied."""
    page: int | None
    start: int
    """Where it starts in `Quotable.text`."""
    end: int


@dataclass(frozen=True, slots=True)
class _Squeezed:
    """A text's letters, digits and whatever tells numbers apart, with the place of each in the text."""

    text: str
    places: tuple[int, ...]


class Quotable:
    """The text of a paper in which quotes are looked up."""

    def __init__(self, pieces: Sequence[Segment]) -> None:
        parts: list[str] = []
        self._starts: list[int] = []
        self._pages: list[int] = []
        length = 0
        for piece in pieces:
            flowing = "\n".join(paragraphs(piece.text))
            if flowing:
                self._starts.append(length)
                self._pages.append(piece.page)
                parts.append(flowing)
                length += len(flowing) + 1
        self.text = "\n".join(parts)

    @cached_property
    def _exact(self) -> _Squeezed:
        return _squeezed(self.text, loose=False)

    @cached_property
    def _loose(self) -> _Squeezed:
        return _squeezed(self.text, loose=True)

    @cached_property
    def _uncited(self) -> _Squeezed:
        return _squeezed(_without_citations(self.text), loose=True)

    def find(self, quote: str, *, near_page: int | None = None) -> Found | None:
        """Where the quote's words are, nearest to `near_page`; None if nowhere, or if the quote is too short.

        Case, white space, hyphenation, dashes and quotation marks are ignored; digits, decimal points and
        percent signs are not. An ellipsis stands for left-out words. In longer quotes the letters that
        ligatures lose (f, i, l) and citations in brackets are ignored too.
        """
        parts = [part for part in _ELLIPSIS.split(plain(quote)) if _words(part)]
        if not parts or sum(map(_words, parts)) < _MIN_WORDS:
            return None
        if sum(len(_squeezed(part, loose=False).text) for part in parts) < MIN_CHARACTERS:
            return None
        chains = list(self._chains(parts))
        if not chains:
            return None
        best = min(chains, key=lambda chain: abs((self._page(chain[0][0]) or 0) - (near_page or 0)))
        return Found(
            text=" … ".join(" ".join(self.text[start:end].split()) for start, end in best),
            page=self._page(best[0][0]),
            start=best[0][0],
            end=best[-1][1],
        )

    def _page(self, place: int) -> int | None:
        return self._pages[bisect_right(self._starts, place) - 1] or None

    def _chains(self, parts: list[str]) -> Iterator[list[tuple[int, int]]]:
        """Every place where all parts follow one another."""
        spans = [list(self._spans(part)) for part in parts]
        for first in spans[0]:
            chain = [first]
            for later in spans[1:]:
                following = bisect_left(later, chain[-1][1], key=itemgetter(0))
                if following == len(later) or later[following][0] >= first[0] + _SPAN_CHARACTERS:
                    break
                chain.append(later[following])
            else:
                yield chain

    def _spans(self, part: str) -> Iterator[tuple[int, int]]:
        exact = _squeezed(part, loose=False).text
        is_long = len(exact) >= _LOOSE_CHARACTERS
        spans = list(self._matches(exact, self._exact, whole_words=not is_long))
        if not spans and is_long:
            spans = list(self._matches(_squeezed(part, loose=True).text, self._loose, whole_words=False))
        if not spans and is_long:
            bare = _squeezed(_without_citations(part), loose=True).text
            spans = list(self._matches(bare, self._uncited, whole_words=False))
        yield from spans

    def _matches(self, wanted: str, inside: _Squeezed, *, whole_words: bool) -> Iterator[tuple[int, int]]:
        position = inside.text.find(wanted) if wanted else -1
        while position >= 0:
            start, end = inside.places[position], inside.places[position + len(wanted) - 1] + 1
            if _stands_alone(self.text, start, end, whole_words=whole_words):
                yield start, self._with_punctuation(end)
            position = inside.text.find(wanted, position + 1)

    def _with_punctuation(self, end: int) -> int:
        return end + 1 if self.text[end : end + 1] in {".", "!", "?"} else end


def quoted_in(text: str) -> list[str]:
    """The quotes in `text` (plain characters): what stands in quotation marks and has three words or more."""
    return [quote for quote in _QUOTED.findall(text) if _words(quote) >= _MIN_WORDS]


def _words(text: str) -> int:
    return sum(any(character.isalnum() for character in word) for word in text.split())


def _without_citations(text: str) -> str:
    return _CITATION.sub(lambda match: " " * len(match[0]), text)


def _squeezed(text: str, *, loose: bool) -> _Squeezed:
    """Drop everything that extraction may change, but nothing that tells numbers apart.

    "81.2 % of long-term files" -> "81.2%oflongtermfiles", and loosely "81.2%oongtermes"
    """
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = character.casefold()
        if not character.isalnum():
            folded = character if character == "%" or _separates_digits(text, place) else ""
        if folded and not (loose and folded in _LIGATURE_LETTERS):
            kept.append(folded)
            places += [place] * len(folded)
    return _Squeezed("".join(kept), tuple(places))


def _separates_digits(text: str, place: int) -> bool:
    """Whether the character is directly between two digits: 81.2 is not 812, and 8 12 is not 81 2."""
    return text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()


def _stands_alone(text: str, start: int, end: int, *, whole_words: bool) -> bool:
    """Whether neither end cuts a number or, if `whole_words`, a word."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isdigit() and (
        before[-1:].isdigit() or (before[-1:] in {".", ","} and before[:1].isdigit())
    ):
        return False
    if text[end - 1].isdigit() and (after[:1].isdigit() or (after[:1] in {".", ","} and after[1:].isdigit())):
        return False
    if not whole_words:
        return True
    return not (before[-1:].isalnum() and text[start].isalnum()) and not (
        after[:1].isalnum() and text[end - 1].isalnum()
    )
