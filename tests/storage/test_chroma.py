"""Where Chroma is, its approximate search, and the folders it leaves behind."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from math import inf
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
import pytest

from storage.chroma import ChromaStore, finds, opened, place
from storage.types import FloatVector
from tests.databases import NOW

if TYPE_CHECKING:
    from chromadb import Collection

_WRITTEN_AT = 1001
"""With this many vectors Chroma writes a collection into a folder of its own."""


class _Asked(BaseHTTPRequestHandler):
    """Records what is requested, and refuses it."""

    seen: ClassVar[list[tuple[str, str | None]]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        self.send_error(403)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    _Asked.seen = []
    with HTTPServer(("127.0.0.1", 0), _Asked) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, _Asked.seen
        server.shutdown()
        thread.join()


def test_a_server_behind_a_path_and_a_password(proxy: tuple[int, list[tuple[str, str | None]]]) -> None:
    port, seen = proxy

    with pytest.raises(Exception, match=r"403|Forbidden"):
        opened(f"http://me:mine@127.0.0.1:{port}/papers/")

    path, password = seen[0]
    assert path.startswith("/papers/api/")
    assert password == "Basic bWU6bWluZQ=="


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://chroma", "at chroma:8000"),
        ("http://chroma:80/", "at chroma:80"),
        ("https://me:mine@chroma.example/papers/", "at chroma.example:443"),
        ("http://[::1]", "at [::1]:8000"),
        (Path("/data/index"), "in the data folder"),
    ],
)
def test_the_place_is_described_without_a_password(location: str | Path, words: str) -> None:
    assert place(location) == words


class Approximate:
    """A collection whose search misses a vector unless it asks for enough results."""

    def __init__(self, wide_enough: list[float]) -> None:
        self._wide_enough = dict(enumerate(wide_enough))

    def query(
        self, *, query_embeddings: FloatVector, n_results: int, include: list[str]
    ) -> dict[str, list[list[float]]]:
        assert include == ["distances"]
        places = query_embeddings[:, 0].astype(int).tolist()
        return {"distances": [[0.0 if n_results >= self._wide_enough[place] else 0.2] for place in places]}


@pytest.mark.parametrize(
    ("wide_enough", "finds_all"),
    [([1, 1, 1], True), ([1, 300, 1], True), ([1, inf, 300], False)],
)
def test_a_vector_that_a_wider_search_finds_is_there(wide_enough: list[float], finds_all: bool) -> None:
    vectors = np.asarray([[place, 1] for place in range(3)], np.float32)

    assert finds(cast("Collection", Approximate(wide_enough)), vectors) is finds_all


def test_the_folders_of_replaced_and_unfinished_collections_are_deleted(tmp_path: Path) -> None:
    store = ChromaStore(tmp_path, collection="fake")
    vectors = np.random.default_rng(1).normal(size=(_WRITTEN_AT, 8)).astype(np.float32)
    ids = [f"2611.00001v1#{number}" for number in range(len(vectors))]
    (tmp_path / "kept").mkdir()

    def build() -> str:
        built = store.start_build(NOW)
        store.add(ids, vectors, to=built)
        return built

    for _ in range(2):
        store.finish_build(build(), expected=len(ids))
    after_two_builds = sum(path.is_dir() for path in tmp_path.iterdir())
    build()
    with_unfinished = sum(path.is_dir() for path in tmp_path.iterdir())
    store.drop_leftovers(started_before=NOW)

    left = sum(path.is_dir() for path in tmp_path.iterdir())
    assert (after_two_builds, with_unfinished, left) == (2, 3, 2)
    assert store.query(vectors[0], 1)[0][0] == ids[0]
    store.close()
