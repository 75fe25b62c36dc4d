"""Runs the `broadsheet` command in tests."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from dbos._dbos import _get_or_create_dbos_registry

from bot.cli import main
from tests.fakes.arxiv import FakeArxiv

CLEAN = ("PATH", "PYTHONPATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR", "COVERAGE_PROCESS_CONFIG")


def clean_environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in CLEAN if name in os.environ}
    return kept | {"BROADSHEET_DATA": str(folder / "data"), "COLUMNS": "100"}


def without_embedding(arxiv: FakeArxiv) -> dict[str, str]:
    """Settings for a digest whose order and passages don't matter: embedding takes most of the time."""
    return {
        "ARXIV_API_URL": arxiv.api_url,
        "ARXIV_RSS_URL": arxiv.rss_url,
        "ARXIV_PDF_URL": arxiv.pdf_url,
        "ARXIV_DELAY_SECONDS": "0",
        "BROADSHEET_EMBEDDER": "none",
    }


def broadsheet(
    *arguments: str,
    folder: Path,
    before: Callable[[], None] | None = None,
    measured: bool = True,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    environment = clean_environment(folder) | settings
    if not measured:
        environment.pop("COVERAGE_PROCESS_CONFIG", None)
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment,
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


Command: TypeAlias = Callable[[list[str], dict[str, str]], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def in_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Like `broadsheet`, for tests that don't need a new process, which takes seconds to start."""

    def run(arguments: list[str], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
        environment = clean_environment(tmp_path) | settings
        for name in os.environ.keys() - environment.keys() - {"PYTEST_CURRENT_TEST"}:
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        # Whatever a command sets up for its process would affect later tests.
        monkeypatch.setattr("bot.cli._take_other_signals_as_ctrl_c", lambda: None)
        monkeypatch.setattr("bot.logs._begin", lambda *_, **__: None)
        monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
        monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
        monkeypatch.setattr(logging.getLogger("dbos"), "handlers", [])
        monkeypatch.setattr(sys, "argv", ["broadsheet", *arguments])
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            _get_or_create_dbos_registry().instance_info_map.clear()  # as `Works.stop` does
        said = capsys.readouterr()
        code = ended.value.code or 0
        assert isinstance(code, int)
        return subprocess.CompletedProcess(arguments, code, said.out, said.err)

    return run
