"""Bytes on the command line that are not UTF-8, as an old terminal or a script may give them."""

import asyncio

import pytest

from bot.command_line.arguments import text
from bot.sample.week import WEEK
from tests.bot.command import Command, without_embedding
from tests.fakes.arxiv import FakeArxiv


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("How much memory?", "How much memory?"),
        ("Größe, 大きさ, 𝒪(n)", "Größe, 大きさ, 𝒪(n)"),
        (b"caf\xe9 and cr\xe8me".decode(errors="surrogateescape"), "caf\ufffd and cr\ufffdme"),
        ("", ""),
    ],
)
def test_what_is_no_character_is_shown_as_such(given: str, taken: str) -> None:
    assert text(given) == taken


def test_a_question_in_another_encoding_is_asked(in_this_process: Command) -> None:
    ended = in_this_process(["ask", "\udcff How much memory does it save?"], {})

    assert ended.returncode == 2
    assert ended.stderr.startswith("broadsheet: No paper is stored yet.")


async def test_interests_in_another_encoding_are_learned_from(in_this_process: Command) -> None:
    wish = ["--categories", "cs.CL", "--week", WEEK, "--highlights", "1", "--interests", "\udcff caches"]

    async with FakeArxiv() as arxiv:
        settings = without_embedding(arxiv) | {"BROADSHEET_EMBEDDER": "minilm"}
        ended = await asyncio.to_thread(in_this_process, ["digest", *wish], settings)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\ufffd caches" in ended.stdout
