"""What the demo says at its end."""

import sys
from pathlib import Path

import pytest

from bot.command_line.demo import next_steps


@pytest.mark.parametrize(
    ("is_activated", "command"), [(False, ".venv/bin/broadsheet digest"), (True, " broadsheet digest")]
)
def test_the_next_steps_can_be_copied_with_and_without_an_activated_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_activated: bool, command: str
) -> None:
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    (programs / "broadsheet").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(programs if is_activated else tmp_path))
    monkeypatch.setattr(sys, "argv", [".venv/bin/broadsheet", "demo"])

    assert command in next_steps()
