"""Whether an embedded index lives, and what happens to one that does not.

Chroma's embedded store does not survive every crash, and a damaged folder can crash or hang whoever opens it:
so a child process tries it first.
"""

import asyncio
import shutil
import sys
from pathlib import Path

from storage.chroma import finds_itself, opened
from storage.failures import StorageFailure

_PROBE_SECONDS = 60.0


async def is_sound(folder: Path) -> bool:
    """Whether a folder opens, in a child process, and gives its vectors back."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        str(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return await asyncio.wait_for(child.wait(), _PROBE_SECONDS) == 0
    except TimeoutError:
        return False
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def put_aside(folder: Path) -> None:
    """Move a folder out of the way, in place of the one put aside before.

    Raises:
        StorageFailure: the data folder cannot be written to.
    """
    aside = folder.with_name(f"{folder.name}.broken")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    except OSError as error:
        raise StorageFailure(
            "The passage index in the data folder is damaged and cannot be moved."
        ) from error


if __name__ == "__main__":
    sys.exit(0 if all(map(finds_itself, opened(Path(sys.argv[1])).list_collections())) else 1)
