"""Finds the passages that answer a question.

One paper is searched through in full. Of many, those that the question is likely about come first, by the
words of all papers (`Catalogue`) and the nearest passages of the index; then each of these is searched as if
it were alone, and what was found counts by how likely its paper is.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from bot.answers.bm25 import Array
from bot.answers.catalogue import Catalogue, Entry
from bot.answers.features import Terms
from bot.answers.likely import likeliest, paper_features
from bot.answers.packing import packed
from bot.answers.ranking import Contender, confidence, paper_scores, passage_scores
from bot.answers.subject import subject
from bot.errors import EmbeddingError
from bot.llm.port import Embedder, Vectors
from storage.database import Database
from storage.model import Passage
from storage.types import FloatVector

log = logging.getLogger(__name__)

MAX_WORDS = 1500
_NEAREST_PASSAGES = 200
"""How many passages the index is asked for; a query takes about as long for ten."""
_SHOWN_PAPERS = 3
_ENTRIES_AT_A_TIME = 20
"""Papers a transaction: SQLite has one connection, and others wait for it meanwhile."""


class NearestPassages(Protocol):
    """What retrieval asks of the passage index."""

    async def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The passages nearest to a vector of length 1, the nearest first, with their cosines."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where an answer is looked for."""

    paper_keys: tuple[str, ...] | None = None
    """These papers, as far as their passages are stored; None: all that are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage with what is known of its paper."""

    passage: Passage
    paper_key: str
    title: str
    score: float
    """The logarithm of how likely it holds the answer, comparable within one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPaper:
    """A paper that a question may be about."""

    paper_key: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for one question."""

    question: str
    """As it was searched for: without the name of a paper."""
    passages: tuple[FoundPassage, ...] = ()
    """The likeliest first."""
    nearest: tuple[NearPaper, ...] = ()
    """The papers that the question is likeliest about, three at most."""
    confidence: float = 0.0
    """The best passage's likeness to the question, or its share of the question's words without vectors;
    see the benchmark `refusal` for how much it tells."""


@dataclass(slots=True)
class _Search:
    """One question under way."""

    question: str
    keys: Sequence[str]
    vector: Vectors | None
    priors: dict[str, float] = field(default_factory=dict)


class Retrieval:
    """Passages for questions, from all that is stored or a part of it."""

    def __init__(
        self, *, database: Database, embedder: Embedder | None, index: NearestPassages | None = None
    ) -> None:
        """Wire it.

        Args:
            database: Where papers and passages are.
            embedder: None where only words are compared.
            index: Finds the nearest passages of a wide scope; without it words choose the papers.
        """
        self._database = database
        self._embedder = embedder
        self._index = index
        self._catalogue = Catalogue()
        self._filling = asyncio.Lock()

    async def find(self, question: str, scope: Scope, *, max_words: int = MAX_WORDS) -> Found:
        """The passages that are likeliest to answer, as many as fit into `max_words`."""
        keys = await self._keys(scope)
        named = subject(question, self._catalogue.titles_of(keys))
        if named.paper_key is not None:
            keys = [named.paper_key]
        if not keys:
            return Found(question=named.question)
        vector = await self._vector(named.question)
        scores = await self._paper_scores(named.question, keys, vector)
        order = [keys[place] for place in np.argsort(-scores, kind="stable")]
        priors = dict(zip(keys, scores.tolist(), strict=True))
        search = _Search(
            question=named.question,
            keys=[keys[place] for place in likeliest(scores)],
            vector=vector,
            priors=priors,
        )
        passages, confidence = await self._passages(search, max_words)
        return Found(
            question=named.question,
            passages=tuple(passages),
            nearest=tuple(
                NearPaper(paper_key=key, title=self._catalogue.title(key)) for key in order[:_SHOWN_PAPERS]
            ),
            confidence=confidence,
        )

    async def prepare(self) -> None:
        """Read the words of all stored papers: at the start, so that the first question need not wait."""
        await self._keys(Scope())

    async def _keys(self, scope: Scope) -> list[str]:
        """The papers of the scope that have passages; they are in the catalogue afterwards."""
        if scope.paper_keys is None:
            async with self._database.begin() as tx:
                wanted = await tx.papers.read_keys()
        else:
            wanted = list(dict.fromkeys(scope.paper_keys))
        async with self._filling:
            missing = [key for key in wanted if key not in self._catalogue]
            for start in range(0, len(missing), _ENTRIES_AT_A_TIME):
                await self._catalogue_papers(missing[start : start + _ENTRIES_AT_A_TIME])
        return [key for key in wanted if key in self._catalogue]

    async def _catalogue_papers(self, keys: Sequence[str]) -> None:
        async with self._database.begin() as tx:
            passages = await tx.passages.of_papers(keys)
            papers = await tx.papers.many([key.rpartition("v")[0] for key in passages])
        by_id = {paper.id: paper for paper in papers}
        for key, parts in passages.items():
            paper = by_id[key.rpartition("v")[0]]
            texts = [part.text for part in parts]
            # Counting words takes milliseconds a paper: not on the event loop.
            entry = await asyncio.to_thread(Entry.of, title=paper.title, abstract=paper.abstract, body=texts)
            self._catalogue.add(key, entry)

    async def _vector(self, question: str) -> Vectors | None:
        if self._embedder is None:
            return None
        try:
            vectors: Vectors = (await self._embedder.embed([question]))[0]
        except EmbeddingError as error:
            log.warning("the question is compared by its words alone: %s", error)
            return None
        return vectors

    async def _paper_scores(self, question: str, keys: Sequence[str], vector: Vectors | None) -> Array:
        """The logarithm of how likely the question is about each paper."""
        if len(keys) == 1:
            return np.zeros(1)
        words = self._catalogue.scores(question, keys)
        cosines = await self._nearest(vector, keys)
        return paper_scores(paper_features(words, cosines, keys), has_vectors=bool(cosines))

    async def _nearest(self, vector: Vectors | None, keys: Sequence[str]) -> dict[str, list[float]]:
        """The likeness of the nearest passages to the question, by their papers."""
        if vector is None or self._index is None:
            return {}
        wanted = set(keys)
        cosines: dict[str, list[float]] = {}
        for passage_id, cosine in await self._index.query(vector, _NEAREST_PASSAGES):
            key = passage_id.partition("#")[0]
            if key in wanted:
                cosines.setdefault(key, []).append(cosine)
        return cosines

    async def _passages(self, search: _Search, max_words: int) -> tuple[list[FoundPassage], float]:
        async with self._database.begin() as tx:
            passages = await tx.passages.of_papers(search.keys)
            if self._embedder is not None and search.vector is not None:
                ids, vectors = await tx.passages.vectors(self._embedder.name, paper_keys=search.keys)
            else:
                ids, vectors = [], np.empty((0, 0), np.float32)
        ranked = await asyncio.to_thread(_ranked, search, passages, dict(zip(ids, vectors, strict=True)))
        taken = packed(ranked.scores, [terms.words for terms in ranked.terms], max_words)
        found = [
            FoundPassage(
                passage=ranked.passages[place],
                paper_key=ranked.keys[place],
                title=self._catalogue.title(ranked.keys[place]),
                score=float(ranked.scores[place]),
            )
            for place in taken
        ]
        return found, ranked.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """The passages of all papers that were searched, not yet in order."""

    keys: Sequence[str]
    passages: Sequence[Passage]
    terms: Sequence[Terms]
    scores: Array
    confidence: float


def _ranked(
    search: _Search, passages: Mapping[str, Sequence[Passage]], vectors: Mapping[str, Vectors]
) -> _Ranked:
    terms = {key: [Terms.of(part) for part in parts] for key, parts in passages.items()}
    contenders = [
        Contender(
            prior=search.priors[key],
            passages=terms[key],
            cosines=_cosines(search.vector, [vectors.get(part.id) for part in parts]),
        )
        for key, parts in passages.items()
    ]
    return _Ranked(
        keys=[key for key, parts in passages.items() for _ in parts],
        passages=[part for parts in passages.values() for part in parts],
        terms=[of_one for of_paper in terms.values() for of_one in of_paper],
        scores=np.concatenate([passage_scores(search.question, contender) for contender in contenders]),
        confidence=confidence(search.question, contenders),
    )


def _cosines(question: Vectors | None, passages: Sequence[Vectors | None]) -> Array | None:
    """None where a vector is missing: half of a paper by meaning, half by words, would be no order."""
    if question is None:
        return None
    known = [vector for vector in passages if vector is not None]
    if len(known) < len(passages):
        return None
    cosines: Array = np.asarray(np.stack(known) @ question, float)
    return cosines
