"""From /setup to the digest in the channel, on both databases."""

import os
from pathlib import Path

import pytest

from tests.end_to_end.world import FRIDAY_NINE, World, marker, shortly_before, texts, world

HIGHLIGHTS = 3
MESSAGES = 2 + HIGHLIGHTS
"""The head takes two messages."""
SETUP = {
    "arxiv_categories": "cs.CL,cs.LG",
    "interests": "retrieval-augmented generation; long contexts",
    "weekday": 4,
    "hour": 9,
    "time_zone": "UTC",
    "highlights": HIGHLIGHTS,
}
EXPECTED = Path(__file__).with_name("expected_digest.txt")

pytestmark = pytest.mark.xdist_group("end to end")


async def set_up(around: World, **changes: object) -> str:
    """Run /setup and return the answer."""
    exchange = await around.discord.slash(
        around.admin, "setup", {"channel": around.channel, **SETUP, **changes}, channel=around.channel
    )
    return "\n".join(texts(await exchange.message()))


async def test_a_week_becomes_due_and_its_digest_is_posted(tmp_path: Path, server_url: str | None) -> None:
    async with world(tmp_path, server_url) as around:
        await around.start()
        await around.ready()
        answer = await set_up(around)
        assert await around.stop() == 0
        around.set_clock(shortly_before(FRIDAY_NINE))

        await around.start()
        await around.until(lambda: len(around.posted()) == MESSAGES)
        assert await around.stop() == 0

        assert "gets its next digest on <t:" in answer
        shown = "\n\n".join("\n".join(texts(message)) for message in around.posted())
        shown = shown.replace(str(around.guild.id), "GUILD").replace(str(around.channel.id), "CHANNEL")
        if "UPDATE_EXPECTED" in os.environ:
            EXPECTED.write_text(shown + "\n", encoding="utf-8")
        assert shown == EXPECTED.read_text(encoding="utf-8").rstrip("\n")
        assert "; summaries: extracts; embedder: " in around.log()
        assert len({marker(message) for message in around.posted()}) == MESSAGES
