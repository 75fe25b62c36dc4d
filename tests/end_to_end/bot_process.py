"""The real bot as a process of its own, pointed at the loopback servers.

`python -m tests.end_to_end.bot_process`: Discord's addresses are constants of discord.py and the time is the
operating system's, so both are handed over here. It waits less for what does not come. Everything else is as
for `broadsheet run`.
"""

import asyncio
import os
from datetime import datetime
from functools import partialmethod
from pathlib import Path

import pytest
from discord.state import ConnectionState

from bot.logs import to_terminal
from bot.running import Pace, run_bot
from bot.settings_loading import load_settings
from tests.end_to_end.remembered_vectors import remember_in
from tests.fakes.clock import ShiftedClock
from tests.fakes.discord import point_discord_at

PACE = Pace(tick_seconds=0.5, pauses_seconds=(2.0,), beat_seconds=0.5, silent_seconds=8.0, poll_seconds=0.5)
SETTLED_SECONDS = 0.5
"""How long the bot waits for more servers before it is ready, which is two seconds in discord.py; here all
come right behind the first word."""


async def run() -> None:
    """The bot until it is told to stop."""
    point_discord_at(os.environ["TEST_DISCORD"])
    settings = load_settings(env_file=None)
    to_terminal(settings.log_level)
    clock = ShiftedClock(datetime.fromisoformat(os.environ["TEST_NOW"]))
    await run_bot(settings, clock=clock, pace=PACE)


def main() -> None:
    """With the vectors that other bots of the same test run have made, and with short waits."""
    with pytest.MonkeyPatch.context() as patch:
        remember_in(Path(os.environ["TEST_VECTORS"]), patch)
        waiting = partialmethod(ConnectionState.__init__, guild_ready_timeout=SETTLED_SECONDS)
        patch.setattr(ConnectionState, "__init__", waiting)
        asyncio.run(run())


if __name__ == "__main__":
    main()
