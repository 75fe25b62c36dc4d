"""Two bots with one token on one PostgreSQL: one is connected, the other takes over from it."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.world import World, texts
from tests.faults.digest_checks import check_stands_once, until_delivered
from tests.faults.due import due
from tests.faults.kills import at_model

pytestmark = pytest.mark.xdist_group("faults")


@asynccontextmanager
async def two_processes(folder: Path, database_url: str) -> AsyncIterator[tuple[World, World]]:
    """The first is connected and works on a digest that is due; the second stands by."""
    async with due(folder, database_url) as first:
        (folder / "second").mkdir()
        settings = {**first.settings, "BROADSHEET_PROCESS": "second"}
        second = replace(first, settings=settings, folder=folder / "second")
        try:
            await first.start()
            await first.ready()
            await second.start()
            yield first, second
        finally:
            if second.process is not None and second.process.returncode is None:
                second.kill()
                await second.ended()


async def status(around: World) -> str:
    """The answer to /digest status from the process that is connected."""
    exchange = await around.discord.slash(around.admin, "digest status", channel=around.channel)
    return "\n".join(texts(await exchange.message()))


async def test_the_second_takes_over_when_the_first_is_killed(
    tmp_path: Path, fresh_postgres_url: str
) -> None:
    async with two_processes(tmp_path, fresh_postgres_url) as (first, second):
        at_model(2)(first)
        await first.ended()
        await second.ready()

        await until_delivered(second)

        await check_stands_once(second)
        assert "**Last digest**: 2026-W47" in await status(second)
        assert await second.stop() == 0


async def test_the_second_takes_over_when_the_first_is_suspended_and_the_first_exits_when_resumed(
    tmp_path: Path, fresh_postgres_url: str
) -> None:
    async with two_processes(tmp_path, fresh_postgres_url) as (first, second):
        assert first.process is not None
        os.kill(first.process.pid, signal.SIGSTOP)
        await second.ready()
        await until_delivered(second)

        os.kill(first.process.pid, signal.SIGCONT)

        assert await first.ended() == 1
        assert "has taken over the work of main" in first.log()
        await check_stands_once(second)
        assert await second.stop() == 0
