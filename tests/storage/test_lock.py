"""The data folder's lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.failures import StorageFailure
from storage.lock import DataFolderInUse, sole_owner, try_lock

_HOLDING = """
import sys
from pathlib import Path
from storage.lock import sole_owner

with sole_owner(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_a_second_owner_is_told_which_process_has_the_folder(tmp_path: Path) -> None:
    with (
        sole_owner(tmp_path),
        pytest.raises(DataFolderInUse, match=rf"in use by process {os.getpid()} \(since 20") as caught,
        sole_owner(tmp_path),
    ):
        pass

    assert caught.value.pid == os.getpid()
    assert isinstance(caught.value, StorageFailure)


def test_a_released_folder_can_be_locked_again(tmp_path: Path) -> None:
    with sole_owner(tmp_path):
        pass

    with sole_owner(tmp_path):
        pass


def test_an_owner_that_has_not_written_its_number_yet_is_another_process(tmp_path: Path) -> None:
    with (tmp_path / "owner.lock").open("ab") as file:
        assert try_lock(file)
        with (
            pytest.raises(DataFolderInUse, match="in use by another process") as caught,
            sole_owner(tmp_path),
        ):
            pass

    assert caught.value.pid is None


def test_a_folder_that_cannot_be_written_to_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageFailure, match="BROADSHEET_DATA"), sole_owner(tmp_path / "file"):
        pass


def test_the_lock_of_a_killed_process_is_released_and_names_its_next_owner(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"locked\n"
        with pytest.raises(DataFolderInUse) as caught, sole_owner(tmp_path):
            pass
        child.kill()
        child.wait()

    assert caught.value.pid == child.pid
    with sole_owner(tmp_path), pytest.raises(DataFolderInUse, match=f" {os.getpid()} "), sole_owner(tmp_path):
        pass
