"""The bot's process is killed (kill -9) at each step of a digest's run, and restarted."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.end_to_end.world import World
from tests.fakes.discord.faults import slow
from tests.faults.digest_checks import calls_for_a_paper, check_stands_once, until_delivered
from tests.faults.due import due
from tests.faults.kills import SCENARIOS, SEQUENCE, Scenario, be_killed

AT_ONCE, AFTER_THE_NONCE = timedelta(0), timedelta(minutes=6)
"""Discord remembers a nonce for about five minutes."""
SOAK_DIGESTS, SOAK_KILLS = 5, 6

pytestmark = pytest.mark.xdist_group("faults")


async def check_survives(around: World, scenario: Scenario, *, away: timedelta) -> None:
    for arm in scenario.kills:
        await be_killed(around, arm)
        around.set_clock(around.now() + away)

    await around.start()
    await until_delivered(around)
    assert await around.stop() == 0

    await check_stands_once(around)
    assert calls_for_a_paper(around) <= (1 if scenario.delivering else 1 + len(scenario.kills))


async def test_a_digest_survives_kills_one_after_the_other(tmp_path: Path) -> None:
    async with due(tmp_path) as around:
        await check_survives(around, SEQUENCE, away=AT_ONCE)


@pytest.mark.slow
@pytest.mark.parametrize("away", [AT_ONCE, AFTER_THE_NONCE], ids=["at once", "after the nonce"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_a_digest_survives_a_kill(
    tmp_path: Path, scenario: Scenario, server_url: str | None, away: timedelta
) -> None:
    if away and not scenario.delivering:
        pytest.skip("nothing with a nonce is posted yet")
    async with due(tmp_path, server_url) as around:
        await check_survives(around, scenario, away=away)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SOAK_DIGESTS))
async def test_a_digest_survives_kills_at_any_moment(
    tmp_path: Path, seed: int, server_url: str | None
) -> None:
    moments = random.Random(seed)
    async with due(tmp_path, server_url) as around:
        around.arxiv.delay_seconds = around.model.delay_seconds = 0.3
        around.discord.break_next(slow(0.2), path="/(messages|threads)$", times=10_000)
        for _ in range(SOAK_KILLS):
            await around.start()
            await around.ready()
            await asyncio.sleep(moments.uniform(0.5, 4.0))
            around.kill()
            await around.ended()
            around.set_clock(around.now() + moments.choice([AT_ONCE, AFTER_THE_NONCE]))

        await around.start()
        await around.ready()
        await until_delivered(around)
        assert await around.stop() == 0

        await check_stands_once(around)
        assert calls_for_a_paper(around) <= 1 + SOAK_KILLS
