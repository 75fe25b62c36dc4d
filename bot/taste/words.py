"""Papers and topics as words: which phrases a paper names, and how much it speaks of a topic (pure)."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.papers.ids import UNSPACED
from bot.taste.spelling import folded_forms
from bot.texts.folding import folded, spelled_out
from storage.model import Paper

Matrix: TypeAlias = npt.NDArray[np.float64]
"""Shape (papers, topics)."""
Term: TypeAlias = str | tuple[str, str]
"""A word, or two that follow each other."""

_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\w+")
"""What whole words are made of; where a form begins and ends between words, so do all of its own."""
_TOUCHING = re.compile(rf"(?<=[{UNSPACED}])(?=\S)|(?<=\S)(?=[{UNSPACED}])")
"""Where a word may end without a space: around each letter of Chinese, Japanese, Korean and Thai."""
_STOP_WORDS = frozenset(
    _WORD.findall(
        "a about all also an and any are as at based be been being between but by can do does for from "
        "has have how in into is it its more most new not of on or other our over such than that the "
        "their these they this those through to toward towards under using via was we were what when "
        "where which while who will with"
    )
)
"""English words that say nothing of a topic, and what every abstract says ("based", "new", "using")."""
_TITLE_WEIGHT = 3.0
_K1, _B = 1.2, 0.75
"""BM25's usual constants (Robertson and Zaragoza, https://doi.org/10.1561/1500000019)."""
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWords:
    """What `words` makes of a paper."""

    title: list[str]
    abstract: list[str]

    @classmethod
    def of(cls, paper: Paper) -> Self:
        """Read once what is judged and explained."""
        return cls(title=words(spelled_out(paper.title)), abstract=words(spelled_out(paper.abstract)))


def naming(phrases: Iterable[str], *, in_any_number: bool = False) -> Callable[[Paper], str | None]:
    """Finds the first of the phrases that a paper's title or abstract names in whole words, else None.

    In scripts without spaces between words it is named wherever its letters follow each other.
    `in_any_number`: "language model" is named by "language models" too, and the other way round.
    """
    wanted = [
        (phrase, _spaced(form))
        for phrase in phrases
        if (plain := folded(phrase))
        for form in (folded_forms(phrase) if in_any_number else (plain,))
    ]
    by_word = defaultdict[str, list[int]](list)
    for place, (_, form) in enumerate(wanted):
        by_word[max(_RUN.findall(form), key=len, default="")].append(place)

    def found(paper: Paper) -> str | None:
        # The blank line keeps a phrase from matching across title and abstract.
        text = f"{_spaced(folded(paper.title))}\n\n{_spaced(folded(paper.abstract))}" if wanted else ""
        # Only what has its longest word there is looked for: a server may have a thousand phrases.
        there = {"", *_RUN.findall(text)} & by_word.keys()
        places = sorted(place for word in there for place in by_word[word])
        return next((phrase for phrase, form in map(wanted.__getitem__, places) if _holds(text, form)), None)

    return found


def _spaced(plain: str) -> str:
    return plain if plain.isascii() else _TOUCHING.sub(" ", plain)


def _holds(text: str, form: str) -> bool:
    # Most papers with the word do not name the phrase, and `in` says so twenty times as fast.
    return form in text and re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) is not None


def words(text: str) -> list[str]:
    """The words of `text` that carry meaning, in order, lower case, without a plural's s."""
    return [_singular(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]


def forms(text: str) -> Iterator[tuple[str, str]]:
    """The same, each with how it is written there: of "Quantum physics" `("physic", "physics")` too."""
    for written in _WORD.findall(text):
        yield from ((word, written) for word in words(written))


def terms(topic: str) -> tuple[Term, ...]:
    """A topic's words, and each two that follow each other: "graph networks" is more than its words."""
    own = words(topic)
    return tuple(dict.fromkeys([*own, *pairwise(own)]))


def matches(papers: Sequence[PaperWords], topics: Sequence[str]) -> Matrix:
    """How much each paper speaks of each topic: BM25 over title and abstract, as a share of what is possible.

    1 would be a paper that repeats all of the topic's words without end; a title that names the topic gives
    about 0.7. Shape (papers, topics).
    """
    if not papers or not topics:
        return np.zeros((len(papers), len(topics)))
    topic_terms = [terms(topic) for topic in topics]
    columns = {term: column for column, term in enumerate(dict.fromkeys(_flat(topic_terms)))}
    frequencies = np.zeros((len(papers), len(columns)))
    lengths = np.zeros((len(papers), 1))
    for row, paper in enumerate(papers):
        lengths[row] = _TITLE_WEIGHT * len(paper.title) + len(paper.abstract)
        for text, weight in ((paper.title, _TITLE_WEIGHT), (paper.abstract, 1.0)):
            for term, occurrences in Counter(_known(text, columns)).items():
                frequencies[row, columns[term]] += weight * occurrences
    in_papers = (frequencies > 0).sum(axis=0)
    rarity = np.log1p((len(papers) - in_papers + 0.5) / (in_papers + 0.5))
    damping = _K1 * (1 - _B + _B * lengths / max(1.0, float(lengths.mean())))
    saturated = frequencies / (frequencies + damping)
    shares = np.zeros((len(papers), len(topics)))
    for number, own in enumerate(topic_terms):
        chosen = [columns[term] for term in own]
        if chosen:
            shares[:, number] = saturated[:, chosen] @ rarity[chosen] / rarity[chosen].sum()
    return shares


def _known(text: Sequence[str], columns: dict[Term, int]) -> Iterable[Term]:
    yield from (word for word in text if word in columns)
    yield from (pair for pair in pairwise(text) if pair in columns)


def _flat(topic_terms: Iterable[Iterable[Term]]) -> Iterable[Term]:
    return (term for own in topic_terms for term in own)


@lru_cache(maxsize=65_536)
def _singular(word: str) -> str:
    """Crude on purpose: `llms` has to meet `llm`, and wrong stems only have to be the same on both sides."""
    plural = len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
