"""One owner of an embedded data folder at a time, by a file lock of the operating system."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from storage.failures import StorageFailure

_NAME = "owner.lock"


class DataFolderInUse(StorageFailure):
    """Another process owns the data folder; the message says which."""

    def __init__(self, pid: int | None, since: datetime) -> None:
        process = "another process" if pid is None else f"process {pid}"
        super().__init__(
            f"The data folder is in use by {process} (since {since:%Y-%m-%d %H:%M} UTC). "
            "Stop it first, or set BROADSHEET_DATA to another folder.",
            retryable=False,
        )
        self.pid = pid


@contextmanager
def sole_owner(folder: Path) -> Iterator[None]:
    """Own a data folder.

    The operating system holds the lock, so it is released however the process ends. The file stays: it names
    the owner, and its modification time says since when.

    Raises:
        DataFolderInUse: another process has locked it.
        StorageFailure: the folder is missing or cannot be written to.
    """
    try:
        file = (folder / _NAME).open("a+b")
    except OSError as error:
        raise StorageFailure(
            "The data folder cannot be written to. Set BROADSHEET_DATA to a folder you can write to.",
            retryable=False,
        ) from error
    with file:
        if not try_lock(file):
            raise DataFolderInUse(
                _pid_in(file), datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        yield


def _pid_in(file: BinaryIO) -> int | None:
    file.seek(0)
    words = file.read(32).split()
    return int(words[0]) if words else None  # locked, but its owner has not written yet


if sys.platform == "win32":
    import msvcrt

    # Windows does not let others read locked bytes: lock one far behind the pid.
    _FAR = 1 << 20

    def try_lock(file: BinaryIO) -> bool:
        """Lock an open file until it is closed or the process ends; False if it is locked already."""
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(file: BinaryIO) -> bool:
        """Lock an open file until it is closed or the process ends; False if it is locked already."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
