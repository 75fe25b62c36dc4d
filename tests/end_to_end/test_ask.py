"""/ask on Discord, and `broadsheet ask` beside the running bot."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.asking import add_real_paper, answered, command, said
from tests.end_to_end.world import World, texts, world
from tests.fakes.discord import Exchange
from tests.shared_data import needs_shared_data

SOURCE = re.compile(r"\*\*1\*\* \[.+?\]\(https://arxiv\.org/abs/(?P<key>\S+?)\), arXiv:\S+, \[pp?\.\s\d+")

SAMPLE = "2611.90112"
"""A paper of the sample week that has a PDF."""

pytestmark = pytest.mark.xdist_group("end to end")


async def ask(around: World, question: str, **options: object) -> Exchange:
    return await around.discord.slash(
        around.admin, "ask", {"question": question, **options}, channel=around.channel
    )


async def test_an_unread_paper_is_read_and_answers_a_question_and_a_follow_up(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        around.settings["OPENAI_BASE_URL"] = around.model.base_url
        around.model.delay_seconds = 2.5
        paper = next(listed for listed in around.arxiv.papers if listed.id == SAMPLE)
        await around.start()
        await around.ready()

        first = await ask(around, "What was measured, and on which data?", paper=paper.id)
        shown = await answered(first, "arXiv:" + paper.key)
        code, printed = await command(around, "ask", "What was measured?", "--paper", paper.id)
        again = await ask(around, "What are the limits of the study?")
        await answered(again, "Looked in: everything seen here")
        assert await around.stop() == 0

        stages = [line for edit in first.edits for line in texts(edit)]
        assert any("asking arXiv…" in line for line in stages)
        assert any("writing…" in line for line in stages)
        found = SOURCE.search(shown)
        assert found is not None
        assert found["key"] == paper.key
        assert f"{paper.pdf_url}#page=" in shown
        assert code == 0
        assert paper.key in printed
        assert f"{paper.pdf_url}#page=" in printed.replace("\n", "")


async def test_without_a_key_passages_are_shown_verbatim_in_a_server_and_in_direct_messages(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as around:
        paper = next(listed for listed in around.arxiv.papers if listed.id == SAMPLE)
        bob = around.discord.world.add_user("bob")
        around.settings["BROADSHEET_LOG_LEVEL"] = "DEBUG"
        await around.start()
        await around.ready()

        exchange = await ask(around, "What was measured, and on which data?", paper=paper.id)
        shown = await answered(exchange, "no language model (passages only)")
        alone = await around.discord.slash(
            bob, "ask", {"question": "What was measured?", "paper": paper.id}, channel=None
        )
        told = await answered(alone, "no language model (passages only)")
        assert await around.stop() == 0

        assert f"{paper.pdf_url}#page=" in shown
        assert f"{paper.pdf_url}#page=" in told
        assert shown.count("> “") >= 2
        assert "What was measured" not in around.log()


@needs_shared_data
async def test_a_real_paper_answers_a_question(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        around.settings["OPENAI_BASE_URL"] = around.model.base_url
        paper = add_real_paper(around)
        await around.start()
        await around.ready()

        exchange = await ask(around, "Which data sets were used?", paper="2406.02528")
        shown = await answered(exchange, f"{paper.pdf_url}#page=")
        assert await around.stop() == 0

        assert SOURCE.search(shown) is not None
        assert "Written by: " in shown
        assert len(around.model.chats) == 1
        assert said(exchange).count("https://") == shown.count("https://arxiv.org/")
