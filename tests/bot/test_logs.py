"""What is written into the log at each level."""

import logging
from pathlib import Path

import pytest

from bot.logs import to_file


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize(
    ("level", "written"),
    [
        ("DEBUG", ["DEBUG bot.client", "INFO bot.client", "WARNING bot.client", "WARNING discord.gateway"]),
        ("INFO", ["INFO bot.client", "WARNING bot.client", "WARNING discord.gateway"]),
        ("WARNING", ["WARNING bot.client", "WARNING discord.gateway"]),
        ("ERROR", []),
    ],
)
def test_libraries_which_log_what_people_ask_are_heard_from_warnings_on_only(
    tmp_path: Path, level: str, written: list[str]
) -> None:
    to_file(level, tmp_path / "log")

    for name in ("bot.client", "discord.gateway"):
        for at in (logging.DEBUG, logging.INFO, logging.WARNING):
            logging.getLogger(name).log(at, "What was measured?")

    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert [" ".join(line.split()[2:4]).rstrip(":") for line in lines] == written
