"""How long people wait for /summarize: the bot as a process, Discord over sockets, 20,000 stored papers.

`stored` and `new` run from sending the command to the summary on screen; `titles` is one autocompletion,
for a word that many titles contain and for one that none does.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.sample.week import sample_papers, sample_pdf
from storage.model import Paper
from tests.benchmarks.table import Row
from tests.end_to_end.world import World, texts, world
from tests.fakes.discord import Exchange

STORED_PAPERS = 20_000
TIMES = 50
_PATIENCE_SECONDS = 120.0


def run() -> list[Row]:
    """Measure the waits in milliseconds."""
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    papers = sample_papers()
    paper = next(listed for listed in papers if sample_pdf(listed.key))
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder)) as around:
            await _fill(around, papers)
            await around.start()
            await around.ready()
            waited = {"new": [await _timed(lambda: _summarized(around, paper))]}
            waited["stored"] = [await _timed(lambda: _summarized(around, paper)) for _ in range(TIMES)]
            waited["titles, many"] = [await _timed(lambda: _offered(around, "text")) for _ in range(TIMES)]
            waited["titles, none"] = [await _timed(lambda: _offered(around, "zzz")) for _ in range(TIMES)]
            await around.stop()
    return [row for case, seconds in waited.items() for row in _rows(case, seconds)]


async def _fill(around: World, papers: Sequence[Paper]) -> None:
    copies = [
        replace(papers[number % len(papers)], id=f"2501.{number + 1:05}") for number in range(STORED_PAPERS)
    ]
    async with around.database() as database, database.begin() as tx:
        await tx.papers.save(copies)


async def _summarized(around: World, paper: Paper) -> None:
    exchange = await around.discord.slash(
        around.admin, "summarize", {"paper": paper.id}, channel=around.channel, timeout_seconds=60
    )
    await exchange.until(lambda: _is_there(exchange, paper), timeout_seconds=_PATIENCE_SECONDS)


def _is_there(exchange: Exchange, paper: Paper) -> bool:
    return any(f"{paper.pdf_url}#page=" in text for message in exchange.messages for text in texts(message))


async def _offered(around: World, typed: str) -> None:
    await around.discord.autocomplete(around.admin, "summarize", "paper", typed, channel=around.channel)


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _rows(case: str, seconds: list[float]) -> list[Row]:
    figures = {"p50 ms": np.percentile(seconds, 50), "worst ms": max(seconds)}
    return [
        Row(benchmark="summarize", case=case, system="ours", metric=metric, value=1000 * float(value))
        for metric, value in figures.items()
    ]
