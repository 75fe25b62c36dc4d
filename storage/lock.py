"""One owner of an embedded data folder at a time, by a lock of the operating system."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from storage.failures import StorageFailure

_NAME = "owner.lock"
PRIVATE = 0o700
"""Of the data folder: what people ask and vote is in it, and on many machines others may look into homes."""


class DataFolderInUse(StorageFailure):
    """Another process owns the data folder; the message says which."""

    def __init__(self, pid: int | None, since: datetime) -> None:
        process = "another process" if pid is None else f"process {pid}"
        super().__init__(
            f"The data folder is in use by {process} since {since:%Y-%m-%d %H:%M} UTC. "
            "Stop it first, or set BROADSHEET_DATA to another folder.",
            retryable=False,
        )
        self.pid = pid


class DataFolderLock:
    """Owns a data folder while entered.

    The operating system holds the lock, so it vanishes with the process, however that ends. The file stays:
    it tells who the owner is, and its time of change tells since when.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Take the folder, which is created where it is missing.

        Raises:
            DataFolderInUse: another process has it.
            StorageFailure: the folder cannot be created or written to.
        """
        try:
            self._path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            file = self._path.open("a+b")
        except OSError as error:
            raise StorageFailure(
                "The data folder cannot be created or written to. Set BROADSHEET_DATA to a folder of yours.",
                retryable=False,
            ) from error
        if not try_lock(file):
            with file:
                raise DataFolderInUse(
                    _pid_in(file), datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
                )
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the folder go."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _pid_in(file: BinaryIO) -> int | None:
    file.seek(0)
    words = file.read(32).split()
    return int(words[0]) if words and words[0].isdigit() else None


if sys.platform == "win32":
    import msvcrt

    # Windows forbids others to read what is locked: lock a byte far behind the pid.
    _FAR = 1 << 20

    def try_lock(file: BinaryIO) -> bool:
        """Lock an open file until it is closed or the process ends; False where another has it."""
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(file: BinaryIO) -> bool:
        """Lock an open file until it is closed or the process ends; False where another has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
