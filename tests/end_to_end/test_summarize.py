"""/summarize on Discord, and `broadsheet summarize` beside the running bot."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sample.week import sample_pdf
from storage.model import Paper
from tests.end_to_end.world import World, texts, world
from tests.fakes.discord import Exchange, Member, User
from tests.shared_data import SHARED_DATA, needs_shared_data

PATIENCE_SECONDS = 90.0

pytestmark = pytest.mark.xdist_group("end to end")


def said(exchange: Exchange) -> str:
    return "\n".join(
        text for message in exchange.messages for text in (message["content"], *texts(message)) if text
    )


async def answered(exchange: Exchange, words: str) -> str:
    await exchange.until(lambda: words in said(exchange), timeout_seconds=PATIENCE_SECONDS)
    return said(exchange)


def readable(around: World) -> Paper:
    """A paper of the sample week that has a PDF."""
    return next(listed for listed in around.arxiv.papers if sample_pdf(listed.key))


async def ask(around: World, person: Member | User, paper: str, **options: object) -> Exchange:
    channel = around.channel if isinstance(person, Member) else None
    return await around.discord.slash(person, "summarize", {"paper": paper, **options}, channel=channel)


async def command(around: World, *arguments: str) -> tuple[int, str]:
    """Run the command line with the bot's settings; its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env=around.environment() | {"COLUMNS": "100"},
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_two_people_ask_for_a_new_paper_and_the_command_line_finds_it_stored(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        around.settings["OPENAI_BASE_URL"] = around.model.base_url
        around.model.delay_seconds = 3.0
        paper = readable(around)
        bob = around.discord.world.add_user("bob")
        await around.start()
        await around.ready()

        first = await ask(around, around.admin, f"https://arxiv.org/abs/{paper.id}")
        second = await ask(around, bob, paper.id, private=True)
        link = f"{paper.pdf_url}#page="
        await answered(first, link)
        await answered(second, link)
        calls = len(around.model.chats)
        again = await ask(around, around.admin, paper.key)
        await answered(again, link)
        code, printed = await command(around, "summarize", paper.id)
        assert await around.stop() == 0

        shown = [line for edit in first.edits for line in texts(edit)]
        assert any("writing…" in line for line in shown)
        assert second.ephemeral
        assert [len(exchange.messages) for exchange in (first, second)] == [1, 1]
        assert len(around.model.chats) == calls == 1
        assert len(again.edits) == 1
        assert code == 0
        assert paper.key in printed
        assert "Written by: " in printed
        assert len(around.model.chats) == calls


async def test_the_menu_of_a_message_an_unknown_paper_and_titles_to_choose_from(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        paper = readable(around)
        await around.start()
        await around.ready()
        said_before = await around.discord.say(
            around.admin, around.channel, f"have you seen <{paper.abs_url}>? https://arxiv.org/abs/2401.00001"
        )

        by_menu = await around.discord.context_menu(
            around.admin, "Summarize paper", said_before, channel=around.channel
        )
        await answered(by_menu, f"{paper.pdf_url}#page=")
        unknown = await ask(around, around.admin, "2401.99999", private=True)
        await answered(unknown, "arXiv knows no paper 2401.99999")
        offered = await around.discord.autocomplete(
            around.admin, "summarize", "paper", paper.title[:20].upper(), channel=around.channel
        )
        assert await around.stop() == 0

        assert "extract, no language model" in said(by_menu)
        assert paper.id in [choice["value"] for choice in offered]
        assert unknown.ephemeral or unknown.original is None


@needs_shared_data
async def test_a_real_pdf_is_summarised(tmp_path: Path) -> None:
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
    async with world(tmp_path) as around:
        around.arxiv.add(paper, pdf)
        await around.start()
        await around.ready()

        exchange = await ask(around, around.admin, "2406.02528")
        shown = await answered(exchange, f"{paper.pdf_url}#page=")
        assert await around.stop() == 0

        assert "Read: PDF, " in shown
        assert "**Results**" in shown
        assert any("reading " in line for edit in exchange.edits for line in texts(edit))
