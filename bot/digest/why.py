"""Why a paper was picked for a digest, or was not: the week's order made again from storage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.digest.candidates import Candidates
from bot.digest.service import ALSO_NOTED
from bot.errors import InputError
from bot.taste.explaining import Explanation
from bot.taste.ranking import Ranking
from bot.taste.reranker import REMARK
from bot.taste.service import Tastes
from bot.weeks import OVERLAP, Week, parse_week
from storage.database import Database
from storage.model import Digest, Paper, Subscription
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
    """What the digest gave as its reason, where it shows the paper."""
    failed: str | None = None
    """Why it could not be read, where it was picked for a highlight and is none."""
    explanation: Explanation | None = None
    """What the order made again says of it; None where it had no place in the week's order."""
    obstacle: str | None = None
    """Why it had none, for a person: `holds the excluded word "survey"`."""
    resembled: tuple[Paper, ...] = ()
    """The liked papers that lifted it, the strongest first."""
    lost_to_followed: int = 0
    """How many papers shown are followed and rank behind it, where its rank alone would have had a place."""
    lost_to_exploration: int = 0
    """The same of those that explore."""
    has_interests: bool = True
    """Whether the digest was made for interests."""
    is_made_again: bool = False
    """Whether the week's order was made again for this."""
    remarks: tuple[str, ...] = ()


class Why:
    """Explains the choices of digests."""

    def __init__(self, *, database: Database, candidates: Candidates, tastes: Tastes) -> None:
        self._database = database
        self._candidates = candidates
        self._tastes = tastes

    async def explain(self, server_id: int, paper: Paper, week: Week | None = None) -> Verdict:
        """What became of the paper in a server's (or a person's) digest of a week.

        Without a week it is the newest digest that showed it, else the first that considered it, else that of
        the week it was submitted for, else the newest. Its order is made again of the votes from before it
        that still stand, and of what is followed, muted and left out now.

        Raises:
            InputError: there is no such digest.
        """
        digest, listing = await self._considered(server_id, paper, week)
        outcome = _outcome(paper, digest)
        if not _is_among(paper, listing):
            return replace(outcome, obstacle=None if _was_picked(outcome) else _outside(paper, digest))
        made = digest.chosen_at or digest.created_at
        async with self._database.begin() as tx:
            wish = await tx.subscriptions.get(server_id)
            shown = await tx.digests.already_shown(server_id, before_week=digest.week, made_before=made)
            earlier = await tx.digests.weeks_showing(server_id, paper.id)
        wish = wish or Subscription(server_id=server_id, channel_id=None)
        wish = replace(wish, categories=digest.categories, interests=digest.interests)
        choice = await self._tastes.choose(
            listing,
            wish,
            places=len(digest.highlights) + len(digest.receipt.failed) + ALSO_NOTED,
            already_shown=shown,
            before=made,
            asked_about=paper.id,
        )
        followed, exploring = (0, 0) if _was_picked(outcome) else _lost_to(paper, digest, choice.ranking)
        verdict = replace(
            outcome,
            lost_to_followed=followed,
            lost_to_exploration=exploring,
            obstacle=_obstacle(choice.ranking, paper, [one for one in earlier if one != digest.week]),
            explanation=choice.ranking.explanations.get(paper.id),
            is_made_again=True,
            remarks=(*choice.remarks, *(r for r in digest.receipt.remarks if r.startswith(REMARK))),
        )
        return await self._with_links(verdict, wish)

    async def _considered(
        self, server_id: int, paper: Paper, week: Week | None
    ) -> tuple[Digest, list[Paper]]:
        """The digest to look at, and its week's papers as far as storage knows them."""
        async with self._database.begin() as tx:
            weeks = await tx.digests.weeks(server_id)
            showing = await tx.digests.weeks_showing(server_id, paper.id)
        if not weeks:
            raise InputError("There is no digest yet, so nothing was picked.")
        chosen = [str(week)] if week is not None else showing[:1] or _searching(paper, weeks) or weeks[:1]
        looked_at = [await self._with_papers(server_id, one, weeks) for one in chosen]
        return next((one for one in looked_at if _is_among(paper, one[1])), looked_at[0])

    async def _with_papers(
        self, server_id: int, week: str, weeks: Sequence[str]
    ) -> tuple[Digest, list[Paper]]:
        async with self._database.begin() as tx:
            digest = await tx.digests.for_week(server_id, week)
            last = await tx.digests.categories(server_id, str(parse_week(week).plus(-1)))
        if digest is None:
            known = ", ".join(weeks[:5])
            raise InputError(f"There is no digest of {week} here; there are those of {known}.")
        return digest, await self._candidates.stored(digest.categories, parse_week(week), last=last)

    async def _with_links(self, verdict: Verdict, wish: Subscription) -> Verdict:
        if verdict.explanation is None:
            return verdict
        titles = verdict.explanation.resembles
        taste = await self._tastes.of(wish)
        by_title = {paper.title: paper for paper in taste.papers.values()}
        return replace(verdict, resembled=tuple(by_title[title] for title in titles if title in by_title))


def _searching(paper: Paper, weeks: Sequence[str]) -> list[str]:
    """The weeks that looked for what was submitted then, the earliest first: arXiv may have held it back."""
    return [week for week in reversed(weeks) if paper.published in parse_week(week).window.widened(OVERLAP)]


def _is_among(paper: Paper, others: Sequence[Paper]) -> bool:
    return any(other.id == paper.id for other in others)


def _lost_to(paper: Paper, digest: Digest, ranking: Ranking) -> tuple[int, int]:
    """How many places went to what is followed and to exploration, though it ranks behind this paper.

    None where the paper would have had no place by its rank either.
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


def _outcome(paper: Paper, digest: Digest) -> Verdict:
    """What the digest itself tells."""
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


def _was_picked(outcome: Verdict) -> bool:
    return outcome.reason is not None or outcome.failed is not None


def _place(paper: Paper, shown: Sequence[Paper]) -> int | None:
    return next((place for place, other in enumerate(shown, start=1) if other.id == paper.id), None)


def _obstacle(ranking: Ranking, paper: Paper, earlier: Sequence[str]) -> str | None:
    why = next((dropped.why for dropped in ranking.dropped if dropped.paper.id == paper.id), None)
    if why == "already in an earlier digest" and earlier:
        return f"already in the digest of {earlier[-1]}"
    return why if paper.id not in ranking.explanations else None


def _outside(paper: Paper, digest: Digest) -> str:
    if not set(paper.categories) & set(digest.categories):
        own, wished = ", ".join(paper.categories), ", ".join(digest.categories)
        return f"it is listed in {own}, and the digest looks at {wished}"
    window = parse_week(digest.week).window
    if paper.published not in window:
        return (
            f"it was submitted on {paper.published:%d %B %Y}, and the digest of {digest.week} is of papers "
            f"submitted from {window.start:%d %B %Y, %H:%M} to {window.end:%d %B %Y, %H:%M} UTC"
        )
    return "arXiv did not list it yet when the week's papers were looked up"
