"""hibari-tts, a small English voice included in the package, in a child process that ends afterwards."""

import asyncio
import contextlib
import json
import logging
import struct
import sys
from collections.abc import AsyncGenerator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import numpy as np

from bot.children import bare_environment
from bot.errors import SpeechError
from bot.onnx import WITHOUT_TELEMETRY
from bot.speech._hibari import RATE
from bot.speech.port import Utterance
from bot.speech.wholeness import check_whole

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "import sys; sys.path.append(sys.argv.pop(1)); from bot.speech._hibari import main; main()"
_SECONDS = 60.0
"""Timeout for one segment, which takes half a second on one core; the first takes a second more."""
_MOST_SECONDS_OF_SOUND = 300
"""For one segment, which a person reads in half a minute."""


def is_installed() -> bool:
    """Whether hibari is installed."""
    return find_spec("hibari") is not None


class HibariVoice:
    """Implements Voice. Each `speak` has its own process, which is killed when it ends."""

    name = "hibari"
    segment_characters = 500

    def __init__(self, *, seconds: float = _SECONDS) -> None:
        """`seconds` is the timeout for one segment."""
        self._seconds = seconds

    async def speak(self, segments: Sequence[str]) -> AsyncGenerator[Utterance, None]:
        """See the port."""
        async with _Child() as child:
            for segment in segments:
                try:
                    async with asyncio.timeout(self._seconds):
                        utterance = await child.say(segment)
                except TimeoutError as error:
                    raise SpeechError(f"The voice did not answer within {self._seconds:g} s.") from error
                check_whole(utterance, segment)
                yield utterance


class _Child:
    """The process; it lives as long as the context."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _PROGRAM, str(_ROOT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())

    async def say(self, segment: str) -> Utterance:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(segment).encode() + b"\n")
            await self._process.stdin.drain()
            (count,) = struct.unpack("<I", await self._process.stdout.readexactly(4))
            if count > RATE * _MOST_SECONDS_OF_SOUND:
                raise SpeechError("The voice did not stop speaking.")
            sound = await self._process.stdout.readexactly(2 * count)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise SpeechError("The voice's process ended early.") from error
        return Utterance(samples=np.frombuffer(sound, dtype="<i2").astype(np.int16), rate=RATE)


def _environment() -> dict[str, str]:
    # OpenBLAS's own threads would only busy-wait on cores that others need.
    return {
        "OPENBLAS_NUM_THREADS": "1",
        **WITHOUT_TELEMETRY,
        **bare_environment("OPENBLAS_CORETYPE"),
    }
