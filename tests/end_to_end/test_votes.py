"""From a vote on a highlight to the order of the next week, in a real process over sockets."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.end_to_end.test_weekly import HIGHLIGHTS, MESSAGES, set_up
from tests.end_to_end.world import FRIDAY_NINE, World, shortly_before, texts, world
from tests.fakes.discord import Json

NEXT_FRIDAY = FRIDAY_NINE + timedelta(days=7)


def buttons(message: Json) -> dict[str, str]:
    """The labels of a message's votes, by custom id."""
    found: dict[str, str] = {}

    def walk(components: list[Json]) -> None:
        for component in components:
            if component.get("custom_id", "").startswith(("broadsheet:up:", "broadsheet:down:")):
                found[component["custom_id"]] = component["label"]
            walk(component.get("components", []))

    walk(message["components"])
    return found


async def explained(around: World, person: Any, paper: str) -> str:
    """What /why answers."""
    exchange = await around.discord.slash(person, "why", {"paper": paper}, channel=around.channel)
    message = await exchange.message(timeout_seconds=60)
    assert exchange.ephemeral
    return "\n".join(texts(message))


async def test_votes_are_counted_explained_and_change_the_next_week(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        people = [around.discord.add_member(around.guild, name) for name in ("bob", "cyd", "dee")]
        await around.start()
        await around.ready()
        await set_up(around)
        assert await around.stop() == 0
        around.set_clock(shortly_before(FRIDAY_NINE))
        await around.start()
        await around.until(lambda: len(around.posted()) == MESSAGES)
        around.discord.interactions.answer_within_seconds = 3.0

        message = around.posted()[-HIGHLIGHTS]
        up = next(name for name in buttons(message) if ":up:" in name)
        paper = up.rpartition(":")[2]
        votes = [around.discord.click(person, message, up) for person in people]
        await asyncio.gather(*votes)

        await around.until(lambda: buttons(around.posted()[-HIGHLIGHTS])[up] == "👍 3", seconds=10)
        await around.discord.click(people[0], around.posted()[-HIGHLIGHTS], up)
        await around.until(lambda: buttons(around.posted()[-HIGHLIGHTS])[up] == "👍 2", seconds=10)
        assert "**Highlight 1** in the digest of 2026-W47." in await explained(around, people[0], paper)
        assert await around.stop() == 0
