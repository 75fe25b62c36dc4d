"""/digest publish and unpublish."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from simcord.backend.serializers import guild_create_payload

from bot.site.addresses import code_from_id, slug
from bot.site.archive import publications
from bot.site.publishing import public_code
from tests.cogs.lab import WEEK, Lab, is_private, shown
from tests.fakes.failing_database import FailingDatabase
from tests.waiting import until

_PAGE = f"lab-????????/{WEEK}.html"


@asynccontextmanager
async def public(lab: Lab, folder: Path) -> AsyncIterator[Path]:
    """A server whose digest is on the web, with the folder of all pages."""
    await lab.set_up()
    await lab.run("digest now")
    pages = folder / "site"
    async with lab.site:
        await lab.run("digest publish", title="Lab")
        await until(lambda: list(pages.glob(_PAGE)))
        yield pages


async def _publication(lab: Lab) -> str | None:
    wish = await lab.wish()
    assert wish is not None
    return wish.publication


async def test_pages_whose_address_is_not_set_are_still_announced(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.site, "_url", None)
    await lab.set_up()

    answer = await lab.run("digest publish", title="Our papers")

    assert shown(answer).endswith(
        "The pages will be ready once `broadsheet site build` has run; whoever runs me knows their address."
    )


async def test_publishing_says_what_is_public_and_where(lab: Lab) -> None:
    await lab.set_up()

    answer = await lab.run("digest publish", title=" Our *papers* ")

    words = shown(answer)
    async with lab.database.begin() as tx:
        folder = slug(await public_code(tx, lab.guild.id), "Our papers")
    assert is_private(answer)
    assert await _publication(lab) == "Our *papers*"
    assert "Anyone on the web" in words
    assert "A recording keeps the title it was made under" in words
    assert r"“Our \*papers\*”" in words
    assert f"<https://papers.example.org/{folder}/> once" in words
    assert code_from_id(lab.guild.id)[:8] not in words
    assert "`broadsheet site build` has run" in words


async def test_the_pages_are_there_soon_and_gone_soon_after(lab: Lab, tmp_path: Path) -> None:
    await lab.set_up()
    await lab.run("digest now")
    pages = tmp_path / "site"

    async with lab.site:
        published = await lab.run("digest publish", title="Lab")
        await until(lambda: list(pages.glob(_PAGE)))
        unpublished = await lab.run("digest unpublish")
        await until(lambda: not list(pages.glob(_PAGE)))

    assert "/> within a minute" in shown(published)
    assert "removed within a minute" in shown(unpublished)
    assert await _publication(lab) is None


async def test_one_digest_can_be_private_alone_and_public_again(lab: Lab, tmp_path: Path) -> None:
    async with public(lab, tmp_path) as pages:
        hidden = await lab.run("digest unpublish", week="2026-w47")
        await until(lambda: not list(pages.glob(_PAGE)))
        status = await lab.run("digest status")
        others = list(pages.glob("lab-????????/index.html"))
        await lab.run("digest publish", week=WEEK)
        await until(lambda: list(pages.glob(_PAGE)))

    assert f"The digest of {WEEK} is private: its pages will be removed within a minute" in shown(hidden)
    assert f"**Not public**: {WEEK}" in shown(status)
    assert others
    assert await _publication(lab) == "Lab"


async def test_what_is_private_alone_stays_so_when_all_is_published_anew(lab: Lab, tmp_path: Path) -> None:
    await lab.set_up()
    await lab.run("digest now")
    await lab.run("digest unpublish", week=WEEK)

    untitled = await lab.run("digest publish", week=WEEK)
    unknown = await lab.run("digest unpublish", week="2026-W40")
    await lab.run("digest publish", title="Lab")
    wish = await lab.wish()
    assert wish is not None

    assert shown(untitled) == "Choose a `title` for the public pages."
    assert shown(unknown) == "This server has no digest of 2026-W40."
    assert await lab.site.digest_address(wish, WEEK) is None
    assert await lab.site.digest_address(wish, "2026-W46") is not None
    (published,) = await publications(lab.database)
    assert (published.title, published.digests) == ("Lab", ())


async def test_a_server_that_the_bot_is_taken_out_of_is_public_no_more(lab: Lab, tmp_path: Path) -> None:
    async with public(lab, tmp_path) as pages:
        lab.env.backend.remove_guild(lab.guild.id)
        await until(lambda: not list(pages.glob(_PAGE)))

    wish = await lab.wish()
    assert wish is not None
    assert (wish.publication, wish.paused) == (None, True)
    assert (lab.client.has_left(lab.guild.id), lab.client.is_in(lab.guild.id)) == (True, False)
    async with lab.database.begin() as tx:
        assert await tx.servers.left() == {lab.guild.id: lab.clock.now()}


async def publish_here_and_in_a_server_that_was_left(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest publish", title="Lab")
    wish = await lab.wish()
    assert wish is not None
    async with lab.database.begin() as tx:
        await tx.subscriptions.save(replace(wish, server_id=404, publication="Left"))


async def test_a_server_that_was_left_while_the_bot_was_away_is_public_no_more(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    await publish_here_and_in_a_server_that_was_left(lab)

    lab.client.dispatch("ready")
    await until(lambda: "no longer in server 404" in caplog.text)

    async with lab.database.begin() as tx:
        assert [still.server_id for still in await tx.subscriptions.public()] == [lab.guild.id]


async def test_a_server_that_is_left_while_the_database_is_away_is_public_no_more(
    lab: Lab, away: FailingDatabase
) -> None:
    await lab.set_up()
    await lab.run("digest publish", title="Lab")
    away.script = (True, True)

    lab.env.backend.remove_guild(lab.guild.id)
    await until(lambda: not away.script)
    await lab.env.settle()

    wish = await lab.wish()
    assert wish is not None
    assert (wish.publication, wish.paused) == (None, True)


async def test_a_server_that_invites_the_bot_again_while_the_database_is_away_stays_as_it_was(
    lab: Lab, away: FailingDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up()
    await lab.run("digest publish", title="Lab")
    backend, server_id = lab.env.backend, lab.guild.id
    invited = asyncio.Event()

    async def invite_again(_: float) -> None:
        backend.emit("GUILD_CREATE", guild_create_payload(backend, backend.guilds[server_id]))
        await until(lambda: lab.client.is_in(server_id))
        invited.set()

    monkeypatch.setattr(lab.clock, "sleep", invite_again)
    away.script = (True,)

    backend.emit("GUILD_DELETE", {"id": str(server_id)})
    await invited.wait()
    await lab.env.settle()

    wish = await lab.wish()
    assert wish is not None
    assert (wish.publication, wish.paused) == ("Lab", False)


async def test_what_was_left_before_is_public_no_more_once_the_database_is_back(
    lab: Lab, away: FailingDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    await publish_here_and_in_a_server_that_was_left(lab)
    away.script = (True, True)

    lab.client.dispatch("ready")
    await until(lambda: "no longer in server 404" in caplog.text)

    assert "incident" not in caplog.text


async def test_an_outage_of_a_server_leaves_its_digests_public(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest publish", title="Lab")

    lab.env.backend.emit("GUILD_DELETE", {"id": str(lab.guild.id), "unavailable": True})
    await lab.env.settle()

    known = lab.client.get_guild(lab.guild.id)
    assert known is not None
    assert known.unavailable
    assert await _publication(lab) == "Lab"
    assert (lab.client.has_left(lab.guild.id), lab.client.is_in(lab.guild.id)) == (False, True)
    async with lab.database.begin() as tx:
        assert await tx.servers.left() == {}


@pytest.mark.parametrize("title", ["\u200b\u202e ", "\u200d", "\ufeff\u200c \u200d"])
async def test_a_title_that_nobody_can_see_is_refused(lab: Lab, title: str) -> None:
    await lab.set_up()

    answer = await lab.run("digest publish", title=title)

    assert shown(answer) == "The `title` needs at least one visible character."
    assert await _publication(lab) is None


@pytest.mark.parametrize(("command", "options"), [("publish", {"title": "Lab"}), ("unpublish", {})])
async def test_it_takes_the_permission_and_a_digest(lab: Lab, command: str, options: dict[str, str]) -> None:
    nothing = await lab.run(f"digest {command}", **options)
    await lab.set_up()

    answer = await lab.member.slash(lab.channel, f"digest {command}", **options)

    assert "Set one up with `/setup`" in shown(nothing)
    assert shown(answer) == "You need the Manage Server permission for this."
    assert await _publication(lab) is None
