"""Many people's votes as one community's opinion, in which nobody weighs too much (pure)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.model import IMPORTED, Vote

MOST_VOTES_AN_HOUR = 60
"""More votes by one person in one server within an hour are a flood, and none of them counts."""
FREE_WEIGHT = 20.0
"""A person's votes count fully up to this many; beyond that, no more than those of all others together."""
COMPANY = 5
"""From this many votes of others on, nobody counts as voting alone."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a community thinks of one paper."""

    liking: float
    """From -1, all against it, to 1, all for it."""
    weight: float
    """How many full votes it is based on."""
    last_cast_at: datetime


def opinions(votes: Iterable[Vote]) -> dict[str, Opinion]:
    """The opinion on each paper, by its id; the order of the votes does not matter.

    A person's latest vote on a paper counts, and floods are left out. All votes of one person weigh at most
    as much as 20, or as those of all others together if these are more. Somebody who votes alone is not
    limited, as the taste is theirs; the limit sets in gradually with the first votes of others.
    """
    latest = {(vote.user_id, vote.paper_id): vote for vote in without_floods(votes)}
    totals = Counter(vote.user_id for vote in latest.values())
    cast = totals.total() - totals[IMPORTED]  # an imported file is nobody's company
    weights = {
        person: _weight(own, cast if person == IMPORTED else cast - own) for person, own in totals.items()
    }
    by_paper: defaultdict[str, list[Vote]] = defaultdict(list)
    for key in sorted(latest):
        by_paper[latest[key].paper_id].append(latest[key])
    return {paper_id: _opinion(own, weights) for paper_id, own in by_paper.items()}


def _opinion(votes: list[Vote], weights: dict[int, float]) -> Opinion:
    total = sum(weights[vote.user_id] for vote in votes)
    balance = sum(weights[vote.user_id] * (1 if vote.liked else -1) for vote in votes)
    return Opinion(liking=balance / total, weight=total, last_cast_at=max(vote.at for vote in votes))


def _weight(own: int, others: int) -> float:
    """The weight of each of a person's `own` votes."""
    alone = max(0.0, 1 - others / COMPANY)
    return min(1.0, alone + max(FREE_WEIGHT, others) / own)


def without_floods(votes: Iterable[Vote]) -> list[Vote]:
    """The votes that count, in the order of time.

    An imported file's are not a flood: they were cast over months and arrive at once.
    """
    by_voter: defaultdict[tuple[int, int], list[Vote]] = defaultdict(list)
    for vote in sorted(votes, key=_in_time):
        by_voter[vote.server_id, vote.user_id].append(vote)
    calm: list[Vote] = []
    for (_, person), own in by_voter.items():
        if person == IMPORTED:
            calm += own
            continue
        flood: set[int] = set()
        first = marked = 0
        for last, vote in enumerate(own):
            while vote.at - own[first].at >= _HOUR:
                first += 1
            if last - first >= MOST_VOTES_AN_HOUR:
                flood.update(range(max(first, marked), last + 1))
                marked = last
        calm += [vote for number, vote in enumerate(own) if number not in flood]
    return sorted(calm, key=_in_time)


def _in_time(vote: Vote) -> tuple[datetime, int, str, bool]:
    return (vote.at, vote.user_id, vote.paper_id, vote.liked)
