import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import ServiceError
from bot.site.addresses import code_from_id, slug
from bot.site.folder import MANIFEST
from bot.site.public_site import PublicSite
from bot.site.serving import SiteServer
from storage.failures import StorageFailure
from tests.bot.site.conftest import URL, Press
from tests.bot.site.newsstand import SERVER, TITLE, WEEK, pages, publish, weekly_digest
from tests.waiting import until

PAGE = f"{slug(code_from_id(SERVER), TITLE)}/{WEEK}.html"


def _site(press: Press, *, port: int = 0, check_seconds: float = 0.05) -> tuple[PublicSite, SiteServer]:
    server = SiteServer(press.site, host="127.0.0.1", port=port)
    site = PublicSite(
        database=press.database, builder=press.builder(), server=server, url=URL, check_seconds=check_seconds
    )
    return site, server


@asynccontextmanager
async def _serving(press: Press) -> AsyncIterator[SiteServer]:
    """A site with one digest that is being served."""
    await publish(press.database, weekly_digest())
    site, server = _site(press)
    async with site:
        await until(lambda: server.is_serving)
        yield server


async def test_what_is_public_is_built_and_served(press: Press) -> None:
    async with (
        _serving(press) as server,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{server.port}/{PAGE}") as answer,
    ):
        assert answer.status == 200

    assert not server.is_serving


async def test_what_another_process_publishes_is_noticed(press: Press) -> None:
    site, _ = _site(press)

    async with site:
        await until((press.site / "index.html").exists)
        await publish(press.database, weekly_digest())
        await until((press.site / PAGE).exists)


async def test_a_refresh_makes_it_look_at_once(press: Press) -> None:
    site, server = _site(press, check_seconds=3600)

    async with site:
        await until(lambda: server.is_serving)
        await publish(press.database, weekly_digest())
        site.refresh()
        await until((press.site / PAGE).exists)


@pytest.mark.parametrize("turns", range(4))
async def test_a_stop_just_after_a_refresh_is_heard(press: Press, turns: int) -> None:
    site, server = _site(press, check_seconds=3600)
    await site.__aenter__()
    await until(lambda: server.is_serving)
    await asyncio.sleep(0.05)  # until it waits for a word
    site.refresh()
    for _ in range(turns):
        await asyncio.sleep(0)

    async with asyncio.timeout(10):
        await site.__aexit__()


async def test_what_was_public_for_the_time_of_a_build_alone_does_not_stay(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = press.builder()
    build = builder.build

    async def while_it_is_public(*arguments: Any) -> Any:
        monkeypatch.setattr(builder, "build", build)
        await publish(press.database, weekly_digest())
        built = await build(*arguments)
        async with press.database.begin() as tx:
            await tx.subscriptions.set_publication(SERVER, None)
        return built

    monkeypatch.setattr(builder, "build", while_it_is_public)
    server = SiteServer(press.site, host="127.0.0.1", port=0)
    site = PublicSite(database=press.database, builder=builder, server=server, url=URL, check_seconds=0.05)

    async with site:
        await until((press.site / PAGE).exists)
        await until(lambda: not (press.site / PAGE).exists())


async def test_nothing_is_built_while_nothing_changes(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    builds = []
    builder = press.builder()
    build = builder.build

    async def counted(*arguments: Any) -> Any:
        builds.append(arguments)
        return await build(*arguments)

    monkeypatch.setattr(builder, "build", counted)
    server = SiteServer(press.site, host="127.0.0.1", port=0)
    site = PublicSite(database=press.database, builder=builder, server=server, url=URL, check_seconds=0.01)

    async with site:
        await until(lambda: server.is_serving)
        await asyncio.sleep(0.2)

    assert len(builds) == 1


async def test_a_failure_is_told_and_the_next_try_may_do_better(
    press: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(press.database, weekly_digest())
    builder = press.builder()
    build, failures = builder.build, [StorageFailure("The disk is full."), RuntimeError("a mistake")]

    async def failing(*arguments: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return await build(*arguments)

    monkeypatch.setattr(builder, "build", failing)
    server = SiteServer(press.site, host="127.0.0.1", port=0)
    site = PublicSite(database=press.database, builder=builder, server=server, url=URL, check_seconds=0.01)

    with caplog.at_level(logging.ERROR):
        async with site:
            await until((press.site / PAGE).exists)

    assert "The disk is full. The next try at the public pages is in" in caplog.text
    assert "incident" in caplog.text


async def test_what_a_failed_build_had_written_goes_when_it_is_private_again(
    press: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> str:
        raise ServiceError("The disk is full.")

    site, server = _site(press)
    async with site:
        await until(lambda: server.is_serving)
        with monkeypatch.context() as patched:
            patched.setattr("bot.site.builder.index_script", full)
            await publish(press.database, weekly_digest())
            await until((press.site / PAGE).exists)
            await until(lambda: "The disk is full." in caplog.text)
            async with press.database.begin() as tx:
                await tx.subscriptions.set_publication(SERVER, None)

        await until(lambda: not (press.site / PAGE).exists())


async def test_a_build_that_failed_is_made_up_for_when_all_is_as_before(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object, **__: object) -> int:
        raise StorageFailure("The database is locked.")

    site, server = _site(press)
    async with site:
        await until(lambda: server.is_serving)
        with monkeypatch.context() as patched:
            patched.setattr("bot.site.builder.plan", unreadable)
            await publish(press.database, weekly_digest())
            await until(lambda: not server.is_serving)
            async with press.database.begin() as tx:
                await tx.subscriptions.set_publication(SERVER, None)

        await until(lambda: server.is_serving)


async def test_what_is_there_is_served_though_nothing_new_can_be_written(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(press.database, weekly_digest())
    await publish(press.database, weekly_digest(server_id=7), title="Others")
    await press.builder().build()
    async with press.database.begin() as tx:
        await tx.subscriptions.set_publication(7, None)
    site, server = _site(press)

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    async with site:
        await until(lambda: server.is_serving)
        private = (press.site / slug(code_from_id(7), "Others")).exists()

    assert not private
    assert not any("Others" in page for page in pages(press.site).values())
    assert PAGE in pages(press.site)


async def test_nothing_is_served_while_what_went_private_cannot_be_removed(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    async with _serving(press) as server:
        (press.site / PAGE).unlink()
        (press.site / PAGE).mkdir()
        async with press.database.begin() as tx:
            await tx.subscriptions.set_publication(SERVER, None)
        await until(lambda: not server.is_serving)
        (press.site / PAGE).rmdir()
        await until(lambda: server.is_serving)

    assert "could not be removed" in caplog.text


async def test_nothing_is_served_while_the_manifest_cannot_be_read(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    async with _serving(press) as server:
        (press.site / MANIFEST).write_text("")
        async with press.database.begin() as tx:
            await tx.subscriptions.set_publication(SERVER, None)
        await until(lambda: not server.is_serving)
        shutil.rmtree(press.site)
        await until(lambda: server.is_serving)

    assert "Delete the folder" in caplog.text
    assert not (press.site / PAGE).exists()


async def test_a_taken_port_is_told_and_taken_once_it_is_free(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    other = SiteServer(press.site, host="127.0.0.1", port=0)
    await other.start()
    site, server = _site(press, port=other.port)

    with caplog.at_level(logging.ERROR):
        async with site:
            await until(lambda: "cannot be served" in caplog.text)
            await other.stop()
            await until(lambda: server.is_serving)

    assert "BROADSHEET_SITE_PORT" in caplog.text


async def test_addresses_are_known_only_where_the_setting_names_the_sites(
    press: Press, tmp_path: Path
) -> None:
    site, server = _site(press)
    nowhere = PublicSite(database=press.database, builder=press.builder(), server=server, url=None)

    assert await site.address(SERVER, " Lab  papers") == f"{URL}{slug(code_from_id(SERVER), TITLE)}/"
    assert await nowhere.address(SERVER, TITLE) is None
