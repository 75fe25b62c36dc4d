"""Why a paper was picked for a digest, or was not: the week's order made again from storage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.digest.candidates import Candidates
from bot.digest.service import ALSO_NOTED
from bot.digest.weeks import Week, parse_week
from bot.errors import InputError
from bot.taste.explaining import Explanation
from bot.taste.ranking import Ranking
from bot.taste.reranker import REMARK
from bot.taste.service import Tastes
from storage.database import Database
from storage.model import Digest, Paper, Subscription


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
    has_interests: bool = True
    """Whether the digest was made for interests."""
    remarks: tuple[str, ...] = ()


class Why:
    """Explains the choices of digests."""

    def __init__(self, *, database: Database, candidates: Candidates, tastes: Tastes) -> None:
        self._database = database
        self._candidates = candidates
        self._tastes = tastes

    async def explain(self, server_id: int, paper: Paper, week: Week | None = None) -> Verdict:
        """What became of the paper in a server's (or a person's) digest of a week.

        Without a week it is the newest digest that showed it, else that of the week it was announced in, else
        the newest. Its order is made again of the votes from before it that still stand, and of what is
        followed, muted and left out now.

        Raises:
            InputError: there is no such digest.
        """
        digest = await self._digest(server_id, paper, week)
        outcome = _outcome(paper, digest)
        digest_week = parse_week(digest.week)
        async with self._database.begin() as tx:
            last = await tx.digests.categories(server_id, str(digest_week.plus(-1)))
        listing = await self._candidates.stored(digest.categories, digest_week, last=last)
        if all(candidate.id != paper.id for candidate in listing):
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
        )
        verdict = replace(
            outcome,
            obstacle=_obstacle(choice.ranking, paper, [one for one in earlier if one != digest.week]),
            explanation=choice.ranking.explanations.get(paper.id),
            remarks=(*choice.remarks, *(r for r in digest.receipt.remarks if r.startswith(REMARK))),
        )
        return await self._with_links(verdict, wish)

    async def _digest(self, server_id: int, paper: Paper, week: Week | None) -> Digest:
        async with self._database.begin() as tx:
            weeks = await tx.digests.weeks(server_id)
            showing = await tx.digests.weeks_showing(server_id, paper.id)
            if not weeks:
                raise InputError("There is no digest yet, so nothing was picked.")
            chosen = str(week) if week is not None else _considering(paper, weeks, showing)
            digest = await tx.digests.for_week(server_id, chosen)
        if digest is None:
            known = ", ".join(weeks[:5])
            raise InputError(f"There is no digest of {chosen} here; there are those of {known}.")
        return digest

    async def _with_links(self, verdict: Verdict, wish: Subscription) -> Verdict:
        if verdict.explanation is None:
            return verdict
        titles = verdict.explanation.resembles
        taste = await self._tastes.of(wish)
        by_title = {paper.title: paper for paper in taste.papers.values()}
        return replace(verdict, resembled=tuple(by_title[title] for title in titles if title in by_title))


def _considering(paper: Paper, weeks: Sequence[str], showing: Sequence[str]) -> str:
    if showing:
        return showing[0]
    announced = [week for week in weeks if paper.published in parse_week(week).window]
    return announced[0] if announced else weeks[0]


def _outcome(paper: Paper, digest: Digest) -> Verdict:
    """What the digest itself tells."""
    failed = (one.why for one in digest.receipt.failed if one.paper_key.rpartition("v")[0] == paper.id)
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
