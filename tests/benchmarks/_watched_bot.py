"""The bot as a process whose event loop is watched: `python -m tests.benchmarks._watched_bot`.

Each delay of 10 ms or more is a line in the file named by TEST_DELAYS: when it ended, in seconds since the
epoch, and its length in seconds.
"""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks._loop import LoopWatch
from tests.end_to_end.bot_process import run

MODULE = __name__
_NOTED_SECONDS = 0.01


def worst_delay(file: Path, *, since: float) -> float:
    """The longest delay that ended after `since` (seconds since the epoch); 0 if there was none."""
    noted = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
    return max((float(seconds) for ended, seconds in noted if float(ended) > since), default=0.0)


async def _run_watched(note: Callable[[float], None]) -> None:
    async with LoopWatch(note):
        await run()


def main() -> None:
    with Path(os.environ["TEST_DELAYS"]).open("w", encoding="ascii", buffering=1) as file:

        def note(seconds: float) -> None:
            if seconds >= _NOTED_SECONDS:
                file.write(f"{time.time()} {seconds}\n")

        asyncio.run(_run_watched(note))


if __name__ == "__main__":
    main()
