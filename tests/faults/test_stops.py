"""SIGTERM while the bot is working, and a second bot on the same data folder."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from bot.sample.week import sample_pdf
from tests.end_to_end.asking import command
from tests.end_to_end.world import PATIENCE_SECONDS, World
from tests.fakes.arxiv import Fault
from tests.fakes.discord import faults
from tests.fakes.discord.limits import EPHEMERAL
from tests.faults.digest_checks import check_stands_once, until_delivered
from tests.faults.due import due

STOP_SECONDS = 9.0
"""Less than ten seconds, after which Docker kills and the bot cuts its own stop short."""
CUT_SHORT_SECONDS = 15.0
"""More than those ten, and long before the bot gives up on a Chroma that does not answer."""

RESTARTED = "I am restarting and could not finish this. Try again in a minute."

pytestmark = pytest.mark.xdist_group("faults")


def stopping(around: World) -> faults.Fault:
    """Discord stores the message; the bot is told to stop and never gets the answer."""

    async def fault(request: web.Request, handler: faults.Handler) -> web.StreamResponse:
        await handler(request)
        around.terminate()
        await asyncio.Event().wait()
        raise AssertionError

    return fault


async def test_work_continues_after_a_stop_while_reading_and_another_while_delivering(tmp_path: Path) -> None:
    async with due(tmp_path) as around:
        reading, delivering = asyncio.Event(), asyncio.Event()
        around.arxiv.fail(Fault.HANG, on="/pdf/")
        around.arxiv.moments.at("/pdf/", reading.set)
        await around.start()
        await asyncio.wait_for(reading.wait(), PATIENCE_SECONDS)
        assert await around.stop(seconds=STOP_SECONDS) == 0
        assert around.posted() == []

        around.discord.break_next(faults.calling(before=delivering.set), path=r"/messages$")
        around.discord.break_next(stopping(around), path=r"/messages$")
        await around.start()
        await asyncio.wait_for(delivering.wait(), PATIENCE_SECONDS)
        assert await around.ended(seconds=STOP_SECONDS) == 0
        assert len(around.posted()) == 2

        await around.start()
        await until_delivered(around)
        assert await around.stop(seconds=STOP_SECONDS) == 0

        await check_stands_once(around)


async def test_people_waiting_for_an_answer_are_told_to_ask_again(tmp_path: Path) -> None:
    async with due(tmp_path) as around:
        around.model.delay_seconds = 2 * PATIENCE_SECONDS
        await around.start()
        await around.ready()
        paper = next(listed for listed in around.arxiv.papers if sample_pdf(listed.key))
        openly = await around.discord.slash(
            around.admin, "summarize", {"paper": paper.id}, channel=around.channel
        )
        privately = await around.discord.slash(
            around.admin, "summarize", {"paper": paper.id, "private": True}, channel=around.channel
        )
        preview = await around.discord.slash(around.admin, "digest preview", channel=around.channel)
        await around.until(lambda: len(around.model.chats) > 1)

        assert await around.stop(seconds=STOP_SECONDS) == 0

        for exchange in (openly, privately, preview):
            assert exchange.deferred
            assert [message["content"] for message in exchange.messages] == [RESTARTED]
            assert exchange.messages[0]["flags"] & EPHEMERAL


@pytest.mark.slow
async def test_a_bot_that_is_stuck_while_starting_can_be_stopped(tmp_path: Path) -> None:
    asked, ended = asyncio.Event(), asyncio.Event()

    async def never_answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await ended.wait()
        writer.close()

    async with due(tmp_path) as around, await asyncio.start_server(never_answer, "127.0.0.1", 0) as chroma:
        port = chroma.sockets[0].getsockname()[1]
        around.settings["CHROMA_URL"] = f"http://127.0.0.1:{port}"
        await around.start()
        await asyncio.wait_for(asked.wait(), PATIENCE_SECONDS)
        try:
            assert await around.stop(seconds=CUT_SHORT_SECONDS) == 0
        finally:
            ended.set()


async def test_a_second_bot_on_the_data_folder_exits_with_one_line_and_does_not_disturb_the_first(
    tmp_path: Path,
) -> None:
    async with due(tmp_path) as around:
        await around.start()
        await around.ready()

        code, said = await asyncio.wait_for(command(around, "run"), PATIENCE_SECONDS)

        assert code == 1
        (line,) = said.splitlines()
        assert around.process is not None
        assert f"The data folder is in use by process {around.process.pid} (since" in line
        await until_delivered(around)
        assert await around.stop(seconds=STOP_SECONDS) == 0
        await check_stands_once(around)
