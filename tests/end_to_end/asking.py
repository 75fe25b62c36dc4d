"""Reading the bot's answers, running its command line, and a real paper to ask about."""

from datetime import UTC, datetime

from storage.model import Paper
from tests.end_to_end.forked_bot import ForkedBot
from tests.end_to_end.world import World, texts
from tests.fakes.discord import Exchange
from tests.shared_data import SHARED_DATA

PATIENCE_SECONDS = 90.0


def said(exchange: Exchange) -> str:
    """Everything the bot shows in an exchange."""
    return "\n".join(
        text for message in exchange.messages for text in (message["content"], *texts(message)) if text
    )


async def answered(exchange: Exchange, words: str) -> str:
    """Wait until the bot shows `words`; returns everything it shows then."""
    await exchange.until(lambda: words in said(exchange), timeout_seconds=PATIENCE_SECONDS)
    return said(exchange)


async def command(around: World, *arguments: str) -> tuple[int, str]:
    """Run the command line with the bot's settings; returns its exit code and output."""
    printed = around.folder / "command.log"
    process = ForkedBot(around.environment() | {"COLUMNS": "100"}, printed, arguments=arguments)
    code = await process.wait()
    return code, printed.read_text()


def add_real_paper(around: World) -> Paper:
    """Have arXiv list a paper with a real PDF; needs the shared data."""
    pdf = min((SHARED_DATA / "pdfs").glob("*.pdf")).read_bytes()
    day = datetime(2024, 6, 4, tzinfo=UTC)
    paper = Paper(
        id="2406.02528",
        version=2,
        title="A real paper",
        abstract="Its abstract is not needed here.",
        authors=("Ada Writer",),
        categories=("cs.CL",),
        published=day,
        updated=day,
    )
    around.arxiv.add(paper, pdf)
    return paper
