"""The command as a user runs it: a process of its own, judged by its exit code and what it prints."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import INPUT_PROBLEM, SERVICE_PROBLEM

CLEAN = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")


def broadsheet(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in CLEAN if name in os.environ}
    environment |= {"BROADSHEET_DATA": str(folder / "data"), "COLUMNS": "100", **settings}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "words"),
    [
        (["digest", "--categories", "cs.XX"], {}, INPUT_PROBLEM, "cs.XX"),
        (
            ["digest", "--categories", "cs.CL", "--week", "2026-47"],
            {},
            INPUT_PROBLEM,
            "write it like 2026-W47",
        ),
        (["digest", "--categories", "cs.CL", "--week", "2026-W60"], {}, INPUT_PROBLEM, "no week 2026-W60"),
        (["digest", "--categories", "cs.CL", "--week", "2999-W01"], {}, INPUT_PROBLEM, "has not begun"),
        (["digest"], {}, INPUT_PROBLEM, "--categories"),
        (["digest", "--categories", "cs.CL", "--highlights", "26"], {}, INPUT_PROBLEM, "highlights"),
        (["digest", "--categories", "cs.CL", "--folder", "/proc/nowhere"], {}, INPUT_PROBLEM, "--folder"),
        (["run"], {}, INPUT_PROBLEM, "DISCORD_TOKEN"),
        (["settings"], {"OPENAI_TIMEOUT_SECONDS": "soon"}, INPUT_PROBLEM, "OPENAI_TIMEOUT_SECONDS"),
        (["settings"], {"BROADSHEET_DATABSE": "x"}, INPUT_PROBLEM, "no setting BROADSHEET_DATABSE"),
        (["digest", "--categories", "cs.CL"], {"DATABASE_URL": "mysql://x"}, SERVICE_PROBLEM, "DATABASE_URL"),
        (
            ["digest", "--categories", "cs.CL"],
            {"BROADSHEET_DATA": "/proc/x"},
            INPUT_PROBLEM,
            "BROADSHEET_DATA",
        ),
        (["summarize", "attention"], {}, INPUT_PROBLEM, "not an arXiv id or link"),
        (["summarize", "2406.02528", "--language", "Klingon"], {}, INPUT_PROBLEM, "Klingon"),
        (["sing"], {}, INPUT_PROBLEM, "sing"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], code: int, words: str
) -> None:
    ended = broadsheet(*arguments, folder=tmp_path, **settings)

    assert (ended.returncode, ended.stdout) == (code, "")
    assert words in ended.stderr
    assert ended.stderr.startswith("broadsheet: ")
    assert len(ended.stderr.splitlines()) == 1


def test_no_network_is_one_clear_line(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"
    ended = broadsheet(
        "digest",
        "--categories",
        "cs.CL",
        folder=tmp_path,
        ARXIV_API_URL=nobody,
        ARXIV_RSS_URL=nobody,
        ARXIV_PDF_URL=nobody,
        ARXIV_DELAY_SECONDS="0",
    )

    assert ended.returncode == SERVICE_PROBLEM
    assert ended.stderr.startswith("broadsheet: ")
    assert "arXiv" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_settings_are_shown_without_secrets(tmp_path: Path) -> None:
    ended = broadsheet("settings", folder=tmp_path, DISCORD_TOKEN="abc.def", OPENAI_MODEL="my-model")

    assert ended.returncode == 0
    assert "my-model" in ended.stdout
    assert "abc.def" not in ended.stdout


def test_the_demo_makes_a_digest_of_the_sample_week(tmp_path: Path) -> None:
    ended = broadsheet("demo", folder=tmp_path, OPENAI_API_KEY="sk-unused")

    markdown = (tmp_path / "digest.md").read_text()
    page = (tmp_path / "digest.html").read_text()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "broadsheet run" in ended.stdout
    for text in (ended.stdout, markdown, page):
        assert "extract, no language model" in text
        assert "The PDF is a scan without text" in " ".join(text.split())
    assert markdown.count("https://arxiv.org/pdf/2611.") > 20
    assert "gnore previous instructions" not in markdown + page + ended.stdout
    assert not (tmp_path / "data").exists()
