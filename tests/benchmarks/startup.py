"""What the program costs before it does anything: `--help`, and the bot connected and idle.

The real process with the loopback servers; memory is that of the process and its children 15 s after it has
connected.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.table import Row
from tests.end_to_end.world import AS_USUAL, world

_HELPS = 5
_SETTLED_SECONDS = 15.0


def run() -> list[Row]:
    """Run `--help` five times and take the median, then start one bot."""
    helps = [_help_seconds() for _ in range(_HELPS)]
    ready, megabytes = asyncio.run(_idle())
    return [
        _row("broadsheet --help", "seconds", statistics.median(helps)),
        _row("broadsheet run", "seconds", ready),
        _row("broadsheet run", "memory when idle (MB)", megabytes),
    ]


def _help_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


async def _idle() -> tuple[float, float]:
    """Seconds until the bot is connected, and its resident memory in MB a little later."""
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder)) as around:
            around.bot_module = AS_USUAL
            began = time.perf_counter()
            await around.start()
            await around.ready()
            ready = time.perf_counter() - began
            await asyncio.sleep(_SETTLED_SECONDS)
            assert around.process is not None
            megabytes = _resident_megabytes(around.process.pid)
            await around.stop()
    return ready, megabytes


def _resident_megabytes(pid: int) -> float:
    """Of a process and its children, such as the one with the passage index."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_resident_megabytes(int(child)) for child in children)


def _row(case: str, metric: str, value: float) -> Row:
    return Row(benchmark="startup", case=case, system="ours", metric=metric, value=value)
