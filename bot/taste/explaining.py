"""Why a paper has its rank in the week (pure)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.taste.examples import Example
from bot.taste.judgement import quoted
from bot.taste.learning import TasteModel
from bot.taste.nearness import Scores
from bot.taste.words import words
from bot.texts.latex import plain_line

NOTHING_NEARER = "nothing nearer to the interests was left"
NOTHING_VOTED_FOR = "nothing that the votes favour was left"
"""Where no interests are set and votes alone decide."""
_PAPERS_SHOWN = 3
_WORDS_SHOWN = 5
_LEAST_OF_AN_EXAMPLE, _LEAST_OF_A_WORD = 0.02, 0.005
"""Contributions to the liking that are worth telling. On one reader's choices liked papers on one subject
add .03 to .09, and the words that stand for it .005 to .05."""
_PARTS_OF_A_REASON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What counted for and against one paper."""

    paper_id: str
    place: int
    """Its rank by score in the week, from 1."""
    considered: int
    """How many papers were ranked."""
    interests: tuple[str, ...] = ()
    """The interests it matches: `matches "speech" in its title`."""
    has_interests: bool = True
    """Whether any interests are set."""
    resembles: tuple[str, ...] = ()
    """Titles of the liked papers that raised it most, the strongest first."""
    unlike: tuple[str, ...] = ()
    """Titles of the disliked papers that lowered it most, the strongest first."""
    words: tuple[str, ...] = ()
    """Words of its title that raised it, by what votes taught of them."""
    followed: str | None = None
    """Why it is followed: `by Ada Lovelace, who is followed`."""
    explores: bool = False
    """Whether it was picked for exploration, because the votes say least about it."""
    repeats: str | None = None
    """The title of a paper placed before it that says nearly the same."""

    @property
    def is_pinned(self) -> bool:
        """Whether it has its place for a reason other than its score, and so has to keep it."""
        return bool(self.followed) or self.explores or self.repeats is not None

    @property
    def reason(self) -> str:
        """One line for a person."""
        parts = [] if self.followed is None else [self.followed]
        if self.explores:
            parts.append("exploration: the votes so far say least about papers like this")
        parts += self.interests
        if self.resembles:
            # TeX is made readable before the title is cut, as half a formula cannot be.
            parts.append(f"like {quoted(plain_line(self.resembles[0]))}, which was liked")
        elif self.words:
            parts.append(f"its title has words that votes favour: {quoted(', '.join(self.words))}")
        nothing = NOTHING_NEARER if self.has_interests else NOTHING_VOTED_FOR
        return "; ".join(parts[:_PARTS_OF_A_REASON]) or nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the votes say about one candidate; fields as of `Explanation`."""

    resembles: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def evidence(taste: TasteModel, candidates: Mapping[int, str]) -> dict[int, Evidence]:
    """The votes on other papers that moved each candidate most, and the words of its title that raised it.

    Args:
        taste: What the votes teach.
        candidates: The versionless ids of those to explain, by row.
    """
    contributions = taste.contributions(list(candidates))
    return {
        row: Evidence(
            resembles=_strongest(taste.examples, shares, 1, other_than=paper_id),
            unlike=_strongest(taste.examples, -shares, -1, other_than=paper_id),
            words=tuple(_telling(taste.words(row)))[:_WORDS_SHOWN],
        )
        for (row, paper_id), shares in zip(candidates.items(), contributions, strict=True)
    }


def _strongest(
    examples: Sequence[Example], shares: Scores, direction: int, *, other_than: str
) -> tuple[str, ...]:
    """Titles of the liked (1) or disliked (-1) papers with the highest shares, if high enough."""
    telling = np.flatnonzero(shares >= _LEAST_OF_AN_EXAMPLE)
    in_order = (examples[at] for at in telling[np.argsort(-shares[telling], kind="stable")])
    voted = (one for one in in_order if one.liking * direction > 0 and one.paper_id != other_than)
    return tuple(one.title for one in islice(voted, _PAPERS_SHOWN))


def _telling(shares: Iterable[tuple[str, float]]) -> Iterator[str]:
    """The words that add enough, without those of titles on any subject, such as "for" and "language for"."""
    for word, share in shares:
        if share >= _LEAST_OF_A_WORD and all(map(words, word.split())):
            yield word
