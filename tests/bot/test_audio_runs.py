"""The durable run of a recording, on a real engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from dbos._dbos import _get_or_create_dbos_registry

from bot.delivery.outbox import Outbox
from bot.digest.plan import DigestRequest
from bot.engine import Engine
from bot.errors import SpeechError
from bot.speech.broadcast import Broadcast
from bot.workflows import Workflows
from storage.database import Database
from storage.model import Digest
from tests.bot.digest.press import Press, request
from tests.bot.speech.studio import Studio
from tests.databases import NOW
from tests.fakes.messenger import FakeMessenger
from tests.fakes.speech import ToneVoice

HEAD_AND_HIGHLIGHTS = 3


class Works:
    """An engine with a voice, that can be stopped and started again."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.press = Press(database)
        self.voice = ToneVoice()
        self.studio = Studio(database, folder / "audio", self.voice, self.press.clock)
        self.messenger = FakeMessenger(self.press.clock)
        self._runs = folder / "runs.sqlite"
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        database = self.press.database
        self.workflows = Workflows(
            digests=self.press.digests(),
            clock=self.press.clock,
            outbox=Outbox(database, self.messenger, self.press.clock),
            messenger=self.messenger,
            broadcast=Broadcast(database=database, podcasts=self.studio.podcasts(), messenger=self.messenger),
            pauses_seconds=(0.01,),
        )
        url = f"sqlite:///{self._runs}"
        engine = Engine(database_url=url, process_name="main", workflows=self.workflows)
        await self._stack.enter_async_context(engine)

    async def stop(self) -> None:
        await self._stack.aclose()
        # A process has one engine in its life; here the next one stands for the next process.
        _get_or_create_dbos_registry().instance_info_map.clear()

    async def make(self, wish: DigestRequest) -> Digest | None:
        """Start a digest's run and wait for its end, which is not its recording's."""
        await self.workflows.start_digest(wish)
        await self.workflows.digest_made(wish.run_id)
        async with self.press.database.begin() as tx:
            return await tx.digests.get(wish.run_id)

    async def recorded(self, wish: DigestRequest) -> None:
        """Wait for the end of the recording's run."""
        await self.workflows.digest_made(f"audio:{wish.run_id}")

    async def standing(self, wish: DigestRequest) -> str:
        return await self.studio.podcasts().standing(wish.run_id)


@pytest.fixture
async def works(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Works]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    works = Works(database, tmp_path)
    await works.start()
    yield works
    await works.stop()
    await database.close()


async def test_a_posted_digest_is_recorded_and_its_head_gets_the_file(works: Works) -> None:
    await works.make(request())
    await works.recorded(request())

    assert "read by tones" in await works.standing(request())
    assert list(works.messenger.attached) == [works.messenger.posted[0].id]
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_digest_is_posted_and_over_while_the_voice_still_speaks(works: Works) -> None:
    works.voice.gate.clear()

    digest = await works.make(request())

    assert digest is not None
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert works.messenger.attached == {}
    works.voice.gate.set()
    await works.recorded(request())
    assert len(works.messenger.attached) == 1


async def test_a_failing_voice_is_tried_a_few_times_and_leaves_the_digest_alone(works: Works) -> None:
    works.voice.failures = [SpeechError("The voice is hoarse.")] * 10

    await works.make(request())
    await works.recorded(request())

    assert len(works.voice.failures) == 6
    assert await works.standing(request()) == "The voice is hoarse."
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert works.messenger.attached == {}
    assert works.messenger.told == []


async def test_a_voice_that_recovers_is_heard(works: Works) -> None:
    works.voice.failures = [SpeechError("The voice is hoarse.")] * 2

    await works.make(request())
    await works.recorded(request())

    assert len(works.messenger.attached) == 1


async def test_a_bug_in_a_voice_ends_the_recording_alone(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    works.voice.failures = [ZeroDivisionError()]  # type: ignore[list-item]

    await works.make(request())
    await works.recorded(request())

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert "incident" in caplog.text


async def test_previews_and_personal_digests_are_not_recorded(works: Works) -> None:
    await works.make(request(published=False, run_id="preview:7:1"))
    await works.make(request(server_id=9, channel_id=90, admin_id=9))

    await asyncio.sleep(0.5)  # several looks into the queues
    assert works.voice.said == []


async def test_a_recording_that_was_cut_off_is_made_after_the_restart(works: Works) -> None:
    works.voice.gate.clear()
    await works.make(request())
    await asyncio.sleep(0.5)
    await works.stop()
    works.voice.gate.set()

    await works.start()
    await works.recorded(request())

    assert len(works.messenger.attached) == 1
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_recording_that_is_gone_is_made_again_when_asked_for(works: Works) -> None:
    await works.make(request())
    await works.recorded(request())
    episode = await works.studio.podcasts().find(request().run_id)
    assert episode is not None
    episode.opus.unlink()

    await works.workflows.start_audio(request().run_id, again=" 2026-11-23")
    await works.workflows.digest_made(f"audio:{request().run_id} 2026-11-23")

    assert episode.opus.is_file()
