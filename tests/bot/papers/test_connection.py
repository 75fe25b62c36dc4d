import asyncio
import ssl
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import encode_basic_auth, web
from yarl import URL

from bot.errors import ArxivError
from bot.papers.connection import TRIES, Answer, ArxivConnection
from tests.bot.papers.loopback import NOON, line

HOST = cast("Any", SimpleNamespace(host="export.arxiv.org", port=443, ssl=True, is_ssl=True))
REQUEST = cast("Any", SimpleNamespace(real_url=URL("http://proxy.example.edu:3128")))
OK = web.Response(body=b"fine", content_type="text/plain")


async def ask(connection: ArxivConnection, url: str, *, max_bytes: int = 1000) -> Answer:
    return await connection.get(url, max_bytes=max_bytes, timeout_seconds=30)


async def test_we_say_who_we_are() -> None:
    async with line(OK) as arxiv:
        answer = await ask(arxiv.connection, arxiv.server.url)

    assert answer == Answer(status=200, content_type="text/plain", body=b"fine")
    assert arxiv.server.requests[0].headers["User-Agent"] == "Broadsheet/test"


async def test_arxiv_is_asked_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with line(OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.server.url.replace("//", "//ada:love@"))
        await ask(proxy.connection, "http://arxiv.invalid/api/query")

    (request,) = proxy.server.requests
    assert request.headers["Host"] == "arxiv.invalid"
    assert request.headers["Proxy-Authorization"] == encode_basic_auth("ada", "love")


async def test_an_encoded_url_is_sent_as_it_is() -> None:
    async with line(OK) as arxiv:
        await ask(arxiv.connection, f"{arxiv.server.url}/api/query?id_list=hep-th%2F9901001%2C2404.12345")

    assert arxiv.server.requests[0].raw_path == "/api/query?id_list=hep-th%2F9901001%2C2404.12345"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_and_retries_wait_for_a_slot_too(status: int) -> None:
    redirect = web.Response(status=status, headers={"Location": "/there"})

    async with line(web.Response(status=500), redirect, OK) as arxiv:
        await ask(arxiv.connection, arxiv.server.url)

    assert arxiv.pacer.slots == len(arxiv.server.requests) == 3


async def test_there_is_one_request_at_a_time() -> None:
    under_way = most = 0

    async def slow(_request: web.Request) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.Response(body=b"fine")

    async with line(slow) as arxiv:
        await asyncio.gather(*(ask(arxiv.connection, arxiv.server.url) for _ in range(4)))

    assert most == 1


async def test_arxivs_own_trouble_is_tried_again_with_growing_pauses() -> None:
    async with line(web.Response(status=502), web.Response(status=500), OK) as arxiv:
        answer = await ask(arxiv.connection, arxiv.server.url)

    assert answer.body == b"fine"
    first, second = (seconds for seconds in arxiv.clock.slept if seconds > 0)
    assert 4 <= first <= 5
    assert 12 <= second <= 15


async def test_tries_are_bounded() -> None:
    async with line(web.Response(status=502)) as arxiv:
        with pytest.raises(ArxivError, match=r"has a problem \(HTTP") as failure:
            await ask(arxiv.connection, arxiv.server.url)

    assert len(arxiv.server.requests) == TRIES
    assert failure.value.retryable


async def test_a_refusal_is_final_and_silences_us() -> None:
    async with line(web.Response(status=403), OK) as arxiv:
        with pytest.raises(ArxivError, match="refuses our requests") as refusal:
            await ask(arxiv.connection, arxiv.server.url)
        with pytest.raises(ArxivError, match="none are made until 13:00 UTC"):
            await ask(arxiv.connection, arxiv.server.url)

        assert len(arxiv.server.requests) == 1
        assert not refusal.value.retryable
        assert refusal.value.passes

        arxiv.clock.move_to(NOON + timedelta(hours=1))
        assert (await ask(arxiv.connection, arxiv.server.url)).body == b"fine"


@pytest.mark.parametrize("header", ["20", "Mon, 23 Nov 2026 12:00:20 GMT"])
@pytest.mark.parametrize("status", [429, 503])
async def test_a_short_retry_after_is_waited_for(status: int, header: str) -> None:
    busy = web.Response(status=status, headers={"Retry-After": header})

    async with line(busy, OK) as arxiv:
        await ask(arxiv.connection, arxiv.server.url)

    assert arxiv.clock.now() >= NOON + timedelta(seconds=20)


async def test_a_long_retry_after_is_told_and_kept_by_everyone() -> None:
    busy = web.Response(status=503, headers={"Retry-After": "600"})

    async with line(busy, OK) as arxiv:
        with pytest.raises(ArxivError, match="try again in 600 s") as failure:
            await ask(arxiv.connection, arxiv.server.url)
        with pytest.raises(ArxivError, match="asked us to wait until 12:10 UTC"):
            await ask(arxiv.connection, arxiv.server.url)

    assert len(arxiv.server.requests) == 1
    assert failure.value.retryable


@pytest.mark.parametrize("header", ["", "soon", "-5", "Mon, 23 Nov 2020 12:00:20 GMT"])
async def test_a_useless_retry_after_leads_to_the_usual_pause(header: str) -> None:
    busy = web.Response(status=429, headers={"Retry-After": header})

    async with line(busy, OK) as arxiv:
        await ask(arxiv.connection, arxiv.server.url)

    assert timedelta(seconds=4) <= arxiv.clock.now() - NOON <= timedelta(seconds=5)


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/",
        "http://127.0.0.1:1/",
        "http://arxiv.org/",
        "https://arxiv.org.evil.example/",
        "https://evilarxiv.org/",
    ],
)
async def test_a_redirect_to_another_host_is_not_followed(target: str) -> None:
    async with line(web.Response(status=302, headers={"Location": target})) as arxiv:
        with pytest.raises(ArxivError, match="redirected us to another host"):
            await ask(arxiv.connection, arxiv.server.url)

    assert len(arxiv.server.requests) == 1


@pytest.mark.parametrize("host", ["arxiv.org", "export.arxiv.org"])
async def test_a_redirect_to_arxiv_itself_is_followed(host: str) -> None:
    async with line(OK) as arxiv:
        target = arxiv.connection._next(URL(arxiv.server.url), f"https://{host}/pdf/2404.12345v2")

    assert target == URL(f"https://{host}/pdf/2404.12345v2")


async def test_a_busy_arxiv_that_names_no_time_is_to_be_asked_later() -> None:
    async with line(web.Response(status=503)) as arxiv:
        with pytest.raises(ArxivError, match=r"\(HTTP 503\): try again later\.$"):
            await ask(arxiv.connection, arxiv.server.url)


async def test_an_absurdly_long_retry_after_is_shortened_to_a_day() -> None:
    busy = web.Response(status=429, headers={"Retry-After": "9" * 400})

    async with line(busy) as arxiv:
        with pytest.raises(ArxivError, match="try again in 86400 s"):
            await ask(arxiv.connection, arxiv.server.url)


async def test_a_redirect_in_circles_ends() -> None:
    async with line(web.Response(status=302, headers={"Location": "/again"})) as arxiv:
        with pytest.raises(ArxivError, match="too many times"):
            await ask(arxiv.connection, arxiv.server.url)

    assert len(arxiv.server.requests) == 4


async def test_an_answer_is_read_up_to_its_limit() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 100_000_000:
            await response.write(bytes(100_000))
            sent += 100_000
        return response

    async with line(endless) as arxiv:
        with pytest.raises(ArxivError, match="larger than 1 MB") as failure:
            await ask(arxiv.connection, arxiv.server.url, max_bytes=1_000_000)

    assert len(arxiv.server.requests) == 1
    assert sent < 20_000_000
    assert not failure.value.retryable


async def test_a_broken_off_answer_is_tried_again() -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"some")
        assert request.transport is not None
        request.transport.abort()
        return response

    async with line(broken, OK) as arxiv:
        answer = await ask(arxiv.connection, arxiv.server.url)

    assert answer.body == b"fine"


async def test_silence_ends_in_a_time_out() -> None:
    async def silent(_request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async with line(silent) as arxiv:
        with pytest.raises(ArxivError, match="did not answer in time") as failure:
            await arxiv.connection.get(arxiv.server.url, max_bytes=1000, timeout_seconds=0.05)

    assert failure.value.retryable


async def test_nobody_there_is_an_error_in_plain_words() -> None:
    async with line(OK) as arxiv:
        with pytest.raises(ArxivError, match="could not be reached"):
            await ask(arxiv.connection, "http://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (
            aiohttp.ClientProxyConnectionError(HOST, OSError(111, "refused")),
            "through the proxy: check HTTPS_PROXY",
        ),
        (aiohttp.ClientHttpProxyError(REQUEST, (), status=407), "through the proxy: check HTTPS_PROXY"),
        (aiohttp.ClientConnectorDNSError(HOST, OSError(-2, "unknown")), "address was not found"),
        (
            aiohttp.ClientConnectorCertificateError(HOST, ssl.SSLCertVerificationError("self-signed")),
            "certificate was not accepted",
        ),
        (aiohttp.ServerDisconnectedError(), "could not be reached, or its answer broke off"),
    ],
)
async def test_who_cannot_reach_arxiv_is_told_what_to_check_and_the_log_has_the_cause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, advice: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(aiohttp.ClientSession, "get", fail)
    async with line(OK) as arxiv:
        with pytest.raises(ArxivError, match=advice) as caught:
            await ask(arxiv.connection, arxiv.server.url)

    assert caught.value.retryable
    assert str(error) in caplog.text


async def test_an_answer_the_check_refuses_is_asked_for_again() -> None:
    def check(answer: Answer) -> None:
        if answer.body != b"fine":
            raise ArxivError("garbled")

    async with line(web.Response(body=b"mud"), OK) as arxiv:
        answer = await arxiv.connection.get(arxiv.server.url, max_bytes=1000, timeout_seconds=30, check=check)

    assert answer.body == b"fine"
    assert len(arxiv.server.requests) == 2
