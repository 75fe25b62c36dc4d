"""Passages embedded per second by the local model, on one thread and on all cores."""

import asyncio
import os
import time

from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.papers.passages import passages
from bot.pdf.reader import ChildProcessReader
from bot.sample.week import sample_papers, sample_pdf
from storage.model import Passage
from tests.benchmarks._invented import UNREADABLE
from tests.benchmarks.table import Row


def run() -> list[Row]:
    """Embed the passages of the sample's PDFs."""
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    parts = await _sample_passages()
    words = sum(len(part.text.split()) for part in parts) / len(parts)
    rows = [_row("all", "words a passage", words)]
    for threads in sorted({1, os.cpu_count() or 1}):
        async with MiniLmEmbedder(threads) as embedder:
            await embedder.embed(["the first call loads the model"])
            began = time.perf_counter()
            await embedder.embed([part.text for part in parts])
            rows.append(
                _row(f"{threads} thread(s)", "passages/s", len(parts) / (time.perf_counter() - began))
            )
    return rows


async def _sample_passages() -> list[Passage]:
    reader = ChildProcessReader()
    found: list[Passage] = []
    for paper in sample_papers():
        pdf = sample_pdf(paper.key)
        if pdf is not None and paper.id not in UNREADABLE:
            found += passages(await reader.read(pdf, paper))
    return found


def _row(case: str, metric: str, value: float) -> Row:
    return Row(benchmark="embedding", case=case, system="all-MiniLM-L6-v2 int8", metric=metric, value=value)
