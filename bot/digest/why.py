"""Why a paper was picked for a digest or not, by repeating the week's ranking from storage."""

from collections.abc import Sequence
from dataclasses import replace

from bot.digest.candidates import Candidates
from bot.digest.service import ALSO_NOTED
from bot.errors import InputError
from bot.limits.admission import Admission
from bot.llm.port import BY_WORDS_ONLY
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference
from bot.taste.reranker import REMARK
from bot.taste.service import Tastes
from bot.taste.verdict import Verdict, outside, told_by, with_order
from bot.weeks import OVERLAP, Week, parse_week
from storage.database import Database
from storage.model import Asker, Digest, Paper, Reader, Subscription, WorkKind

_NONE = "There is no digest yet, so nothing was picked."


class Why:
    """Explains what digests chose."""

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        candidates: Candidates,
        tastes: Tastes,
        admission: Admission,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._candidates = candidates
        self._tastes = tastes
        self._admission = admission

    async def check(self, reader: Reader) -> None:
        """Check that there is a digest to explain, before anything else is fetched for it.

        Raises:
            InputError: there is none; in direct messages, no personal digest.
        """
        async with self._database.begin() as tx:
            weeks = await tx.digests.weeks(reader.owner_id)
        if not weeks and reader.user_id:
            raise InputError(
                "Here `/why` explains your personal digest, and you have none yet. "
                "For a server's digest, use it in that server."
            )
        if not weeks:
            raise InputError(_NONE)

    async def paper(self, reference: Reference, asker: Asker) -> Paper:
        """The paper to explain; if arXiv has to be asked for it, that counts as a question of `asker`.

        Raises:
            LimitReachedError: the person or the server has used up its share.
            PaperNotFoundError: arXiv does not know the paper.
            ArxivError: arXiv could not be asked.
        """
        stored = await self._catalogue.stored(reference)
        if stored is not None:
            return stored
        async with self._admission.admitted(asker, WorkKind.QUESTION) as work:
            return await self._catalogue.paper(reference, queue=work.reading)

    async def explain(self, server_id: int, paper: Paper, week: Week | None = None) -> Verdict:
        """What became of the paper in a server's (or a person's) digest of a week.

        Without a week, the newest digest that showed it is explained, else the first that considered it, else
        the newest. The ranking is repeated with the votes from before the digest that still stand, and the
        current follows, mutes and excluded words.

        Raises:
            InputError: there is no such digest.
        """
        digest, listing = await self._considered(server_id, paper, week)
        told = told_by(digest, paper)
        if not _is_among(paper, listing):
            return replace(told, obstacle=None if told.was_picked else outside(paper, digest))
        async with self._database.begin() as tx:
            subscription = await tx.subscriptions.get(server_id)
            shown = await tx.digests.already_shown(
                server_id, except_week=digest.week, made_before=digest.chosen_at
            )
            showing = await tx.digests.weeks_showing(server_id, paper.id)
        subscription = subscription or Subscription(server_id=server_id, channel_id=None)
        subscription = replace(subscription, categories=digest.categories, interests=digest.interests)
        choice = await self._tastes.choose(
            listing,
            subscription,
            places=len(digest.highlights) + len(digest.receipt.failed) + ALSO_NOTED,
            already_shown=shown,
            before=digest.chosen_at,
            asked_about=paper.id,
        )
        verdict = with_order(told, digest, choice.ranking, showing=showing)
        of_the_choice = (one for one in digest.receipt.remarks if one.startswith((BY_WORDS_ONLY, REMARK)))
        today = (one.replace(BY_WORDS_ONLY, "Ranked again by words only: ") for one in choice.remarks)
        return await self._with_links(replace(verdict, remarks=(*of_the_choice, *today)), subscription)

    async def _considered(
        self, server_id: int, paper: Paper, week: Week | None
    ) -> tuple[Digest, list[Paper]]:
        """The digest to explain, and its week's papers as far as they are stored."""
        async with self._database.begin() as tx:
            weeks = await tx.digests.weeks(server_id)
            showing = await tx.digests.weeks_showing(server_id, paper.id)
        if not weeks:
            raise InputError(_NONE)
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
            raise InputError(f"There is no digest of {week} here, only of {known}.")
        return digest, await self._candidates.stored(digest.categories, parse_week(week), last=last)

    async def _with_links(self, verdict: Verdict, subscription: Subscription) -> Verdict:
        if verdict.explanation is None:
            return verdict
        titles = verdict.explanation.resembles
        taste = await self._tastes.of(subscription)
        by_title = {paper.title: paper for paper in taste.papers.values()}
        return replace(verdict, resembled=tuple(by_title[title] for title in titles if title in by_title))


def _searching(paper: Paper, weeks: Sequence[str]) -> list[str]:
    """The weeks whose search included the paper's submission, earliest first: arXiv may have held it back."""
    return [week for week in reversed(weeks) if paper.published in parse_week(week).window.widened(OVERLAP)]


def _is_among(paper: Paper, others: Sequence[Paper]) -> bool:
    return any(other.id == paper.id for other in others)
