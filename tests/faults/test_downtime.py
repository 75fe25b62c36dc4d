"""Digests that were due while the bot was not running, and messages still unposted when their week ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sample.week import WEEK, sample_papers, sample_pdf
from storage.model import DeliveryState
from tests.end_to_end.world import FRIDAY_NINE, World, marker
from tests.faults.digest_checks import check_stands_once, deliveries, until_delivered
from tests.faults.due import due, look_several_times, run_for_a_while
from tests.faults.kills import HIGHLIGHTS, Arm, at_arxiv, at_message, at_notice, be_killed

LATER_IN_THE_WEEK, NEXT_WEEK = FRIDAY_NINE + timedelta(days=3), FRIDAY_NINE + timedelta(days=8)
NEW_WEEK = "2026-W48"

pytestmark = pytest.mark.xdist_group("faults")


def have_a_new_week(around: World) -> None:
    """Have arXiv list the sample's papers again, a week later and under other ids."""
    later = timedelta(days=7)
    for paper in sample_papers():
        assert paper.announced is not None
        new = replace(
            paper,
            id=paper.id.replace("2611.9", "2611.8"),
            published=paper.published + later,
            updated=paper.updated + later,
            announced=paper.announced + later,
        )
        around.arxiv.add(new, sample_pdf(paper.key))


def weeks(around: World) -> list[str]:
    """The week of each message in the channel."""
    return [week for message in around.posted() for week in (WEEK, NEW_WEEK) if week in marker(message)]


def told(around: World) -> list[str]:
    """The direct messages to the admin."""
    return [message["content"] for message in around.discord.messages(around.admin.user)]


async def run_until_the_new_week_stands(around: World) -> None:
    await around.start()
    await around.until(lambda: told(around))
    await until_delivered(around, NEW_WEEK)
    assert await around.stop() == 0
    await run_for_a_while(around)


async def test_a_digest_whose_week_is_over_is_not_posted_and_the_admin_is_told(tmp_path: Path) -> None:
    async with due(tmp_path, now=NEXT_WEEK) as around:
        await around.start()
        await around.until(lambda: told(around))
        await look_several_times()
        assert await around.stop() == 0

        assert WEEK not in weeks(around)
        (notice,) = [words for words in told(around) if WEEK in words]
        assert notice.startswith(f"The digest of {WEEK} was not made")


@pytest.mark.slow
async def test_a_digest_missed_while_the_bot_was_down_is_made_when_it_starts(tmp_path: Path) -> None:
    async with due(tmp_path, now=LATER_IN_THE_WEEK) as around:
        await around.start()
        await until_delivered(around)
        assert await around.stop() == 0

        await check_stands_once(around)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kills",
    [(), (at_notice(stored=False),), (at_notice(stored=True),)],
    ids=["no kill", "killed before telling", "killed after telling"],
)
async def test_the_admin_is_told_once_that_the_week_of_a_digest_is_over(
    tmp_path: Path, kills: Sequence[Arm]
) -> None:
    async with due(tmp_path, now=NEXT_WEEK) as around:
        have_a_new_week(around)
        for arm in kills:
            await be_killed(around, arm)
        await run_until_the_new_week_stands(around)

        assert set(weeks(around)) == {NEW_WEEK}
        (notice,) = told(around)
        assert notice.startswith(f"The digest of {WEEK} was not made")


@pytest.mark.slow
async def test_a_run_interrupted_within_its_week_posts_nothing_after_the_week(tmp_path: Path) -> None:
    async with due(tmp_path) as around:
        have_a_new_week(around)
        await be_killed(around, at_arxiv("/api/query"))
        around.set_clock(NEXT_WEEK)
        await run_until_the_new_week_stands(around)

        assert set(weeks(around)) == {NEW_WEEK}
        (notice,) = told(around)
        assert notice.startswith(f"There is no digest for {WEEK}")


@pytest.mark.slow
@pytest.mark.parametrize("stored", [False, True], ids=["not stored", "stored"])
async def test_a_delivery_interrupted_within_its_week_posts_nothing_after_the_week(
    tmp_path: Path, stored: bool
) -> None:
    async with due(tmp_path) as around:
        have_a_new_week(around)
        await be_killed(around, at_message(2, stored=stored))
        around.set_clock(NEXT_WEEK)
        await run_until_the_new_week_stands(around)

        posted = 2 if stored else 1
        assert weeks(around)[: posted + 1] == [WEEK] * posted + [NEW_WEEK]
        assert weeks(around).count(WEEK) == posted
        states = [delivery.state for delivery in await deliveries(around)]
        assert states[:posted] == [DeliveryState.SENT] * posted
        assert set(states[posted:]) == {DeliveryState.EXPIRED}
        assert len(states) > HIGHLIGHTS
        (notice,) = told(around)
        assert notice.startswith(f"The digest of {WEEK} was not posted")
