import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage.connections import thread_engine_options


@pytest.mark.parametrize("is_old", [False, True])
def test_the_engine_of_runs_finds_the_time_of_python_3_12_in_an_old_sqlite_too(
    is_old: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_old:
        monkeypatch.setattr("storage.connections._IS_OLD_SQLITE", True)
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    engine = create_engine(url, **thread_engine_options(url))
    before = time.time()

    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE t (a TEXT, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
        )
        connection.execute(text("INSERT INTO t (a) VALUES ('x')"))
        at = connection.execute(text("SELECT at FROM t")).scalar_one()
    engine.dispose()

    assert before - 1 <= at / 1000 <= time.time() + 1
