"""The folder of the real data for benchmarks, if present: `BROADSHEET_SHARED_DATA`, else `shared/data` beside
the project."""

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(
    os.environ.get("BROADSHEET_SHARED_DATA", str(Path(__file__).resolve().parents[2] / "shared" / "data"))
)

needs_shared_data = pytest.mark.skipif(
    not SHARED_DATA.is_dir(),
    reason="the real data for measuring is not on this machine (BROADSHEET_SHARED_DATA)",
)
