"""From votes on papers to the order of the next week's digest, in a real process over sockets."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sample.week import sample_papers
from tests.end_to_end.test_weekly import HIGHLIGHTS, MESSAGES, set_up
from tests.end_to_end.world import FRIDAY_NINE, World, shortly_before, texts, world
from tests.fakes.discord import Json, Member
from tests.fakes.discord.limits import walk
from tests.faults.digest_checks import until_delivered

NEXT_FRIDAY = FRIDAY_NINE + timedelta(days=7)
_OF_THIS_WEEK, _OF_THE_NEXT = "2611.9", "2611.8"

pytestmark = pytest.mark.xdist_group("end to end")


def labels(message: Json) -> dict[str, str]:
    """The labels of the voting buttons, by custom id."""
    buttons = {each.get("custom_id", ""): each.get("label", "") for each in walk(message["components"])}
    return {name: label for name, label in buttons.items() if re.search(":(up|down):", name)}


def shown(messages: list[Json]) -> list[str]:
    """The papers of a digest in order, each as the part of its id that both weeks share."""
    head = "\n".join(text for message in messages[:-HIGHLIGHTS] for text in texts(message))
    return re.findall(rf"arxiv\.org/abs/(?:{_OF_THIS_WEEK}|{_OF_THE_NEXT})(\d+)v", head)


async def vote_from_menu(around: World, person: Member, paper_id: str) -> str:
    """Vote for a paper that is only noted, and return the new label of the button."""
    head = around.posted()[-HIGHLIGHTS - 1]
    (menu,) = (each for each in walk(head["components"]) if each.get("placeholder") == "Vote on a paper")
    chosen = await around.discord.select(person, head, menu["custom_id"], paper_id)
    ballot = await chosen.message()
    voted = await around.discord.click(person, ballot, f"broadsheet:up:{paper_id}")
    return labels(await voted.message())[f"broadsheet:up:{paper_id}"]


async def explained(around: World, person: Member, paper_id: str) -> str:
    """The answer to /why, which only that person sees."""
    exchange = await around.discord.slash(person, "why", {"paper": paper_id}, channel=around.channel)
    message = await exchange.message(timeout_seconds=60)
    assert exchange.ephemeral
    return "\n".join(texts(message))


def list_the_same_papers_next_week(around: World) -> None:
    """Have arXiv list papers that differ from this week's only in their ids and dates."""
    for paper in sample_papers():
        later = paper.published + timedelta(days=7)
        around.arxiv.add(
            replace(
                paper,
                id=paper.id.replace(_OF_THIS_WEEK, _OF_THE_NEXT),
                published=later,
                updated=later,
            )
        )


async def test_votes_are_counted_and_explained_and_change_the_next_digest(tmp_path: Path) -> None:
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

        # Three simultaneous votes all count, and stop counting when taken back.
        first = around.posted()[-HIGHLIGHTS]
        up = next(name for name in labels(first) if ":up:" in name)
        await asyncio.gather(*(around.discord.click(person, first, up) for person in people))
        await around.until(lambda: labels(around.posted()[-HIGHLIGHTS])[up] == "👍 3")
        for person in people:
            await around.discord.click(person, around.posted()[-HIGHLIGHTS], up)
        await around.until(lambda: labels(around.posted()[-HIGHLIGHTS])[up] == "👍 0")

        this_week = shown(around.posted())
        liked = this_week[-1]
        said = [await vote_from_menu(around, person, _OF_THIS_WEEK + liked) for person in people]
        assert said == ["👍 1", "👍 2", "👍 3"]
        assert "**Also noted** (no. 12) in the digest of 2026-W47." in await explained(
            around, people[0], _OF_THIS_WEEK + liked
        )
        assert await around.stop() == 0

        list_the_same_papers_next_week(around)
        around.set_clock(shortly_before(NEXT_FRIDAY))
        await around.start()
        await until_delivered(around, "2026-W48")
        why = await explained(around, people[1], _OF_THE_NEXT + liked)
        next_week = [each for each in around.posted() if "2026-W48-" in texts(each)[-1]]
        assert await around.stop() == 0

        assert shown(next_week) != this_week
        assert shown(next_week).index(liked) < this_week.index(liked)
        assert "**Moved up by similar papers that were liked**" in why
        assert f"https://arxiv.org/abs/{_OF_THIS_WEEK}{liked}v1" in why
