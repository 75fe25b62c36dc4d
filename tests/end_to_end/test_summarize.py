"""/summarize on Discord, and `broadsheet summarize` beside the running bot."""

from pathlib import Path

import pytest

from bot.sample.week import sample_pdf
from cogs._stages import PAUSE_SECONDS
from storage.model import Paper
from tests.end_to_end.asking import add_real_paper, answered, command, said
from tests.end_to_end.world import World, texts, world
from tests.fakes.discord import Exchange, Member, User
from tests.shared_data import needs_shared_data

pytestmark = pytest.mark.xdist_group("end to end")


def readable(around: World) -> Paper:
    """A paper of the sample week that has a PDF."""
    return next(listed for listed in around.arxiv.papers if sample_pdf(listed.key))


async def ask(around: World, person: Member | User, paper: str, **options: object) -> Exchange:
    channel = around.channel if isinstance(person, Member) else None
    return await around.discord.slash(person, "summarize", {"paper": paper, **options}, channel=channel)


async def test_two_people_and_then_the_command_line_share_the_summary_of_a_new_paper(
    tmp_path: Path,
) -> None:
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


async def test_a_message_s_menu_summarises_and_unknown_papers_and_titles_are_handled(tmp_path: Path) -> None:
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
        await answered(unknown, "arXiv has no paper 2401.99999")
        offered = await around.discord.autocomplete(
            around.admin, "summarize", "paper", paper.title[:20].upper(), channel=around.channel
        )
        assert await around.stop() == 0

        assert "no language model (extracts only)" in said(by_menu)
        assert paper.id in [choice["value"] for choice in offered]
        assert unknown.ephemeral or unknown.original is None


@needs_shared_data
async def test_a_real_pdf_is_summarised(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        paper = add_real_paper(around)
        around.arxiv.delay_seconds = PAUSE_SECONDS + 0.5  # the next stage is shown as it begins
        await around.start()
        await around.ready()

        exchange = await ask(around, around.admin, "2406.02528")
        shown = await answered(exchange, f"{paper.pdf_url}#page=")
        assert await around.stop() == 0

        assert "Read: PDF, " in shown
        assert "**Results**" in shown
        assert any("reading " in line for edit in exchange.edits for line in texts(edit))
