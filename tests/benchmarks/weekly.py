"""The weekly run against fakes with lifelike delays: wall time over its lower bound, memory, loop gaps.

arXiv takes 0.5 s a request and gets one every 3 s, the model takes 4 s a call and answers four at a time.
"""

import asyncio
import logging
import resource
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pydantic import HttpUrl, SecretStr

from bot.app import open_services
from bot.clock import SystemClock
from bot.digest.plan import DigestRequest
from bot.sample.week import CATEGORIES, INTERESTS, WEEK
from bot.settings import Settings
from bot.workflows import Engine, Workflows
from storage.model import Subscription
from tests.benchmarks.table import Row
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.openai import FakeOpenAI

ARXIV_SECONDS, ARXIV_PAUSE_SECONDS = 0.5, 3.0
MODEL_SECONDS, MODEL_CALLS_AT_A_TIME = 4.0, 4
HIGHLIGHTS = 8


@dataclass
class LoopWatch:
    """Measures how late a 5 ms timer comes: what a click on a button would wait."""

    worst_seconds: float = 0.0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            self.worst_seconds = max(self.worst_seconds, time.perf_counter() - before - 0.005)


def run() -> list[Row]:
    """One week: eight highlights of the sample, on SQLite."""
    logging.disable(logging.WARNING)
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        arxiv = await stack.enter_async_context(FakeArxiv(delay_seconds=ARXIV_SECONDS))
        model = await stack.enter_async_context(FakeOpenAI())
        model.delay_seconds = MODEL_SECONDS
        settings = Settings(_env_file=None).model_copy(
            update={
                "data_folder": folder,
                "openai_api_key": SecretStr("sk-benchmark"),
                "openai_base_url": HttpUrl(model.base_url),
                "openai_concurrency": MODEL_CALLS_AT_A_TIME,
                "arxiv_api_url": HttpUrl(arxiv.api_url),
                "arxiv_rss_url": HttpUrl(arxiv.rss_url),
                "arxiv_pdf_url": HttpUrl(arxiv.pdf_url),
                "arxiv_delay_seconds": ARXIV_PAUSE_SECONDS,
            }
        )
        clock = SystemClock()
        services = await stack.enter_async_context(open_services(settings, clock=clock))
        workflows = Workflows(digests=services.digests, clock=clock)
        await stack.enter_async_context(
            Engine(
                database_url=f"sqlite:///{folder}/runs.sqlite", process_name="benchmark", workflows=workflows
            )
        )
        wish = Subscription(
            server_id=0, channel_id=None, categories=CATEGORIES, interests=INTERESTS, highlights=HIGHLIGHTS
        )
        request = DigestRequest(run_id="preview:0", subscription=wish, week=WEEK, published=False)
        watch = await stack.enter_async_context(LoopWatch())
        began = time.perf_counter()
        await workflows.start_digest(request)
        await workflows.digest_made(request.run_id)
        seconds = time.perf_counter() - began
        async with services.database.begin() as tx:
            digest = await tx.digests.get(request.run_id)
    assert digest is not None
    assert len(digest.highlights) == HIGHLIGHTS
    # The last PDF cannot come sooner than its slot, and its summary not sooner than one model call after it.
    bound = (len(arxiv.requests()) - 1) * ARXIV_PAUSE_SECONDS + ARXIV_SECONDS + MODEL_SECONDS
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {
        "wall time (s)": seconds,
        "lower bound (s)": bound,
        "wall time / lower bound": seconds / bound,
        "worst event-loop gap (ms)": watch.worst_seconds * 1000,
        "peak memory (MB)": peak_mb,
    }
    return [
        Row(benchmark="weekly", case=f"{HIGHLIGHTS} highlights", system="ours", metric=name, value=value)
        for name, value in figures.items()
    ]
