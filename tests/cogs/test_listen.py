"""/digest listen."""

from datetime import timedelta

import pytest

from bot.rendering.status import message_link, moment
from bot.speech.podcasts import NO_VOICE, Podcasts, recordings
from storage.model import Audio, Chapter
from tests.cogs.lab import NOW, SITE_URL, WEEK, Lab, is_private, shown
from tests.fakes.speech import ToneVoice


async def record(lab: Lab, content: bytes = b"sound") -> None:
    """A recording of the server's latest digest, whose sound nobody hears."""
    digest = await lab.latest()
    assert digest is not None
    chapters = (Chapter(title="Opening", start_seconds=0.0), Chapter(title="Receipt", start_seconds=61.0))
    audio = Audio(digest_id=digest.id, seconds=754, chapters=chapters, voice="tones", created_at=NOW)
    lab.audio.mkdir(exist_ok=True)
    for path in recordings(lab.audio, digest.id):
        path.write_bytes(content)
    async with lab.database.begin() as tx:
        await tx.audios.save(audio)


async def test_everybody_hears_the_latest_digest_with_its_chapters_for_themselves(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    await record(lab)

    answer = await lab.member.slash(lab.channel, "digest listen")

    assert is_private(answer)
    assert "Broadsheet, 16–22 November 2026" in shown(answer)
    assert "🎧 13 min · 0:00 Opening · 1:01 Receipt" in shown(answer)
    messages = [message for message in (answer.response, *answer.followups) if message is not None]
    (file,) = (file for message in messages for file in message.attachments)
    assert file.filename == f"broadsheet-{WEEK}.ogg"


async def test_a_week_can_be_named(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    await record(lab)

    there = await lab.member.slash(lab.channel, "digest listen", week=WEEK)
    missing = await lab.member.slash(lab.channel, "digest listen", week="2026-W40")

    assert "0:00 Opening" in shown(there)
    assert shown(missing) == "This server has no digest of 2026-W40."


async def test_without_a_digest_there_is_nothing_to_hear(lab: Lab) -> None:
    answers = [await who.slash(lab.channel, "digest listen") for who in (lab.admin, lab.member)]

    assert [shown(answer) for answer in answers] == [
        "There is no digest yet. Set one up with `/setup`.",
        "There is no digest yet. Someone who manages this server can set one up with `/setup`.",
    ]


async def test_a_recording_that_is_not_there_is_begun_once(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")

    answers = [await lab.member.slash(lab.channel, "digest listen") for _ in range(2)]

    assert all("is being made. Try again in a few minutes" in shown(answer) for answer in answers)
    assert len(set(lab.runs.recordings)) == 1


async def test_a_failure_says_why(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    digest = await lab.latest()
    assert digest is not None
    await lab.client.services.podcasts.note_problem(digest.id, "The voice is hoarse.")

    answer = await lab.member.slash(lab.channel, "digest listen")
    status = await lab.run("digest status")

    assert f"There is no recording of {WEEK}: The voice is hoarse." in shown(answer)
    assert "**Recording**: The voice is hoarse." in shown(status)
    assert lab.runs.recordings == []


async def test_what_failed_is_tried_again_for_who_asks_a_day_later(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    digest = await lab.latest()
    assert digest is not None
    await lab.client.services.podcasts.note_problem(digest.id, "The disk is full.")

    soon = await lab.member.slash(lab.channel, "digest listen")
    lab.clock.move_to(NOW + timedelta(days=1))
    later = await lab.member.slash(lab.channel, "digest listen")

    assert f"Ask again after {moment(NOW + timedelta(days=1))}, and I will retry." in shown(soon)
    assert "is being made" in shown(later)
    assert lab.runs.recordings == [f"{digest.id} {NOW + timedelta(days=1):%Y-%m-%d}"]


async def test_without_a_voice_nothing_is_tried_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    await lab.set_up()
    await lab.run("digest now")
    silent = Podcasts(database=lab.database, voice=None, folder=lab.audio, clock=lab.clock)
    monkeypatch.setattr(lab.client.services, "podcasts", silent)

    answer = await lab.member.slash(lab.channel, "digest listen")

    assert shown(answer) == f"There is no recording of {WEEK}: {NO_VOICE}"
    assert lab.runs.recordings == []


async def test_a_recording_on_another_machine_is_linked_where_it_is_attached(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    await record(lab)
    digest = await lab.latest()
    assert digest is not None
    for path in recordings(lab.audio, digest.id):
        path.unlink()

    answer = shown(await lab.member.slash(lab.channel, "digest listen"))
    status = shown(await lab.run("digest status"))

    async with lab.database.begin() as tx:
        head, *_ = await tx.deliveries.of(digest.server_id, digest.week)
    assert answer.endswith(f"It is attached to the digest: {message_link(head)}")
    assert "**Recording**: 13 min, read by tones; its files are not on this machine" in status


async def test_a_recording_that_is_no_longer_kept_is_not_made_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up()
    await lab.run("digest now")
    kept = Podcasts(
        database=lab.database, voice=ToneVoice(), folder=lab.audio, clock=lab.clock, keep=timedelta(weeks=8)
    )
    monkeypatch.setattr(lab.client.services, "podcasts", kept)
    lab.clock.move_to(NOW + timedelta(weeks=9))

    never_made = shown(await lab.member.slash(lab.channel, "digest listen", week=WEEK))
    await record(lab)
    heard = shown(await lab.member.slash(lab.channel, "digest listen", week=WEEK))
    digest = await lab.latest()
    assert digest is not None
    for path in recordings(lab.audio, digest.id):
        path.unlink()
    deleted = shown(await lab.member.slash(lab.channel, "digest listen", week=WEEK))

    too_old = f"There is no recording of {WEEK}: Recordings are kept for 8 weeks, and this digest is older."
    assert never_made == too_old
    assert "0:00 Opening" in heard
    assert deleted.startswith(
        f"{too_old} The one that was made may still be attached to the digest: https://"
    )
    assert lab.runs.recordings == []


async def test_one_that_is_too_large_for_the_server_says_so(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    await record(lab, b"x" * (25 * 2**20 + 1))

    assert "is too large to send here." in shown(await lab.member.slash(lab.channel, "digest listen"))


async def test_one_that_is_too_large_is_linked_where_the_digest_is_public(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    await record(lab, b"x" * (25 * 2**20 + 1))
    await lab.run("digest publish", title="Lab papers")

    answer = shown(await lab.member.slash(lab.channel, "digest listen"))

    assert f"Listen to it at {SITE_URL}lab-papers-" in answer
    assert f"/{WEEK}.html" in answer


async def test_the_status_tells_of_the_recording(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    await record(lab)

    assert "**Recording**: 13 min, read by tones" in shown(await lab.run("digest status"))
