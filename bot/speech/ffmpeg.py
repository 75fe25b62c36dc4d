"""Runs ffmpeg as a child process: timeout, progress, and its failures as errors."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

import imageio_ffmpeg

from bot.errors import SpeechError

log = logging.getLogger(__name__)

_TAIL_BYTES = 16_384
"""Kept of its output: the last lines say why it failed, or how loud the sound is."""


async def run(
    arguments: Sequence[str], *, timeout_seconds: float, on_progress: Callable[[float], None] = lambda _: None
) -> str:
    """Run ffmpeg and return the end of its output.

    `on_progress` is called from time to time with the number of seconds of sound done so far.

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
        async with asyncio.timeout(timeout_seconds), asyncio.TaskGroup() as tasks:
            output = tasks.create_task(_tail(process))
            tasks.create_task(_follow(process, on_progress))
            tasks.create_task(process.wait())
    except TimeoutError as error:
        raise SpeechError(f"The recording could not be encoded within {timeout_seconds:.0f} s.") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
    if process.returncode:
        raise _failure(output.result())
    return output.result()


def _program() -> str:
    try:
        program: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise SpeechError("ffmpeg is missing: reinstall imageio-ffmpeg.", retryable=False) from error
    return program


async def _tail(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    tail = b""
    while chunk := await process.stderr.read(4_096):
        tail = (tail + chunk)[-_TAIL_BYTES:]
    return tail.decode(errors="replace")


async def _follow(process: asyncio.subprocess.Process, on_progress: Callable[[float], None]) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        name, _, value = line.decode(errors="replace").strip().partition("=")
        if name == "out_time_us" and value.isdigit():
            on_progress(int(value) / 1_000_000)


def _failure(output: str) -> SpeechError:
    log.warning("ffmpeg failed: %s", " / ".join(output.strip().splitlines()[-3:]))
    if "No space left" in output or "File too large" in output:
        return SpeechError("The recording could not be written: the disk is full.")
    return SpeechError("The recording could not be encoded; the log has the details.", retryable=False)
