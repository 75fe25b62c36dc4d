"""arXiv and the model server in their own process, so that their work is not counted as the bot's.

`python -m tests.benchmarks._outside PAPERS` prints the addresses as a line of JSON, serves until its standard
input ends, and prints the numbers of requests as another.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import HttpUrl, SecretStr

from bot.sample.week import sample_papers
from tests.benchmarks._invented import invented_week
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.openai import FakeOpenAI

ARXIV_SECONDS = 0.5
MODEL_SECONDS = 4.0


@dataclass(kw_only=True)
class Outside:
    """Settings with the servers' addresses, and the numbers of requests, filled in at the end."""

    settings: dict[str, object]
    listings: int = 0
    """Requests for lists of papers."""
    pdfs: int = 0
    model_calls: int = 0


@asynccontextmanager
async def outside(papers: int | None) -> AsyncIterator[Outside]:
    """Run the servers with this many invented papers, or with the sample's."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, str(papers or 0)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        urls = json.loads(await process.stdout.readline())
        made = Outside(
            settings={
                "openai_api_key": SecretStr("sk-benchmark"),
                **{name: HttpUrl(url) for name, url in urls.items()},
            }
        )
        yield made
        process.stdin.close()
        for name, number in json.loads(await process.stdout.readline()).items():
            setattr(made, name, number)
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _serve(count: int) -> None:
    papers, pdfs = invented_week(count) if count else (sample_papers(), {})
    async with FakeArxiv(papers, pdfs=pdfs, delay_seconds=ARXIV_SECONDS) as arxiv, FakeOpenAI() as model:
        model.delay_seconds = MODEL_SECONDS
        urls = {
            "openai_base_url": model.base_url,
            "arxiv_api_url": arxiv.api_url,
            "arxiv_rss_url": arxiv.rss_url,
            "arxiv_pdf_url": arxiv.pdf_url,
        }
        print(json.dumps(urls), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        asked = {
            "listings": len(arxiv.requests("/api/")),
            "pdfs": len(arxiv.requests("/pdf/")),
            "model_calls": len(model.chats),
        }
        print(json.dumps(asked), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
