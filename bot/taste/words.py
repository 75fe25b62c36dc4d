"""Papers and topics as words: which phrases a paper names, and how much it is about a topic (pure)."""

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
from bot.taste.spelling import topic_ways, word_ways
from bot.texts.folding import (
    compounds,
    compounds_joined,
    folded_but_hyphens,
    hyphens_as_spaces,
    spelled_out,
)
from storage.model import Paper

Matrix: TypeAlias = npt.NDArray[np.float64]
"""Shape (papers, topics)."""
Term: TypeAlias = str | tuple[str, str]
"""A word, or a pair of adjacent words."""

_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\w+")
"""A whole word. In a phrase that stands between word boundaries, every word is a whole word of the text."""
_TOUCHING = re.compile(rf"(?<=[{UNSPACED}])(?=\S)|(?<=\S)(?=[{UNSPACED}])")
"""Where a word may end without a space: around each letter in Chinese, Japanese, Korean and Thai."""
_STOP_WORDS = frozenset(
    _WORD.findall(
        "a about all also an and any are as at based be been being between but by can do does for from "
        "has have how in into is it its more most new not of on or other our over such than that the "
        "their these they this those through to toward towards under using via was we were what when "
        "where which while who will with"
    )
)
"""English words that say nothing about a topic, and those of every abstract ("based", "new", "using")."""
_TITLE_WEIGHT = 3.0
_K1, _B = 1.2, 0.75
"""BM25's usual constants (Robertson and Zaragoza, https://doi.org/10.1561/1500000019)."""
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWords:
    """The words of a paper, as `words` finds them."""

    title: list[str]
    abstract: list[str]

    @classmethod
    def of(cls, paper: Paper) -> Self:
        """Read a paper once, for both its score and its reasons."""
        return cls(title=words(spelled_out(paper.title)), abstract=words(spelled_out(paper.abstract)))


def phrase_finder(phrases: Iterable[str], *, in_any_number: bool = False) -> Callable[[Paper], str | None]:
    """Make a function that returns the first phrase named in a paper's title or abstract, else None.

    Phrases are found as whole words; in scripts without spaces between words, wherever the letters stand.
    "multi-modal" and "multimodal" find each other. `in_any_number`: "language model" also finds "language
    models", and the other way round.
    """
    ways = topic_ways if in_any_number else word_ways
    wanted = [(phrase, _spaced(form)) for phrase in phrases for form in ways(phrase)]
    by_word = defaultdict[str, list[int]](list)
    for place, (_, form) in enumerate(wanted):
        by_word[max(_RUN.findall(form), key=len, default="")].append(place)
    every_word = {word for _, form in wanted for word in _RUN.findall(form)}

    def found(paper: Paper) -> str | None:
        text = _comparable(paper, every_word) if wanted else ""
        # Only phrases whose longest word is there are looked for: a server may have a thousand.
        present = {"", *_RUN.findall(text)} & by_word.keys()
        places = sorted(place for word in present for place in by_word[word])
        return next((phrase for phrase, form in map(wanted.__getitem__, places) if _holds(text, form)), None)

    return found


def _comparable(paper: Paper, wanted: set[str]) -> str:
    """Title and abstract with hyphens as spaces, and again without them if that makes a wanted word."""
    texts = [folded_but_hyphens(paper.title), folded_but_hyphens(paper.abstract)]
    texts += [
        compounds_joined(text)
        for text in texts
        if not wanted.isdisjoint(_RUN.findall(_spaced(compounds(text))))
    ]
    # The blank lines keep a phrase from matching across two of them.
    return "\n\n".join(_spaced(hyphens_as_spaces(text)) for text in texts)


def _spaced(plain: str) -> str:
    return plain if plain.isascii() else _TOUCHING.sub(" ", plain)


def _holds(text: str, form: str) -> bool:
    # Most papers with the word lack the phrase, and `in` rules them out twenty times as fast.
    return form in text and re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) is not None


def words(text: str) -> list[str]:
    """The words of `text` but for stop words, in order, in lower case, without a plural's s."""
    return [_singular(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]


def forms(text: str) -> Iterator[tuple[str, str]]:
    """The same, each with its spelling in the text: "Quantum physics" yields `("physic", "physics")` too."""
    for written in _WORD.findall(text):
        yield from ((word, written) for word in words(written))


def terms(topic: str) -> tuple[Term, ...]:
    """A topic's words and pairs of adjacent words: "graph networks" is more than its words."""
    own = words(topic)
    return tuple(dict.fromkeys([*own, *pairwise(own)]))


def matches(papers: Sequence[PaperWords], topics: Sequence[str]) -> Matrix:
    """How much each paper is about each topic: BM25 over title and abstract, divided by its upper bound.

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
    """Crude on purpose: `llms` has to match `llm`; a wrong stem does no harm if both sides share it."""
    plural = len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
