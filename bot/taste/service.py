"""Chooses papers for a community: gathers its taste from storage and hands it to the pure ranking."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from bot.clock import Clock
from bot.errors import EmbeddingError
from bot.llm.port import BY_WORDS_ONLY, Embedder, Vectors
from bot.papers.library import Library
from bot.papers.stored import stored_papers, stored_vectors
from bot.taste.ballots import PERSONAL
from bot.taste.interests import topics
from bot.taste.ranking import Ranking, rank
from bot.taste.taste import Taste, examples_of, opinions_of
from storage.database import Database
from storage.model import Paper, SubmissionWindow, Subscription

log = logging.getLogger(__name__)

_PASSED_OVER = timedelta(weeks=10)
"""Papers from this long before the week count as passed over if nobody voted on them."""
_MOST_PASSED_OVER = 6_000
"""Sampled from all of that time. One reader's picks were predicted with an average precision of .386 from all
of the up to 8,900 papers that he passed over, .387 from 6,000, .354 from 2,000, and .335 from the newest
2,000 (`tests.benchmarks taste_ablation`)."""

_AT_ONCE = 2
"""Choices made at once, so that the next is ready when one was ranked: each holds the papers of ten weeks and
their vectors, some 120 MB with 5,000 a week, and after a digest a whole server may ask `/why`."""


def _unwatched(_: int) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A week's papers, ranked."""

    ranking: Ranking
    remarks: tuple[str, ...] = ()
    """What a reader should know about how they were chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Embeddings:
    """The vectors that a choice is based on, as far as there are any."""

    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    title_vectors: Mapping[str, Vectors] = field(default_factory=dict)
    interest_vectors: Vectors | None = None
    remarks: tuple[str, ...] = ()


class Tastes:
    """Chooses papers by the taste of the server or person that a digest is for."""

    def __init__(
        self, *, database: Database, library: Library, embedder: Embedder | None, clock: Clock
    ) -> None:
        self._database = database
        self._library = library
        self._embedder = embedder
        self._clock = clock
        self._ranking = asyncio.Lock()
        """One ranking at a time: each needs memory of its own, and uses all the processor it gets."""
        self._choosing = asyncio.Semaphore(_AT_ONCE)

    async def choose(
        self,
        papers: Sequence[Paper],
        subscription: Subscription,
        *,
        places: int,
        already_shown: Collection[str] = (),
        before: datetime | None = None,
        asked_about: str | None = None,
        advance: Callable[[int], None] = _unwatched,
    ) -> Choice:
        """Rank a week's papers; without an embedder, or if it fails, by words alone.

        Args:
            papers: The candidates.
            subscription: Whose taste it is, with interests and words to exclude.
            places: How many papers the digest shows.
            already_shown: Versionless ids.
            before: Votes from this moment on do not count; now, if None.
            asked_about: As `rank` takes it.
            advance: Told how many more candidates have a vector.
        """
        failure: EmbeddingError | None = None
        if self._embedder is not None and topics(subscription.interests):
            # Takes minutes the first time, so it is done before taking a place that others wait for.
            try:
                await self._library.abstract_vectors(papers, advance=advance)
                advance = _unwatched
            except EmbeddingError as error:
                failure = error
        async with self._choosing:
            moment = before or self._clock.now()
            taste = await self.of(subscription, before=moment, week_begins=_earliest(papers, moment))
            known = (
                _words_only(failure)
                if failure
                else await self._embeddings(papers, subscription, taste, advance)
            )
            async with self._ranking:
                ranking = await asyncio.to_thread(
                    rank,
                    papers,
                    interests=subscription.interests,
                    excluded_words=subscription.excluded_words,
                    already_shown=already_shown,
                    vectors=known.vectors or None,
                    title_vectors=known.title_vectors,
                    interest_vectors=known.interest_vectors,
                    examples=examples_of(taste, known.vectors, known.title_vectors, moment),
                    preferences=taste.follows_and_mutes,
                    places=places,
                    asked_about=asked_about,
                )
        return Choice(ranking=ranking, remarks=known.remarks)

    async def _embeddings(
        self,
        papers: Sequence[Paper],
        subscription: Subscription,
        taste: Taste,
        advance: Callable[[int], None],
    ) -> _Embeddings:
        wanted = topics(subscription.interests)
        if self._embedder is None or not (wanted or taste.opinions):
            return _Embeddings()
        try:
            # First, as what is stored of another size is deleted then (`SizedEmbedder`).
            interest_vectors = await self._embedder.embed(wanted) if wanted else None
            return _Embeddings(
                vectors=await self._vectors(papers, taste, advance),
                title_vectors=await self._title_vectors(papers, taste),
                interest_vectors=interest_vectors,
            )
        except EmbeddingError as error:
            return _words_only(error)

    async def of(
        self,
        subscription: Subscription,
        *,
        before: datetime | None = None,
        week_begins: datetime | None = None,
        most_passed_over: int = _MOST_PASSED_OVER,
    ) -> Taste:
        """What is known of a taste, up to a moment if one is given.

        A person's is from their votes everywhere; the command line has none. With `week_begins`, it includes
        what was passed over before then, or a sample of it.
        """
        whose = subscription.server_id
        async with self._database.begin() as tx:
            if subscription.is_personal:
                cast = await tx.tastes.votes_of_user(whose, before=before)
            elif whose == PERSONAL:
                # The command line: the votes stored under this id are of direct messages, each its voter's.
                cast = []
            else:
                cast = await tx.tastes.votes(whose, before=before)
            seeds = [one for one in await tx.tastes.seeds(whose) if before is None or one.at < before]
            preferences = await tx.tastes.preferences(whose)
        formed, people = await asyncio.to_thread(opinions_of, cast, seeds)
        papers = await stored_papers(self._database, list(formed))
        known = {paper_id: opinion for paper_id, opinion in formed.items() if paper_id in papers}
        passed_over = (
            await self._passed_over(subscription, week_begins, known, most_passed_over)
            if known and week_begins
            else ()
        )
        return Taste(
            opinions=known,
            people=people,
            preferences=tuple(preferences),
            papers=papers,
            passed_over=passed_over,
        )

    async def _passed_over(
        self, subscription: Subscription, week_begins: datetime, known: Collection[str], most: int
    ) -> tuple[Paper, ...]:
        window = SubmissionWindow(start=week_begins - _PASSED_OVER, end=week_begins)
        async with self._database.begin() as tx:
            ids = await tx.papers.ids_submitted(subscription.categories, window)
        sample = sorted((one for one in ids if one not in known), key=_sample_order)[:most]
        papers = await stored_papers(self._database, sample)
        return tuple(sorted(papers.values(), key=lambda paper: (paper.published, paper.id), reverse=True))

    async def _vectors(
        self, papers: Sequence[Paper], taste: Taste, advance: Callable[[int], None]
    ) -> dict[str, Vectors]:
        assert self._embedder is not None
        await self._library.abstract_vectors(papers, advance=advance)
        # All at once, so that they have one size.
        vectors = await self._library.abstract_vectors([*papers, *taste.papers.values()])
        # For papers passed over, stored vectors only: embedding thousands would take minutes.
        ids = [paper.id for paper in taste.passed_over]
        return vectors | await stored_vectors(self._database, self._embedder.name, ids)

    async def _title_vectors(self, papers: Sequence[Paper], taste: Taste) -> dict[str, Vectors]:
        """Needed only to learn from votes."""
        if not taste.opinions:
            return {}
        return await self._library.title_vectors([*papers, *taste.papers.values(), *taste.passed_over])


def _words_only(failure: EmbeddingError) -> _Embeddings:
    """No vectors, as the embedder failed; it is not asked again, as each failure may take long."""
    log.warning("choosing by words only: %s", failure)
    return _Embeddings(remarks=(f"{BY_WORDS_ONLY}{failure}",))


def _sample_order(paper_id: str) -> tuple[int, str]:
    """A random order that is the same every time, so that the sample changes little from week to week."""
    return crc32(paper_id.encode()), paper_id


def _earliest(papers: Sequence[Paper], moment: datetime) -> datetime:
    return min((paper.published for paper in papers), default=moment)
