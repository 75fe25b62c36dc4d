"""The data folder's lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.failures import StorageFailure
from storage.lock import DataFolderInUse, DataFolderLock

_HOLDING = """
import sys
from pathlib import Path
from storage.lock import DataFolderLock

with DataFolderLock(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_a_second_owner_is_told_which_process_has_the_folder(tmp_path: Path) -> None:
    with (
        DataFolderLock(tmp_path),
        pytest.raises(DataFolderInUse, match=rf"in use by process {os.getpid()} \(since 20") as caught,
    ):
        DataFolderLock(tmp_path).__enter__()

    assert caught.value.pid == os.getpid()
    assert isinstance(caught.value, StorageFailure)


def test_a_released_folder_can_be_locked_again(tmp_path: Path) -> None:
    with DataFolderLock(tmp_path):
        pass

    with DataFolderLock(tmp_path):
        pass


def test_a_missing_folder_is_created(tmp_path: Path) -> None:
    with DataFolderLock(tmp_path / "new" / "folder"):
        assert (tmp_path / "new" / "folder").is_dir()


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageFailure, match="BROADSHEET_DATA"):
        DataFolderLock(tmp_path / "file" / "folder").__enter__()


def test_the_lock_of_a_killed_process_is_released(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"locked\n"
        with pytest.raises(DataFolderInUse) as caught:
            DataFolderLock(tmp_path).__enter__()
        child.kill()
        child.wait()

    assert caught.value.pid == child.pid
    with DataFolderLock(tmp_path):
        pass
