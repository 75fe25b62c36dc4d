"""What the bot asks of the C library."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

_THREADS = 12
_ARENAS_IN_USE = f"""
import ctypes, sys, threading

from bot.memory import share_arenas

share_arenas()
together = threading.Barrier({_THREADS})

def allocate():
    together.wait()
    kept = bytearray(100_000)
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range({_THREADS})]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_many_threads_share_two_arenas(tmp_path: Path) -> None:
    information = tmp_path / "malloc_info.xml"

    subprocess.run([sys.executable, "-c", _ARENAS_IN_USE, str(information)], check=True, timeout=60)

    assert information.read_text().count("<heap nr=") == 2
