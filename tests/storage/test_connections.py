import socket
import time
from pathlib import Path

import pytest
from dbos._utils import retriable_postgres_exception
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from storage.connections import thread_engine_options, with_driver


@pytest.mark.parametrize("is_old", [False, True])
def test_dbos_gets_unixepoch_subsec_from_an_old_sqlite_too(
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


@pytest.mark.parametrize("lacks", ["its name", "its socket"])
def test_dbos_waits_for_a_server_whose_name_or_socket_is_missing(
    lacks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    where = "@db/name" if lacks == "its name" else f"@/name?host={tmp_path}"
    url = f"postgresql://user{where}"
    engine = create_engine(with_driver(url), **thread_engine_options(url))

    with pytest.raises(OperationalError) as caught:
        engine.connect()

    assert retriable_postgres_exception(caught.value)
