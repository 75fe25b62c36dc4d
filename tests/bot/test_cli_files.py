"""Where the command's files, or its log, cannot be written."""

import asyncio
from pathlib import Path

from bot.cli import INPUT_PROBLEM, SERVICE_PROBLEM
from bot.sample.week import WEEK
from tests.bot.command import Command, broadsheet, without_embedding
from tests.fakes.arxiv import FakeArxiv


def test_a_file_that_cannot_be_written_is_said_before_anything_is_done(
    tmp_path: Path, in_this_process: Command
) -> None:
    (tmp_path / "digest.html").mkdir()

    ended = in_this_process(["demo"], {})

    assert (ended.returncode, ended.stdout) == (INPUT_PROBLEM, "")
    assert "The file digest.html cannot be written to: Is a directory." in ended.stderr
    assert not (tmp_path / "digest.md").exists()


async def test_a_digest_is_printed_where_its_files_cannot_be_written(
    tmp_path: Path, in_this_process: Command
) -> None:
    (tmp_path / f"Broadsheet {WEEK}").touch()

    async with FakeArxiv() as arxiv:
        week = ["--categories", "cs.CL", "--week", WEEK, "--highlights", "1"]
        formats = ["--format", "md", "--format", "obsidian"]
        ended = await asyncio.to_thread(
            in_this_process, ["digest", *week, *formats], without_embedding(arxiv)
        )

    assert ended.returncode == SERVICE_PROBLEM
    assert ended.stderr.startswith(f"broadsheet: Broadsheet {WEEK} could not be written")
    assert "Receipt" in ended.stdout
    assert "Written: digest.md" in ended.stdout


def test_a_log_that_cannot_be_written_is_told_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "data" / "broadsheet.log").mkdir(parents=True)

    ended = broadsheet("site", "build", folder=tmp_path)

    (line,) = ended.stderr.splitlines()
    assert ended.returncode == 0
    assert line.startswith("broadsheet: No log is kept")
    assert "broadsheet.log" in line
