"""The command as a user runs it: a process of its own, judged by its exit code and what it prints."""

import asyncio
import io
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from rich.console import Console

from bot.cli import INPUT_PROBLEM, INTERRUPTED, SERVICE_PROBLEM, _take_other_signals_as_ctrl_c, main
from bot.command_line.watched import Watched
from bot.heartbeat import SILENT_SECONDS
from bot.sample.week import WEEK
from tests.bot.command import Command, broadsheet, clean_environment, without_embedding
from tests.end_to_end.asking import command
from tests.end_to_end.world import world
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.openai import FakeOpenAI, unauthorized


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
        (["digest", "--categories", "cs.CL", "--week", "2999-W01"], {}, INPUT_PROBLEM, "has not started"),
        (
            ["digest", "--categories", "cs.CL", "--week", "1990-W02"],
            {},
            INPUT_PROBLEM,
            "started in August",
        ),
        (["digest"], {}, INPUT_PROBLEM, "--categories"),
        (["digest", "--categories", "cs.CL", "--highlights", "26"], {}, INPUT_PROBLEM, "highlights"),
        (["digest", "--categories", "cs.CL", "--folder", "/proc/nowhere"], {}, INPUT_PROBLEM, "--folder"),
        (["digest", "--categories", "cs.CL", "--format", "pdf"], {}, INPUT_PROBLEM, "bibtex, csv, obsidian"),
        (["run"], {}, INPUT_PROBLEM, "DISCORD_TOKEN"),
        (["settings"], {"OPENAI_TIMEOUT_SECONDS": "soon"}, INPUT_PROBLEM, "OPENAI_TIMEOUT_SECONDS"),
        (["settings"], {"OPENAI_TIMEOUT_SECONDS": "inf"}, INPUT_PROBLEM, "OPENAI_TIMEOUT_SECONDS"),
        (
            ["settings"],
            {"BROADSHEET_VOICE": "alloy"},
            INPUT_PROBLEM,
            "use auto, openai, hibari or none.",
        ),
        (["settings"], {"BROADSHEET_DATABSE": "x"}, INPUT_PROBLEM, "no setting BROADSHEET_DATABSE"),
        (
            ["digest", "--categories", "cs.CL"],
            {"DATABASE_URL": "postgresql://host:port/name"},
            SERVICE_PROBLEM,
            "DATABASE_URL",
        ),
        (
            ["digest", "--categories", "cs.CL"],
            {"BROADSHEET_DATA": "/proc/x"},
            INPUT_PROBLEM,
            "BROADSHEET_DATA",
        ),
        (["site", "build", "--url", "https://papers.example.org/?a"], {}, INPUT_PROBLEM, "not an address"),
        (["summarize", "attention"], {}, INPUT_PROBLEM, "not an arXiv id or link"),
        (["summarize", "2406.02528", "--language", "Klingon"], {}, INPUT_PROBLEM, "Klingon"),
        (["settings"], {"OPENAI_MODLE": "x"}, INPUT_PROBLEM, "Did you mean OPENAI_MODEL"),
        (["settings"], {"BROADSHEET_EMBEDDER": "magic"}, INPUT_PROBLEM, "BROADSHEET_EMBEDDER"),
        (["health"], {}, SERVICE_PROBLEM, "not running"),
        (["ask", "Is it fast?", "--paper", "attention"], {}, INPUT_PROBLEM, "not an arXiv id or link"),
        (["ask", "Is it fast?", "--week", "2026-47"], {}, INPUT_PROBLEM, "write it like 2026-W47"),
        (["ask", "Is it fast?", "--week", "2026-W47"], {}, INPUT_PROBLEM, "No digest of 2026-W47"),
        (
            ["ask", "Is it fast?", "--paper", "2404.12345", "--week", "2026-W47"],
            {},
            INPUT_PROBLEM,
            "not both",
        ),
        (["ask", "??"], {}, INPUT_PROBLEM, "Please ask a question"),
        (["sing"], {}, INPUT_PROBLEM, "sing"),
        (["sing"], {}, INPUT_PROBLEM, " See `broadsheet --help`."),
        (["digest"], {}, INPUT_PROBLEM, " See `broadsheet digest --help`."),
        (["site", "build", "--x"], {}, INPUT_PROBLEM, "option: --x. See `broadsheet site build --help`."),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    in_this_process: Command, arguments: list[str], settings: dict[str, str], code: int, words: str
) -> None:
    ended = in_this_process(arguments, settings)

    assert (ended.returncode, ended.stdout) == (code, "")
    assert words in ended.stderr
    assert ended.stderr.startswith("broadsheet: ")
    assert len(ended.stderr.splitlines()) == 1


def test_the_version_is_said(in_this_process: Command) -> None:
    ended = in_this_process(["--version"], {})

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"Broadsheet {version('broadsheet')}\n"


def test_the_bare_command_helps(tmp_path: Path) -> None:
    ended = broadsheet(folder=tmp_path)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == broadsheet("--help", folder=tmp_path).stdout
    assert ended.stdout.startswith("Usage: broadsheet [OPTIONS] COMMAND")


def test_the_help_names_no_types_of_python(in_this_process: Command) -> None:
    ended = in_this_process(["digest", "--help"], {})

    assert "--format <format>" in ended.stdout
    assert "[str]" not in ended.stdout


@pytest.mark.slow  # the pauses between the tries take a minute
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


def test_piped_settings_are_whole_and_each_on_one_line(tmp_path: Path) -> None:
    base_url = f"https://models.example.org/{'long-' * 30}[v1]/"
    ended = broadsheet("settings", folder=tmp_path, OPENAI_BASE_URL=base_url)

    lines = {line.split()[0]: line for line in ended.stdout.splitlines()}
    assert base_url in lines["OPENAI_BASE_URL"]
    assert lines["BROADSHEET_SERVER_QUESTIONS_PER_HOUR"].rstrip().endswith("0 is no limit.")


def test_the_demo_makes_a_digest_of_the_sample_week(tmp_path: Path) -> None:
    formats = ("--format", "md", "--format", "html", "--format", "obsidian")
    with socket.create_server(("127.0.0.1", 0)) as chroma:
        ended = broadsheet(
            *("demo", *formats),
            folder=tmp_path,
            OPENAI_API_KEY="sk-unused",
            CHROMA_URL=f"http://127.0.0.1:{chroma.getsockname()[1]}",
            PYTHONIOENCODING="ascii",  # lacks what papers and the demo say
        )
        chroma.settimeout(0)
        with pytest.raises(BlockingIOError):  # nobody connected: the index there is of other papers
            chroma.accept()

    notes = list((tmp_path / f"Broadsheet {WEEK}").glob("*.md"))
    markdown = (tmp_path / "digest.md").read_text()
    page = (tmp_path / "digest.html").read_text()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "broadsheet run" in ended.stdout
    for text in (ended.stdout, markdown, page):
        assert "no language model (extracts only)" in text
        assert "The PDF is a scan without text" in " ".join(text.split())
    assert markdown.count("https://arxiv.org/pdf/2611.") > 20
    assert "gnore previous instructions" not in markdown + page + ended.stdout
    assert len(notes) == 9
    assert not (tmp_path / "data").exists()


def test_the_site_is_built_into_a_folder_and_says_what_is_missing(
    tmp_path: Path, in_this_process: Command
) -> None:
    ended = in_this_process(["site", "build"], {})

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Nothing is public yet" in ended.stdout
    assert (tmp_path / "site" / "index.html").exists()
    again = in_this_process(["site", "build", "--url", "not an address"], {})
    assert again.returncode == INPUT_PROBLEM
    assert "not an address such as https://" in again.stderr


@pytest.mark.parametrize("arguments", [["run"], ["digest", "--categories", "cs.CL", "--week", WEEK]])
@pytest.mark.parametrize("free_bytes", [4, 8192])
def test_a_full_disk_is_one_clear_line(tmp_path: Path, arguments: list[str], free_bytes: int) -> None:
    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (free_bytes, free_bytes))

    # Coverage would complain on the same terminal that its own figures have no room, and Python would keep
    # what it could write of a module's code, which nobody can import again.
    settings = {"DISCORD_TOKEN": "x.y.z", "PYTHONDONTWRITEBYTECODE": "1"}
    ended = broadsheet(*arguments, folder=tmp_path, before=fill, measured=False, **settings)

    assert ended.returncode in {SERVICE_PROBLEM, INPUT_PROBLEM}, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith("broadsheet: ")
    assert "full" in line or "File too large" in line  # EFBIG: what a limit gives in place of a full disk


def _hear_all_signals() -> None:
    """As in a terminal: tests in the background or under `nohup` ignore some, and so would the command."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_being_ended_leaves_no_temporary_folders(number: int, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"],
        cwd=tmp_path,
        env=clean_environment(tmp_path) | {"TMPDIR": str(scratch)},
        preexec_fn=_hear_all_signals,  # noqa: PLW1509 - it takes no lock
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        deadline = time.monotonic() + 60
        while not list(scratch.glob("broadsheet-demo-*/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        begun = list(scratch.iterdir())
        demo.send_signal(number)
        _, said = demo.communicate(timeout=60)

    assert begun
    assert demo.returncode == INTERRUPTED
    assert "broadsheet: Stopped." in said
    assert list(scratch.iterdir()) == []


def test_being_ended_is_heard_where_ctrl_c_is_ignored() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _take_other_signals_as_ctrl_c()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_ctrl_c_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    command = typer.Typer()
    command.command()(interrupted)
    monkeypatch.setattr("bot.cli.commands", command)
    monkeypatch.setattr("bot.cli._take_other_signals_as_ctrl_c", lambda: None)
    monkeypatch.setattr(sys, "argv", ["broadsheet", "--"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == INTERRUPTED
    assert capsys.readouterr().err == "broadsheet: Stopped.\n"


def test_a_report_of_the_unexpected_leaves_another_users_file_alone(
    in_this_process: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **_more: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("bot.heartbeat.heartbeat_age_seconds", broken)
    (tmp_path / "broadsheet-crash.log").mkdir()  # what may not be opened, root or not

    ended = in_this_process(["health"], {})

    assert ended.returncode == 70
    assert "The log has the details. It is in" in ended.stderr
    (report,) = tmp_path.glob("broadsheet-crash-*.log")
    assert str(report) in ended.stderr
    assert report.stat().st_mode & 0o077 == 0


def test_a_stage_that_failed_is_not_shown_as_done() -> None:
    terminal = io.StringIO()

    def fail() -> None:
        with Watched(Console(file=terminal, width=100, force_terminal=True)) as watched:
            watched.begin("Fetching", total=1)
            watched.advance()
            watched.begin("Reading", total=8)
            watched.advance(3)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()

    assert "3/8" in terminal.getvalue()
    assert "8/8" not in terminal.getvalue()


@pytest.mark.xdist_group("faults")  # where bots are forked
async def test_a_token_that_discord_refuses_is_one_clear_line(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        around.settings["DISCORD_TOKEN"] = "not.the.token"
        code, said = await command(around, "run")

    (line,) = (line for line in said.splitlines() if line.startswith("broadsheet: "))
    assert code == INPUT_PROBLEM
    assert "Discord rejected DISCORD_TOKEN" in line
    assert "Traceback" not in said
    assert "not.the.token" not in said


DIGEST = ["digest", "--categories", "cs.CL", "--week", WEEK, "--highlights", "2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (DIGEST, "2 of 2 summaries are extracts:"),
        (["summarize", "2611.90243"], "This summary is an extract:"),
    ],
)
async def test_a_key_that_the_model_refuses_leaves_extracts_and_is_told(
    in_this_process: Command, arguments: list[str], words: str
) -> None:
    async with FakeArxiv() as arxiv, FakeOpenAI(*[unauthorized()] * 40) as model:
        settings = without_embedding(arxiv) | {
            "OPENAI_API_KEY": "sk-wrong",
            "OPENAI_BASE_URL": model.base_url,
        }
        ended = await asyncio.to_thread(in_this_process, arguments, settings)

    said = " ".join(ended.stdout.split())
    assert ended.returncode == 0
    assert "no language model (extracts only)" in said
    assert words in said
    assert "check OPENAI_API_KEY" in said
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.xdist_group("faults")  # where bots are forked
async def test_health_tells_a_running_bot_from_one_that_is_gone(tmp_path: Path) -> None:
    sign = tmp_path / "data" / "main.alive"
    async with world(tmp_path) as around:
        await around.start()
        await around.ready()
        alive = await asyncio.to_thread(broadsheet, "health", folder=tmp_path)
        await around.stop()
    gone = await asyncio.to_thread(broadsheet, "health", folder=tmp_path)
    sign.touch()
    before = time.time() - SILENT_SECONDS - 5
    os.utime(sign, (before, before))
    silent = await asyncio.to_thread(broadsheet, "health", folder=tmp_path)

    assert (alive.returncode, alive.stderr) == (0, "")
    assert "alive" in alive.stdout
    assert (gone.returncode, gone.stdout) == (SERVICE_PROBLEM, "")
    assert "not running" in gone.stderr
    assert (silent.returncode, silent.stdout) == (SERVICE_PROBLEM, "")
    assert "Restart it" in silent.stderr
