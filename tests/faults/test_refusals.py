"""While a digest is due, Discord refuses the channel, or arXiv is down."""

from pathlib import Path

import pytest

from tests.fakes.arxiv import Fault
from tests.fakes.discord import faults
from tests.faults.digest_checks import check_stands_once, until_delivered
from tests.faults.due import due, look_several_times, run_for_a_while
from tests.faults.kills import at_notice, be_killed

ARXIV_TRIES = 4
ARXIV_PATIENCE_SECONDS = 150
"""The bot's first tries take most of a minute before it pauses and tries again."""

pytestmark = pytest.mark.xdist_group("faults")


@pytest.mark.parametrize(
    "starts_again", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["one run", "two runs"]
)
async def test_nothing_is_posted_to_a_channel_that_refuses_and_the_admin_is_told_once(
    tmp_path: Path, starts_again: bool
) -> None:
    async with due(tmp_path, highlights=1) as around:
        await around.discord.set_permissions(around.channel, send_messages=False)
        await around.start()
        await around.until(lambda: around.discord.messages(around.admin.user))
        await look_several_times()
        assert await around.stop() == 0
        if starts_again:
            await run_for_a_while(around)

        assert around.discord.calls_to("POST", f"/channels/{around.channel.id}/messages") == 0
        assert (around.arxiv.requests("/api"), around.arxiv.requests("/pdf")) == ([], [])  # nothing is made
        (notice,) = around.discord.messages(around.admin.user)
        assert "Send Messages" in notice["content"]


async def test_a_bot_killed_while_reporting_a_refusal_reports_it_after_a_restart(
    tmp_path: Path,
) -> None:
    async with due(tmp_path, highlights=1) as around:
        forbidden = faults.forbidden()  # which the bot cannot know in advance
        around.discord.break_next(forbidden, path=f"/channels/{around.channel.id}/messages$")
        await be_killed(around, at_notice(stored=False))
        await around.start()
        await around.until(lambda: around.discord.messages(around.admin.user))
        await look_several_times()
        assert await around.stop() == 0

        assert around.discord.calls_to("POST", f"/channels/{around.channel.id}/messages") == 1
        (notice,) = around.discord.messages(around.admin.user)
        assert "could not be posted" in notice["content"]


@pytest.mark.slow
async def test_arxiv_is_asked_again_after_it_was_down(tmp_path: Path) -> None:
    async with due(tmp_path) as around:
        around.arxiv.fail(*[Fault.RESET] * (ARXIV_TRIES + 1), on="/api")
        await around.start()
        await around.until(around.posted, seconds=ARXIV_PATIENCE_SECONDS)
        await until_delivered(around)
        assert await around.stop() == 0

        await check_stands_once(around)
        assert len(around.arxiv.requests("/api")) > ARXIV_TRIES + 1
