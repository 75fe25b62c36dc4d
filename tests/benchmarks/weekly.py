"""The weekly run with fakes that have lifelike delays: wall time over its lower bound, memory, loop gaps.

arXiv takes 0.5 s a request and gets one every 3 s; the model takes 4 s a call and answers four at a time. The
speed of reading and embedding is measured right after the run, in the same process.
"""

import asyncio
import gc
import logging
import os
import resource
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.app import open_services
from bot.clock import SystemClock
from bot.digest.plan import DigestRequest
from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.papers.passages import passages
from bot.pdf.reader import ChildProcessReader
from bot.runs.control import Runs
from bot.runs.engine import Engine
from bot.runs.workflows import Workflows
from bot.sample.week import CATEGORIES, INTERESTS, WEEK, sample_papers
from bot.settings import Settings
from storage.model import PaperText, Subscription, TextSource
from tests.benchmarks._invented import invented_week, readable_pdfs
from tests.benchmarks._loop import LoopWatch
from tests.benchmarks._outside import ARXIV_SECONDS, MODEL_SECONDS, Outside, outside
from tests.benchmarks.table import Row

ARXIV_PAUSE_SECONDS = 3.0
MODEL_CALLS_AT_A_TIME = 4
READERS = 2
EMBEDDING_THREADS = min(4, os.cpu_count() or 1)
_TIMED_ABSTRACTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A week with so many candidates, of which so many are read; `candidates` is None for the sample week."""

    candidates: int | None
    highlights: int

    @property
    def name(self) -> str:
        """The case's name in the table."""
        return f"{self.candidates or len(sample_papers())} candidates, {self.highlights} highlights"


CASES = (Case(candidates=None, highlights=8), Case(candidates=2000, highlights=20))


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one run did and took."""

    seconds: float
    worst_gap_seconds: float
    peak_megabytes: float
    candidates: int
    pages: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """What this machine does per second when it does nothing else, with the settings of the run."""

    abstracts: float
    pages: float
    passages: float


def run() -> list[Row]:
    """Run a small week and a large one, on SQLite."""
    logging.disable(logging.WARNING)
    weeks = [(case, *asyncio.run(_one_week(case))) for case in CASES]
    speed = asyncio.run(_speed())
    return [
        Row(benchmark="weekly", case=case.name, system="ours", metric=name, value=value)
        for case, work, asked in weeks
        for name, value in _figures(work, speed, asked).items()
    ]


def _figures(work: Work, speed: Speed, asked: Outside) -> dict[str, float]:
    return {
        "wall time (s)": work.seconds,
        **_bounds(work, speed, asked),
        "worst event-loop gap (ms)": work.worst_gap_seconds * 1000,
        "peak memory (MB)": work.peak_megabytes,
        "abstracts embedded/s": speed.abstracts,
        "passages embedded/s": speed.passages,
        "pages read/s": speed.pages,
    }


def _bounds(work: Work, speed: Speed, asked: Outside) -> dict[str, float]:
    """What no program could beat: the time of each part alone, and of parts that wait for each other.

    Embedding abstracts can start with the first list. Papers are chosen once the last list has arrived and
    the last abstract is embedded, and only then can PDFs be fetched; from then on fetching, reading,
    embedding and summarising overlap, and the last summary comes one model call after the last PDF.
    """
    listing = (asked.listings - 1) * ARXIV_PAUSE_SECONDS + ARXIV_SECONDS
    fetching = (asked.pdfs - 1) * ARXIV_PAUSE_SECONDS + ARXIV_SECONDS
    pacing = (asked.listings + asked.pdfs - 1) * ARXIV_PAUSE_SECONDS + ARXIV_SECONDS
    model = asked.model_calls * MODEL_SECONDS / MODEL_CALLS_AT_A_TIME
    abstracts = work.candidates / speed.abstracts
    texts = work.pages / speed.pages + work.passages / speed.passages
    chosen = max(listing, ARXIV_SECONDS + abstracts)
    bound = max(pacing + MODEL_SECONDS, chosen + max(fetching + MODEL_SECONDS, model, texts))
    return {
        "arXiv's pacing alone (s)": pacing,
        "model alone (s)": model,
        "reading and embedding alone (s)": abstracts + texts,
        "lower bound (s)": bound,
        "wall time / lower bound": work.seconds / bound,
    }


async def _one_week(case: Case) -> tuple[Work, Outside]:
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(outside(case.candidates))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = Settings(_env_file=None).model_copy(
            update={
                "data_folder": folder,
                "openai_concurrency": MODEL_CALLS_AT_A_TIME,
                "arxiv_delay_seconds": ARXIV_PAUSE_SECONDS,
                "embedding_threads": EMBEDDING_THREADS,
                "pdf_workers": READERS,
                **servers.settings,
            }
        )
        clock = SystemClock()
        services = await stack.enter_async_context(open_services(settings, clock=clock))
        workflows = Workflows(digests=services.digests, clock=clock, name=case.name)
        await stack.enter_async_context(
            Engine(
                database_url=f"sqlite:///{folder}/runs.sqlite", process_name="benchmark", workflows=workflows
            )
        )
        subscription = Subscription(
            server_id=0,
            channel_id=None,
            categories=CATEGORIES,
            interests=INTERESTS,
            highlights=case.highlights,
        )
        request = DigestRequest(run_id="preview:0", subscription=subscription, week=WEEK, published=False)
        # As the bot does once it is connected, because a full collection would take 100 ms or more.
        gc.collect()
        gc.freeze()
        runs = Runs(workflows, clock)
        watch = await stack.enter_async_context(LoopWatch())
        began = time.perf_counter()
        await runs.start_digest(request)
        await runs.wait_for_end(request.run_id)
        seconds = time.perf_counter() - began
        texts = list[PaperText]()
        async with services.database.begin() as tx:
            digest = await tx.digests.get(request.run_id)
            assert digest is not None
            for highlight in digest.highlights:
                paper = highlight.pick.paper
                text = await tx.papers.text(paper.id, paper.version)
                if text is not None and text.source is not TextSource.ABSTRACT:
                    texts.append(text)
    assert len(digest.highlights) == case.highlights
    work = Work(
        seconds=seconds,
        worst_gap_seconds=watch.worst_seconds,
        peak_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        candidates=digest.receipt.announced,
        pages=sum(len(text.pages) for text in texts),
        passages=sum(len(passages(text)) for text in texts),
    )
    return work, servers


async def _speed() -> Speed:
    reader = ChildProcessReader(concurrency=READERS)
    pdfs, papers = readable_pdfs(), invented_week(_TIMED_ABSTRACTS)[0]
    began = time.perf_counter()
    texts = await asyncio.gather(*(reader.read(pdf, papers[0]) for pdf in pdfs))
    reading = time.perf_counter() - began
    parts = [part.text for text in texts for part in passages(text)]
    async with MiniLmEmbedder(EMBEDDING_THREADS) as embedder:
        await embedder.embed(["the first call loads the model"])
        began = time.perf_counter()
        await embedder.embed([f"{paper.title}. {paper.abstract}" for paper in papers])
        abstracts = time.perf_counter() - began
        began = time.perf_counter()
        await embedder.embed(parts)
        embedding = time.perf_counter() - began
    return Speed(
        abstracts=len(papers) / abstracts,
        pages=sum(len(text.pages) for text in texts) / reading,
        passages=len(parts) / embedding,
    )
