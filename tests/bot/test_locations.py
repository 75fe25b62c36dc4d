import asyncio
import sys
from pathlib import Path
from unittest.mock import create_autospec

import pytest
from dbos._dbos import _get_or_create_dbos_registry

from bot.errors import SettingsError
from bot.locations import RUNS_FILE, data_folder, database_url, engine_url, site_url
from bot.runs.engine import Engine
from bot.runs.workflows import Workflows
from bot.settings import Settings
from storage.database import Database
from storage.failures import SQLITE_FILE
from tests.databases import NOW


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, None),
        ({"BROADSHEET_SITE": True}, None),
        ({"BROADSHEET_SITE": True, "BROADSHEET_SITE_HOST": "::1"}, None),
        ({"BROADSHEET_SITE": True, "BROADSHEET_SITE_HOST": "localhost"}, None),
        ({"BROADSHEET_SITE": True, "BROADSHEET_SITE_HOST": "192.0.2.7"}, "http://192.0.2.7:8080/"),
        (
            {"BROADSHEET_SITE": True, "BROADSHEET_SITE_HOST": "2001:db8::7", "BROADSHEET_SITE_PORT": 81},
            "http://[2001:db8::7]:81/",
        ),
        ({"BROADSHEET_SITE": True, "BROADSHEET_SITE_HOST": "0.0.0.0"}, None),
        ({"BROADSHEET_SITE": True, "BROADSHEET_SITE_HOST": "::"}, None),
        ({"BROADSHEET_SITE_URL": "https://papers.example.org/sub"}, "https://papers.example.org/sub/"),
        (
            {"BROADSHEET_SITE": True, "BROADSHEET_SITE_URL": "https://papers.example.org"},
            "https://papers.example.org/",
        ),
    ],
)
def test_the_pages_have_the_address_that_was_said_or_where_others_find_them(
    given: dict[str, object], address: str | None
) -> None:
    assert site_url(Settings.model_validate(given)) == address


@pytest.mark.parametrize("folder", [None, "~nobody-of-that-name/data"])
def test_a_home_folder_that_nobody_has_is_named(folder: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def expanded(path: Path | str) -> Path:
        if str(path).startswith("~"):
            raise RuntimeError("could not determine the home directory")
        return Path(path)

    monkeypatch.setattr("bot.settings.platformdirs.user_data_dir", lambda *_, **_more: expanded("~/x"))
    monkeypatch.setattr(Path, "expanduser", expanded)
    settings = Settings.model_validate({} if folder is None else {"BROADSHEET_DATA": folder})

    with pytest.raises(SettingsError, match="BROADSHEET_DATA: the folder ~"):
        data_folder(settings)


@pytest.mark.skipif(sys.platform == "win32", reason="its modes say nothing of other users")
def test_a_data_folder_that_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = data_folder(Settings.model_validate({"BROADSHEET_DATA": tmp_path / "here" / "data"}))

    assert made.stat().st_mode & 0o077 == 0


def test_a_file_or_a_broken_link_in_place_of_the_data_folder_is_named_as_such(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to(tmp_path / "gone")

    for path, what in ((file, "a file"), (link, "a link that leads nowhere")):
        with pytest.raises(SettingsError, match=f"^BROADSHEET_DATA: {path} is {what}. Name a folder.$"):
            data_folder(Settings.model_validate({"BROADSHEET_DATA": path}))


async def test_the_databases_are_in_the_data_folder_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "team?A" / "50%20#off@home"
    settings = Settings.model_validate({"BROADSHEET_DATA": folder})
    workflows = create_autospec(Workflows, instance=True, engine_runs=asyncio.Event())

    database = await Database.open(database_url(settings), clock_now=lambda: NOW)
    async with Engine(database_url=engine_url(settings), process_name="main", workflows=workflows):
        kept = _names(folder)
    await database.close()
    _get_or_create_dbos_registry().instance_info_map.clear()  # as `Works` does

    assert {SQLITE_FILE, RUNS_FILE} <= kept
    assert _names(tmp_path) == {"team?A"}


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
