"""What a server's admins teach: papers they like, follows and mutes, and whole tastes from files."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import Clock
from bot.errors import InputError
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference, find_all, find_cut
from bot.papers.stored import stored_papers
from bot.single_flight import SingleFlight
from bot.taste.portrait import Portrait, portrait
from bot.taste.preference_checks import bare, check_one, check_preference
from bot.taste.service import Tastes
from bot.taste.spelling import Authors, topic_ways, word_ways
from bot.taste.transfer import MOST_PREFERENCES, Exported, exported, imported
from bot.texts.folding import folded
from storage.batches import batched
from storage.database import Database, Transaction
from storage.model import IMPORTED, Paper, Preference, PreferenceKind, Seed, Subject, Subscription, Vote

MOST_SEEDS = 200
"""How many papers are taken from one list."""
MOST_UNKNOWN = 1_000
"""Unknown ids after which arXiv is asked no further: it takes a hundred at a time, every three seconds."""
MOST_LIST_BYTES = 10_000_000
"""Of such a list: a library with abstracts is large, and Discord takes files of 10 MB everywhere."""
_BACKGROUND = 1_000
_KNOWN_PAPERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """The outcome of a list of papers, or of a taste file."""

    found: tuple[Paper, ...]
    missing: tuple[str, ...]
    """Ids that arXiv does not know."""
    too_many: int = 0
    """How many more were named than are taken at once."""
    cut: tuple[str, ...] = ()
    """What looks like an id whose last zeros a spreadsheet dropped."""
    known: int = 0
    """How many of the papers named were seeds already."""
    preferences: int = 0
    """How many follows and mutes were taken."""
    disliked: frozenset[str] = frozenset()
    """Versionless ids of the papers found that count as disliked."""


class Teaching:
    """Changes and shows the taste of a server."""

    def __init__(self, *, database: Database, catalogue: Catalogue, tastes: Tastes, clock: Clock) -> None:
        self._database = database
        self._catalogue = catalogue
        self._tastes = tastes
        self._clock = clock
        self._portraits = SingleFlight[Portrait]()
        """Each takes seconds where there are many votes, and any member may ask for it."""

    async def portrait(self, server_id: int) -> Portrait:
        """What the server seems to like; several requests at the same time draw it once."""
        return await self._portraits.run(str(server_id), lambda: self._portrait(server_id))

    async def _portrait(self, server_id: int) -> Portrait:
        async with self._database.begin() as tx:
            subscription = await tx.subscriptions.get(server_id)
        taste = await self._tastes.of(
            subscription or Subscription(server_id=server_id, channel_id=None),
            week_begins=self._clock.now(),
            most_passed_over=_BACKGROUND,
        )
        return await asyncio.to_thread(portrait, taste, taste.passed_over)

    async def seed(self, server_id: int, text: str) -> Taught:
        """Take the papers named in a text as ones the server likes, whatever imported files said of them.

        Papers taken before, and ids that arXiv does not know, do not count towards the 200, so that a long
        list can be given again.

        Raises:
            InputError: it names none, and nothing looks like a cut id.
            ArxivError: arXiv could not be asked for those that are not stored.
        """
        references = await asyncio.to_thread(find_all, text)
        cut = await asyncio.to_thread(find_cut, text)
        if not references and not cut:
            raise InputError("I found no arXiv ids or links. Give me some, or attach a file that has them.")
        async with self._database.begin() as tx:
            seeds = {one.paper_id for one in await tx.tastes.seeds(server_id)}
            of_files = await tx.tastes.votes(server_id, user_id=IMPORTED)
        # A file's 👎 overrides a seed; named again, the seed has to count.
        seeds -= {vote.paper_id for vote in of_files}
        new = [one for one in references if one.paper_id not in seeds]
        taught = await self._found_up_to_limit(new)
        async with self._changing(server_id) as tx:
            await _like(tx, server_id, taught.found, self._clock.now())
        return replace(taught, known=len(references) - len(new), cut=tuple(cut))

    async def prefer(self, server_id: int, kind: PreferenceKind, subject: Subject, value: str) -> Preference:
        """Follow or mute something; this replaces what was said of it before.

        Raises:
            InputError: it cannot be followed or muted, or there are too many already.
        """
        checked = check_one(subject, check_preference(kind, subject, value))
        preference = Preference(server_id=server_id, kind=kind, subject=subject, value=checked)
        async with self._changing(server_id) as tx:
            await _save(tx, server_id, [preference])
        return preference

    async def categories_covered(self, server_id: int) -> tuple[str, ...]:
        """The categories that the server's digest covers; none if it has no digest."""
        async with self._database.begin() as tx:
            subscription = await tx.subscriptions.get(server_id)
        return () if subscription is None else subscription.categories

    async def forget(self, server_id: int, subject: Subject, value: str) -> None:
        """Stop following or muting something.

        Raises:
            InputError: it was neither.
        """
        async with self._changing(server_id) as tx:
            was_there = await _drop(tx, server_id, _Names([(subject, value)]))
        if not was_there:
            raise InputError("That is neither followed nor muted. `/taste show` lists everything that is.")

    async def export(self, server_id: int) -> Exported:
        """The taste as a file without people's names."""
        async with self._database.begin() as tx:
            votes = await tx.tastes.votes(server_id)
            seeds = await tx.tastes.seeds(server_id)
            preferences = await tx.tastes.preferences(server_id)
        return await asyncio.to_thread(exported, votes, seeds, preferences, self._clock.now())

    async def take(self, server_id: int, text: str) -> Taught:
        """Add the taste in a file to the server's, overriding what admins said before; members' votes stay.

        Raises:
            InputError: it is not such a file, or would make too many follows and mutes; nothing is taken.
            ArxivError: arXiv could not be asked for papers that are not stored.
        """
        given = await asyncio.to_thread(imported, text)
        named = [Reference(paper_id=paper_id) for paper_id in (*given.liked, *given.disliked)]
        taught = await self._found(named)
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
        disliked_ids = frozenset(paper.id for paper in disliked)
        return replace(taught, preferences=len(given.preferences), disliked=disliked_ids)

    async def reset(self, server_id: int) -> None:
        """Forget the server's whole taste."""
        async with self._changing(server_id) as tx:
            await tx.tastes.reset(server_id)

    async def known_authors(self, server_id: int, fragment: str, limit: int) -> list[str]:
        """Authors whose names contain a fragment, from papers that this server lately saw or voted on."""
        async with self._database.begin() as tx:
            shown = await tx.digests.shown_lately(server_id, _KNOWN_PAPERS)
            voted = await tx.tastes.voted_on_lately(server_id, _KNOWN_PAPERS)
        papers = await stored_papers(self._database, list(dict.fromkeys([*voted, *shown])))
        wanted = folded(fragment)
        names = {author for paper in papers.values() for author in paper.authors if wanted in folded(author)}
        return sorted(names)[:limit]

    async def preferences(self, server_id: int) -> list[Preference]:
        """What is followed and muted."""
        async with self._database.begin() as tx:
            return await tx.tastes.preferences(server_id)

    @asynccontextmanager
    async def _changing(self, server_id: int) -> AsyncIterator[Transaction]:
        """A transaction that locks the server's taste, so that admins change it one after the other.

        Otherwise a name could be followed in one spelling and muted in another, and two lists of the same
        papers in different orders could deadlock on PostgreSQL.
        """
        async with self._database.begin() as tx:
            await tx.tastes.take_turn(server_id)
            yield tx

    async def _found_up_to_limit(self, references: Sequence[Reference]) -> Taught:
        """As many papers as are taken at once; ids that arXiv does not know are skipped."""
        found: list[Paper] = []
        missing: list[str] = []
        for batch in batched(references, MOST_SEEDS):
            taught = await self._found(batch)
            found += taught.found[: MOST_SEEDS - len(found)]
            missing += taught.missing
            if len(found) == MOST_SEEDS or len(missing) >= MOST_UNKNOWN:
                break
        too_many = len(references) - len(found) - len(missing)
        return Taught(found=tuple(found), missing=tuple(missing), too_many=too_many)

    async def _found(self, references: Sequence[Reference]) -> Taught:
        found = await self._catalogue.papers(references)
        ids = {paper.id for paper in found}
        return Taught(
            found=tuple(found),
            missing=tuple(one.paper_id for one in references if one.paper_id not in ids),
        )


class _Names:
    """What is to be followed or muted, to be found in every spelling that finds one of the same papers."""

    def __init__(self, named: Iterable[tuple[Subject, str]] = ()) -> None:
        self._authors = Authors()
        self._ways = set[tuple[Subject, str]]()
        for subject, value in named:
            self.add(subject, value)

    def add(self, subject: Subject, value: str) -> None:
        if subject is Subject.AUTHOR:
            self._authors.add(bare(value))
        else:
            self._ways |= _ways(subject, value)

    def has(self, subject: Subject, value: str) -> bool:
        if subject is Subject.AUTHOR:
            return self._authors.find(bare(value)) is not None
        return not self._ways.isdisjoint(_ways(subject, value))


def _ways(subject: Subject, value: str) -> set[tuple[Subject, str]]:
    ways = topic_ways if subject is Subject.TOPIC else word_ways
    return {(subject, way) for way in ways(bare(value))}


async def _like(tx: Transaction, server_id: int, papers: Sequence[Paper], at: datetime) -> None:
    """Store papers as ones the server likes, without any 👎 from a file, which would override that."""
    await tx.tastes.save_seeds([Seed(server_id=server_id, paper_id=paper.id, at=at) for paper in papers])
    await tx.tastes.take_back_votes(server_id, IMPORTED, [paper.id for paper in papers])


async def _save(tx: Transaction, server_id: int, preferences: Iterable[Preference]) -> None:
    """Follow and mute; the last preference for a name counts, in whichever spelling.

    Raises:
        InputError: there would be more than a taste file holds. Each is compared with all papers of a week,
            while other rankings wait.
    """
    named, latest = _Names(), list[Preference]()
    for one in reversed([*preferences]):
        if not named.has(one.subject, one.value):
            named.add(one.subject, one.value)
            latest.append(one)
    await _drop(tx, server_id, named)
    total = len(await tx.tastes.preferences(server_id)) + len(latest)
    if latest and total > MOST_PREFERENCES:
        raise InputError(
            f"A server can follow and mute up to {MOST_PREFERENCES:,} names and words, and this would make "
            f"{total:,}. Remove some with `/taste forget` first."
        )
    await tx.tastes.save_preferences(latest)


async def _drop(tx: Transaction, server_id: int, names: _Names) -> bool:
    """Stop following or muting these names; return whether any was followed or muted."""
    stored = await tx.tastes.preferences(server_id)
    dropped = [one for one in stored if names.has(one.subject, one.value)]
    for one in dropped:
        await tx.tastes.drop_preference(server_id, one.subject, one.value)
    return bool(dropped)
