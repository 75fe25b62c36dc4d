"""The command's files: where they, or its log, cannot be written, and what stays in its database."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.cli import INPUT_PROBLEM, SERVICE_PROBLEM
from bot.sample.week import WEEK
from bot.weeks import parse_week
from storage.database import Database
from storage.failures import SQLITE_FILE
from tests.bot.command import Command, broadsheet, without_embedding
from tests.fakes.arxiv import FakeArxiv
from tests.storage.records import digest


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


async def test_what_the_commands_of_former_weeks_left_goes(tmp_path: Path, in_this_process: Command) -> None:
    (tmp_path / "data").mkdir()
    url = f"sqlite:///{tmp_path / 'data' / SQLITE_FILE}"
    week = parse_week(WEEK)
    made = {
        "last": week.complete_at - timedelta(days=8),
        "this": week.complete_at + timedelta(days=1),
    }
    before = await Database.open(url, clock_now=lambda: week.complete_at)
    async with before.begin() as tx:
        for name, moment in made.items():
            await tx.digests.save(digest(id=name, published=False, created_at=moment))
    await before.close()

    async with FakeArxiv() as arxiv:
        arguments = ["digest", "--categories", "cs.CL", "--week", WEEK, "--highlights", "1"]
        ended = await asyncio.to_thread(in_this_process, arguments, without_embedding(arxiv))

    after = await Database.open(url, clock_now=lambda: week.complete_at)
    async with after.begin() as tx:
        left = [name for name in made if await tx.digests.get(name) is not None]
    await after.close()
    assert (ended.returncode, left) == (0, ["this"])


def test_a_log_that_cannot_be_written_is_told_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "data" / "broadsheet.log").mkdir(parents=True)

    ended = broadsheet("site", "build", folder=tmp_path)

    (line,) = ended.stderr.splitlines()
    assert ended.returncode == 0
    assert line.startswith("broadsheet: No log is kept")
    assert "broadsheet.log" in line
