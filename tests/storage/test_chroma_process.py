"""Calls to Chroma's process, and its end."""

import asyncio
import gc
import os
import signal
import time
from concurrent.futures import Future
from multiprocessing import active_children
from pathlib import Path
from unittest.mock import Mock

import pytest

from storage.chroma import ChromaFailure, ChromaStore
from storage.chroma_process import ChromaProcess
from tests.waiting import until


def _hang(_: ChromaStore, began: Path) -> None:
    began.touch()
    time.sleep(600)


def _pid(_: ChromaStore) -> int:
    return os.getpid()


async def test_signals_to_the_whole_process_group_leave_stopping_it_to_the_parent(tmp_path: Path) -> None:
    process = ChromaProcess(tmp_path / "index", collection="passages")
    began = await process.call(_pid)

    os.kill(began, signal.SIGINT)
    os.kill(began, signal.SIGTERM)
    goes_on = await process.call(_pid)
    await process.end()

    assert goes_on == began


@pytest.mark.parametrize("turns", range(4))
async def test_a_caller_who_is_cancelled_just_after_the_answer_ends(turns: int) -> None:
    process, answer = ChromaProcess("/nowhere", collection="passages"), Future[int]()
    answer.set_running_or_notify_cancel()
    process._pool = Mock(submit=lambda *_: answer)

    async def ask_and_go_on() -> None:
        await process.call(ChromaStore.count)
        await asyncio.Event().wait()

    asking = asyncio.create_task(ask_and_go_on())
    await asyncio.sleep(0.01)
    answer.set_result(3)
    for _ in range(turns):
        await asyncio.sleep(0)
    asking.cancel()

    done, _ = await asyncio.wait({asking}, timeout=1)

    assert done


async def test_a_failure_after_the_caller_was_cancelled_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    process, answer = ChromaProcess("/nowhere", collection="passages"), Future[int]()
    answer.set_running_or_notify_cancel()
    process._pool = Mock(submit=Mock(return_value=answer))
    asking = asyncio.create_task(process.call(ChromaStore.count))
    await asyncio.sleep(0.01)

    asking.cancel()
    await asyncio.wait({asking})
    answer.set_exception(ChromaFailure("there is no server"))
    await asyncio.sleep(0.01)
    del process, asking, answer
    gc.collect()

    assert not caplog.records


async def test_a_cancelled_stop_leaves_no_process(tmp_path: Path) -> None:
    before, began = set(active_children()), tmp_path / "began"
    process = ChromaProcess(tmp_path / "index", collection="passages")
    hanging = asyncio.create_task(process.call(_hang, began))
    await until(began.exists)
    children = set(active_children()) - before
    hanging.cancel()
    await asyncio.wait({hanging})

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await process.end()

    assert children
    for child in children:
        await asyncio.to_thread(child.join, 10)
        assert not child.is_alive()
