"""Chroma as it is: one collection for an embedder, and how to tell and treat a damaged folder.

Synchronous: `storage.index` calls it in a thread of its own. Importing chromadb takes up to two seconds, so
that happens on first use.
"""

import asyncio
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from storage.failures import StorageFailure
from storage.types import FloatVector

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

ParametersT = ParamSpec("ParametersT")
ResultT = TypeVar("ResultT")

_PROBE_SECONDS = 60.0
_SAMPLE = 16
_SAME = 1e-3
"""Cosine distance below which a vector found is the one looked for: float32 rounds."""


class StoreFailure(Exception):  # noqa: N818 - never seen by users
    """Chroma failed."""


def _failing_plainly(
    function: Callable[ParametersT, ResultT],
) -> Callable[ParametersT, ResultT]:
    @wraps(function)
    def guarded(*args: ParametersT.args, **kwargs: ParametersT.kwargs) -> ResultT:
        try:
            return function(*args, **kwargs)
        except StoreFailure:
            raise
        # Chroma has no common exception: its own, ValueError, httpx's, and what its Rust part makes up.
        except Exception as error:
            raise StoreFailure(f"{type(error).__name__}: {error}") from error

    return guarded


class ChromaStore:
    """The vectors of one embedder's passages, in a folder or on a server; it raises StoreFailure only."""

    def __init__(self, location: Path | str, *, embedder: str) -> None:
        self._location = location
        self._name = collection_name(embedder)
        self._opened: ClientAPI | None = None

    @_failing_plainly
    def count(self) -> int:
        """How many vectors there are; a failure where there is no collection yet."""
        return self._collection(self._name).count()

    @_failing_plainly
    def add(self, ids: Sequence[str], vectors: FloatVector, *, to: str | None = None) -> None:
        """Store a batch of vectors, in the collection started over where its name is given."""
        self._collection(to or self._name).upsert(ids=list(ids), embeddings=vectors)

    @_failing_plainly
    def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The ids nearest to `vector` with their cosine similarities, the nearest first."""
        collection = self._collection(self._name)
        size = min(limit, collection.count())
        if size == 0:
            return []
        found = collection.query(query_embeddings=vector[None, :], n_results=size, include=["distances"])
        distances = found["distances"]
        assert distances is not None
        return [(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    @_failing_plainly
    def start_over(self) -> str:
        """Make an empty collection beside the one in use and return its name."""
        if isinstance(self._location, Path):  # on a server it may be another process's, just being filled
            for left_over in self._client().list_collections():
                if left_over.name.startswith(f"{self._name}."):
                    self._client().delete_collection(left_over.name)
        name = f"{self._name}.{uuid4().hex[:8]}"
        self._client().create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        return name

    @_failing_plainly
    def replace_by(self, name: str, *, expected: int) -> None:
        """Check the collection called `name` and use it instead of the one in use."""
        from chromadb.errors import ChromaError, NotFoundError  # noqa: PLC0415

        fresh = self._collection(name)
        if fresh.count() != expected or not _finds_itself(fresh):
            raise StoreFailure("the collection just built does not give its vectors back")
        with suppress(NotFoundError):
            self._client().delete_collection(self._name)
        try:
            fresh.modify(name=self._name)
        except ChromaError:
            # Another process was as far as we are, and quicker: theirs is as good.
            if self._collection(self._name).count() != expected:
                raise
            self._client().delete_collection(name)

    @_failing_plainly
    def close(self) -> None:
        """Let go of the folder."""
        if self._opened is not None:
            self._opened.close()  # type: ignore[attr-defined]
            self._opened = None

    def _client(self) -> "ClientAPI":
        if self._opened is None:
            self._opened = _open(self._location)
        return self._opened

    def _collection(self, name: str) -> "Collection":
        # Looked up each time: another process may have put a new one in its place.
        return self._client().get_collection(name, embedding_function=None)


def collection_name(embedder: str) -> str:
    """The collection of an embedder: readable, and different for every embedder.

    Chroma takes 3 to 512 characters of [a-zA-Z0-9._-] that begin and end with a letter or a digit.
    """
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", embedder)[:60].strip("-")
    return f"passages-{readable}-{sha256(embedder.encode()).hexdigest()[:8]}"


async def is_sound(folder: Path) -> bool:
    """Whether a folder opens and gives its vectors back.

    Tried in a child process: a damaged folder can crash or hang whoever opens it.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        str(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return await asyncio.wait_for(child.wait(), _PROBE_SECONDS) == 0
    except TimeoutError:
        return False
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def put_aside(folder: Path) -> None:
    """Move a folder out of the way, in place of the one put aside before.

    Raises:
        StorageFailure: the data folder cannot be written to.
    """
    aside = folder.with_name(f"{folder.name}.broken")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    except OSError as error:
        raise StorageFailure(
            "The passage index in the data folder is damaged and cannot be moved."
        ) from error


def _open(location: Path | str) -> "ClientAPI":
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    # Nothing out of our own `.env`, which Chroma would read.
    settings = Settings(_env_file=None, anonymized_telemetry=False)
    if isinstance(location, Path):
        return chromadb.PersistentClient(location, settings=settings)
    url = urlsplit(location)
    is_encrypted = url.scheme == "https"
    port = url.port or (443 if is_encrypted else 8000)
    return chromadb.HttpClient(url.hostname or "localhost", port, ssl=is_encrypted, settings=settings)


def _finds_itself(collection: "Collection") -> bool:
    """Whether some vectors are found by a search for them: a damaged collection's count may well be right."""
    size = min(_SAMPLE, collection.count())
    if size == 0:
        return True
    sample = collection.get(limit=size, include=["embeddings"])["embeddings"]
    if sample is None or len(sample) != size:
        return False
    distances = collection.query(query_embeddings=sample, n_results=1, include=["distances"])["distances"]
    return distances is not None and all(row and row[0] < _SAME for row in distances)


if __name__ == "__main__":
    sys.exit(0 if all(map(_finds_itself, _open(Path(sys.argv[1])).list_collections())) else 1)
