import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.errors import ServiceError
from bot.site import serving
from bot.site.addresses import code_from_id, slug
from bot.site.folder import MANIFEST
from bot.site.serving import SiteServer

LAB = slug(code_from_id(42), "Lab papers")
SOUND = bytes(range(256)) * 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / LAB / "audio").mkdir(parents=True)
    (site / "index.html").write_text("the root")
    (site / MANIFEST).write_text("{}")
    (site / LAB / "index.html").write_text("the front page")
    (site / LAB / "2026-W47.html").write_text("a digest")
    (site / LAB / "feed.xml").write_text("<feed/>")
    (site / LAB / "audio" / "2026-W47.mp3").write_bytes(SOUND)
    (site / LAB / "audio" / "2026-W47.chapters.json").write_text("{}")
    (site / LAB / "link.html").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "secret.txt").write_text("SECRET")
    return site


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[SiteServer]:
    running = SiteServer(folder, host="127.0.0.1", port=0)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def web(server: SiteServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session:
        yield session


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("/", "text/html; charset=utf-8", "the root"),
        (f"/{LAB}/", "text/html; charset=utf-8", "the front page"),
        (f"/{LAB}/2026-W47.html", "text/html; charset=utf-8", "a digest"),
        (f"/{LAB}/feed.xml", "application/atom+xml; charset=utf-8", "<feed/>"),
        (f"/{LAB}/audio/2026-W47.chapters.json", "application/json+chapters", "{}"),
    ],
)
async def test_a_file_is_served_with_its_type(
    web: aiohttp.ClientSession, path: str, kind: str, text: str
) -> None:
    async with web.get(path) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert await answer.text() == text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("path", "given"), [("2026-W47.html", None), ("feed.xml", "*")])
async def test_other_sites_may_read_what_is_meant_for_programs(
    web: aiohttp.ClientSession, path: str, given: str | None
) -> None:
    async with web.get(f"/{LAB}/{path}") as answer:
        assert answer.headers.get("Access-Control-Allow-Origin") == given


@pytest.mark.parametrize(
    "nonsense",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
async def test_nonsense_from_outside_is_refused_without_a_word_in_the_log(
    server: SiteServer, caplog: pytest.LogCaptureFixture, nonsense: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(nonsense)

    answer = await reader.read()
    writer.close()

    assert answer.split()[1] in {b"400", b"404"}
    assert not caplog.records


async def test_a_connection_beyond_the_limit_is_turned_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 2)
    running = SiteServer(folder, host="127.0.0.1", port=0)
    await running.start()
    kept = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(2)]
    for reader, writer in kept:
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")

    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)

    assert (await reader.read()).startswith(b"HTTP/1.1 503")
    for _, each in (*kept, (reader, writer)):
        each.close()
    await running.stop()


async def test_head_tells_the_size_without_the_content(web: aiohttp.ClientSession) -> None:
    async with web.head(f"/{LAB}/audio/2026-W47.mp3") as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/mpeg")
        assert answer.headers["Content-Length"] == str(len(SOUND))
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert await answer.read() == b""


async def test_what_a_browser_has_is_not_sent_again(web: aiohttp.ClientSession) -> None:
    async with web.get("/") as first:
        tag = first.headers["ETag"]

    async with web.get("/", headers={"If-None-Match": tag}) as again:
        assert again.status == 304
        assert await again.read() == b""


async def test_players_get_the_part_they_ask_for(web: aiohttp.ClientSession) -> None:
    async with web.get(f"/{LAB}/audio/2026-W47.mp3", headers={"Range": "bytes=100-199"}) as part:
        assert part.status == 206
        assert part.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
        assert await part.read() == SOUND[100:200]
    async with web.get(f"/{LAB}/audio/2026-W47.mp3", headers={"Range": "bytes=999999-"}) as beyond:
        assert beyond.status == 416


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "items=0-5"},
        {"Range": "bytes=0-1,5-9"},
        {"Range": "bytes=0-99", "If-Range": '"of a former file"'},
        {"Range": "bytes=0-99", "If-Range": "Mon, 02 Jan 2006 15:04:05 GMT"},
    ],
)
async def test_what_cannot_be_sent_in_part_is_sent_whole(
    web: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with web.get(f"/{LAB}/audio/2026-W47.mp3", headers=headers) as answer:
        assert answer.status == 200
        assert await answer.read() == SOUND


async def test_a_player_goes_on_with_the_file_it_began(web: aiohttp.ClientSession) -> None:
    async with web.head(f"/{LAB}/audio/2026-W47.mp3") as begun:
        headers = {"Range": "bytes=100-", "If-Range": begun.headers["ETag"]}

    async with web.get(f"/{LAB}/audio/2026-W47.mp3", headers=headers) as rest:
        assert rest.status == 206
        assert await rest.read() == SOUND[100:]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        f"/{LAB}/..%5c..%5csecret.txt",
        f"/{LAB}/link.html",
        f"/{MANIFEST}",
        f"/{LAB}/audio/.hidden",
        "/%00",
        "//etc/hostname",
        "/" + "x" * 3000,
        f"/{LAB}/2026-W47.html/",
        f"/{LAB}/nothing.html",
        f"/{LAB}/audio/",
    ],
)
async def test_nothing_else_is_ever_found(server: SiteServer, path: str) -> None:
    # By hand: a client would tidy the path up before it asks.
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()

    assert answer.split()[1] in {b"404", b"400"}
    assert b"SECRET" not in answer


async def test_a_missing_page_leads_home(web: aiohttp.ClientSession) -> None:
    async with web.get(f"/{LAB}/papers/x.html") as answer:
        assert answer.status == 404
        assert '<a href="../../">' in await answer.text()
        assert answer.headers["Content-Type"].startswith("text/html")


async def test_only_reading_is_allowed(web: aiohttp.ClientSession) -> None:
    async with web.post("/", data=b"x") as answer:
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(",")) == {"GET", "HEAD"}


async def test_a_folder_without_its_slash_is_led_to_it(web: aiohttp.ClientSession) -> None:
    async with web.get(f"/{LAB}", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (308, f"{LAB}/")


async def test_an_old_title_leads_to_the_new_one(web: aiohttp.ClientSession) -> None:
    old = slug(code_from_id(42), "What it was called")

    async with web.get(f"/{old}/2026-W47.html") as answer:
        assert answer.url.path == f"/{LAB}/2026-W47.html"
        assert [hop.status for hop in answer.history] == [301]
        assert await answer.text() == "a digest"
    async with web.get(f"/{slug(code_from_id(43), 'Lab papers')}/2026-W47.html") as other:
        assert other.status == 404


async def test_an_old_title_is_not_led_to_a_page_that_is_not_there(
    web: aiohttp.ClientSession, folder: Path
) -> None:
    (folder / slug(code_from_id(42), "What it was called")).mkdir()

    async with web.get(f"/{LAB}/2020-W01.html", allow_redirects=False) as answer:
        assert answer.status == 404


async def test_a_port_that_is_taken_is_said_and_can_be_tried_again(folder: Path, server: SiteServer) -> None:
    second = SiteServer(folder, host="127.0.0.1", port=server.port)

    taken = rf"on 127\.0\.0\.1, port {server.port}: address already in use\. .*BROADSHEET_SITE_PORT"
    with pytest.raises(ServiceError, match=taken):
        await second.start()
    await server.stop()
    await second.start()

    assert second.is_serving
    await second.stop()


async def test_a_connection_serves_one_request_after_the_other(
    server: SiteServer, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for _ in range(3):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert await reader.readexactly(len("the root")) == b"the root"
    writer.close()

    assert caplog.records == []


async def test_whoever_never_finishes_a_request_is_disconnected(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "IDLE_SECONDS", 0.2)
    running = SiteServer(folder, host="127.0.0.1", port=0)
    await running.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(b"GET / HTTP/1.1\r\nHo")

    assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()
    await running.stop()


async def test_whoever_takes_for_ever_to_read_is_disconnected(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "RESPONSE_SECONDS", 0.2)
    (folder / "large.mp3").write_bytes(bytes(60_000_000))
    running = SiteServer(folder, host="127.0.0.1", port=0)
    await running.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(b"GET /large.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")

    await asyncio.sleep(0.6)  # reads nothing meanwhile
    received = 0
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(1 << 20):
            received += len(part)

    assert received < 60_000_000
    writer.close()
    await running.stop()


async def test_stopping_does_not_wait_for_open_connections(folder: Path) -> None:
    running = SiteServer(folder, host="127.0.0.1", port=0)
    await running.start()
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{running.port}/") as answer:
        await answer.read()
        await asyncio.wait_for(running.stop(), 5)

    assert not running.is_serving
