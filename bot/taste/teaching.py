"""What a server's admins teach: papers they like, what to follow and mute, whole tastes from files."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import Clock
from bot.errors import InputError
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference, find_all
from bot.taste.portrait import Portrait, portrait
from bot.taste.service import Tastes
from bot.taste.spelling import folded_author, folded_topic
from bot.taste.transfer import MOST_PREFERENCES, Exported, exported, imported
from bot.taste.wishing import bare, check_one, check_preference
from bot.texts.folding import folded
from storage.batches import batched
from storage.database import Database, Transaction
from storage.model import IMPORTED, Example, Paper, Preference, PreferenceKind, Subject, Subscription, Vote

MOST_SEEDS = 200
"""Papers that are taken from one list."""
MOST_UNKNOWN = 1_000
"""Ids of one list that arXiv is asked about in vain: it takes a hundred at a time, every three seconds."""
MOST_LIST_BYTES = 10_000_000
"""Of such a list: a library with abstracts takes some, and Discord takes files of 10 MB everywhere."""
_BACKGROUND = 1_000
_KNOWN_PAPERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What came of a list of papers, or of a file of a taste."""

    found: tuple[Paper, ...]
    missing: tuple[str, ...]
    """Ids that arXiv does not know."""
    too_many: int = 0
    """How many more were named than are taken at once."""
    known: int = 0
    """How many of those named were seeds already."""
    preferences: int = 0
    """How many follows and mutes were taken."""
    disliked: frozenset[str] = frozenset()
    """Versionless ids of those found that count as disliked."""


class Teaching:
    """Changes and shows the taste of a server."""

    def __init__(self, *, database: Database, catalogue: Catalogue, tastes: Tastes, clock: Clock) -> None:
        self._database = database
        self._catalogue = catalogue
        self._tastes = tastes
        self._clock = clock

    async def portrait(self, server_id: int) -> Portrait:
        """What the server seems to like."""
        async with self._database.begin() as tx:
            wish = await tx.subscriptions.get(server_id)
        taste = await self._tastes.of(
            wish or Subscription(server_id=server_id, channel_id=None), week_begins=self._clock.now()
        )
        return await asyncio.to_thread(portrait, taste, taste.passed_over[:_BACKGROUND])

    async def seed(self, server_id: int, text: str) -> Taught:
        """Take the papers named in a text as ones the server likes, whatever files said of them before.

        Those that were taken before, and those that arXiv does not know, count as none of the 200, so that a
        long list may be given again.

        Raises:
            InputError: it names none.
            ArxivError: arXiv could not be asked for those that are not stored.
        """
        references = await asyncio.to_thread(find_all, text)
        if not references:
            raise InputError("I found no arXiv id or link. Write some, or attach a file that has some.")
        async with self._database.begin() as tx:
            seeds = {one.paper_id for one in await tx.tastes.examples(server_id)}
            votes = await tx.tastes.votes(server_id)
        # A file's 👎 overrides a seed, which is to count again.
        seeds -= {vote.paper_id for vote in votes if vote.user_id == IMPORTED}
        new = [one for one in references if one.paper_id not in seeds]
        taught = await self._known_first(new)
        async with self._changing(server_id) as tx:
            await _like(tx, server_id, taught.found, self._clock.now())
        return replace(taught, known=len(references) - len(new))

    async def prefer(self, server_id: int, kind: PreferenceKind, subject: Subject, value: str) -> Preference:
        """Follow or mute something; the latest word on it counts.

        Raises:
            InputError: it cannot be followed or muted, or there are too many already.
        """
        checked = check_one(subject, check_preference(kind, subject, value))
        preference = Preference(server_id=server_id, kind=kind, subject=subject, value=checked)
        async with self._changing(server_id) as tx:
            await _save(tx, server_id, [preference])
        return preference

    async def looks_elsewhere(self, stored: Preference) -> tuple[str, ...]:
        """The categories that the server's digest looks at, where a followed one is not among them."""
        if (stored.kind, stored.subject) != (PreferenceKind.FOLLOW, Subject.CATEGORY):
            return ()
        async with self._database.begin() as tx:
            wish = await tx.subscriptions.get(stored.server_id)
        return () if wish is None or stored.value in wish.categories else wish.categories

    async def forget(self, server_id: int, subject: Subject, value: str) -> None:
        """Neither follow nor mute something any more.

        Raises:
            InputError: it was neither.
        """
        async with self._changing(server_id) as tx:
            was_there = await _drop(tx, server_id, {_name(subject, value)})
        if not was_there:
            raise InputError("That is neither followed nor muted. `/taste show` lists what is.")

    async def export(self, server_id: int) -> Exported:
        """The taste as a file without names."""
        async with self._database.begin() as tx:
            votes = await tx.tastes.votes(server_id)
            examples = await tx.tastes.examples(server_id)
            preferences = await tx.tastes.preferences(server_id)
        return await asyncio.to_thread(exported, votes, examples, preferences, self._clock.now())

    async def take(self, server_id: int, text: str) -> Taught:
        """Add the taste of a file to the server's, as the admins' latest word; members' votes stay.

        Raises:
            InputError: it is no such file, or would make too many follows and mutes: nothing of it is taken.
            ArxivError: arXiv could not be asked for papers that are not stored.
        """
        given = await asyncio.to_thread(imported, text)
        named = [Reference(paper_id=paper_id) for paper_id in (*given.liked, *given.disliked)]
        taught = await self._known(named)
        found = {paper.id: paper for paper in taught.found}
        liked = [found[paper_id] for paper_id in given.liked if paper_id in found]
        disliked = [found[paper_id] for paper_id in given.disliked if paper_id in found]
        now = self._clock.now()
        async with self._changing(server_id) as tx:
            await _like(tx, server_id, liked, now)
            await tx.tastes.save_votes(
                [
                    Vote(server_id=server_id, user_id=IMPORTED, paper_id=paper.id, liked=False, at=now)
                    for paper in disliked
                ]
            )
            await _save(
                tx,
                server_id,
                [
                    Preference(server_id=server_id, kind=kind, subject=subject, value=value)
                    for kind, subject, value in given.preferences
                ],
            )
        against = frozenset(paper.id for paper in disliked)
        return replace(taught, preferences=len(given.preferences), disliked=against)

    async def reset(self, server_id: int) -> None:
        """Forget the server's whole taste."""
        async with self._changing(server_id) as tx:
            await tx.tastes.reset(server_id)

    async def known_authors(self, server_id: int, fragment: str, limit: int) -> list[str]:
        """Authors of papers that this server saw or voted on whose name holds a fragment."""
        async with self._database.begin() as tx:
            shown = await tx.digests.shown_lately(server_id, _KNOWN_PAPERS)
            voted = await tx.tastes.voted_on_lately(server_id, _KNOWN_PAPERS)
            papers = await tx.papers.many(list(dict.fromkeys([*voted, *shown])))
        wanted = folded(fragment)
        names = {author for paper in papers for author in paper.authors if wanted in folded(author)}
        return sorted(names)[:limit]

    async def preferences(self, server_id: int) -> list[Preference]:
        """What is followed and muted."""
        async with self._database.begin() as tx:
            return await tx.tastes.preferences(server_id)

    @asynccontextmanager
    async def _changing(self, server_id: int) -> AsyncIterator[Transaction]:
        """A transaction for what one admin says, while others have to wait with theirs.

        Else of one name in two spellings both words would stay, and of two lists of the same papers in two
        orders PostgreSQL would end one.
        """
        async with self._database.begin() as tx:
            await tx.tastes.take_turn(server_id)
            yield tx

    async def _known_first(self, references: Sequence[Reference]) -> Taught:
        """As many as are taken at once, past those that arXiv does not know."""
        found: list[Paper] = []
        missing: list[str] = []
        for batch in batched(references, MOST_SEEDS):
            taught = await self._known(batch)
            found += taught.found[: MOST_SEEDS - len(found)]
            missing += taught.missing
            if len(found) == MOST_SEEDS or len(missing) >= MOST_UNKNOWN:
                break
        too_many = len(references) - len(found) - len(missing)
        return Taught(found=tuple(found), missing=tuple(missing), too_many=too_many)

    async def _known(self, references: Sequence[Reference]) -> Taught:
        found = await self._catalogue.papers(references)
        ids = {paper.id for paper in found}
        return Taught(
            found=tuple(found),
            missing=tuple(one.paper_id for one in references if one.paper_id not in ids),
        )


async def _like(tx: Transaction, server_id: int, papers: Sequence[Paper], at: datetime) -> None:
    """Store papers as ones the server likes; a file's 👎, which would override that, is taken back."""
    await tx.tastes.save_examples(
        [Example(server_id=server_id, paper_id=paper.id, at=at) for paper in papers]
    )
    await tx.tastes.take_back_votes(server_id, IMPORTED, [paper.id for paper in papers])


async def _save(tx: Transaction, server_id: int, preferences: Iterable[Preference]) -> None:
    """Follow and mute, in order; the latest word on a name counts, in whichever spelling.

    Raises:
        InputError: they would be more than a file of the taste holds. All of them are compared with each of a
            week's papers, and who chooses next waits for it.
    """
    latest = {_name(one.subject, one.value): one for one in preferences}
    await _drop(tx, server_id, latest)
    total = len(await tx.tastes.preferences(server_id)) + len(latest)
    if latest and total > MOST_PREFERENCES:
        raise InputError(
            f"A server may follow and mute {MOST_PREFERENCES:,} names and words, "
            f"and these would be {total:,}. `/taste forget` makes room."
        )
    await tx.tastes.save_preferences(list(latest.values()))


async def _drop(tx: Transaction, server_id: int, names: Collection[tuple[Subject, str]]) -> bool:
    """Neither follow nor mute what has one of these names; whether there was any."""
    stored = await tx.tastes.preferences(server_id)
    dropped = [one for one in stored if _name(one.subject, one.value) in names]
    for one in dropped:
        await tx.tastes.drop_preference(server_id, one.subject, one.value)
    return bool(dropped)


def _name(subject: Subject, value: str) -> tuple[Subject, str]:
    """The same for all spellings that find the same papers."""
    compared = {Subject.AUTHOR: folded_author, Subject.TOPIC: folded_topic}
    return subject, compared.get(subject, folded)(bare(value))
