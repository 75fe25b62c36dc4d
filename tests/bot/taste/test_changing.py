"""Whatever is voted, taught and forgotten, in whatever order, storage agrees with a plain model of it."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.papers.catalogue import Catalogue
from bot.taste.ballots import PERSONAL, Ballots
from bot.taste.teaching import Teaching
from storage.database import Database
from storage.model import IMPORTED, PreferenceKind, Subject, VoteCount
from tests.bot.digest.press import Press
from tests.bot.examples import paper
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.papers import ListedPapers

PAPERS = [paper(f"2611.{number:05}", title=f"Subject {number}") for number in range(1, 3)]
SERVERS, PEOPLE = (1, 2), (11, 12)
SPELLINGS = [
    (Subject.AUTHOR, "Ada Lovelace", "Ada Lovelace", "Ada"),
    (Subject.AUTHOR, " “Lovelace, Ada” ", "Lovelace, Ada", "Ada"),
    (Subject.TOPIC, "long context", "long context", "context"),
    (Subject.TOPIC, "Long  contexts", "Long contexts", "context"),
]
"""As somebody types it, as it is stored, and a key that those have in common that are the same."""
_FIRST_IDS = count(1_000, 1_000)
"""The database keeps what earlier examples stored, so each has servers and people of its own."""


@dataclass
class Bench:
    """The services, and a model of what has to be stored."""

    teaching: Teaching
    ballots: Ballots
    first: int = field(default_factory=lambda: next(_FIRST_IDS))
    votes: dict[tuple[int, int, str], bool] = field(default_factory=dict)
    """By server, person and paper."""
    seeds: set[tuple[int, str]] = field(default_factory=set)
    told: dict[tuple[int, Subject, str], tuple[PreferenceKind, str]] = field(default_factory=dict)
    """By server and key: the kind, and the last spelling."""

    async def press(self, place: int, person: int, paper_id: str, liked: bool) -> None:
        where, who = place and self.first + place, self.first + person
        key = (where, who, paper_id)
        if self.votes.get(key) is liked:
            del self.votes[key]
        else:
            self.votes[key] = liked

        standing = await self.ballots.press(where, who, paper_id, liked=liked)

        whose = who if where == PERSONAL else None
        assert standing.count == self.counted(where, paper_id, whose)

    def counted(self, place: int, paper_id: str, person: int | None = None) -> VoteCount:
        """The votes that buttons show: everyone's, or one person's; imported ones do not count."""
        found = [
            liked
            for (where, who, which), liked in self.votes.items()
            if (where, which) == (place, paper_id) and (who == person if person else who != IMPORTED)
        ]
        return VoteCount(up=sum(found), down=len(found) - sum(found))

    async def seed(self, server: int, paper_ids: set[str]) -> None:
        where = self.first + server
        self._like(where, paper_ids)

        await self.teaching.seed(where, " ".join(sorted(paper_ids)))

    def _like(self, where: int, paper_ids: set[str]) -> None:
        self.seeds |= {(where, paper_id) for paper_id in paper_ids}
        for paper_id in paper_ids:
            self.votes.pop((where, IMPORTED, paper_id), None)

    async def tell(
        self, server: int, kind: PreferenceKind | None, spelling: tuple[Subject, str, str, str]
    ) -> None:
        """Follow, mute or forget something."""
        where, (subject, typed, stored, name) = self.first + server, spelling
        if kind is not None:
            self.told[where, subject, name] = kind, stored
            await self.teaching.prefer(where, kind, subject, typed)
            return
        was_there = self.told.pop((where, subject, name), None) is not None
        try:
            await self.teaching.forget(where, subject, typed)
        except InputError:
            assert not was_there
        else:
            assert was_there

    async def copy(self, server: int, to: int) -> None:
        """Import one server's file in another, or in the same."""
        source, where = self.first + server, self.first + to
        balance = dict.fromkeys([which for (place, _, which) in self.votes if place == source], 0)
        for (place, _, which), liked in self.votes.items():
            if place == source:
                balance[which] += 1 if liked else -1
        unvoted = {which for place, which in self.seeds if place == source and which not in balance}
        self._like(where, unvoted | {which for which, total in balance.items() if total > 0})
        disliked = [which for which, total in balance.items() if total < 0]
        self.votes |= {(where, IMPORTED, which): False for which in disliked}
        told = {key: kept for key, kept in self.told.items() if key[0] == source}
        self.told |= {(where, subject, name): kept for (_, subject, name), kept in told.items()}

        await self.teaching.take(where, (await self.teaching.export(source)).text)

    async def reset(self, server: int) -> None:
        where = self.first + server
        self.votes = {key: liked for key, liked in self.votes.items() if key[0] != where}
        self.seeds = {one for one in self.seeds if one[0] != where}
        self.told = {key: kept for key, kept in self.told.items() if key[0] != where}

        await self.teaching.reset(where)

    async def check(self, database: Database) -> None:
        """Storage has this, and nothing else."""
        async with database.begin() as tx:
            for where in (self.first + server for server in SERVERS):
                votes = {
                    (where, one.user_id, one.paper_id): one.liked for one in await tx.tastes.votes(where)
                }
                seeds = {(where, one.paper_id) for one in await tx.tastes.seeds(where)}
                told = sorted(
                    (one.subject, one.kind, one.value) for one in await tx.tastes.preferences(where)
                )
                assert votes == {key: liked for key, liked in self.votes.items() if key[0] == where}
                assert seeds == {one for one in self.seeds if one[0] == where}
                assert told == sorted((key[1], *kept) for key, kept in self.told.items() if key[0] == where)
            for who in (self.first + person for person in PEOPLE):
                own = {(one.server_id, one.paper_id): one.liked for one in await tx.tastes.votes_of_user(who)}
                assert own == {
                    (place, which): liked
                    for (place, person, which), liked in self.votes.items()
                    if person == who
                }


_server, _paper = st.sampled_from(SERVERS), st.sampled_from([one.id for one in PAPERS])
_press = st.tuples(st.sampled_from((PERSONAL, *SERVERS)), st.sampled_from(PEOPLE), _paper, st.booleans())
_kind = st.sampled_from((*PreferenceKind, None))
_teaching = st.one_of(
    st.tuples(st.just(Bench.seed), st.tuples(_server, st.sets(_paper, min_size=1))),
    st.tuples(st.just(Bench.tell), st.tuples(_server, _kind, st.sampled_from(SPELLINGS))),
    st.tuples(st.just(Bench.copy), st.tuples(_server, _server)),
)
_steps = st.one_of(
    st.tuples(st.just(Bench.press), _press),
    *[_teaching] * 3,
    st.tuples(st.just(Bench.reset), st.tuples(_server)),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(_steps, min_size=8, max_size=30))
async def test_a_taste_is_what_was_said_of_it(
    steps: list[tuple[Any, tuple[Any, ...]]], database: Database
) -> None:
    clock = StillClock(NOW)
    async with database.begin() as tx:
        await tx.papers.save(PAPERS)
    bench = Bench(
        teaching=Teaching(
            database=database,
            catalogue=Catalogue(database=database, source=ListedPapers(*PAPERS), clock=clock),
            tastes=Press(database, clock=clock).tastes(),
            clock=clock,
        ),
        ballots=Ballots(database=database, clock=clock),
    )

    for act, arguments in steps:
        await act(bench, *arguments)
    await bench.check(database)
