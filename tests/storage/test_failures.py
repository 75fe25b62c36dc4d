"""Result codes of the two databases, and the failures they stand for."""

import sqlite3

import psycopg
import pytest

from storage.failures import _LASTING, _PASSING, failure_for, refusal_code

CODES = sorted(_PASSING | _LASTING)
SQLSTATES = sorted(
    state
    for error in vars(psycopg.errors).values()
    if isinstance(error, type) and isinstance(state := getattr(error, "sqlstate", None), str)
)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_one_that_a_driver_has(code: str) -> None:
    known = code in SQLSTATES or (len(code) == 2 and any(state.startswith(code) for state in SQLSTATES))

    assert known or (code.startswith("SQLITE_") and hasattr(sqlite3, code))


@pytest.mark.parametrize("code", ["SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "55P03", "40001"])
def test_a_busy_database_is_a_retryable_failure(code: str) -> None:
    failure = failure_for(code)

    assert failure is not None
    assert failure.retryable
    assert "busy" in str(failure)


@pytest.mark.parametrize("code", ["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_ERROR", "23505", "42601"])
def test_a_bug_of_ours_is_no_failure_of_the_database(code: str) -> None:
    assert failure_for(code) is None


@pytest.mark.parametrize("code", ["SQLITE_CORRUPT", "SQLITE_NOTADB"])
def test_the_wal_of_a_damaged_file_is_deleted_before_a_backup_is_restored(code: str) -> None:
    words = str(failure_for(code, file="runs.sqlite"))

    assert "delete runs.sqlite-wal and runs.sqlite-shm" in words


def test_a_server_that_refuses_this_host_is_not_reported_as_unreachable() -> None:
    told = (
        'connection failed: connection to server at "192.0.2.7", port 5432 failed: FATAL:  no pg_hba.conf '
        'entry for host "192.0.2.9", user "bot", database "papers", no encryption'
    )

    failure = failure_for(refusal_code(told) or "")

    assert failure is not None
    assert not failure.retryable
    assert "sslmode=require" in str(failure)


def test_without_permissions_the_advice_is_to_own_the_database() -> None:
    """To own a schema is not enough: the durable runs make one of their own."""
    assert "Make it the owner of the database" in str(failure_for("42501"))
