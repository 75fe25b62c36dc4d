"""Stage lines, on a stand-in for the one interaction they edit."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import aiohttp
import discord
import pytest

from cogs._stages import Stages
from tests.cogs.lab import texts

FOREVER = 1_000.0


class Deferred:
    """An answer that was deferred: keeps what it showed."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.deleted = False
        self.edited = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.failure: Exception | None = None

    async def edit_original_response(self, *, view: discord.ui.LayoutView) -> None:
        self.edited.set()
        await self.go_on.wait()
        if self.failure is not None:
            raise self.failure
        self.shown += texts(view.to_components())  # type: ignore[no-untyped-call]

    async def delete_original_response(self) -> None:
        self.deleted = True


def stages_of(answer: Deferred, pause_seconds: float = FOREVER) -> Stages:
    return Stages(cast("Any", answer), pause_seconds=pause_seconds)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the stages have no event of their own for it
            await asyncio.sleep(0)


async def test_work_without_stages_edits_nothing() -> None:
    answer = Deferred()

    async with stages_of(answer):
        await asyncio.sleep(0)

    assert answer.shown == []


async def test_the_first_stage_is_shown_at_once_and_the_next_ones_wait() -> None:
    answer = Deferred()

    async with stages_of(answer) as stages:
        stages.begin("fetching")
        await until(lambda: answer.shown)
        stages.begin("reading 14 pages")
        stages.begin("writing")
        await asyncio.sleep(0.01)

    assert answer.shown == ["fetching…"]


async def test_stages_during_a_pause_are_shown_together_after_it() -> None:
    answer = Deferred()

    async with stages_of(answer, pause_seconds=0.05) as stages:
        stages.begin("fetching")
        await until(lambda: answer.shown)
        for stage in ("reading 14 pages", "reading 14 pages", "writing"):
            stages.begin(stage, total=14)
            stages.advance()
        await until(lambda: len(answer.shown) == 2)

    assert answer.shown == ["fetching…", "fetching… reading 14 pages… writing…"]


async def test_a_place_in_the_line_takes_the_place_of_the_one_before() -> None:
    answer = Deferred()

    async with stages_of(answer, pause_seconds=0.01) as stages:
        stages.begin("fetching")
        stages.wait(12)
        await until(lambda: len(answer.shown) == 1)
        stages.wait(2)
        await until(lambda: len(answer.shown) == 2)
        stages.begin("writing")
        await until(lambda: len(answer.shown) == 3)

    assert answer.shown == [
        "fetching… waiting: number 12 in the queue…",
        "fetching… waiting: number 2 in the queue…",
        "fetching… writing…",
    ]


async def test_nothing_is_edited_after_the_block() -> None:
    answer = Deferred()

    async with stages_of(answer, pause_seconds=0) as stages:
        stages.begin("fetching")
        await until(lambda: answer.shown)
    stages.begin("too late")
    await asyncio.sleep(0.01)

    assert answer.shown == ["fetching…"]


async def test_an_edit_under_way_arrives_before_the_block_ends() -> None:
    answer = Deferred()
    answer.go_on.clear()

    async def work() -> None:
        async with stages_of(answer) as stages:
            stages.begin("fetching")
            await answer.edited.wait()

    working = asyncio.create_task(work())
    await until(answer.edited.is_set)
    await asyncio.sleep(0.01)
    assert not working.done()
    answer.go_on.set()
    await working

    assert answer.shown == ["fetching…"]


async def test_failed_work_takes_its_stages_away() -> None:
    answer = Deferred()

    async def work() -> None:
        async with stages_of(answer) as stages:
            stages.begin("fetching")
            await until(lambda: answer.shown)
            raise ValueError("no paper")

    with pytest.raises(ValueError, match="no paper"):
        await work()

    assert answer.deleted


async def test_work_that_failed_before_any_stage_leaves_the_answer_to_the_error() -> None:
    answer = Deferred()

    with pytest.raises(ValueError, match="no paper"):
        async with stages_of(answer):
            raise ValueError("no paper")

    assert not answer.deleted


_BROKEN = cast("Any", type("Response", (), {"status": 500, "reason": "broken"}))


@pytest.mark.parametrize("failure", [discord.HTTPException(_BROKEN, "broken"), aiohttp.ClientOSError(104)])
async def test_a_stage_that_cannot_be_shown_disturbs_nothing(
    failure: Exception,
) -> None:
    answer = Deferred()
    answer.failure = failure

    async with stages_of(answer, pause_seconds=0) as stages:
        stages.begin("fetching")
        await until(answer.edited.is_set)
        answer.failure = None
        stages.begin("writing")
        await until(lambda: answer.shown)

    assert answer.shown == ["fetching… writing…"]
