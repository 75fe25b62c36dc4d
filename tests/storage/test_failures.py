"""Result codes of the two databases, and the failures they stand for."""

import sqlite3

import psycopg
import pytest

from storage.failures import _LASTING, _PASSING, failure_for

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
def test_a_database_that_others_hold_is_a_passing_failure(code: str) -> None:
    failure = failure_for(code)

    assert failure is not None
    assert failure.retryable
    assert "busy" in str(failure)


@pytest.mark.parametrize("code", ["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_ERROR", "23505", "42601"])
def test_a_mistake_of_our_own_is_no_failure_of_the_database(code: str) -> None:
    assert failure_for(code) is None
