"""What became of a paper in a week's digest, and what counted for and against it (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dates import written_day
from bot.taste.explaining import Explanation
from bot.taste.ranking import Ranking
from bot.weeks import parse_week
from storage.model import Digest, Paper
from storage.model.keys import split_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one paper in one week's digest."""

    paper: Paper
    week: str
    highlight: int | None = None
    """Its number among the highlights, from 1."""
    noted: int | None = None
    """Its number among the papers also noted, from 1."""
    reason: str | None = None
    """The reason that the digest gave, if it shows the paper."""
    failed: str | None = None
    """Why it could not be read, if it was picked for a highlight and then left out."""
    explanation: Explanation | None = None
    """What ranking the week again says about it; None if it was not ranked."""
    obstacle: str | None = None
    """Why it was not ranked, in words for a person: `contains the excluded word "survey"`."""
    resembled: tuple[Paper, ...] = ()
    """The liked papers that raised it, the strongest first."""
    lost_to_followed: int = 0
    """How many followed papers are shown that rank behind it, if its rank alone deserved a place."""
    lost_to_exploration: int = 0
    """The same for exploration."""
    twin_is_shown: bool = False
    """Whether the digest shows the paper that says nearly the same."""
    has_interests: bool = True
    """Whether interests were set when the digest was made."""
    is_ranked_again: bool = False
    """Whether the week was ranked again for this."""
    remarks: tuple[str, ...] = ()

    @property
    def was_picked(self) -> bool:
        """Whether it was picked for the digest, even if it then could not be read."""
        return self.reason is not None or self.failed is not None


def told_by(digest: Digest, paper: Paper) -> Verdict:
    """What the digest itself tells about a paper."""
    failed = (one.why for one in digest.receipt.failed if split_key(one.paper_key)[0] == paper.id)
    return Verdict(
        paper=paper,
        week=digest.week,
        highlight=_place(paper, [highlight.pick.paper for highlight in digest.highlights]),
        noted=_place(paper, [noted.pick.paper for noted in digest.noted]),
        reason=next((pick.reason for pick in digest.picks if pick.paper.id == paper.id), None),
        failed=next(failed, None),
        has_interests=bool(digest.interests.strip()),
    )


def with_order(told: Verdict, digest: Digest, ranking: Ranking, *, showing: Sequence[str]) -> Verdict:
    """Add what ranking the week again says about the paper.

    `showing` are the ISO weeks whose digests show it, the newest first.
    """
    paper = told.paper
    followed, exploring = (0, 0) if told.was_picked else _lost_to(paper, digest, ranking)
    own = ranking.explanations.get(paper.id)
    return replace(
        told,
        lost_to_followed=followed,
        lost_to_exploration=exploring,
        obstacle=_obstacle(ranking, paper, showing),
        explanation=own,
        twin_is_shown=own is not None and own.repeats in {pick.paper.title for pick in digest.picks},
        is_ranked_again=True,
    )


def outside(paper: Paper, digest: Digest) -> str:
    """Why a paper was not a candidate for the digest, in words for a person."""
    if not set(paper.categories) & set(digest.categories):
        own, covered = ", ".join(paper.categories), ", ".join(digest.categories)
        return f"it is listed in {own}, but the digest covers {covered}"
    window = parse_week(digest.week).window
    if paper.published not in window:
        return (
            f"it was submitted on {written_day(paper.published)}, but the digest of {digest.week} covers "
            f"papers submitted from {_moment(window.start)} to {_moment(window.end)} UTC"
        )
    return "arXiv had not listed it yet when the week's papers were looked up"


def _moment(moment: datetime) -> str:
    return f"{written_day(moment)}, {moment:%H:%M}"


def _place(paper: Paper, shown: Sequence[Paper]) -> int | None:
    return next((place for place, other in enumerate(shown, start=1) if other.id == paper.id), None)


def _obstacle(ranking: Ranking, paper: Paper, showing: Sequence[str]) -> str | None:
    dropped = next((one for one in ranking.dropped if one.paper.id == paper.id), None)
    if dropped is None or paper.id in ranking.explanations:
        return None
    return f"already in the digest of {showing[-1]}" if dropped.was_shown and showing else dropped.why


def _lost_to(paper: Paper, digest: Digest, ranking: Ranking) -> tuple[int, int]:
    """How many places went to followed papers, and to exploration, that rank behind this paper.

    Zero where its rank alone would not have given it a place.
    """
    own = ranking.explanations.get(paper.id)
    if own is None or own.place > len(digest.picks) + len(digest.receipt.failed):
        return 0, 0
    behind = [
        (pick, other)
        for pick in digest.picks
        if (other := ranking.explanations.get(pick.paper.id)) is not None and other.place > own.place
    ]
    exploring = sum(pick.exploration for pick, _ in behind)
    return sum(bool(other.followed) and not pick.exploration for pick, other in behind), exploring
