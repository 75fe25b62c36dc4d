"""200 people in eight servers ask at once, and a model that takes 5 s answers four at a time.

The bot, the loopback Discord, arXiv and the model's server share one event loop here, so its gaps are those
of all of them together: the bot's own are shorter.
"""

import asyncio
import logging
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from pydantic import HttpUrl, SecretStr

from bot.app import Services, open_services
from bot.client import BroadsheetClient
from bot.clock import SystemClock
from bot.sample.week import sample_papers, sample_pdf
from bot.settings import Settings
from storage.model import Paper
from tests.benchmarks._loop import LoopWatch
from tests.benchmarks.table import Row
from tests.end_to_end.world import texts
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.discord import Channel, Exchange, FakeDiscord, Member
from tests.fakes.openai import FakeOpenAI

PEOPLE, SERVERS = 200, 8
MODEL_SECONDS, CALLS_AT_A_TIME = 5.0, 4
QUESTIONS = (
    "What was measured, and on which data?",
    "What are the limits of the study?",
    "Which method is proposed?",
    "How large is the gain over the baseline?",
)
_LONGEST_SECONDS = 15 * 60.0
"""So long an interaction can be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Served:
    acknowledged_seconds: float
    answered_seconds: float | None
    told_place: bool


def run() -> list[Row]:
    """Ask, and wait until everybody has an answer."""
    logging.disable(logging.WARNING)
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        arxiv = await stack.enter_async_context(FakeArxiv())
        model = await stack.enter_async_context(FakeOpenAI())
        discord = await stack.enter_async_context(FakeDiscord())
        model.delay_seconds = MODEL_SECONDS
        settings = Settings(_env_file=None).model_copy(
            update={
                "data_folder": folder,
                "openai_api_key": SecretStr("sk-benchmark"),
                "openai_base_url": HttpUrl(model.base_url),
                "openai_concurrency": CALLS_AT_A_TIME,
                "arxiv_api_url": HttpUrl(arxiv.api_url),
                "arxiv_rss_url": HttpUrl(arxiv.rss_url),
                "arxiv_pdf_url": HttpUrl(arxiv.pdf_url),
                "arxiv_delay_seconds": 0.0,
            }
        )
        services = await stack.enter_async_context(
            open_services(settings, clock=SystemClock(), owns_index=True)
        )
        papers = await _stored(services)
        askers = _people(discord)
        stack.enter_context(discord.patch())
        client = BroadsheetClient(services)
        await stack.enter_async_context(discord.running(client))
        await services.answers.prepare()
        watch = await stack.enter_async_context(LoopWatch())
        began = time.perf_counter()
        served = await asyncio.gather(
            *(
                _ask(discord, *asker, QUESTIONS[number % len(QUESTIONS)], papers[number % len(papers)])
                for number, asker in enumerate(askers)
            )
        )
        return _rows(served, time.perf_counter() - began, watch.worst_seconds)


async def _stored(services: Services) -> list[Paper]:
    """The sample's readable papers, read and indexed."""
    candidates = [paper for paper in sample_papers() if sample_pdf(paper.key) is not None]
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
    told = any("in the line" in line for edit in exchange.edits for line in texts(edit))
    return _Served(acknowledged_seconds=acknowledged, answered_seconds=answered, told_place=told)


def _shown(exchange: Exchange) -> str:
    return "\n".join(line for message in exchange.messages for line in texts(message))


def _rows(served: list[_Served], seconds: float, worst_gap_seconds: float) -> list[Row]:
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
        "worst event-loop gap (ms)": worst_gap_seconds * 1000,
    }
    case = f"{PEOPLE} people, {SERVERS} servers"
    return [
        Row(benchmark="load", case=case, system="ours", metric=name, value=value)
        for name, value in figures.items()
    ]
