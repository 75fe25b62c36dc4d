"""Connections to PostgreSQL that do not wait for ever: a server that owes an answer and is silent has gone.

TCP notices where a host has gone. What stands in between, such as a proxy whose other side is cut off, takes
what it is sent and never answers.
"""

from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

Result = TypeVar("Result")

ANSWER_SECONDS = 60.0
"""For one statement: ours take milliseconds, and wait ten seconds for a lock at most."""
_LOOK_SECONDS = 0.1
"""psycopg's own."""
_OWED = -1.0
"""In place of what psycopg leaves out where an answer is owed; where it listens for notices it says None."""


class PatientConnection(psycopg.Connection[Any]):
    """For threads."""

    answer_seconds: ClassVar[float] = ANSWER_SECONDS

    def wait(
        self, gen: PQGen[Result], interval: float = _LOOK_SECONDS, timeout: float | None = _OWED
    ) -> Result:
        """As psycopg's, with an end.

        Raises:
            psycopg.OperationalError: there was no answer in time; the connection is closed.
        """
        try:
            return super().wait(gen, interval, self.answer_seconds if timeout == _OWED else timeout)
        except _WaitTimeout:
            self.pgconn.finish()
            raise


class PatientAsyncConnection(psycopg.AsyncConnection[Any]):
    """For the event loop."""

    answer_seconds: ClassVar[float] = ANSWER_SECONDS

    async def wait(
        self,
        gen: PQGen[Result],
        interval: float = _LOOK_SECONDS,
        timeout: float | None = _OWED,  # noqa: ASYNC109 - psycopg's
    ) -> Result:
        """As psycopg's, with an end.

        Raises:
            psycopg.OperationalError: there was no answer in time; the connection is closed.
        """
        try:
            return await super().wait(gen, interval, self.answer_seconds if timeout == _OWED else timeout)
        except _WaitTimeout:
            self.pgconn.finish()
            raise
