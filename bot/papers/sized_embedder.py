"""An embedder whose stored vectors all have the size of those it makes now."""

import asyncio
from collections.abc import Sequence

from bot.llm.openai_embedder import OpenAIEmbedder
from bot.llm.port import Embedder, TitleEmbedder, Vectors
from storage.database import Database

_SIZE_OF = "vector size of "
"""Key prefix of the size that all vectors stored under a name have: looking through them takes seconds, and
nobody else can use SQLite meanwhile."""


class SizedEmbedder:
    """An embedder on a server, where another model may come to stand behind the same name.

    If its vectors have another size than those stored, these are deleted before anything can be compared with
    them. They are missing then, and made again like any that are.
    """

    def __init__(self, embedder: Embedder, database: Database) -> None:
        self._embedder = embedder
        self._database = database
        self._sizes: dict[str, int] = {}
        """Of the vectors made last, by the name they are stored under."""
        self._deleting = asyncio.Lock()

    @property
    def name(self) -> str:
        """As the port says."""
        return self._embedder.name

    @property
    def titles(self) -> TitleEmbedder:
        """As the port says."""
        return TitleEmbedder(name=self._embedder.titles.name, embed=self._embed_titles)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As the port says; raises StorageFailure too."""
        vectors = await self._embedder.embed(texts)
        await self._delete_other_sizes(self.name, vectors)
        return vectors

    async def _embed_titles(self, titles: Sequence[str]) -> Vectors:
        embedder = self._embedder.titles
        vectors = await embedder.embed(titles)
        await self._delete_other_sizes(embedder.name, vectors)
        return vectors

    async def _delete_other_sizes(self, name: str, vectors: Vectors) -> None:
        count, size = vectors.shape
        async with self._deleting:
            if not count or self._sizes.get(name) == size:
                return
            async with self._database.begin() as tx:
                may_be_left = await tx.state.get(f"{_SIZE_OF}{name}") != str(size)
            while may_be_left:
                async with self._database.begin() as tx:
                    may_be_left = await tx.vectors.drop_other_sizes(name, size)
                    if not may_be_left:
                        await tx.state.set(f"{_SIZE_OF}{name}", str(size))
            self._sizes[name] = size


def sized(embedder: Embedder | None, database: Database) -> Embedder | None:
    """An embedder on a server made sure of; the name of a local one tells its model."""
    return SizedEmbedder(embedder, database) if isinstance(embedder, OpenAIEmbedder) else embedder
