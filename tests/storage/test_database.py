from storage.database import Database
from tests.storage.records import paper


async def test_a_saved_paper_comes_back_as_it_was(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper()])

    async with database.begin() as tx:
        assert await tx.papers.get("2611.00001") == paper()
