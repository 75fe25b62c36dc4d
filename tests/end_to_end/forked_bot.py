"""The bot, forked from a process that has imported its modules: imports are most of the start-up time."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, get_context, parent_process
from pathlib import Path
from typing import Any

import pytest

_IMPORTED = (
    *("tests.end_to_end.bot_process", "bot.cli", "openai.resources.chat", "onnxruntime", "tokenizers"),
    *("scipy.linalg", "scipy.sparse.linalg", "sklearn.feature_extraction.text"),
    *("storage.chroma_process", "chromadb"),  # for all tests of this process, as in tests/conftest.py
)

_KEY = "_forkserver_authkey"


class ForkedBot:
    """Has the parts of `asyncio.subprocess.Process` that the tests use."""

    def __init__(
        self, environment: Mapping[str, str], log: Path, *, arguments: Sequence[str] | None = None
    ) -> None:
        """Start the bot, or the command line with `arguments`; its output is appended to `log`."""
        context = get_context("forkserver")
        context.set_forkserver_preload(list(_IMPORTED))
        forkserver.ensure_running()
        # A child needs it to fork from the same server, from Python 3.14 on.
        key: bytes | None = getattr(forkserver._forkserver, _KEY, None)
        self._process: Any = context.Process(target=_run, args=(dict(environment), log, arguments, key))
        self._process.start()

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    @property
    def returncode(self) -> int | None:
        """As in `subprocess`: None while it runs, negative for the signal that killed it."""
        code: int | None = self._process.exitcode
        return code

    async def wait(self) -> int:
        """Wait until it exits and return its exit code."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


def _run(
    environment: Mapping[str, str], log: Path, arguments: Sequence[str] | None, key: bytes | None
) -> None:
    from bot import cli  # noqa: PLC0415 - already imported in the process this is forked from
    from tests.end_to_end import bot_process  # noqa: PLC0415
    from tests.fakes.discord import point_discord_at  # noqa: PLC0415

    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    with log.open("ab") as printed:
        for standard in (1, 2):
            os.dup2(printed.fileno(), standard)
    os.environ.clear()
    os.environ.update(environment)
    gc.freeze()  # imported modules stay
    with pytest.MonkeyPatch.context() as patch:
        _fork_chroma_too(patch, key)
        if arguments is None:
            bot_process.main()
        else:
            patch.setattr(sys, "argv", ["broadsheet", *arguments])
            point_discord_at(environment["TEST_DISCORD"])
            cli.main()


def _end_with_the_tests() -> None:
    """Exit with the tests: if they are killed, no bot must go on looking for their servers for ever."""
    tests = parent_process()
    assert tests is not None
    tests.join()
    os._exit(1)


def _fork_chroma_too(patch: pytest.MonkeyPatch, key: bytes | None) -> None:
    """Fork Chroma's process from the same server as the bot, which saves two seconds of imports.

    A bot that is started with a Python of its own (`AS_USUAL`) starts it as in production.
    """
    server = forkserver._forkserver
    patch.setattr(
        server, "ensure_running", lambda: None
    )  # our parent, which Python does not know to be running
    patch.setattr(server, _KEY, key, raising=False)
    context = get_context("forkserver")
    patch.setattr("storage.chroma_process.get_context", lambda _: context)
