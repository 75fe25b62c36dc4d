"""Direct access to Chroma: one collection per embedder, and on a server per database.

Synchronous: `ChromaProcess` calls it in a child process. Importing chromadb takes up to two seconds, so that
happens on first use.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import SplitResult, urlsplit
from uuid import UUID, uuid4

import numpy as np

from storage.types import FloatVector

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

ParametersT = ParamSpec("ParametersT")
ResultT = TypeVar("ResultT")

_PREFIX = "passages-"
_STARTED = "started"
"""The metadata key of a collection being built: the Unix time at which its build started."""
_RECORDS = "chroma.sqlite3"
_SEGMENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How Chroma names the folder of a collection's search index: by its id in the table `segments`."""
_SAMPLE = 16
_SAME = 1e-3
"""Cosine distance below which a vector found counts as the one searched for: float32 rounds."""
_WIDE = 3000
"""Results of a wide search. Search is approximate: of 1,000 vectors among 100,000 on crowded subjects, it
misses 18 when asked for one result, and none when asked for this many (measured on 1.5.9; it takes 50 ms)."""


class ChromaFailure(Exception):  # noqa: N818 - never seen by users
    """Chroma failed."""


def _raises_store_failure(
    function: Callable[ParametersT, ResultT],
) -> Callable[ParametersT, ResultT]:
    @wraps(function)
    def guarded(*args: ParametersT.args, **kwargs: ParametersT.kwargs) -> ResultT:
        try:
            return function(*args, **kwargs)
        except ChromaFailure:
            raise
        # Chroma's exceptions have no common base: its own, ValueError, httpx's, and those of its Rust part.
        except Exception as error:
            raise ChromaFailure(f"{type(error).__name__}: {error}") from error

    return guarded


class ChromaStore:
    """One collection of vectors, in a folder or on a server; raises only ChromaFailure."""

    def __init__(self, location: Path | str, *, collection: str) -> None:
        self._location = location
        self._name = collection
        self._opened: ClientAPI | None = None
        self._outdated: UUID | None = None
        """The collection that was in use when the last build started."""

    @_raises_store_failure
    def count(self) -> int | None:
        """The number of vectors; None if there is no collection yet."""
        if isinstance(self._location, Path) and not self._location.exists():
            return None  # opening Chroma would create the folder
        collection = self._in_use()
        return None if collection is None else collection.count()

    @_raises_store_failure
    def missing(self, ids: Sequence[str], *, of: str | None = None) -> list[str]:
        """The ids that are not in the collection in use, or not in the one being built that `of` names."""
        if not ids:
            return []
        found = set(self._collection(of or self._name).get(ids=list(ids), include=[])["ids"])
        return [id_ for id_ in ids if id_ not in found]

    @_raises_store_failure
    def is_intact(self) -> bool:
        """Whether all collections open and find their own vectors; if not, this may crash or hang."""
        return all(map(finds_itself, self._client().list_collections()))

    @_raises_store_failure
    def fits(self, vectors: FloatVector) -> bool:
        """Whether the vectors there have the size of these; Chroma neither adds nor searches others."""
        sample = self._collection(self._name).get(limit=1, include=["embeddings"])["embeddings"]
        return sample is None or not len(sample) or not len(vectors) or len(sample[0]) == len(vectors[0])

    @_raises_store_failure
    def holds(self, ids: Sequence[str], vectors: FloatVector) -> bool:
        """Whether these vectors are there and found by a search for them."""
        collection = self._collection(self._name)
        return not self.missing(ids) and (not ids or finds(collection, vectors))

    @_raises_store_failure
    def add(self, ids: Sequence[str], vectors: FloatVector, *, to: str | None = None) -> None:
        """Store a batch of vectors in the collection in use, or in the one being built that `to` names."""
        self._collection(to or self._name).upsert(ids=list(ids), embeddings=vectors)

    @_raises_store_failure
    def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The ids nearest to `vector` with their cosine similarities, the nearest first."""
        # If there are fewer than `limit`, Chroma returns them all; counting first would take longer.
        found = self._collection(self._name).query(
            query_embeddings=vector[None, :], n_results=limit, include=["distances"]
        )
        distances = found["distances"]
        assert distances is not None
        return [(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    @_raises_store_failure
    def start_build(self, now: datetime) -> str:
        """Create an empty collection beside the one in use and return its name."""
        in_use = self._in_use()
        self._outdated = None if in_use is None else in_use.id
        name = f"{self._name}.{uuid4().hex[:8]}"
        self._client().create_collection(
            name,
            metadata={_STARTED: now.timestamp()},
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )
        return name

    @_raises_store_failure
    def finish_build(self, name: str, *, expected: int) -> None:
        """Check the collection `name` and put it in place of the one in use.

        Another process may do the same at the same time. Whichever collection stays, both then have to add
        what SQL has received meanwhile.
        """
        from chromadb.errors import ChromaError, NotFoundError  # noqa: PLC0415

        fresh = self._collection(name)
        if fresh.count() != expected or not finds_itself(fresh):
            raise ChromaFailure("the new collection does not return its vectors")
        # A collection that another process has put in place meanwhile stays: it is just as good.
        in_use = self._in_use()
        if in_use is not None and in_use.id == self._outdated:
            with suppress(NotFoundError):
                self._client().delete_collection(self._name)
        try:
            fresh.modify(name=self._name)
        except ChromaError:
            self._collection(self._name)  # another process was quicker; if none was, this raises
            self._client().delete_collection(name)
        if isinstance(self._location, Path):
            _drop_dead_folders(self._location)

    @_raises_store_failure
    def abandon_build(self, name: str) -> None:
        """Delete a collection being built."""
        self._client().delete_collection(name)

    @_raises_store_failure
    def drop_leftovers(self, *, started_before: datetime) -> None:
        """Delete collections that nobody will use any more.

        In our own folder these are all but ours: unfinished builds, and those of previous embedders, whose
        vectors SQL has. On a server they may be another database's or another embedder's, or be being built:
        there only unfinished builds of our collection that started before that moment are deleted.
        """
        from chromadb.errors import NotFoundError  # noqa: PLC0415

        if isinstance(self._location, Path) and not self._location.exists():
            return
        for collection in self._client().list_collections():
            if collection.name == self._name:
                continue
            if isinstance(self._location, Path) or self._is_abandoned(collection, started_before):
                with suppress(NotFoundError):  # another process was quicker
                    self._client().delete_collection(collection.name)
        if isinstance(self._location, Path):
            _drop_dead_folders(self._location)

    @_raises_store_failure
    def others(self) -> list[str]:
        """The names of Broadsheet's other collections: another database's or embedder's, or half built."""
        names = sorted(collection.name for collection in self._client().list_collections())
        return [name for name in names if name.startswith(_PREFIX) and name != self._name]

    @_raises_store_failure
    def close(self) -> None:
        """Release the folder or the server."""
        if self._opened is not None:
            close(self._opened)
            self._opened = None

    def _in_use(self) -> "Collection | None":
        from chromadb.errors import NotFoundError  # noqa: PLC0415

        try:
            return self._collection(self._name)
        except NotFoundError:
            return None

    def _is_abandoned(self, collection: "Collection", started_before: datetime) -> bool:
        started = (collection.metadata or {}).get(_STARTED, 0)
        return collection.name.startswith(f"{self._name}.") and started < started_before.timestamp()

    def _client(self) -> "ClientAPI":
        if self._opened is None:
            self._opened = opened(self._location)
        return self._opened

    def _collection(self, name: str) -> "Collection":
        # Looked up each time: another process may have put a new one in its place.
        return self._client().get_collection(name, embedding_function=None)


def _drop_dead_folders(folder: Path) -> None:
    """Delete the folders of deleted collections, which Chroma leaves behind: 170 MB for 100,000 vectors."""
    address = f"{(folder / _RECORDS).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as records:
            in_use = {segment for (segment,) in records.execute("SELECT id FROM segments")}
    except sqlite3.Error:  # another version's schema, say: an index matters more than its folder's size
        return
    for path in folder.iterdir():
        if path.name not in in_use and _SEGMENT.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)


def collection_name(embedder: str, database_id: str = "") -> str:
    """The name of an embedder's collection: readable, and different for every embedder and database.

    Folders need no id. Chroma takes 3 to 512 of [a-zA-Z0-9._-], the first and the last a letter or a digit.
    """
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", embedder)[:60].strip("-")
    name = f"{_PREFIX}{readable}-{sha256(embedder.encode()).hexdigest()[:8]}"
    return f"{name}-{database_id}" if database_id else name


def opened(location: Path | str) -> "ClientAPI":
    """A client of Chroma in a folder or on a server."""
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    # Otherwise Chroma would read our own `.env`.
    settings = Settings(_env_file=None, anonymized_telemetry=False)
    if isinstance(location, Path):
        return chromadb.PersistentClient(location, settings=settings)
    url = _with_port(location)
    # The whole URL as the host keeps a user and a password, and a path behind a proxy.
    return chromadb.HttpClient(url.geturl(), ssl=url.scheme == "https", settings=settings)


def place(location: Path | str) -> str:
    """Where Chroma is, in words, without a password."""
    if isinstance(location, Path):
        return "in the data folder"
    return f"at {_with_port(location).netloc.rpartition('@')[2]}"


def _with_port(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.port is not None:
        return parts
    return parts._replace(netloc=f"{parts.netloc}:{443 if parts.scheme == 'https' else 8000}")


def close(client: "ClientAPI") -> None:
    """Release a client's folder, or its connections to the server."""
    # Chroma 1.5.9 leaves its connections to a server open, and those of an inner client.
    parts = (client, getattr(client, "_admin_client", None))
    sessions = [getattr(getattr(part, "_server", None), "_session", None) for part in parts]
    client.close()  # type: ignore[attr-defined]
    for session in sessions:
        if session is not None:
            session.close()


def finds_itself(collection: "Collection") -> bool:
    """Whether a search for some of its vectors finds them: a damaged collection's count may well be right."""
    size = min(_SAMPLE, collection.count())
    if size == 0:
        return True
    sample = collection.get(limit=size, include=["embeddings"])["embeddings"]
    return sample is not None and len(sample) == size and finds(collection, np.asarray(sample, np.float32))


def finds(collection: "Collection", vectors: FloatVector) -> bool:
    """Whether a search for each of these vectors finds it, or else a wide search does."""
    missed = _not_found(collection, vectors, results=1)
    return not len(missed) or not len(_not_found(collection, missed, results=_WIDE))


def _not_found(collection: "Collection", vectors: FloatVector, *, results: int) -> FloatVector:
    """The vectors that are not the nearest found by a search for them with this many results."""
    found = collection.query(query_embeddings=vectors, n_results=results, include=["distances"])["distances"]
    if found is None:
        return vectors
    return vectors[[not row or row[0] >= _SAME for row in found]]
