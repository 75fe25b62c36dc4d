"""From a digest in the channel to its recording, attached to it."""

from pathlib import Path

import pytest

from tests.bot.speech.sound import chapters
from tests.end_to_end.world import FRIDAY_NINE, THURSDAY, World, shortly_before, texts, world

pytestmark = pytest.mark.xdist_group("faults")
HIGHLIGHTS = 2


def attached(around: World) -> list[str]:
    """The URLs of the files attached to the head message."""
    return [file["url"] for message in around.posted()[:1] for file in message["attachments"]]


async def test_a_posted_digest_gets_a_recording_that_members_can_hear(tmp_path: Path) -> None:
    async with world(tmp_path, now=THURSDAY) as around:
        around.settings = {
            "BROADSHEET_VOICE": "openai",
            "OPENAI_BASE_URL": around.model.base_url,
        }
        await around.subscribe(highlights=HIGHLIGHTS)
        around.set_clock(shortly_before(FRIDAY_NINE))
        await around.start()

        await around.until(lambda: attached(around))
        exchange = await around.discord.slash(around.admin, "digest listen", {}, channel=around.channel)
        answer = await exchange.message()
        assert await around.stop() == 0

        (url,) = attached(around)
        sound = tmp_path / "heard.ogg"
        sound.write_bytes(around.discord.messenger.files[url.removeprefix(around.discord.base_url)])
        assert len(chapters(sound)) >= HIGHLIGHTS + 2
        head = texts(around.posted()[0])
        assert any("0:00 Opening" in text for text in head)
        assert head[-1].startswith("-# broadsheet")
        assert [file["filename"] for file in answer["attachments"]] == ["broadsheet-2026-W47.ogg"]
        assert len({request["input"] for request in around.model.spoken}) == len(around.model.spoken)
