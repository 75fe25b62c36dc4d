"""Chroma as it is: one collection for an embedder.

Synchronous: `ChromaProcess` calls it in a process of its own. Importing chromadb takes up to two seconds, so
that happens on first use.
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
"""What the metadata of a collection being built call the Unix time at which that began."""
_RECORDS = "chroma.sqlite3"
_SEGMENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How Chroma names the folder of a collection's search, after a row of its records."""
_SAMPLE = 16
_SAME = 1e-3
"""Cosine distance below which a vector found is the one looked for: float32 rounds."""
_WIDE = 3000
"""The search is approximate: of 1,000 vectors among 100,000 in crowded subjects one for the nearest passes by
18, one for so many not even one (measured on 1.5.9; it takes 50 ms)."""


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
        self._outdated: UUID | None = None

    @_failing_plainly
    def count(self) -> int | None:
        """How many vectors there are; None where there is no collection yet."""
        if isinstance(self._location, Path) and not self._location.exists():
            return None  # to look is no reason to make one
        return None if self._id() is None else self._collection(self._name).count()

    @_failing_plainly
    def missing(self, ids: Sequence[str], *, of: str | None = None) -> list[str]:
        """Those of the ids that are not there, or not in the collection started over."""
        if not ids:
            return []
        found = self._collection(of or self._name).get(ids=list(ids), include=[])["ids"]
        there = set(found)
        return [id_ for id_ in ids if id_ not in there]

    @_failing_plainly
    def lives(self) -> bool:
        """Whether what is in the folder opens and finds itself; where it does not, this may crash or hang."""
        return all(map(finds_itself, self._client().list_collections()))

    @_failing_plainly
    def gives_back(self, ids: Sequence[str], vectors: FloatVector) -> bool:
        """Whether these vectors are there and found by a search for them."""
        collection = self._collection(self._name)
        return not self.missing(ids) and (not ids or finds(collection, vectors))

    @_failing_plainly
    def add(self, ids: Sequence[str], vectors: FloatVector, *, to: str | None = None) -> None:
        """Store a batch of vectors, in the collection started over where its name is given."""
        self._collection(to or self._name).upsert(ids=list(ids), embeddings=vectors)

    @_failing_plainly
    def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The ids nearest to `vector` with their cosine similarities, the nearest first."""
        # Of fewer than `limit` Chroma gives what there is; to count them takes longer than to search.
        found = self._collection(self._name).query(
            query_embeddings=vector[None, :], n_results=limit, include=["distances"]
        )
        distances = found["distances"]
        assert distances is not None
        return [(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    @_failing_plainly
    def start_over(self, now: datetime) -> str:
        """Make an empty collection beside the one in use and return its name."""
        self._outdated = self._id()
        name = f"{self._name}.{uuid4().hex[:8]}"
        self._client().create_collection(
            name,
            metadata={_STARTED: now.timestamp()},
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )
        return name

    @_failing_plainly
    def replace_by(self, name: str, *, expected: int) -> None:
        """Check the collection called `name` and use it instead of the one in use.

        Another process may do the same at the same moment. Whichever collection stays, each of them has to
        add what SQL has got meanwhile.
        """
        from chromadb.errors import ChromaError, NotFoundError  # noqa: PLC0415

        fresh = self._collection(name)
        if fresh.count() != expected or not finds_itself(fresh):
            raise StoreFailure("the collection just built does not give its vectors back")
        # One that another process has put there meanwhile stays: it is as good.
        if self._outdated is not None and self._id() == self._outdated:
            with suppress(NotFoundError):
                self._client().delete_collection(self._name)
        try:
            fresh.modify(name=self._name)
        except ChromaError:
            self._collection(self._name)  # another process was quicker; where it was not, this is the failure
            self._client().delete_collection(name)

    @_failing_plainly
    def abandon(self, name: str) -> None:
        """Delete a collection started over."""
        self._client().delete_collection(name)

    @_failing_plainly
    def drop_leftovers(self, *, started_before: datetime) -> None:
        """Delete what nobody will use any more.

        In our own folder that is every collection but ours: what a kill left, and embedders of before, whose
        vectors SQL has. On a server another process may use an embedder of its own, or be building: there
        only those go that were begun for our embedder, before that moment, and never put in place.
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

    @_failing_plainly
    def others(self) -> list[str]:
        """The names of Broadsheet's other collections: another embedder's, or half built."""
        names = sorted(collection.name for collection in self._client().list_collections())
        return [name for name in names if name.startswith(_PREFIX) and name != self._name]

    @_failing_plainly
    def close(self) -> None:
        """Let go of the folder."""
        if self._opened is not None:
            close(self._opened)
            self._opened = None

    def _id(self) -> UUID | None:
        from chromadb.errors import NotFoundError  # noqa: PLC0415

        try:
            return self._collection(self._name).id
        except NotFoundError:
            return None

    def _is_abandoned(self, collection: "Collection", started_before: datetime) -> bool:
        # Earlier versions did not note the start: a build of theirs that is still going on begins anew.
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
    """Delete the folders of collections that are no more, which Chroma leaves: 170 MB of 100,000 vectors."""
    address = f"{(folder / _RECORDS).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as records:
            in_use = {segment for (segment,) in records.execute("SELECT id FROM segments")}
    except sqlite3.Error:  # such as another Chroma's: an index matters more than its folder's size
        return
    for path in folder.iterdir():
        if path.name not in in_use and _SEGMENT.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)


def collection_name(embedder: str) -> str:
    """The collection of an embedder: readable, and different for every embedder.

    Chroma takes 3 to 512 characters of [a-zA-Z0-9._-] that begin and end with a letter or a digit.
    """
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", embedder)[:60].strip("-")
    return f"{_PREFIX}{readable}-{sha256(embedder.encode()).hexdigest()[:8]}"


def opened(location: Path | str) -> "ClientAPI":
    """Chroma in a folder or on a server."""
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    # Nothing out of our own `.env`, which Chroma would read.
    settings = Settings(_env_file=None, anonymized_telemetry=False)
    if isinstance(location, Path):
        return chromadb.PersistentClient(location, settings=settings)
    url = _with_port(location)
    # A whole URL as the host: so a user and a password, and a path behind a proxy, are kept.
    return chromadb.HttpClient(url.geturl(), ssl=url.scheme == "https", settings=settings)


def place(location: Path | str) -> str:
    """Where Chroma is, in words without a password."""
    if isinstance(location, Path):
        return "in the data folder"
    return f"at {_with_port(location).netloc.rpartition('@')[2]}"


def _with_port(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.port is not None:
        return parts
    return parts._replace(netloc=f"{parts.netloc}:{443 if parts.scheme == 'https' else 8000}")


def close(client: "ClientAPI") -> None:
    """Let go of the folder, or of the connections to the server."""
    # Chroma 1.5.9 leaves its connections to a server open, and has those of an inner client beside them.
    parts = (client, getattr(client, "_admin_client", None))
    sessions = [getattr(getattr(part, "_server", None), "_session", None) for part in parts]
    client.close()  # type: ignore[attr-defined]
    for session in sessions:
        if session is not None:
            session.close()


def finds_itself(collection: "Collection") -> bool:
    """Whether some vectors are found by a search for them: a damaged collection's count may well be right."""
    size = min(_SAMPLE, collection.count())
    if size == 0:
        return True
    sample = collection.get(limit=size, include=["embeddings"])["embeddings"]
    return sample is not None and len(sample) == size and finds(collection, np.asarray(sample, np.float32))


def finds(collection: "Collection", vectors: FloatVector) -> bool:
    """Whether a search for each of these vectors comes upon it, be it a wider one."""
    passed_by = _not_found(collection, vectors, results=1)
    return not len(passed_by) or not len(_not_found(collection, passed_by, results=_WIDE))


def _not_found(collection: "Collection", vectors: FloatVector, *, results: int) -> FloatVector:
    """Those of the vectors that are not among so many results of a search for them."""
    found = collection.query(query_embeddings=vectors, n_results=results, include=["distances"])["distances"]
    if found is None:
        return vectors
    return vectors[[not row or row[0] >= _SAME for row in found]]
