"""The running bot serves the public pages."""

import socket
from pathlib import Path

import aiohttp
import pytest

from bot.site.addresses import code_from_id, slug
from tests.bot.site.newsstand import WEEK, weekly_digest
from tests.end_to_end.world import AS_USUAL, world


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_the_bot_serves_public_digests_and_stops_cleanly(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        port = _free_port()
        around.bot_module = AS_USUAL
        around.settings |= {"BROADSHEET_SITE": "true", "BROADSHEET_SITE_PORT": str(port)}
        await around.subscribe(publication="Lab papers")
        async with around.database() as database, database.begin() as tx:
            await tx.digests.save(weekly_digest(server_id=around.guild.id))
        await around.start()
        await around.until(lambda: "public pages are served" in around.log())
        folder = slug(code_from_id(around.guild.id), "Lab papers")
        page = f"http://127.0.0.1:{port}/{folder}/{WEEK}.html"
        async with aiohttp.ClientSession() as session, session.get(page) as answer:
            status, text = answer.status, await answer.text()
        await around.ready()
        code = await around.stop()

    assert (status, code) == (200, 0)
    assert "16–22 November 2026" in text


@pytest.mark.xdist_group("faults")  # where bots are forked
async def test_the_bot_works_even_if_the_port_for_the_pages_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        async with world(tmp_path) as around:
            port = str(other.getsockname()[1])
            around.settings |= {"BROADSHEET_SITE": "true", "BROADSHEET_SITE_PORT": port}
            await around.start()
            await around.ready()
            await around.until(lambda: "BROADSHEET_SITE_PORT" in around.log())
            code = await around.stop()

    assert code == 0
    assert f"cannot be served on 127.0.0.1, port {port}" in around.log()
