"""Finds the passages that answer a question.

One paper is searched in full. Of many, those that the question is likely about are chosen first, by their
words and the nearest passages in the index; then each of these is searched as if it were alone, and what is
found is weighted by how likely its paper is.
"""

import asyncio
import logging
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from bot.answers.bm25 import Array
from bot.answers.features import PaperWords, word_features
from bot.answers.found import POINTED, Found, FoundPassage, abstract_first, interleaved, pointed_first
from bot.answers.likely import likeliest, paper_features, word_scores
from bot.answers.packing import packed
from bot.answers.pointed import pointed_at
from bot.answers.ranking import Contender, confidence, paper_scores, passage_scores
from bot.answers.record import recorded
from bot.answers.record_cues import asks_for_record
from bot.answers.shelf import Shelf
from bot.answers.subject import subject, titled
from bot.answers.terms import stems
from bot.errors import EmbeddingError
from bot.llm.port import Embedder, Vectors
from bot.papers.stored import stored_papers
from storage.database import Database
from storage.model import NearPaper
from storage.model.keys import key_of_passage, paper_key, passage_id, split_key
from storage.types import FloatVector

log = logging.getLogger(__name__)

MAX_WORDS = 1500
_NEAREST_PASSAGES = 200
"""How many passages the index is asked for; a query for ten takes about as long."""
_SHOWN_PAPERS = 3


class NearestPassages(Protocol):
    """What retrieval asks of the passage index."""

    async def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The passages nearest to a vector of length 1, the nearest first, with their cosines."""
        ...


class Retrieval:
    """Finds passages for questions, in those papers of the given keys that are stored, or in all (None)."""

    def __init__(
        self, *, database: Database, embedder: Embedder | None, index: NearestPassages | None = None
    ) -> None:
        """Wire it.

        Args:
            database: Where papers and passages are.
            embedder: None to compare words alone.
            index: Finds the nearest passages of a wide scope; without it words choose the papers.
        """
        self._database = database
        self._embedder = embedder
        self._index = index
        self._shelf = Shelf(database)

    async def find(
        self, question: str, paper_keys: Sequence[str] | None = None, *, max_words: int = MAX_WORDS
    ) -> Found:
        """The passages most likely to answer, as many as fit into `max_words`."""
        # Embedding has a thread of its own and need not wait; only if a paper is named is it done again.
        titles, vector = await asyncio.gather(self._shelf.titles(paper_keys), self._vector(question))
        unread = len(set(paper_keys or ()).difference(titles))
        named = await asyncio.to_thread(subject, question, titles)
        papers = await self._shelf.papers(list(titles) if named.paper_key is None else [named.paper_key])
        # A name alone is better searched for than nothing.
        asked = named.question if stems(named.question) else question
        if not papers:
            return Found(unread=unread)
        if asked != question:
            vector = await self._vector(asked)
        keys, scores = list(papers), await self._paper_scores(asked, papers, vector)
        nearest = [keys[place] for place in np.argsort(-scores, kind="stable")[:_SHOWN_PAPERS]]
        priors = {keys[place]: float(scores[place]) for place in likeliest(scores)}
        passages, certainty = await self._passages(asked, priors, papers, vector, max_words)
        return Found(
            passages=tuple(passages),
            nearest=tuple(NearPaper(paper_key=key, title=titles[key]) for key in nearest),
            confidence=certainty,
            unread=unread,
        )

    async def find_in_each(self, question: str, paper_keys: Sequence[str]) -> Found:
        """The passages of each of these papers that are most likely to answer, one of each in turn.

        Comparing papers takes all of them, however much likelier the question is about one. What the question
        points at, such as a figure, comes first.
        """
        async with self._database.begin() as tx:
            passages = await tx.passages.of_papers(paper_keys)
        titles = await self._shelf.titles(paper_keys)
        max_words, each = MAX_WORDS // len(paper_keys), []
        for key in paper_keys:
            found = await self.find(question, (key,), max_words=max_words)
            pointed = [
                FoundPassage(passage=passage, title=titles[key])
                for passage in await asyncio.to_thread(pointed_at, question, passages.get(key, ()))
            ]
            each.append(pointed_first(found, pointed, max_words))
        return interleaved(each)

    async def overview(self, paper_keys: Sequence[str]) -> Found:
        """The passages that say what each of these papers is about, one of each in turn, the abstract first.

        The search is for title and abstract, as a question's own words lead to the experiments.
        """
        papers = await stored_papers(self._database, [_paper_id(key) for key in paper_keys])
        each = []
        for key in paper_keys:
            paper = papers[_paper_id(key)]
            searched = f"{paper.title}. {paper.abstract}"
            found = await self.find(searched, (key,), max_words=MAX_WORDS // len(paper_keys))
            each.append(replace(found, passages=abstract_first(found.passages, paper.abstract)))
        return interleaved(each)

    async def with_records(
        self, found: Found, question: str, paper_keys: Sequence[str] | None, *, in_any_case: bool
    ) -> Found:
        """What was found, with arXiv's records of the papers if the question asks for them.

        Args:
            found: What was found in passages.
            question: As it was asked, without the name of a paper.
            paper_keys: The papers that it is about; None for those in which something was found.
            in_any_case: Whether the records of `paper_keys` are added even if not asked for, as for a model,
                which understands questions in any language.
        """
        keys = dict.fromkeys(one.paper_key for one in found.passages) if paper_keys is None else paper_keys
        async with self._database.begin() as tx:
            stored = [await tx.papers.version(*split_key(key)) for key in keys]
            papers = [paper for paper in stored if paper is not None]
            is_asked = asks_for_record(question, papers)
            if not is_asked and (paper_keys is None or not in_any_case):
                return found
            texts = [await tx.papers.text(paper.id, paper.version) for paper in papers if is_asked]
            newest = {paper.id: paper for paper in await tx.papers.many([paper.id for paper in papers])}
        page_counts = {paper_key(text.paper_id, text.version): text.page_count for text in texts if text}
        records = tuple(
            recorded(paper, page_count=page_counts.get(paper.key, 0), newest=newest.get(paper.id))
            for paper in papers
        )
        if not is_asked:
            return replace(found, passages=(*found.passages, *records))
        confidence = POINTED if records and paper_keys is not None else found.confidence
        return replace(found, passages=(*records, *found.passages), confidence=confidence)

    async def titled(self, question: str, paper_keys: Sequence[str] | None) -> tuple[tuple[str, ...], str]:
        """The keys of the papers, of these or all, that a question names by title, and what else it says."""
        return await asyncio.to_thread(titled, question, await self._shelf.titles(paper_keys))

    async def prepare(self) -> None:
        """Read the newest papers at the start, so that the first question need not wait."""
        await self._shelf.fill()

    async def _vector(self, question: str) -> Vectors | None:
        if self._embedder is None:
            return None
        try:
            vectors: Vectors = (await self._embedder.embed([question]))[0]
        except EmbeddingError as error:
            log.warning("a question is compared by its words alone: %s", error)
            return None
        return vectors

    async def _paper_scores(
        self, question: str, papers: Mapping[str, PaperWords], vector: Vectors | None
    ) -> Array:
        """The logarithm of how likely the question is about each paper."""
        if len(papers) == 1:
            return np.zeros(1)
        words = await asyncio.to_thread(word_scores, question, list(papers.values()))
        cosines = await self._nearest(vector, papers)
        return paper_scores(paper_features(words, cosines, list(papers)), has_vectors=bool(cosines))

    async def _nearest(self, vector: Vectors | None, keys: Container[str]) -> dict[str, list[float]]:
        """The likeness of the nearest passages to the question, by paper."""
        if vector is None or self._index is None:
            return {}
        cosines: dict[str, list[float]] = {}
        for id_, cosine in await self._index.query(vector, _NEAREST_PASSAGES):
            key = key_of_passage(id_)
            if key in keys:
                cosines.setdefault(key, []).append(cosine)
        return cosines

    async def _passages(
        self,
        question: str,
        priors: Mapping[str, float],
        papers: Mapping[str, PaperWords],
        vector: Vectors | None,
        max_words: int,
    ) -> tuple[list[FoundPassage], float]:
        """The best passages of the papers with a prior: how likely each is. And the confidence in them."""
        papers = {key: papers[key] for key in priors}
        titles = await self._shelf.titles(list(papers))
        cosines = await self._cosines(papers, vector)
        contenders = [
            Contender(
                prior=priors[key],
                words=word_features(question, paper),
                cosines=cosines.get(key),
            )
            for key, paper in papers.items()
        ]
        scores = np.concatenate([passage_scores(contender) for contender in contenders])
        words = [count for paper in papers.values() for count in paper.words]
        ids = [passage_id(key, ordinal) for key, paper in papers.items() for ordinal in range(len(paper))]
        taken = packed(scores, words, max_words)
        async with self._database.begin() as tx:
            passages = await tx.passages.by_id([ids[place] for place in taken])
        # Another process may have read the paper again and replaced its passages.
        there = [passages[ids[place]] for place in taken if ids[place] in passages]
        found = [FoundPassage(passage=passage, title=titles[passage.paper_key]) for passage in there]
        return found, confidence(contenders)

    async def _cosines(self, papers: Mapping[str, PaperWords], vector: Vectors | None) -> dict[str, Array]:
        """The likeness of all passages of each paper to the question.

        A paper that lacks a vector is left out: ranked partly by meaning, it would be in no order.
        """
        if self._embedder is None or vector is None:
            return {}
        async with self._database.begin() as tx:
            ids, vectors = await tx.vectors.of_papers(
                self._embedder.name, list(papers), dimensions=len(vector)
            )
        by_paper: dict[str, list[float]] = {}
        for id_, cosine in zip(ids, vectors @ vector if ids else (), strict=True):
            by_paper.setdefault(key_of_passage(id_), []).append(float(cosine))
        return {
            key: np.asarray(cosines) for key, cosines in by_paper.items() if len(cosines) == len(papers[key])
        }


def _paper_id(key: str) -> str:
    return split_key(key)[0]
