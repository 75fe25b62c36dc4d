import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import InputError, ServiceError
from bot.site.lock import sole_builder

_BUILDING = """
import asyncio
import sys
from pathlib import Path
from bot.site.lock import sole_builder

async def build():
    async with sole_builder(Path(sys.argv[1])):
        print("building", flush=True)
        sys.stdin.read()

asyncio.run(build())
"""


async def test_a_second_builder_waits_for_a_while_and_a_killed_one_is_not_waited_for(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _BUILDING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: ASYNC220 - nothing else runs here
        assert child.stdout is not None
        assert child.stdout.readline() == b"building\n"
        with pytest.raises(ServiceError, match="is being built by another process"):
            async with sole_builder(tmp_path, wait_seconds=0.3):
                pass
        child.kill()
        child.wait()

    async with sole_builder(tmp_path, wait_seconds=0.3):
        pass


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(InputError, match="cannot be written to"):
        async with sole_builder(tmp_path / "file" / "site"):
            pass
