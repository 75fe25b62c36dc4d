"""How well the language model that is configured (OPENAI_BASE_URL, OPENAI_MODEL) writes summaries.

It summarises the sample's papers as the bot does where only the abstract can be read, which is quicker.
`written` is the share of papers that got a summary instead of an extract, `kept` the share of these
summaries' statements that the checks left. `ours` bounds the length of every list and text; `without bounds`
does not.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import openai_server
from bot.clock import SystemClock
from bot.llm.bill import Bill
from bot.llm.dialect import OPENAI_DIALECT, Dialect
from bot.llm.openai_model import OpenAIModel
from bot.papers.library import abstract_text
from bot.sample.week import sample_papers
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.summaries.service import Summaries
from storage.database import Database
from storage.model import Paper, Summary
from tests.benchmarks.table import Row

_PAPERS = 10
_SYSTEMS = {"ours": None, "without bounds": Dialect(formats=OPENAI_DIALECT.formats)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What came of one paper."""

    summary: Summary | None
    """None if the model failed."""
    seconds: float
    tokens: int
    """What the model wrote, used or not."""


def run() -> list[Row]:
    """Summarise every paper with each system; a small model on two cores takes half an hour."""
    return asyncio.run(_measured(load_settings()))


async def _measured(settings: Settings) -> list[Row]:
    if not settings.uses_model:
        raise SystemExit("Set OPENAI_BASE_URL or OPENAI_API_KEY: this measures a language model.")
    papers = sample_papers()[:_PAPERS]
    rows: list[Row] = []
    for system, dialect in _SYSTEMS.items():
        async with _summaries(settings, papers, dialect) as summaries:
            written = [await _write(summaries, paper) for paper in papers]
        rows += _rows(settings.openai_model, system, written)
    return rows


@asynccontextmanager
async def _summaries(
    settings: Settings, papers: Sequence[Paper], dialect: Dialect | None
) -> AsyncIterator[Summaries]:
    """On an empty database, so that each system writes all of them."""
    clock = SystemClock()
    server = openai_server(settings, clock)
    model = OpenAIModel(
        server, settings.openai_model, context_tokens=settings.openai_context_tokens, dialect=dialect
    )
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'papers.sqlite'}"
        database = await Database.open(url, clock_now=clock.now)
        try:
            async with server:
                async with database.begin() as tx:
                    await tx.papers.save(papers)
                yield Summaries(database=database, model=model)
        finally:
            await database.close()


async def _write(summaries: Summaries, paper: Paper) -> _Written:
    bill, text = Bill(), abstract_text(paper, problem="not asked for")
    began = time.perf_counter()
    summary, problem = await summaries.summary_or_extract(paper, text, bill=bill)
    return _Written(
        summary=summary if problem is None else None,
        seconds=time.perf_counter() - began,
        tokens=bill.usage.completion_tokens,
    )


def _rows(model: str, system: str, written: Sequence[_Written]) -> list[Row]:
    made = [one.summary for one in written if one.summary is not None]
    kept = sum(map(_statements, made))
    claimed = kept + sum(summary.statements_dropped for summary in made)
    figures = {
        "written": len(made) / len(written),
        "kept": kept / claimed if claimed else 0.0,
        "statements a summary": kept / len(made) if made else 0.0,
        "tokens written a paper": sum(one.tokens for one in written) / len(written),
        "seconds a paper": sum(one.seconds for one in written) / len(written),
    }
    return [
        Row(benchmark="model", case=model, system=system, metric=metric, value=value)
        for metric, value in figures.items()
    ]


def _statements(summary: Summary) -> int:
    lists = (summary.method, summary.critique, summary.implications, summary.results)
    return sum(map(bool, (summary.gist.text, summary.claim.text))) + sum(map(len, lists))
