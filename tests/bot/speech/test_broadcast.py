"""What becomes of a recording once its digest is posted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.outbox import Outbox
from bot.digest.messages import deliveries
from bot.digest.plan import DigestRequest
from bot.errors import SpeechError
from bot.speech.broadcast import Broadcast, Outcome
from bot.weeks import parse_week
from storage.database import Database
from storage.model import Subscription
from tests.bot.rendering.discord_checks import components, texts
from tests.bot.speech.studio import DIGEST, WISH, Studio, stored
from tests.databases import NOW
from tests.fakes.messenger import FakeMessenger, Fault


@dataclass
class Stage:
    studio: Studio
    messenger: FakeMessenger

    def broadcast(self, *, page: str | None = None) -> Broadcast:
        async def page_of(_: Subscription, week: str) -> str | None:
            return None if page is None else f"{page}{week}.html"

        return Broadcast(
            database=self.studio.database,
            podcasts=self.studio.podcasts(),
            messenger=self.messenger,
            page_of=page_of,
        )

    async def post(self) -> None:
        """The digest's messages into the channel."""
        request = DigestRequest(run_id=DIGEST.id, subscription=WISH, week=DIGEST.week, published=True)
        async with self.studio.database.begin() as tx:
            await tx.deliveries.plan(deliveries(DIGEST, request, parse_week(DIGEST.week), {}))
        outbox = Outbox(self.studio.database, self.messenger, self.studio.clock)
        assert (await outbox.deliver(WISH.server_id, DIGEST.week)).is_finished

    def head(self) -> list[str]:
        return texts(dict(self.messenger.posted[0].payload))


@pytest.fixture
async def stage(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    await stored(database)
    studio = Studio(database, tmp_path / "audio")
    yield Stage(studio, FakeMessenger(studio.clock))
    await database.close()


async def test_the_recording_is_attached_to_the_head_message_however_often(stage: Stage) -> None:
    await stage.post()
    before = stage.head()
    await stage.studio.shelve(b"the sound")

    for _ in range(2):
        assert await stage.broadcast().attach(DIGEST.id) == Outcome.DONE

    (message_id,) = stage.messenger.attached
    attached = stage.messenger.attached[message_id]
    assert message_id == stage.messenger.posted[0].id
    assert attached.name == "broadsheet-2026-W47.ogg"
    assert attached.content == b"the sound"
    assert [text for text in stage.head() if text in before] == before
    assert any("0:00 Opening" in text for text in stage.head())
    assert len(stage.head()) == len(before) + 1


async def test_one_that_is_too_large_is_linked_where_the_digest_is_public(stage: Stage) -> None:
    await stage.post()
    await stage.studio.shelve(b"x" * 1_001)
    stage.messenger.most_upload_bytes = 1_000

    assert await stage.broadcast(page="https://site.example/").attach(DIGEST.id) == Outcome.DONE

    assert stage.messenger.attached == {}
    assert any(f"[Listen](https://site.example/{DIGEST.week}.html)" in text for text in stage.head())


async def test_one_that_is_too_large_changes_nothing_where_the_digest_is_not_public(stage: Stage) -> None:
    await stage.post()
    before = stage.head()
    await stage.studio.shelve(b"x" * 1_001)
    stage.messenger.most_upload_bytes = 1_000

    assert await stage.broadcast().attach(DIGEST.id) == Outcome.DONE

    assert stage.head() == before


async def test_one_whose_files_are_on_another_machine_is_made_again_and_attached(stage: Stage) -> None:
    await stage.post()
    assert await stage.broadcast().record(DIGEST.id) == Outcome.DONE
    for file in stage.studio.folder.iterdir():
        file.unlink()

    assert await stage.broadcast().attach(DIGEST.id) == Outcome.DONE

    assert len(stage.messenger.attached) == 1


async def test_nothing_is_left_of_a_problem_once_the_recording_is_made(stage: Stage) -> None:
    await stage.studio.podcasts().note_problem(DIGEST.id, "The voice failed.")

    assert await stage.broadcast().record(DIGEST.id) == Outcome.DONE

    async with stage.studio.database.begin() as tx:
        assert await tx.state.named("") == {}


async def test_one_that_is_no_longer_kept_is_neither_made_again_nor_attached(stage: Stage) -> None:
    await stage.post()
    stage.studio.keep = timedelta(weeks=1)
    stage.studio.clock.move_to(DIGEST.created_at + timedelta(weeks=2))

    assert await stage.broadcast().record(DIGEST.id) == Outcome.OVER
    assert await stage.broadcast().attach(DIGEST.id) == Outcome.OVER

    assert stage.studio.said == []
    assert stage.messenger.attached == {}
    assert "Recordings are kept for 1 week," in await stage.studio.podcasts().status(DIGEST.id)


async def test_an_unclear_edit_is_tried_again(stage: Stage) -> None:
    await stage.post()
    await stage.studio.shelve(b"x" * 1_001)
    stage.messenger.faults = [Fault.STORED]

    assert await stage.broadcast().attach(DIGEST.id) == Outcome.AGAIN
    assert "may not have been attached" in await stage.studio.podcasts().problem(DIGEST.id)
    assert await stage.studio.podcasts().retry_after(DIGEST.id) is None
    assert await stage.broadcast().attach(DIGEST.id) == Outcome.DONE
    assert await stage.studio.podcasts().problem(DIGEST.id) == ""

    assert len(stage.messenger.attached) == 1


async def test_a_refused_file_leaves_the_message_and_is_told_to_those_who_ask(stage: Stage) -> None:
    await stage.post()
    before = stage.head()
    await stage.studio.shelve(b"x" * 1_001)
    stage.messenger.closed = {70}

    assert await stage.broadcast().attach(DIGEST.id) == Outcome.OVER

    assert stage.head() == before
    assert "could not be attached. The bot lacks permissions" in await stage.studio.podcasts().status(
        DIGEST.id
    )


async def test_a_digest_that_stands_nowhere_is_recorded_all_the_same(stage: Stage) -> None:
    assert await stage.broadcast().record(DIGEST.id) == Outcome.DONE
    assert await stage.broadcast().attach(DIGEST.id) == Outcome.OVER
    assert await stage.studio.podcasts().find(DIGEST.id) is not None


async def test_a_voices_failure_is_kept_until_it_succeeds(stage: Stage) -> None:
    assert stage.studio.voice is not None
    stage.studio.voice.failures = [
        SpeechError("The voice is hoarse."),
        SpeechError("The voice is gone.", retryable=False),
    ]

    assert await stage.broadcast().record(DIGEST.id) == Outcome.AGAIN
    assert await stage.studio.podcasts().status(DIGEST.id) == "The voice is hoarse."
    assert await stage.broadcast().record(DIGEST.id) == Outcome.OVER
    assert await stage.broadcast().record(DIGEST.id) == Outcome.DONE

    assert await stage.studio.podcasts().problem(DIGEST.id) == ""


def test_what_is_one_persons_own_is_not_recorded(stage: Stage) -> None:
    own = Subscription(server_id=9, channel_id=90, admin_id=9)

    assert stage.broadcast().is_wanted(WISH)
    assert not stage.broadcast().is_wanted(own)
    stage.studio.voice = None
    assert not stage.broadcast().is_wanted(WISH)


async def test_the_file_stands_above_the_marker(stage: Stage) -> None:
    await stage.post()
    await stage.studio.shelve()

    await stage.broadcast().attach(DIGEST.id)

    kinds = [component["type"] for component in components(dict(stage.messenger.posted[0].payload))]
    assert kinds[-2:] == [13, 10]
    assert stage.head()[-1] == "-# broadsheet 42-70-2026-W47-0"
