"""Why a paper was picked, or was not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.digest.candidates import Candidates
from bot.digest.plan import PaperOutcome
from bot.digest.why import Why
from bot.errors import InputError
from bot.limits.rules import LimitReachedError, Share
from bot.papers.catalogue import Catalogue
from bot.papers.ids import parse
from bot.taste.verdict import Verdict
from bot.weeks import parse_week
from storage.database import Database
from storage.model import Paper, Preference, PreferenceKind, Reader, Subject, Vote
from tests.bot.digest.press import FRIDAY_NINE, SUBSCRIPTION, WEEK, BrokenEmbedder, Press, request
from tests.bot.examples import paper
from tests.bot.limits.doors import NO_LIMITS, admission, asker
from tests.fakes.model import FakeEmbedder

LIKED = paper(
    "2610.00001",
    title="Folding keys and values",
    abstract="We fold keys.",
    published=FRIDAY_NINE.replace(month=10),
)
ALIKE = paper("2611.00003", title="Folding keys and values again", abstract="We fold keys.")


@pytest.fixture
def press(database: Database) -> Press:
    press = Press(database)
    press.source.listed = [
        *(paper(f"2611.0000{number}", title=f"Cats number {number}") for number in (1, 2, 4, 5)),
        ALIKE,
    ]
    return press


def asked(press: Press) -> Why:
    return Why(
        database=press.database,
        catalogue=Catalogue(database=press.database, source=press.source, clock=press.clock),
        candidates=Candidates(database=press.database, source=press.source, clock=press.clock),
        tastes=press.tastes(),
        admission=admission(press.database, press.clock, limits=press.limits),
    )


async def explained(press: Press, about: Paper, week: str | None = None) -> Verdict:
    return await asked(press).explain(
        SUBSCRIPTION.server_id, about, None if week is None else parse_week(week)
    )


async def like(press: Press, *, after: timedelta = timedelta(days=-1), liked: bool = True) -> None:
    """Store three people's votes on one earlier paper."""
    async with press.database.begin() as tx:
        await tx.papers.save([LIKED])
        await tx.tastes.save_votes(
            [
                Vote(
                    server_id=SUBSCRIPTION.server_id,
                    user_id=person,
                    paper_id=LIKED.id,
                    liked=liked,
                    at=FRIDAY_NINE + after,
                )
                for person in range(1, 4)
            ]
        )


async def test_a_highlight_is_explained_by_the_liked_papers_it_resembles(press: Press) -> None:
    await like(press)
    digest = await press.make(request())

    verdict = await explained(press, ALIKE)

    assert digest.highlights[0].pick.paper == ALIKE
    assert (verdict.week, verdict.highlight, verdict.noted, verdict.obstacle) == (WEEK, 1, None, None)
    assert verdict.explanation is not None
    assert (verdict.explanation.place, verdict.explanation.considered) == (1, 5)
    assert [each.id for each in verdict.resembled] == [LIKED.id]


async def test_votes_after_the_choice_do_not_count(press: Press) -> None:
    await press.make(request())
    before = await explained(press, ALIKE)

    await like(press, after=timedelta(hours=1))
    press.clock.move_to(FRIDAY_NINE + timedelta(days=1))

    assert await explained(press, ALIKE) == before
    assert before.resembled == ()


async def test_votes_between_the_choice_and_the_end_of_the_run_do_not_count(press: Press) -> None:
    plan = await press.digests().plan(request())
    await like(press, after=timedelta(hours=1))
    press.clock.move_to(FRIDAY_NINE + timedelta(hours=2))
    await press.digests().compose(plan, await press.written(plan))

    assert (await explained(press, ALIKE)).resembled == ()


async def test_votes_also_explain_a_paper_ranked_far_below_the_digest(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.taste.ranking._EXPLAINED_BY_VOTES", 2)
    await like(press, liked=False)
    await press.make(request(interests="cats"))

    verdict = await explained(press, ALIKE)

    assert verdict.explanation is not None
    assert (verdict.explanation.place, verdict.explanation.unlike) == (5, (LIKED.title,))


@pytest.mark.parametrize(
    ("then", "now", "remarks"),
    [
        (BrokenEmbedder(), FakeEmbedder(), ["Chosen by words only: The embedding model is missing."]),
        (FakeEmbedder(), BrokenEmbedder(), ["Ranked again by words only: The embedding model is missing."]),
    ],
)
async def test_it_is_told_whether_the_digest_or_its_explanation_had_words_only(
    press: Press, then: FakeEmbedder, now: FakeEmbedder, remarks: list[str]
) -> None:
    press.embedder = then
    press.remarks = ("The index is missing.",)
    await press.make(request(interests="folding keys"))

    press.embedder = now

    assert list((await explained(press, ALIKE)).remarks) == remarks


async def test_a_paper_also_noted_has_its_number_and_rank(press: Press) -> None:
    digest = await press.make(request(interests="folding keys"))
    last = digest.noted[-1].pick.paper

    verdict = await explained(press, last)

    assert (verdict.highlight, verdict.noted) == (None, len(digest.noted))
    assert verdict.explanation is not None
    assert verdict.explanation.place == 5


async def test_a_muted_author_is_named(press: Press) -> None:
    other = paper("2611.00009", title="Dogs", authors=("Zed Other",))
    press.source.listed.append(other)
    await press.make(request())
    async with press.database.begin() as tx:
        mute, author = PreferenceKind.MUTE, Subject.AUTHOR
        await tx.tastes.save_preferences(
            [
                Preference(server_id=SUBSCRIPTION.server_id, kind=mute, subject=author, value=value)
                for value in ("Ada Example", "Zed Other")
            ]
        )

    verdicts = [await explained(press, one) for one in (ALIKE, other)]

    assert [verdict.obstacle for verdict in verdicts] == [
        'by the muted author "Ada Example"',
        'by the muted author "Zed Other"',
    ]
    assert all(verdict.is_ranked_again and verdict.explanation is None for verdict in verdicts)


async def test_a_paper_of_an_earlier_digest_names_that_digest(press: Press) -> None:
    await press.make(request())
    later = FRIDAY_NINE + timedelta(days=7)
    press.clock.move_to(later)
    again = replace(ALIKE, version=2, published=later - timedelta(days=3))
    press.source.listed = [again, paper("2611.00009", published=later - timedelta(days=3))]
    await press.make(request("2026-W48"))

    verdict = await explained(press, again, "2026-W48")

    assert verdict.obstacle == f"already in the digest of {WEEK}"


async def test_a_held_paper_has_its_rank_after_a_change_of_categories(press: Press) -> None:
    await press.make(request())
    held = paper("2611.00009", published=ALIKE.published)
    later = FRIDAY_NINE + timedelta(days=7)
    press.source.listed += [held, paper("2611.00010", published=later - timedelta(days=3))]
    press.clock.move_to(later)
    await press.make(request("2026-W48", categories=("cs.CL", "cs.IR")))

    verdict = await explained(press, held, "2026-W48")

    assert verdict.explanation is not None
    assert verdict.explanation.considered == 2


async def test_a_held_paper_is_explained_by_the_digest_that_considered_it(press: Press) -> None:
    first = request(highlights=1)
    await press.make(first)
    held = paper("2611.00009", published=ALIKE.published)
    press.source.listed += [held]
    press.clock.move_to(FRIDAY_NINE + timedelta(days=7))
    plan = await press.digests().plan(request("2026-W48"))
    await press.digests().compose(replace(plan, highlights=(), noted=()), [])

    verdict = await explained(press, held)

    assert (verdict.week, verdict.obstacle) == ("2026-W48", None)
    assert verdict.explanation is not None


async def test_papers_that_took_a_place_earned_by_rank_are_counted(press: Press) -> None:
    press.source.listed = [
        paper(f"2611.000{number}", authors=(f"Ada {number}x",)) for number in range(10, 28)
    ]
    await like(press)
    async with press.database.begin() as tx:
        await tx.papers.save(press.source.listed)
    places = {
        paper_id: explanation.place
        for paper_id, explanation in (
            await press.tastes().choose(press.source.listed, SUBSCRIPTION, places=14)
        ).ranking.explanations.items()
    }
    last = next(one for one in press.source.listed if places[one.id] == len(places))
    async with press.database.begin() as tx:
        follow, author = PreferenceKind.FOLLOW, Subject.AUTHOR
        await tx.tastes.save_preferences(
            [Preference(server_id=SUBSCRIPTION.server_id, kind=follow, subject=author, value=last.authors[0])]
        )
    digest = await press.make(request())
    shown = {pick.paper.id for pick in digest.picks}

    verdicts = [await explained(press, one) for one in press.source.listed if one.id not in shown]

    lost_by_place = {
        verdict.explanation.place: (verdict.lost_to_followed, verdict.lost_to_exploration)
        for verdict in verdicts
        if verdict.explanation is not None
    }
    assert (lost_by_place.pop(13), lost_by_place.pop(14)) == ((1, 1), (1, 1))
    assert set(lost_by_place.values()) == {(0, 0)}
    best = await explained(press, digest.highlights[0].pick.paper)
    assert (best.lost_to_followed, best.lost_to_exploration) == (0, 0)


async def test_without_a_week_the_digest_that_showed_or_considered_the_paper_is_explained(
    press: Press,
) -> None:
    first = await press.make(request())
    later = FRIDAY_NINE + timedelta(days=7)
    press.clock.move_to(later)
    press.source.listed = [paper("2611.00009", published=later - timedelta(days=3))]
    second = await press.make(request("2026-W48"))

    for digest in (first, second):
        assert (await explained(press, digest.highlights[0].pick.paper)).week == digest.week
    unseen = paper("2611.00077", published=ALIKE.published)
    assert (await explained(press, unseen)).week == WEEK


async def test_other_categories_and_other_weeks_are_named(press: Press) -> None:
    await press.make(request())

    elsewhere = await explained(press, paper("2611.00011", categories=("math.AG", "math.NT")))
    sooner = await explained(press, paper("2610.00011", published=FRIDAY_NINE.replace(month=10)))

    assert elsewhere.obstacle == "it is listed in math.AG, math.NT, but the digest covers cs.CL"
    assert not elsewhere.is_ranked_again
    assert sooner.obstacle is not None
    assert sooner.obstacle.startswith(
        "it was submitted on 20 October 2026, but the digest of 2026-W47 covers"
    )


async def test_a_paper_that_was_picked_has_no_obstacle_even_if_its_categories_changed(press: Press) -> None:
    digest = await press.make(request())
    moved = replace(digest.highlights[0].pick.paper, version=2, categories=("math.AG",))
    async with press.database.begin() as tx:
        await tx.papers.save([moved])

    verdict = await explained(press, moved)

    assert (verdict.highlight, verdict.obstacle) == (1, None)


async def test_without_a_digest_there_is_nothing_to_explain(press: Press) -> None:
    with pytest.raises(InputError, match="There is no digest yet"):
        await explained(press, ALIKE)


async def test_there_is_something_to_explain_to_whoever_has_a_digest(press: Press) -> None:
    await press.make(request())

    await asked(press).check(Reader(server_id=SUBSCRIPTION.server_id))
    await asked(press).check(Reader(user_id=SUBSCRIPTION.server_id))
    with pytest.raises(InputError, match=r"personal digest, and you have none yet\."):
        await asked(press).check(Reader(user_id=SUBSCRIPTION.server_id + 1))
    with pytest.raises(InputError, match=r"^There is no digest yet"):
        await asked(press).check(Reader(server_id=SUBSCRIPTION.server_id + 1))


async def test_a_week_without_a_digest_names_those_that_have_one(press: Press) -> None:
    await press.make(request())

    with pytest.raises(InputError, match="no digest of 2026-W40 here, only of 2026-W47"):
        await explained(press, ALIKE, "2026-W40")


async def test_a_paper_held_back_until_after_the_digest_has_no_rank_in_it(press: Press) -> None:
    press.clock.move_to(FRIDAY_NINE + timedelta(days=3))  # the week's list is complete
    digest = await press.make(request(interests="folding keys"))
    held = paper("2611.00099", title="Folding keys", abstract="We fold keys.", published=ALIKE.published)
    async with press.database.begin() as tx:
        await tx.papers.save([held])  # as after someone asked about it

    verdict, first = [await explained(press, one) for one in (held, digest.highlights[0].pick.paper)]

    assert verdict.explanation is None
    assert verdict.obstacle == "arXiv had not listed it yet when the week's papers were looked up"
    assert first.explanation is not None
    assert (first.explanation.place, first.explanation.considered) == (1, 5)


async def test_the_digests_own_reason_stays_when_votes_change(press: Press) -> None:
    await like(press)
    digest = await press.make(request())
    await like(press, after=timedelta(hours=5), liked=False)

    verdict = await explained(press, ALIKE)

    assert verdict.reason == digest.highlights[0].pick.reason == f'like "{LIKED.title}", which was liked'
    assert verdict.resembled == ()


async def test_a_picked_paper_that_could_not_be_read_is_said_to_have_been_picked(press: Press) -> None:
    plan = await press.digests().plan(request())
    first, *others = [pick.paper for pick in plan.highlights]
    failed = PaperOutcome(
        paper_key=first.key, recipe=None, made_at=press.clock.now(), problem="The disk is full."
    )
    read = [await press.digests().write(one.id, one.version) for one in others]
    await press.digests().compose(plan, [failed, *read])

    verdict = await explained(press, first)

    assert (verdict.highlight, verdict.noted, verdict.reason) == (None, None, None)
    assert verdict.failed == "The disk is full."
    assert (await explained(press, others[0])).failed is None


async def test_a_paper_that_could_not_be_read_has_no_obstacle_even_if_its_categories_changed(
    press: Press,
) -> None:
    plan = await press.digests().plan(request())
    papers = [pick.paper for pick in plan.highlights]
    outcomes = [
        PaperOutcome(paper_key=one.key, recipe=None, made_at=press.clock.now(), problem="The disk is full.")
        for one in papers
    ]
    await press.digests().compose(plan, outcomes)
    moved = replace(papers[0], version=2, categories=("math.AG",))
    async with press.database.begin() as tx:
        await tx.papers.save([moved])

    verdict = await explained(press, moved)

    assert (verdict.failed, verdict.obstacle) == ("The disk is full.", None)


async def test_a_paper_that_arxiv_is_asked_for_counts_as_a_question(press: Press) -> None:
    press.limits = replace(NO_LIMITS, user=Share(questions_per_hour=1, tokens_per_day=0))
    why = asked(press)

    for _ in range(2):
        assert (await why.paper(parse(ALIKE.id), asker(1))).key == ALIKE.key
    with pytest.raises(LimitReachedError):
        await why.paper(parse("2611.00004"), asker(1))

    assert press.source.named == [ALIKE.id]
    assert (await why.paper(parse("2611.00004"), asker(2))).id == "2611.00004"
