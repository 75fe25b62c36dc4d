"""The bot forked from a process that has imported what it needs: imports are most of what a start costs."""

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
    """Has what the tests use of an `asyncio.subprocess.Process`."""

    def __init__(
        self, environment: Mapping[str, str], log: Path, *, arguments: Sequence[str] | None = None
    ) -> None:
        """Start it, or the command line with `arguments`; what it prints goes to the end of `log`."""
        context = get_context("forkserver")
        context.set_forkserver_preload(list(_IMPORTED))
        forkserver.ensure_running()
        # What a child needs to fork from there too, from Python 3.14 on.
        key: bytes | None = getattr(forkserver._forkserver, _KEY, None)
        self._process: Any = context.Process(target=_run, args=(dict(environment), log, arguments, key))
        self._process.start()

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    @property
    def returncode(self) -> int | None:
        """As a subprocess has it: None while it runs, and the negative signal that killed it."""
        code: int | None = self._process.exitcode
        return code

    async def wait(self) -> int:
        """Wait until it is over and return its exit code."""
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
    from bot import cli  # noqa: PLC0415 - all are imported where this is forked from
    from tests.end_to_end import bot_process  # noqa: PLC0415
    from tests.fakes.discord import point_discord_at  # noqa: PLC0415

    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    with log.open("ab") as printed:
        for standard in (1, 2):
            os.dup2(printed.fileno(), standard)
    os.environ.clear()
    os.environ.update(environment)
    gc.freeze()  # what was imported stays
    with pytest.MonkeyPatch.context() as patch:
        _fork_chroma_too(patch, key)
        if arguments is None:
            bot_process.main()
        else:
            patch.setattr(sys, "argv", ["broadsheet", *arguments])
            point_discord_at(environment["TEST_DISCORD"])
            cli.main()


def _end_with_the_tests() -> None:
    """Tests that are killed leave no bot that looks for their servers for ever."""
    tests = parent_process()
    assert tests is not None
    tests.join()
    os._exit(1)


def _fork_chroma_too(patch: pytest.MonkeyPatch, key: bytes | None) -> None:
    """Let Chroma's process be forked from where the bot was: it would import for two seconds of its own.

    A bot that is started as everybody's starts it as everybody's does.
    """
    server = forkserver._forkserver
    patch.setattr(server, "ensure_running", lambda: None)  # it is our parent, which Python does not know
    patch.setattr(server, _KEY, key, raising=False)
    context = get_context("forkserver")
    patch.setattr("storage.chroma_process.get_context", lambda _: context)
