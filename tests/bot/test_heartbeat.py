"""What other processes see of a bot that is alive, stuck or gone."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import ServiceError
from bot.heartbeat import SILENT_SECONDS, heartbeat, heartbeat_age_seconds
from tests.fakes.clock import StillClock
from tests.waiting import until

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_heartbeats_go_on_whatever_happens_to_the_file_and_end_with_the_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.heartbeat.BEAT_SECONDS", 0.001)
    folder = tmp_path / "data"
    file = folder / "main.alive"

    async with heartbeat(folder, process_name="main"):
        await until(lambda: "could not be touched: No such file" in caplog.text)
        folder.mkdir()
        for _ in range(2):
            await until(file.exists)
            file.unlink()
        await until(file.exists)

    assert not file.exists()


@pytest.mark.parametrize(("seconds", "age"), [(SILENT_SECONDS, SILENT_SECONDS), (0, 0), (-5, 0)])
def test_a_bot_is_alive_for_a_minute_after_each_heartbeat(tmp_path: Path, seconds: float, age: float) -> None:
    assert age_after(seconds, tmp_path) == age


def test_a_silent_bot_is_to_be_restarted(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"last heartbeat was 61 s ago\. Restart it"):
        age_after(SILENT_SECONDS + 1, tmp_path)


def test_a_process_without_heartbeats_is_not_running(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="not running on this data folder"):
        heartbeat_age_seconds(tmp_path, process_name="main", clock=StillClock(NOON))


def test_a_folder_that_may_not_be_looked_into_is_not_taken_for_a_stopped_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)

    with pytest.raises(ServiceError, match=r"cannot be looked into \(Permission denied\): ask as the user"):
        heartbeat_age_seconds(tmp_path, process_name="main", clock=StillClock(NOON))


def age_after(seconds: float, folder: Path) -> float:
    """The heartbeat's age so many seconds after it."""
    file = folder / "main.alive"
    file.touch()
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    clock = StillClock(NOON + timedelta(seconds=seconds))
    return heartbeat_age_seconds(folder, process_name="main", clock=clock)
