"""README.md tells of every command and setting there is, and of none that there is not."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from discord.ext import commands

from bot.client import EXTENSIONS
from bot.settings import Settings

_README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
_TABLE_CELLS = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)
_SLASH_COMMAND = re.compile(r"`(/?[a-z]+(?: [a-z]+)?)`")
_SETTING = re.compile(r"\b(?:BROADSHEET|OPENAI|DISCORD|ARXIV|CHROMA|DATABASE)_[A-Z_]+\b")
_WITHOUT_A_LINE = {
    "ARXIV_API_URL",
    "ARXIV_RSS_URL",
    "ARXIV_PDF_URL",
    "ARXIV_DELAY_SECONDS",
    "BROADSHEET_PROCESS",
}
"""`broadsheet settings` lists these too; BROADSHEET_PROCESS is told of beside DATABASE_URL."""


def test_every_command_has_its_line_in_the_tables_and_every_line_its_command() -> None:
    in_the_text = {"setup"}

    assert set(_commands_in_tables()) | in_the_text == set(_commands_of_the_bot())


def test_every_setting_has_its_line_in_the_table() -> None:
    table = _README.partition("| setting | meaning |")[2].partition("\n\n")[0]

    named = {name for cell in _TABLE_CELLS.findall(table) for name in _SETTING.findall(cell)}

    assert named == _settings() - _WITHOUT_A_LINE


def test_no_setting_is_named_that_there_is_not() -> None:
    for_files = {f"{name}_FILE" for name in _settings()}

    assert set(_SETTING.findall(_README)) <= _settings() | for_files | {"BROADSHEET_SHARED_DATA"}


def _commands_in_tables() -> Iterator[str]:
    """`/taste follow`, `mute` in one cell are two subcommands of one group."""
    for cell in _TABLE_CELLS.findall(_README):
        group = ""
        for name in _SLASH_COMMAND.findall(cell):
            if name.startswith("/"):
                group = name.partition(" ")[0]
                yield name[1:]
            elif group:
                yield f"{group[1:]} {name}"


def _commands_of_the_bot() -> Iterator[str]:
    for extension in EXTENSIONS:
        for cog in vars(import_module(extension)).values():
            if inspect.isclass(cog) and issubclass(cog, commands.Cog) and cog.__module__ == extension:
                group = f"{cog.__cog_group_name__} " if issubclass(cog, commands.GroupCog) else ""
                yield from (group + command.name for command in cog.__cog_app_commands__)


def _settings() -> set[str]:
    return {str(field.validation_alias) for field in Settings.model_fields.values()}
