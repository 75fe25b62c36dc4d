"""A real database whose transactions fail temporarily, as in a failover or under another process's lock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.database import Database, Transaction
from storage.failures import LOST, StorageFailure


class FailingDatabase(Database):
    """`script` says which of the next transactions fail (True); once it is used up, all succeed."""

    script: tuple[bool, ...] = ()
    begun = 0
    retryable = True

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self.begun += 1
        fails, self.script = self.script[:1] == (True,), self.script[1:]
        if fails:
            raise StorageFailure(LOST, retryable=self.retryable)
        async with super().begin() as tx:
            yield tx
