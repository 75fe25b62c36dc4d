"""A community's choice among papers: what storage knows of its taste, handed to the pure ranking."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from bot.clock import Clock
from bot.errors import EmbeddingError
from bot.llm.port import Embedder, Vectors
from bot.papers.library import Library
from bot.papers.stored import stored_papers, stored_vectors
from bot.taste.ballots import PERSONAL
from bot.taste.examples import Example
from bot.taste.ranking import Ranking, rank, topics
from bot.taste.votes import Opinion, opinions, without_floods
from bot.taste.wishes import Wishes
from storage.database import Database
from storage.model import (
    IMPORTED,
    Paper,
    Preference,
    PreferenceKind,
    Subject,
    SubmissionWindow,
    Subscription,
    Vote,
)
from storage.model import Example as Named

log = logging.getLogger(__name__)

_PASSED_OVER = timedelta(weeks=10)
"""How far before the week papers count as passed over when nobody voted for them."""
_MOST_PASSED_OVER = 6_000
"""Drawn from all of that time. One reader's picks were foretold with an average precision of .387 beside
6,000 and .354 beside 2,000 of the up to 8,900 that he passed over (.386); beside the newest 2,000 with .335
(`tests.benchmarks taste_ablation`)."""

_AT_ONCE = 3
"""Choices that are under way: each holds the papers of ten weeks and their vectors, some 40 MB, and after a
digest a whole server may ask why."""


def _untold(_: int) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """All that is known of what a community, or one person, likes."""

    opinions: Mapping[str, Opinion]
    """By versionless id: votes, and the papers that were named as liked."""
    people: int
    """How many gave votes that count; files that were imported are nobody."""
    preferences: tuple[Preference, ...]
    papers: Mapping[str, Paper]
    """Those that there is an opinion on, by versionless id."""
    passed_over: tuple[Paper, ...] = ()
    """Earlier candidates that nobody voted for, the newest first."""

    @property
    def wishes(self) -> Wishes:
        """What is followed and muted by name."""

        def values(kind: PreferenceKind, subject: Subject) -> tuple[str, ...]:
            return tuple(one.value for one in self.preferences if (one.kind, one.subject) == (kind, subject))

        follow, mute = PreferenceKind.FOLLOW, PreferenceKind.MUTE
        return Wishes(
            followed_authors=values(follow, Subject.AUTHOR),
            followed_topics=values(follow, Subject.TOPIC),
            followed_categories=values(follow, Subject.CATEGORY),
            muted_authors=values(mute, Subject.AUTHOR),
            muted_topics=values(mute, Subject.TOPIC),
            muted_categories=values(mute, Subject.CATEGORY),
            muted_words=values(mute, Subject.WORD),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A week's papers in their order."""

    ranking: Ranking
    remarks: tuple[str, ...] = ()
    """What a reader should know of how they were chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meanings:
    """The vectors that a choice is made by, as far as there are any."""

    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    title_vectors: Mapping[str, Vectors] = field(default_factory=dict)
    interest_vectors: Vectors | None = None
    remarks: tuple[str, ...] = ()


class Tastes:
    """Chooses papers by the taste of the one who wishes for a digest."""

    def __init__(
        self, *, database: Database, library: Library, embedder: Embedder | None, clock: Clock
    ) -> None:
        self._database = database
        self._library = library
        self._embedder = embedder
        self._clock = clock
        self._ranking = asyncio.Lock()
        """One ranking at a time: each needs memory of its own, and all of the processor that it gets."""
        self._choosing = asyncio.Semaphore(_AT_ONCE)

    async def choose(
        self,
        papers: Sequence[Paper],
        wish: Subscription,
        *,
        places: int,
        already_shown: Collection[str] = (),
        before: datetime | None = None,
        asked_about: str | None = None,
        advance: Callable[[int], None] = _untold,
    ) -> Choice:
        """Put a week's papers into order; what there is no model of meaning for is judged by words.

        Args:
            papers: The candidates.
            wish: Whose taste it is, with interests and words to leave out.
            places: How many papers the digest shows.
            already_shown: Versionless ids.
            before: Votes from this moment on have no say; the present one unless told otherwise.
            asked_about: As `rank` takes it.
            advance: Is told how many more candidates have a vector.
        """
        failure: EmbeddingError | None = None
        if self._embedder is not None and topics(wish.interests):
            # It takes minutes the first time: before others have to wait.
            try:
                await self._library.abstract_vectors(papers, advance=advance)
                advance = _untold
            except EmbeddingError as error:
                failure = error
        async with self._choosing:
            moment = before or self._clock.now()
            taste = await self.of(wish, before=moment, week_begins=_earliest(papers, moment))
            known = _by_words(failure) if failure else await self._meanings(papers, wish, taste, advance)
            async with self._ranking:
                ranking = await asyncio.to_thread(
                    rank,
                    papers,
                    interests=wish.interests,
                    excluded_words=wish.excluded_words,
                    already_shown=already_shown,
                    vectors=known.vectors or None,
                    title_vectors=known.title_vectors,
                    interest_vectors=known.interest_vectors,
                    examples=_examples(taste, known.vectors, known.title_vectors, moment),
                    wishes=taste.wishes,
                    places=places,
                    asked_about=asked_about,
                )
        return Choice(ranking=ranking, remarks=known.remarks)

    async def _meanings(
        self, papers: Sequence[Paper], wish: Subscription, taste: Taste, advance: Callable[[int], None]
    ) -> _Meanings:
        wished = topics(wish.interests)
        if self._embedder is None or not (wished or taste.opinions):
            return _Meanings()
        try:
            return _Meanings(
                vectors=await self._vectors(papers, taste, advance),
                title_vectors=await self._title_vectors(papers, taste),
                interest_vectors=await self._embedder.embed(wished) if wished else None,
            )
        except EmbeddingError as error:
            return _by_words(error)

    async def of(
        self, wish: Subscription, *, before: datetime | None = None, week_begins: datetime | None = None
    ) -> Taste:
        """What is known of a taste, before a moment where one is given.

        Of a person it is their votes everywhere, and of the command line nobody's. `week_begins` asks for
        what was passed over before it too.
        """
        whose = wish.server_id
        async with self._database.begin() as tx:
            if wish.is_personal:
                cast = await tx.tastes.votes_of_user(whose, before=before)
            elif whose == PERSONAL:
                # The command line's number too; there lie the votes of all direct messages, each its voter's.
                cast = []
            else:
                cast = await tx.tastes.votes(whose, before=before)
            named = [one for one in await tx.tastes.examples(whose) if before is None or one.at < before]
            preferences = await tx.tastes.preferences(whose)
        formed, people = await asyncio.to_thread(_formed, cast, named)
        papers = await stored_papers(self._database, list(formed))
        known = {paper_id: opinion for paper_id, opinion in formed.items() if paper_id in papers}
        passed_over = await self._passed_over(wish, week_begins, known) if known and week_begins else ()
        return Taste(
            opinions=known,
            people=people,
            preferences=tuple(preferences),
            papers=papers,
            passed_over=passed_over,
        )

    async def _passed_over(
        self, wish: Subscription, week_begins: datetime, known: Collection[str]
    ) -> tuple[Paper, ...]:
        window = SubmissionWindow(start=week_begins - _PASSED_OVER, end=week_begins)
        async with self._database.begin() as tx:
            ids = await tx.papers.ids_submitted(wish.categories, window)
        drawn = sorted((one for one in ids if one not in known), key=_lot)[:_MOST_PASSED_OVER]
        papers = await stored_papers(self._database, drawn)
        return tuple(sorted(papers.values(), key=lambda paper: (paper.published, paper.id), reverse=True))

    async def _vectors(
        self, papers: Sequence[Paper], taste: Taste, advance: Callable[[int], None]
    ) -> dict[str, Vectors]:
        assert self._embedder is not None
        vectors = await self._library.abstract_vectors(papers, advance=advance)
        vectors |= await self._library.abstract_vectors(list(taste.papers.values()))
        # Of what was passed over only what is there already: thousands would take minutes.
        ids = [paper.id for paper in taste.passed_over]
        return vectors | await stored_vectors(self._database, self._embedder.name, ids)

    async def _title_vectors(self, papers: Sequence[Paper], taste: Taste) -> dict[str, Vectors]:
        """Only votes are learned from by them."""
        if not taste.opinions:
            return {}
        return await self._library.title_vectors([*papers, *taste.papers.values(), *taste.passed_over])


def _by_words(failure: EmbeddingError) -> _Meanings:
    """What a choice is made by where the embedder failed; it is not asked twice, as it may take its time."""
    log.warning("choosing by words only: %s", failure)
    return _Meanings(remarks=(f"Chosen by words only: {failure}",))


def _formed(cast: Sequence[Vote], named: Iterable[Named]) -> tuple[dict[str, Opinion], int]:
    """Votes weighed by person, and how many people gave some that count.

    A paper that an admin named and nobody voted on has one full vote for it.
    """
    counted = without_floods(cast)
    formed = opinions(cast)
    for one in named:
        formed.setdefault(one.paper_id, Opinion(liking=1.0, weight=1.0, last_cast_at=one.at))
    return formed, len({vote.user_id for vote in counted} - {IMPORTED})


def _examples(
    taste: Taste, vectors: Mapping[str, Vectors], title_vectors: Mapping[str, Vectors], moment: datetime
) -> list[Example]:
    judged = [
        Example(
            paper_id=paper_id,
            title=taste.papers[paper_id].title,
            vector=vectors.get(paper_id),
            title_vector=title_vectors.get(paper_id),
            liking=opinion.liking,
            weight=opinion.weight,
            age_days=_days(opinion.last_cast_at, moment),
        )
        for paper_id, opinion in taste.opinions.items()
    ]
    return judged + [
        Example(
            paper_id=paper.id,
            title=paper.title,
            vector=vectors.get(paper.id),
            title_vector=title_vectors.get(paper.id),
            liking=0.0,
            age_days=_days(paper.published, moment),
        )
        for paper in taste.passed_over
    ]


def _lot(paper_id: str) -> tuple[int, str]:
    """What is drawn first. A paper keeps its lot, so that week after week mostly the same are drawn."""
    return crc32(paper_id.encode()), paper_id


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since) / timedelta(days=1))


def _earliest(papers: Sequence[Paper], moment: datetime) -> datetime:
    return min((paper.published for paper in papers), default=moment)
