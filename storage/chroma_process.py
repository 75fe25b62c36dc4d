"""Chroma in a child process.

Its writes hold the GIL for up to seconds (measured on 1.5.9), long enough to miss Discord's deadlines; and a
damaged folder can crash or hang the process that opens it.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from storage.chroma import ChromaFailure, ChromaStore

ParametersT = ParamSpec("ParametersT")
ResultT = TypeVar("ResultT")

_CALL_SECONDS = 60.0
"""Timeout of one call: a query takes milliseconds, a batch a second on a busy machine, the start two."""


class ChromaProcess:
    """A store in a child process, started by the first call. One call at a time: two writers damage it."""

    def __init__(self, location: Path | str, *, collection: str) -> None:
        self.location = location
        self._collection = collection
        self._pool: ProcessPoolExecutor | None = None
        self._starting = asyncio.Lock()

    async def call(
        self,
        method: Callable[Concatenate[ChromaStore, ParametersT], ResultT],
        *args: ParametersT.args,
        **kwargs: ParametersT.kwargs,
    ) -> ResultT:
        """Call a method of ChromaStore in the child: `call(ChromaStore.count)`.

        Raises:
            ChromaFailure: Chroma failed, its process died, or it did not answer in time and was killed.
        """
        pool: ProcessPoolExecutor | None = None
        future: Future[ResultT] | None = None
        try:
            pool = await self._started()
            future = pool.submit(_called, method, args, kwargs)
            # Shielded: if its process dies, a pool fails on a future that was cancelled from outside (Python
            # 3.11), and never answers the calls queued behind it.
            answering = asyncio.wrap_future(future)
            answering.add_done_callback(_retrieve_exception)
            async with asyncio.timeout(_CALL_SECONDS):
                answer = await asyncio.shield(answering)
        except asyncio.CancelledError:
            if _is_cancelled_itself() or future is None or not future.cancelled():
                raise
            # Another call timed out, which cancelled those queued behind it.
            raise ChromaFailure("its process was killed") from None
        except TimeoutError as error:
            await self.kill()
            raise ChromaFailure(f"no answer within {_CALL_SECONDS:.0f} s") from error
        except BrokenExecutor as error:
            if self._pool is pool:  # not one started since
                await self.kill()
            raise ChromaFailure("its process died") from error
        return answer

    async def end(self) -> None:
        """Stop the process after the call under way. The next call starts another."""
        pool = self._pool
        try:
            if pool is not None:
                with suppress(ChromaFailure):
                    await self.call(ChromaStore.close)
            await self._shut_down()
        except asyncio.CancelledError:
            _kill(pool)  # the interpreter would wait for it at exit
            raise

    async def kill(self) -> None:
        """Kill the process, whatever it is doing."""
        _kill(self._pool)
        await self._shut_down()

    async def _shut_down(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            await _off_the_loop(partial(pool.shutdown, cancel_futures=True))

    async def _started(self) -> ProcessPoolExecutor:
        async with self._starting:
            if self._pool is None:
                self._pool = await _off_the_loop(partial(_pool, self.location, self._collection))
            return self._pool


async def _off_the_loop(work: Callable[[], ResultT]) -> ResultT:
    # Not the loop's default executor: the durable engine shuts that down when it stops.
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passage-index")
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, work)
    finally:
        thread.shutdown(wait=False)


def _kill(pool: ProcessPoolExecutor | None) -> None:
    ours = set(pool._processes or ()) if pool is not None else set()  # noqa: SLF001 - 3.14 has kill_workers()
    for child in active_children():
        if child.pid in ours:
            child.kill()


def _retrieve_exception(answer: asyncio.Future[ResultT]) -> None:
    # Otherwise asyncio would log a failure that arrives after the caller was cancelled.
    if not answer.cancelled():
        answer.exception()


def _is_cancelled_itself() -> bool:
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


def _pool(location: Path | str, collection: str) -> ProcessPoolExecutor:
    pool = ProcessPoolExecutor(
        max_workers=1,
        mp_context=get_context("spawn"),
        initializer=_initialize,
        initargs=(location, collection),
    )
    pool.submit(os.getpid)  # the first call starts the process, which takes a tenth of a second
    return pool


_stores: list[ChromaStore] = []
"""In the child: its one store."""


def _initialize(location: Path | str, collection: str) -> None:
    # Ctrl-C and a stop by systemd reach the parent too, which stops us in order: a write cut off does damage.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _stores.append(ChromaStore(location, collection=collection))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _called(method: Callable[..., ResultT], args: tuple[object, ...], kwargs: dict[str, object]) -> ResultT:
    return method(_stores[0], *args, **kwargs)
