"""What a power cut can do to files: it may empty what was not flushed, even after it was renamed."""

import os
from pathlib import Path


def flush(file: Path) -> None:
    """Flush a file to the disk, so that it is not left empty by a power cut."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def size_bytes(file: Path) -> int:
    """A file's size; 0 if there is none, which is no better than an empty one."""
    try:
        return file.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0
