"""Connections to PostgreSQL that don't wait for ever: a server that owes an answer and is silent has gone.

TCP notices when a host has gone. But something in between, such as a proxy cut off from the server, accepts
what it is sent and never answers.
"""

from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

Result = TypeVar("Result")

ANSWER_SECONDS = 60.0
"""Timeout for one statement: ours take milliseconds, and wait at most ten seconds for a lock."""
_LOOK_SECONDS = 0.1
"""psycopg's default."""
_OWED = -1.0
"""The default `timeout`: psycopg passes none when an answer is owed, and None to listen for notifications."""


class PatientConnection(psycopg.Connection[Any]):
    """For use in threads."""

    answer_seconds: ClassVar[float] = ANSWER_SECONDS

    def wait(
        self, gen: PQGen[Result], interval: float = _LOOK_SECONDS, timeout: float | None = _OWED
    ) -> Result:
        """As psycopg's, with a timeout.

        Raises:
            psycopg.OperationalError: there was no answer in time; the connection is closed.
        """
        try:
            return super().wait(gen, interval, self.answer_seconds if timeout == _OWED else timeout)
        except _WaitTimeout:
            self.pgconn.finish()
            raise


class PatientAsyncConnection(psycopg.AsyncConnection[Any]):
    """For use in the event loop."""

    answer_seconds: ClassVar[float] = ANSWER_SECONDS

    async def wait(
        self,
        gen: PQGen[Result],
        interval: float = _LOOK_SECONDS,
        timeout: float | None = _OWED,  # noqa: ASYNC109 - psycopg's
    ) -> Result:
        """As psycopg's, with a timeout.

        Raises:
            psycopg.OperationalError: there was no answer in time; the connection is closed.
        """
        try:
            return await super().wait(gen, interval, self.answer_seconds if timeout == _OWED else timeout)
        except _WaitTimeout:
            self.pgconn.finish()
            raise
