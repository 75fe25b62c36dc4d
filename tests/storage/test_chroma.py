"""Where Chroma is looked for."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from storage.chroma import opened, place


class _Asked(BaseHTTPRequestHandler):
    """Notes what was asked for, and refuses it."""

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
def test_the_place_is_told_without_a_password(location: str | Path, words: str) -> None:
    assert place(location) == words
