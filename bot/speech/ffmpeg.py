"""ffmpeg as a child process: time-outs, progress, and what its failures mean."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

import imageio_ffmpeg

from bot.errors import SpeechError

log = logging.getLogger(__name__)

_TAIL_BYTES = 16_384
"""Of what it says: the last lines tell why it failed, and how loud the sound was."""


async def run(
    arguments: Sequence[str], *, seconds: float, heard: Callable[[float], None] = lambda _: None
) -> str:
    """Run it within so many seconds and return the end of what it said.

    `heard` is told from time to time how many seconds of sound are done.

    Raises:
        SpeechError: it is missing, failed, or took too long.
    """
    process = await asyncio.create_subprocess_exec(
        *(_program(), "-hide_banner", "-nostdin", "-y", "-progress", "pipe:1", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
            said = tasks.create_task(_tail(process))
            tasks.create_task(_follow(process, heard))
            tasks.create_task(process.wait())
    except TimeoutError as error:
        raise SpeechError(f"The sound could not be encoded within {seconds:.0f} s.") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
    if process.returncode:
        raise _failure(said.result())
    return said.result()


def _program() -> str:
    try:
        program: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise SpeechError("ffmpeg is missing: install imageio-ffmpeg again.", retryable=False) from error
    return program


async def _tail(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    tail = b""
    while chunk := await process.stderr.read(4_096):
        tail = (tail + chunk)[-_TAIL_BYTES:]
    return tail.decode(errors="replace")


async def _follow(process: asyncio.subprocess.Process, heard: Callable[[float], None]) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        name, _, value = line.decode(errors="replace").strip().partition("=")
        if name == "out_time_us" and value.isdigit():
            heard(int(value) / 1_000_000)


def _failure(said: str) -> SpeechError:
    log.warning("ffmpeg failed: %s", " / ".join(said.strip().splitlines()[-3:]))
    if "No space left" in said or "File too large" in said:
        return SpeechError("The sound could not be written: the disk is full.")
    return SpeechError("The sound could not be encoded; the log has the details.", retryable=False)
