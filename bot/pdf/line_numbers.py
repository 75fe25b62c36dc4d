"""Removes the line numbers of manuscripts, which stand alone, or before or after a line's words (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_KINDS = (re.compile(r"(\d{1,4})"), re.compile(r"(\d{1,4}) (?=\S).*"), re.compile(r".*\S (\d{1,4})"))
_ALONE = 0
_STEPS = (1, 5, 2, 3, 10)
"""LaTeX's lineno numbers every line, or every fifth as in Elsevier's template."""
_MIN_CONSECUTIVE = 8
_MIN_STEPPED = 5
_MAX_MISSED = 2
_CONSECUTIVE_SHARE = 0.8
_STEPPED_SHARE = 0.5
"""Of the numbers in the same place: a line between two numbered ones may start with a number of its own."""
_LONG_PAGE_LINES = 20
_WORD = re.compile(r"[^\W\d_]{2,}")
_PROSE_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Number:
    line: int
    value: int
    start: int
    end: int


def without_line_numbers(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The lines of all pages without their numbers; empty where there was nothing else.

    The rows of a long table may be numbered, too, so most of the numbered pages must be prose.
    """
    candidates = [[_numbers(lines, kind) for kind in _KINDS] for lines in pages]
    for step in _STEPS:
        min_count = _MIN_CONSECUTIVE if step == 1 else _MIN_STEPPED
        numbers = [
            _line_numbers(by_kind, len(lines), step, min_count)
            for lines, by_kind in zip(pages, candidates, strict=True)
        ]
        numbered = [_without(lines, found) for lines, found in zip(pages, numbers, strict=True) if found]
        long_pages = sum(len(lines) >= _LONG_PAGE_LINES for lines in pages)
        enough = bool(numbered) if step == 1 else 2 * len(numbered) > long_pages
        if enough and 2 * sum(map(_is_prose, numbered)) > len(numbered):
            return [
                _without(lines, _line_numbers(by_kind, len(lines), step, 2))
                for lines, by_kind in zip(pages, candidates, strict=True)
            ]
    return [list(lines) for lines in pages]


def _line_numbers(by_kind: Sequence[list[_Number]], lines: int, step: int, min_count: int) -> list[_Number]:
    """The line numbers of a page of `lines` lines: at least `min_count`, for more than half of the lines.

    Consecutive ones may instead stand in a margin that is longer or shorter than the text.
    """
    chains = [_chain(numbers, step) for numbers in by_kind]
    share = _CONSECUTIVE_SHARE if step == 1 else _STEPPED_SHARE
    chains = [
        chain if len(chain) >= share * len(numbers) else []
        for chain, numbers in zip(chains, by_kind, strict=True)
    ]
    longest = max(chains, key=len)
    chains = [chain if len(chain) >= _MIN_STEPPED or _fits(chain, longest, step) else [] for chain in chains]
    count = sum(map(len, chains))
    with_words = lines - len(chains[_ALONE])
    in_margin = step == 1 and len(chains[_ALONE]) >= _MIN_CONSECUTIVE
    if count < min_count or not (in_margin or 2 * step * count > with_words):
        return []
    return [number for chain in chains for number in chain]


def _fits(chain: Sequence[_Number], longest: Sequence[_Number], step: int) -> bool:
    """Whether a few numbers in another place are those missing from the longest chain.

    If not, they belong to the text: a heading may end in "Proof of Lemma 2", and a date in its year.
    """
    max_gap = step * (_MAX_MISSED + 1)
    return chain == longest or all(
        (one.line - number.line) * (one.value - number.value) > 0
        and longest[0].value - max_gap <= number.value <= longest[-1].value + max_gap
        for number in chain
        for one in longest
    )


def _numbers(lines: Sequence[str], kind: re.Pattern[str]) -> list[_Number]:
    matches = ((place, kind.fullmatch(line)) for place, line in enumerate(lines))
    return [_Number(place, int(match[1]), *match.span(1)) for place, match in matches if match is not None]


def _chain(numbers: Sequence[_Number], step: int) -> list[_Number]:
    """The longest chain of numbers that grow by `step`; up to two in a row may be missing."""
    longest: dict[int, tuple[int, int]] = {}
    """By value: the length of the longest chain that ends with it, and the index of its last number."""
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        earlier = (longest.get(number.value - step * times, (0, None)) for times in range(1, _MAX_MISSED + 2))
        length, last = max(earlier, key=lambda chain: chain[0])
        before.append(last)
        if number.value % step == 0:
            longest[number.value] = length + 1, place
    chain = []
    link: int | None = max(longest.values(), default=(0, None))[1]
    while link is not None:
        chain.append(numbers[link])
        link = before[link]
    return chain[::-1]


def _without(lines: Sequence[str], numbers: Sequence[_Number]) -> list[str]:
    bare = list(lines)
    for number in sorted(numbers, key=lambda number: -number.start):  # rightmost first: offsets stay valid
        bare[number.line] = (bare[number.line][: number.start] + bare[number.line][number.end :]).strip()
    return bare


def _is_prose(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line]
    return 2 * sum(len(_WORD.findall(line)) >= _PROSE_WORDS for line in filled) > len(filled)
