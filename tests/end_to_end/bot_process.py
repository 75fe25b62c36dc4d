"""The real bot as a process, pointed at the loopback servers: `python -m tests.end_to_end.bot_process`.

Discord's addresses, which are constants of discord.py, and the time are set here, and waits are shorter.
Everything else is as in `broadsheet run`.
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
"""How long the bot waits for more servers before it is ready: two seconds in discord.py, but here all come
at once."""


async def run() -> None:
    """Run the bot until it is told to stop."""
    point_discord_at(os.environ["TEST_DISCORD"])
    settings = load_settings(env_file=None)
    to_terminal(settings.log_level)
    clock = ShiftedClock(datetime.fromisoformat(os.environ["TEST_NOW"]))
    await run_bot(settings, clock=clock, pace=PACE)


def main() -> None:
    """Run the bot with the vectors that other bots of this test run have computed, and with short waits."""
    with pytest.MonkeyPatch.context() as patch:
        remember_in(Path(os.environ["TEST_VECTORS"]), patch)
        waiting = partialmethod(ConnectionState.__init__, guild_ready_timeout=SETTLED_SECONDS)
        patch.setattr(ConnectionState, "__init__", waiting)
        asyncio.run(run())


if __name__ == "__main__":
    main()
