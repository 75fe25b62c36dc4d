"""The durable run of a recording, on a real engine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.digest.plan import DigestRequest
from bot.errors import SpeechError
from bot.runs.slots import Slot
from bot.runs.tries import Tries
from bot.speech.broadcast import Broadcast
from storage.database import Database
from storage.failures import StorageFailure
from tests.bot.digest.press import Press, request
from tests.bot.runs.works import HEAD_AND_HIGHLIGHTS, Works
from tests.bot.speech.studio import Studio
from tests.databases import NOW
from tests.fakes.speech import ToneVoice
from tests.waiting import until


class RecordingWorks(Works):
    """An engine with a voice."""

    def __init__(self, press: Press, runs: Path) -> None:
        super().__init__(press, runs)
        self.voice = ToneVoice()
        self.studio = Studio(press.database, runs.parent / "audio", self.voice, press.clock)

    def broadcast(self) -> Broadcast:
        async def nowhere(*_: object) -> None:
            pass

        return Broadcast(
            database=self.press.database,
            podcasts=self.studio.podcasts(),
            messenger=self.messenger,
            page_of=nowhere,
        )

    async def wait_for_recording(self, made: DigestRequest) -> None:
        """Wait until the recording's run ends."""
        await self.runs.wait_for_end(f"audio:{made.run_id}")

    async def standing(self, made: DigestRequest) -> str:
        return await self.studio.podcasts().status(made.run_id)


@pytest.fixture
async def works(fresh_sqlite_url: str, runs_file: Path) -> AsyncIterator[RecordingWorks]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    works = RecordingWorks(Press(database), runs_file)
    await works.start()
    yield works
    await works.stop()
    await database.close()


async def test_a_posted_digest_is_recorded_and_the_file_attached_to_its_first_message(
    works: RecordingWorks,
) -> None:
    await works.make(request())
    await works.wait_for_recording(request())

    assert "read by tones" in await works.standing(request())
    assert list(works.messenger.attached) == [works.messenger.posted[0].id]
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_digest_is_posted_and_its_run_over_while_the_voice_still_speaks(
    works: RecordingWorks,
) -> None:
    works.voice.gate.clear()

    digest = await works.make(request())

    assert digest is not None
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert works.messenger.attached == {}
    await until(lambda: works.workflows.at_work == {f"audio:{request().run_id}"})  # else it would look lost
    works.voice.gate.set()
    await works.wait_for_recording(request())
    assert len(works.messenger.attached) == 1


async def test_a_failing_voice_is_tried_a_few_times_and_does_not_affect_the_digest(
    works: RecordingWorks, monkeypatch: pytest.MonkeyPatch
) -> None:
    works.voice.failures = [SpeechError("The voice is hoarse.")] * 10
    pauses = list[int]()

    async def pause(_: Tries, earlier: int, __: Slot | None) -> None:
        pauses.append(earlier)

    monkeypatch.setattr(Tries, "pause", pause)
    await works.make(request())
    await works.wait_for_recording(request())

    assert pauses == [0, 1, 2]
    assert len(works.voice.failures) == 6
    assert await works.standing(request()) == "The voice is hoarse."
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert works.messenger.attached == {}
    assert works.messenger.told == []


async def test_a_recording_is_made_once_the_voice_recovers(works: RecordingWorks) -> None:
    works.voice.failures = [SpeechError("The voice is hoarse.")] * 2

    await works.make(request())
    await works.wait_for_recording(request())

    assert len(works.messenger.attached) == 1


async def test_a_bug_in_a_voice_ends_only_the_recording(
    works: RecordingWorks, caplog: pytest.LogCaptureFixture
) -> None:
    works.voice.failures = [ZeroDivisionError()]  # type: ignore[list-item]

    await works.make(request())
    await works.wait_for_recording(request())

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert "incident" in caplog.text


async def test_a_refused_digest_is_recorded_once_it_is_posted(works: RecordingWorks) -> None:
    works.messenger.closed = {70}
    await works.make(request())
    await works.wait_for_recording(request())
    assert works.voice.said == []

    works.messenger.closed = set()
    async with works.press.database.begin() as tx:
        await tx.deliveries.plan_again(7, request().week)
    assert await works.runs.deliver_again(request())

    await until(lambda: list(works.messenger.attached))
    assert works.voice.said


async def test_previews_and_personal_digests_are_not_recorded(works: RecordingWorks) -> None:
    await works.make(request(published=False, run_id="preview:7:1"))
    own = request(server_id=9, channel_id=90, admin_id=9)
    async with works.press.database.begin() as tx:
        await tx.subscriptions.save(own.subscription)
    await works.make(own)

    await asyncio.sleep(0.5)  # several polls of the queues
    assert works.voice.said == []
    assert not await works.runs.is_in_hand("audio:preview:7:1")


async def test_one_digest_is_recorded_at_a_time(
    works: RecordingWorks, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests, begun, record = [request(), request(server_id=8, channel_id=80)], list[str](), Broadcast.record

    async def note_and_record(broadcast: Broadcast, digest_id: str, *, only_posted: bool) -> str:
        begun.append(digest_id)
        return await record(broadcast, digest_id, only_posted=only_posted)

    monkeypatch.setattr(Broadcast, "record", note_and_record)
    works.voice.gate.clear()
    for digest in digests:
        await works.make(digest)
    await until(lambda: works.workflows.at_work == {f"audio:{digest.run_id}" for digest in digests})
    await until(lambda: begun)
    await asyncio.sleep(0.3)  # a second one would begin now
    assert len(begun) == 1

    works.voice.gate.set()
    for digest in digests:
        await works.wait_for_recording(digest)
    assert len(works.messenger.attached) == 2


async def test_a_recording_is_attached_even_if_the_database_fails_meanwhile(
    works: RecordingWorks, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures, attach = [StorageFailure("The database is busy.")] * 2, Broadcast.attach

    async def fail_first(broadcast: Broadcast, digest_id: str) -> str:
        if failures:
            raise failures.pop()
        return await attach(broadcast, digest_id)

    monkeypatch.setattr(Broadcast, "attach", fail_first)
    await works.make(request())
    await works.wait_for_recording(request())

    assert len(works.messenger.attached) == 1


async def test_an_interrupted_recording_is_made_after_the_restart(works: RecordingWorks) -> None:
    works.voice.gate.clear()
    await works.make(request())
    await asyncio.sleep(0.5)
    await works.stop()
    works.voice.gate.set()

    await works.start()
    await works.wait_for_recording(request())

    assert len(works.messenger.attached) == 1
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_lost_recording_is_made_again_on_request(works: RecordingWorks) -> None:
    await works.make(request())
    await works.wait_for_recording(request())
    episode = await works.studio.podcasts().find(request().run_id)
    assert episode is not None
    episode.opus.unlink()

    await works.runs.start_audio(request().run_id, again=" 2026-11-23")
    await works.runs.wait_for_end(f"audio:{request().run_id} 2026-11-23")

    assert episode.opus.is_file()
