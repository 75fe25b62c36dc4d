"""Work that takes longer than Discord waits for its answer."""

import asyncio
from typing import Any

import pytest

from bot.errors import ServiceError
from cogs import _replies
from cogs._replies import within_token_life
from tests.bot.answers.room import FOLD, MEMORY
from tests.cogs.lab import Lab, is_private, shown
from tests.fakes.pdfs import ShelvedPdfs
from tests.waiting import until

TOO_LONG = "This is taking longer than Discord allows. What I have read so far is kept: try again later."


async def test_work_that_outlives_its_interaction_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_replies, "_TOKEN_SECONDS", 0)
    work = asyncio.ensure_future(asyncio.Event().wait())

    with pytest.raises(ServiceError, match=TOO_LONG):
        await within_token_life(work)

    assert work.cancelled()


@pytest.mark.parametrize(
    ("command", "options"),
    [("summarize", {"paper": FOLD.id}), ("ask", {"question": MEMORY, "paper": FOLD.id})],
)
async def test_who_waits_too_long_is_told_in_private_and_the_stages_are_gone(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, command: str, options: dict[str, Any]
) -> None:
    start, limits = asyncio.timeout, list[asyncio.Timeout]()

    def started(seconds: float | None) -> asyncio.Timeout:
        limit = start(seconds)
        if seconds == _replies._TOKEN_SECONDS:
            limits.append(limit)
        return limit

    async def fetch_too_late(*_: object) -> bytes:
        await until(lambda: any(lab.posted()))  # a stage
        limits[0].reschedule(asyncio.get_running_loop().time())
        await until(lambda: not lab.posted())
        return b"Too late."

    monkeypatch.setattr(asyncio, "timeout", started)
    monkeypatch.setattr(ShelvedPdfs, "fetch", fetch_too_late)
    lab.desk.lists(FOLD)

    answer = await lab.member.slash(lab.channel, command, **options)

    assert lab.posted() == []
    assert shown(answer).split("\n")[0] == TOO_LONG
    assert is_private(answer)
