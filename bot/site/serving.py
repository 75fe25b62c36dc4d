"""Serves the built folder over HTTP: files only, so no request reaches the database."""

import asyncio
import logging
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpProcessingError

from bot.errors import ServiceError
from bot.site.addresses import SLUG
from bot.site.pages import POLICY

log = logging.getLogger(__name__)

RESPONSE_SECONDS = 600.0
"""The longest that one response may take, even a recording over a slow connection."""
IDLE_SECONDS = 30.0
"""A connection that sends no complete request for this long is closed."""
MOST_CONNECTIONS = 1_000
"""At a time, if the system lets the process open enough files."""
_OPEN_FILES_PER_CONNECTION = 4
"""A connection takes a socket and a file; as many again are left to the bot itself."""
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_STOP_SECONDS = 3.0
"""Responses under way at a stop may still take this long."""
_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Browsers and proxies may keep a page but must ask each time: what is no longer public is gone at once.
    "Cache-Control": "no-cache",
}
_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
"""Lets podcast players and feed readers that are web pages fetch `_FOR_PROGRAMS`."""
_FOR_PROGRAMS = (".chapters.json", "feed.xml", "podcast.xml")
_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg",
    ".chapters.json": "application/json+chapters",
    "feed.xml": "application/atom+xml; charset=utf-8",
    "podcast.xml": "application/rss+xml; charset=utf-8",
}


def most_connections() -> int:
    """How many connections leave the bot enough of the files that its process may open.

    More could cut it off from its database and from Discord.
    """
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return MOST_CONNECTIONS // _OPEN_FILES_PER_CONNECTION
    most_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    is_bounded = most_files != resource.RLIM_INFINITY
    return min(MOST_CONNECTIONS, most_files // _OPEN_FILES_PER_CONNECTION) if is_bounded else MOST_CONNECTIONS


class SiteServer:
    """The server; `start` may be called again after a failure."""

    def __init__(self, folder: Path, *, host: str, port: int) -> None:
        self._folder = folder
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self._most_connections = most_connections()

    @property
    def port(self) -> int:
        """The port it listens on; the system chooses one if 0 was asked for."""
        return int(self._listener.sockets[0].getsockname()[1]) if self._listener else self._port

    @property
    def is_serving(self) -> bool:
        """Whether it is listening."""
        return self._listener is not None

    async def start(self) -> None:
        """Start listening.

        Raises:
            ServiceError: the port is taken, or the address is not this machine's.
        """
        app = web.Application()
        app.router.add_get("/{path:.*}", self._respond)  # HEAD too
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=_request_log(),
            keepalive_timeout=IDLE_SECONDS,
            shutdown_timeout=_STOP_SECONDS,
        )
        await runner.setup()
        try:
            listener = await asyncio.get_running_loop().create_server(
                lambda: self._protocol(runner), self._host, self._port
            )
        except OSError as error:
            await runner.cleanup()
            # asyncio puts the address in front, as a tuple.
            reason = str(error.strerror).rpartition(": ")[2]
            raise ServiceError(
                f"The public pages cannot be served on {self._host}, port {self._port}: {reason}. "
                "Choose another address with BROADSHEET_SITE_HOST and BROADSHEET_SITE_PORT."
            ) from error
        self._runner, self._listener = runner, listener

    async def stop(self) -> None:
        """Stop listening, and give responses under way a moment."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _protocol(self, runner: web.AppRunner) -> asyncio.Protocol:
        """The protocol for a new connection: a refusal if there are too many."""
        server = runner.server
        if server is None or len(server.connections) >= self._most_connections:
            return _Refusal()
        return server()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        file = await asyncio.to_thread(_find, self._folder, path)
        if file is None:
            moved = await asyncio.to_thread(_find_moved, self._folder, path)
            if moved is not None:
                # 301 rather than 308: podcast directories and older readers follow it when a feed moves.
                raise web.HTTPMovedPermanently(_relative(path, moved), headers=_HEADERS)
            return _not_found(request)
        if file.name == "index.html" and path and not path.endswith(("/", "index.html")):
            raise web.HTTPPermanentRedirect(f"{quote(file.parent.name)}/", headers=_HEADERS)
        more = _ANY_ORIGIN if file.name.endswith(_FOR_PROGRAMS) else {}
        return _TimeLimitedFile(file, headers=_HEADERS | more | {"Content-Type": _content_type(file.name)})


_CLIENT_ERRORS = (HttpProcessingError, web.RequestPayloadError)


class _Refusal(asyncio.Protocol):
    """Answers a connection with 503 and closes it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Refuse the connection."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(_BUSY)
        transport.close()


class _WithoutClientErrors(logging.Filter):
    """Keeps malformed requests out of the log: anyone can send them, and many do."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is about a failure of our own."""
        return record.exc_info is None or not isinstance(record.exc_info[1], _CLIENT_ERRORS)


_WITHOUT_CLIENT_ERRORS = _WithoutClientErrors()


def _request_log() -> logging.Logger:
    requests = log.getChild("requests")
    requests.addFilter(_WITHOUT_CLIENT_ERRORS)  # adding the same filter again has no effect
    return requests


def _find(folder: Path, path: str) -> Path | None:
    """The site's file at a path. Nothing outside the site, and nothing hidden, is ever found."""
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    place = folder.joinpath(*parts)
    try:
        if place.is_dir():
            place /= "index.html"
        elif path.endswith("/"):
            return None
        inside = place.resolve(strict=True).is_relative_to(folder.resolve())
        return place if inside and place.is_file() else None
    except OSError:  # it does not exist, or no file can have this name
        return None


def _find_moved(folder: Path, path: str) -> str | None:
    """The new path of a page whose folder was renamed because its publication has a new title."""
    first, _, rest = path.partition("/")
    old = SLUG.fullmatch(first)
    if old is None or not folder.is_dir():
        return None
    for place in folder.iterdir():
        now = SLUG.fullmatch(place.name)
        is_same = now is not None and now[1] == old[1] and place.name != first
        if is_same and _find(folder, f"{place.name}/{rest}") is not None:
            return f"{place.name}/{quote(rest)}"
    return None


def _relative(path: str, target: str) -> str:
    """A relative redirect, which also works below a proxy's sub-path."""
    return "../" * path.count("/") + target


def _content_type(name: str) -> str:
    for ending, content_type in _CONTENT_TYPES.items():
        if name.endswith(ending):
            return content_type
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _not_found(request: web.Request) -> web.Response:
    home = "../" * request.match_info["path"].count("/") or "./"
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Not found</title>'
        f'<h1>Page not found</h1><p><a href="{home}">Go to the home page</a></p></html>'
    )
    return web.Response(status=404, text=page, content_type="text/html", headers=_HEADERS)


_ONE_RANGE = re.compile(r"bytes=([0-9]+-[0-9]*|-[0-9]+)", re.IGNORECASE)


class _TimeLimitedFile(web.FileResponse):
    """A file that is sent within `RESPONSE_SECONDS`, or the connection is cut."""

    def __init__(self, file: Path, *, headers: Mapping[str, str]) -> None:
        super().__init__(file, headers=headers)
        self._file = file

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the file, or the part of it that was asked for."""
        try:
            async with asyncio.timeout(RESPONSE_SECONDS):
                if "Range" in request.headers and not await asyncio.to_thread(self._may_send_part, request):
                    whole = request.headers.copy()
                    del whole["Range"]
                    request = request.clone(headers=whole)
                return await super().prepare(request)
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError("the reader took too long") from None

    def _may_send_part(self, request: web.BaseRequest) -> bool:
        """Whether the range is one that aiohttp understands, and of the file as it is now.

        Other units have to be ignored, and several ranges may be; aiohttp refuses both. Who has a part of a
        former file needs the new one whole, but aiohttp compares only dates (RFC 9110, 13.1.5 and 14.2).
        """
        if _ONE_RANGE.fullmatch(request.headers["Range"]) is None:
            return False
        tag = request.headers.get("If-Range")
        if tag is None or request.if_range is not None:  # the latter is a date
            return True
        try:
            found = self._file.stat()
        except OSError:
            return False
        return tag == f'"{found.st_mtime_ns:x}-{found.st_size:x}"'  # as aiohttp writes it
