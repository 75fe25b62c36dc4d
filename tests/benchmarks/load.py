"""200 people in eight servers ask at once, and a model that takes 5 s answers four at a time.

The bot is its own process, where its event loop is watched. The loopback Discord and the model server share
another with the people who ask; the time these two take is counted as the bot's.
"""

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import HttpUrl

from bot.app import open_services
from bot.clock import SystemClock
from bot.sample.week import sample_papers, sample_pdf
from bot.settings import Settings
from storage.model import Paper
from tests.benchmarks._watched_bot import MODULE, worst_delay
from tests.benchmarks.table import Row
from tests.end_to_end.world import World, texts, world
from tests.fakes.discord import Channel, Exchange, FakeDiscord, Member

PEOPLE, SERVERS = 200, 8
START_SECONDS = 10.0
MODEL_SECONDS, CALLS_AT_A_TIME = 5.0, 4
QUESTIONS = (
    "What was measured, and on which data?",
    "What are the limits of the study?",
    "Which method is proposed?",
    "How large is the gain over the baseline?",
)
_LONGEST_SECONDS = 15 * 60.0
"""How long Discord lets an interaction be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Served:
    acknowledged_seconds: float
    answered_seconds: float | None
    told_place: bool


def run() -> list[Row]:
    """Ask, and wait until everyone has an answer."""
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with world(folder) as around:
            around.bot_module = MODULE
            around.settings |= {
                "OPENAI_API_KEY": "sk-benchmark",
                "OPENAI_BASE_URL": around.model.base_url,
                "OPENAI_CONCURRENCY": str(CALLS_AT_A_TIME),
                "TEST_DELAYS": str(folder / "delays"),
            }
            papers = await _stored(around)
            askers = _people(around.discord)
            await around.start()
            await around.ready()
            # The first answer waits for what the bot loads at its start, which is done soon after that.
            await _ask(around.discord, *askers[0], QUESTIONS[0], papers[0])
            await asyncio.sleep(START_SECONDS)
            around.model.delay_seconds = MODEL_SECONDS
            began, moment = time.perf_counter(), time.time()
            served = await asyncio.gather(
                *(
                    _ask(
                        around.discord,
                        *asker,
                        QUESTIONS[number % len(QUESTIONS)],
                        papers[number % len(papers)],
                    )
                    for number, asker in enumerate(askers)
                )
            )
            seconds = time.perf_counter() - began
            await around.stop()
        return _rows(served, seconds, worst_delay(folder / "delays", since=moment))


async def _stored(around: World) -> list[Paper]:
    """The sample's readable papers, read and embedded."""
    candidates = [paper for paper in sample_papers() if sample_pdf(paper.key) is not None]
    settings = Settings(_env_file=None).model_copy(
        update={
            "data_folder": around.folder / "data",
            "arxiv_api_url": HttpUrl(around.arxiv.api_url),
            "arxiv_rss_url": HttpUrl(around.arxiv.rss_url),
            "arxiv_pdf_url": HttpUrl(around.arxiv.pdf_url),
            "arxiv_delay_seconds": 0.0,
        }
    )
    async with open_services(settings, clock=SystemClock(), opens_index=False) as services:
        return [paper for paper in candidates if (await services.library.text(paper)).is_full]


def _people(discord: FakeDiscord) -> list[tuple[Member, Channel]]:
    guilds = [discord.add_guild(f"Lab {number}") for number in range(SERVERS)]
    channels = [discord.add_channel(guild, "papers") for guild in guilds]
    return [
        (discord.add_member(guilds[number % SERVERS], f"person{number}"), channels[number % SERVERS])
        for number in range(PEOPLE)
    ]


async def _ask(
    discord: FakeDiscord, member: Member, channel: Channel, question: str, paper: Paper
) -> _Served:
    began = time.perf_counter()
    options = {"question": question, "paper": paper.id}
    exchange = await discord.slash(member, "ask", options, channel=channel, timeout_seconds=60)
    acknowledged = time.perf_counter() - began
    try:
        await exchange.until(lambda: "Written by: " in _shown(exchange), timeout_seconds=_LONGEST_SECONDS)
        answered = time.perf_counter() - began
    except TimeoutError:
        answered = None
    told = any("in the queue" in line for edit in exchange.edits for line in texts(edit))
    return _Served(acknowledged_seconds=acknowledged, answered_seconds=answered, told_place=told)


def _shown(exchange: Exchange) -> str:
    return "\n".join(line for message in exchange.messages for line in texts(message))


def _rows(served: list[_Served], seconds: float, worst_delay_seconds: float) -> list[Row]:
    acknowledged = sorted(one.acknowledged_seconds for one in served)
    answered = [one.answered_seconds for one in served if one.answered_seconds is not None]
    figures = {
        "acknowledged, p50 (s)": statistics.median(acknowledged),
        "acknowledged, worst (s)": acknowledged[-1],
        "answered": len(answered),
        "told their place": sum(one.told_place for one in served),
        "neither": sum(one.answered_seconds is None and not one.told_place for one in served),
        "all answered after (s)": seconds,
        "lower bound (s)": PEOPLE * MODEL_SECONDS / CALLS_AT_A_TIME,
        "worst event-loop gap (ms)": worst_delay_seconds * 1000,
    }
    case = f"{PEOPLE} people, {SERVERS} servers"
    return [
        Row(benchmark="load", case=case, system="ours", metric=name, value=value)
        for name, value in figures.items()
    ]
