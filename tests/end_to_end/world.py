"""The world around the bot: Discord with a server and its admin, arXiv, a model server, and a clock."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage.database import Database
from storage.model import Subscription
from tests.end_to_end.forked_bot import ForkedBot
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.clock import ShiftedClock
from tests.fakes.discord import Channel, FakeDiscord, Guild, Json, Member
from tests.fakes.discord.limits import walk
from tests.fakes.openai import FakeOpenAI

PATIENCE_SECONDS = 300.0
THURSDAY = datetime(2026, 11, 19, 12, tzinfo=UTC)
"""Before the sample week's digest can be due."""
FRIDAY_NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""When it is due for a subscription for Fridays at 9, UTC."""
AS_USUAL = "tests.end_to_end"
"""The module of a bot that is started as in production."""
_CLEAN = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass
class World:
    """Everything outside the bot, and the bot's process."""

    discord: FakeDiscord
    arxiv: FakeArxiv
    model: FakeOpenAI
    guild: Guild
    channel: Channel
    admin: Member
    folder: Path
    database_url: str | None
    clock: list[ShiftedClock]
    settings: dict[str, str] = field(default_factory=dict)
    bot_module: str | None = None
    """The module to run as the bot in a new Python, which takes seconds to start; None forks the bot."""
    process: asyncio.subprocess.Process | ForkedBot | None = None
    connections_before: int = 0
    """How often bots had connected to Discord before the last start."""

    def now(self) -> datetime:
        """The current time in this world."""
        return self.clock[0].now()

    def set_clock(self, moment: datetime) -> None:
        """Set the time: for Discord at once, for the bot from its next start."""
        self.clock[0] = ShiftedClock(moment)

    def environment(self) -> dict[str, str]:
        """The bot's environment variables."""
        return {
            **{name: os.environ[name] for name in _CLEAN if name in os.environ},
            "DISCORD_TOKEN": self.discord.token,
            "TEST_DISCORD": self.discord.base_url,
            "TEST_VECTORS": str(_shared_folder(self.folder) / "vectors.sqlite"),
            "TEST_NOW": self.clock[0].now().isoformat(),
            "BROADSHEET_DATA": str(self.folder / "data"),
            "ARXIV_API_URL": self.arxiv.api_url,
            "ARXIV_RSS_URL": self.arxiv.rss_url,
            "ARXIV_PDF_URL": self.arxiv.pdf_url,
            "ARXIV_DELAY_SECONDS": "0",
            "BROADSHEET_VOICE": "none",
            **({"DATABASE_URL": self.database_url} if self.database_url else {}),
            **self.settings,
        }

    async def start(self) -> None:
        """Start the bot."""
        self.connections_before = self._connections()
        if self.bot_module is None:
            self.process = ForkedBot(self.environment(), self.folder / "bot.log")
            return
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self.bot_module),
                env=self.environment(),
                stdout=log,
                stderr=log,
            )

    async def subscribe(self, **changes: Any) -> None:
        """Store a subscription for Fridays at 9, as the admin's `/setup` on Thursday would."""
        subscription = Subscription(
            server_id=self.guild.id,
            channel_id=self.channel.id,
            categories=("cs.CL", "cs.LG"),
            interests="retrieval-augmented generation; long contexts",
            created_at=THURSDAY,
            admin_id=self.admin.id,
        )
        async with self.database() as database, database.begin() as tx:
            await tx.subscriptions.save(replace(subscription, **changes))

    async def ready(self) -> None:
        """Wait until the bot started last is connected; fails with the log if it exits."""
        await self.until(lambda: self._connections() > self.connections_before)

    def _connections(self) -> int:
        return self.discord.gateway.identified + self.discord.gateway.resumed

    async def stop(self, *, seconds: float = PATIENCE_SECONDS) -> int:
        """Stop the bot with SIGTERM and return its exit code."""
        self.terminate()
        return await self.ended(seconds=seconds)

    def terminate(self) -> None:
        """Send SIGTERM and don't wait."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL (kill -9) and don't wait."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)

    async def ended(self, *, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait until the bot's process exits and return its exit code."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), seconds)

    async def until(self, condition: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until something outside the bot holds; fails with the log if the bot exits."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            late = asyncio.get_running_loop().time() > deadline
            if late or (self.process is not None and self.process.returncode is not None):
                raise AssertionError(f"{'too late' if late else 'the bot ended'}\n{self.log()[-6000:]}")
            await asyncio.sleep(0.05)

    def log(self) -> str:
        """What the bot logged."""
        return (self.folder / "bot.log").read_text(errors="replace")

    def posted(self) -> list[Json]:
        """The messages in the channel, oldest first."""
        return self.discord.messages(self.channel)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The bot's database, opened from the test as well."""
        (self.folder / "data").mkdir(exist_ok=True)
        url = self.database_url or f"sqlite:///{self.folder / 'data' / 'broadsheet.sqlite'}"
        database = await Database.open(url, clock_now=self.now)
        try:
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def world(
    folder: Path, database_url: str | None = None, *, now: datetime = THURSDAY
) -> AsyncIterator[World]:
    """A world whose bot is not running yet; if it runs at the end, it is killed."""
    clock = [ShiftedClock(now)]

    def this_moment() -> datetime:
        return clock[0].now()

    async with (
        FakeDiscord(now=this_moment) as discord,
        FakeArxiv() as arxiv,
        FakeOpenAI() as model,
    ):
        guild = discord.add_guild("Lab")
        made = World(
            discord=discord,
            arxiv=arxiv,
            model=model,
            guild=guild,
            channel=discord.add_channel(guild, "papers"),
            admin=discord.add_member(guild, "ada", manage_guild=True),
            folder=folder,
            database_url=database_url,
            clock=clock,
        )
        try:
            yield made
        finally:
            if made.process is not None and made.process.returncode is None:
                made.kill()
                await made.ended()


def _shared_folder(folder: Path) -> Path:
    """A folder that all tests of the run share; with several workers, it holds the folder of each."""
    return folder.parents[1] if "PYTEST_XDIST_WORKER" in os.environ else folder.parent


def texts(message: Json) -> list[str]:
    """All texts of a message, in order."""
    return [component["content"] for component in walk(message["components"]) if "content" in component]


def marker(message: Json) -> str:
    """The last line of a message, which holds the delivery's key."""
    return texts(message)[-1]


def shortly_before(moment: datetime) -> datetime:
    """A few seconds earlier, so that the moment comes while the bot runs."""
    return moment - timedelta(seconds=4)
