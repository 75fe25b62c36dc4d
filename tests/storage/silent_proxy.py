"""A proxy in front of PostgreSQL that can fall silent: it accepts what it is sent, and nothing comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


class SilentProxy:
    """Forwards everything while `speaks` is set."""

    def __init__(self, socket: Path, name: str) -> None:
        self.speaks = asyncio.Event()
        self.speaks.set()
        self.url = ""
        self._socket = socket
        self._name = name
        self._pumps = set[asyncio.Task[None]]()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["SilentProxy"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self.url = f"postgresql://postgres@127.0.0.1:{port}/{self._name}"
        try:
            yield self
        finally:
            server.close()
            for pump in self._pumps:
                pump.cancel()
            await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._socket)
        for source, sink in ((reader, back), (there, writer)):
            self._pumps.add(asyncio.create_task(self._pump(source, sink)))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while chunk := await source.read(65_536):
                await self.speaks.wait()
                sink.write(chunk)
        finally:
            sink.close()


def silent_proxy(postgres_url: str) -> SilentProxy:
    """A proxy in front of the fixtures' server, for the database that the URL names."""
    parts = urlsplit(postgres_url)
    folder = Path(parse_qs(parts.query)["host"][0])
    (socket,) = (path for path in folder.glob(".s.PGSQL.*") if path.is_socket())
    return SilentProxy(socket, parts.path.removeprefix("/"))
