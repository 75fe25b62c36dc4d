"""Recordings: made once, found again, made anew when they are gone."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import InputError, SpeechError
from bot.settings import Settings
from bot.speech.podcasts import present, recordings, why_no_voice
from storage.database import Database
from tests.bot.speech import sound
from tests.bot.speech.studio import DIGEST, WISH, Studio, stored
from tests.databases import NOW


@pytest.mark.parametrize(
    ("voice", "missing"),
    [
        ("auto", "pip install hibari-tts"),
        ("hibari", "pip install hibari-tts"),
        ("openai", "OPENAI_API_KEY"),
        ("none", "BROADSHEET_VOICE"),
    ],
)
def test_what_a_voice_lacks_is_named(voice: str, missing: str) -> None:
    settings = Settings(_env_file=None).model_copy(
        update={"voice": voice, "openai_api_key": None, "openai_base_url": None}
    )

    assert missing in why_no_voice(settings)


@pytest.fixture
async def studio(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Studio]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    await stored(database)
    yield Studio(database, tmp_path / "audio")
    await database.close()


async def test_a_recording_is_made_and_found_again(studio: Studio) -> None:
    made = await studio.podcasts().make(DIGEST.id)

    found = await studio.podcasts().find(DIGEST.id)

    assert found == made
    assert made.mp3.name == "digest-42-2026-W47.mp3"
    assert made.opus.name == "digest-42-2026-W47.opus"
    assert [chapter.paper_key for chapter in made.audio.chapters] == [None, "2611.90001v1", None]
    assert made.audio.voice == "tones"
    assert len(sound.decoded(made.opus)) / sound.RATE == pytest.approx(made.audio.seconds, abs=0.2)
    assert await studio.podcasts().status(DIGEST.id) == f"{made.audio.seconds:.0f} s, read by tones"


async def test_what_is_there_is_not_made_again(studio: Studio) -> None:
    await studio.podcasts().make(DIGEST.id)
    said = list(studio.said)

    await studio.podcasts().make(DIGEST.id)

    assert studio.said == said


async def test_two_who_ask_at_once_get_one_recording(studio: Studio) -> None:
    podcasts = studio.podcasts()

    one, other = await asyncio.gather(podcasts.make(DIGEST.id), podcasts.make(DIGEST.id))

    assert one == other
    assert len(studio.said) == len(set(studio.said))


def gone(file: Path) -> None:
    file.unlink()


def emptied_by_a_power_cut(file: Path) -> None:
    file.write_bytes(b"")


def of_a_recording_made_elsewhere(file: Path) -> None:
    file.write_bytes(b"of another length")


@pytest.mark.parametrize("become", [gone, emptied_by_a_power_cut, of_a_recording_made_elsewhere])
async def test_a_recording_whose_file_is_not_its_own_is_made_anew(
    studio: Studio, become: Callable[[Path], None]
) -> None:
    made = await studio.podcasts().make(DIGEST.id)
    become(made.opus)
    assert present(studio.folder, made.audio) == (made.mp3,)
    assert await studio.podcasts().find(DIGEST.id) is None

    again = await studio.podcasts().make(DIGEST.id)

    assert present(studio.folder, again.audio) == (again.mp3, again.opus)


async def test_files_of_unknown_size_are_taken_unless_they_are_empty(studio: Studio) -> None:
    await studio.shelve()
    episode = await studio.podcasts().find(DIGEST.id)
    assert episode is not None
    emptied_by_a_power_cut(episode.mp3)

    assert await studio.podcasts().find(DIGEST.id) is None


@pytest.mark.parametrize(("keep", "left"), [(timedelta(weeks=8), ["mine.txt", "new.mp3"]), (None, None)])
async def test_recordings_older_than_they_are_kept_go_when_another_is_made(
    studio: Studio, keep: timedelta | None, left: list[str] | None
) -> None:
    studio.keep = keep
    studio.folder.mkdir()
    for name, weeks in (("old.mp3", 9), ("old.opus", 9), ("mine.txt", 9), ("new.mp3", 7)):
        (studio.folder / name).write_bytes(b"sound")
        made_at = (NOW - timedelta(weeks=weeks)).timestamp()
        os.utime(studio.folder / name, (made_at, made_at))
    before = sorted(path.name for path in studio.folder.iterdir())

    made = await studio.podcasts().make(DIGEST.id)

    others = sorted(path.name for path in studio.folder.iterdir() if path not in {made.mp3, made.opus})
    assert others == (before if left is None else left)


async def test_recordings_of_digests_deleted_by_another_machine_go_when_one_is_made(studio: Studio) -> None:
    made = await studio.podcasts().make(DIGEST.id)
    names = ["digest-9-2026-W30.mp3", "digest-9-2026-W30.opus", "digest-9-2026-W31.mp3", "digest-mine.txt"]
    for name in names:
        (studio.folder / name).write_bytes(b"sound")
    days_old = {names[2]: timedelta(hours=23)}
    for path in studio.folder.iterdir():
        touched_at = (NOW - days_old.get(path.name, timedelta(days=2))).timestamp()
        os.utime(path, (touched_at, touched_at))
    made.opus.unlink()  # so that it is made anew

    await studio.podcasts().make(DIGEST.id)

    left = sorted(path.name for path in studio.folder.iterdir())
    assert left == sorted([made.mp3.name, made.opus.name, names[2], names[3]])


async def test_a_digest_older_than_recordings_are_kept_is_not_recorded_again(studio: Studio) -> None:
    studio.keep = timedelta(weeks=8)
    await studio.podcasts().make(DIGEST.id)
    studio.said.clear()
    studio.clock.move_to(DIGEST.created_at + timedelta(weeks=8, seconds=1))

    still_there = await studio.podcasts().make(DIGEST.id)
    still_there.opus.unlink()
    with pytest.raises(SpeechError, match="kept for 8 weeks, and this digest is older") as caught:
        await studio.podcasts().make(DIGEST.id)

    assert not caught.value.retryable
    assert studio.said == []


@pytest.mark.parametrize("keep", [None, timedelta(weeks=8)])
async def test_a_digest_that_is_as_old_as_recordings_are_kept_is_recorded(
    studio: Studio, keep: timedelta | None
) -> None:
    studio.keep = keep
    studio.clock.move_to(DIGEST.created_at + timedelta(weeks=8))

    assert studio.podcasts().why_not_kept(DIGEST) == ""
    await studio.podcasts().make(DIGEST.id)

    assert studio.said


async def test_it_opens_with_the_name_under_which_the_server_publishes(studio: Studio) -> None:
    async with studio.database.begin() as tx:
        await tx.subscriptions.save(replace(WISH, publication="The Tuesday Reader"))

    made = await studio.podcasts().make(DIGEST.id)

    assert studio.said[0].startswith("This is The Tuesday Reader.")
    assert "album=The Tuesday Reader" in sound.metadata(made.mp3)


async def test_without_a_voice_it_says_so(studio: Studio) -> None:
    studio.voice = None

    with pytest.raises(SpeechError, match="BROADSHEET_VOICE") as caught:
        await studio.podcasts().make(DIGEST.id)

    assert not caught.value.retryable
    assert not studio.podcasts().can_speak
    assert "BROADSHEET_VOICE" in await studio.podcasts().status(DIGEST.id)


async def test_a_digest_that_nobody_made_cannot_be_read(studio: Studio) -> None:
    with pytest.raises(InputError, match="no such digest"):
        await studio.podcasts().make("digest:1:2026-W01")


async def test_a_folder_that_cannot_be_made_is_an_error_in_words(studio: Studio) -> None:
    studio.folder.write_text("a file in its place")

    with pytest.raises(SpeechError, match="could not be written"):
        await studio.podcasts().make(DIGEST.id)


@pytest.mark.parametrize(
    ("digest_id", "name"),
    [
        ("digest:42:2026-W47", "digest-42-2026-W47"),
        ("preview:0:2026-W47:ab12", "preview-0-2026-W47-ab12"),
        ("../../etc/passwd", "------etc-passwd"),
    ],
)
def test_files_are_named_after_their_digest_and_stay_in_the_folder(digest_id: str, name: str) -> None:
    assert recordings(Path("audio"), digest_id) == (Path(f"audio/{name}.mp3"), Path(f"audio/{name}.opus"))
