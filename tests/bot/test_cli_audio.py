"""`--audio` as a user runs it."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from bot.cli import INPUT_PROBLEM, SERVICE_PROBLEM
from bot.sample.week import WEEK
from tests.bot.command import Command, without_embedding
from tests.bot.speech.sound import chapters
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.openai import FakeOpenAI


async def digest(command: Command, arxiv: FakeArxiv, **settings: str) -> "subprocess.CompletedProcess[str]":
    arguments = ["digest", "--categories", "cs.CL", "--week", WEEK, "--highlights", "1", "--audio"]
    return await asyncio.to_thread(command, arguments, without_embedding(arxiv) | settings)


async def test_a_digest_is_read_aloud_into_files(tmp_path: Path, in_this_process: Command) -> None:
    async with FakeArxiv() as arxiv, FakeOpenAI() as model:
        ended = await digest(
            in_this_process, arxiv, OPENAI_BASE_URL=model.base_url, OPENAI_SPEECH_MODEL="some-voice"
        )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert {request["model"] for request in model.spoken} == {"some-voice"}
    assert "digest.mp3" in "".join(ended.stdout.split())
    for name in ("digest.mp3", "digest.opus"):
        titles = [chapter.title for chapter in chapters(tmp_path / name)]
        assert (titles[0], titles[-1]) == ("Opening", "Receipt")


async def test_where_the_voice_fails_all_else_is_there(tmp_path: Path, in_this_process: Command) -> None:
    async with FakeArxiv() as arxiv, FakeOpenAI() as model:
        nowhere = f"{model.base_url}/nowhere"
        ended = await digest(
            in_this_process, arxiv, OPENAI_BASE_URL=nowhere, OPENAI_SPEECH_MODEL="some-voice"
        )

    assert ended.returncode == SERVICE_PROBLEM
    assert ended.stderr.startswith("broadsheet: The server has no such voice")
    assert (tmp_path / "digest.md").is_file()
    assert not (tmp_path / "digest.mp3").exists()


@pytest.mark.parametrize(
    ("voice", "words"),
    [("none", "(see BROADSHEET_VOICE)"), ("openai", "needs OPENAI_API_KEY or OPENAI_BASE_URL")],
)
async def test_without_a_voice_it_is_said_before_anything_is_done(
    in_this_process: Command, voice: str, words: str
) -> None:
    async with FakeArxiv() as arxiv:
        ended = await digest(in_this_process, arxiv, BROADSHEET_VOICE=voice)

    assert ended.returncode == INPUT_PROBLEM
    assert words in ended.stderr
    assert arxiv.history == []
