import asyncio
import json
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InputError, ServiceError
from bot.site import addresses
from bot.site import pages as site_pages
from bot.site.builder import SiteBuilder
from bot.site.folder import MANIFEST, SiteFolder
from bot.site.lock import LOCK
from storage.model import Audio
from tests.bot.site.conftest import URL, Press
from tests.bot.site.newsstand import SERVER, TITLE, WEEK, pages, publish, weekly_digest
from tests.fakes.progress import HeardProgress

HERE = addresses.slug(addresses.code_from_id(SERVER), TITLE)
WEEKS = (WEEK, "2026-W46", "2025-W51")
DIGESTS = [weekly_digest(week) for week in WEEKS]


def _times(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {MANIFEST, LOCK}
    }


async def test_every_public_digest_and_paper_has_a_page(press: Press) -> None:
    await publish(press.database, *DIGESTS)

    built = await press.builder().build()

    made = pages(press.site)
    papers = {pick.paper.id for each in DIGESTS for pick in each.picks}
    assert {name for name in made if "/papers/" in name} == {
        f"{HERE}/{addresses.paper_page(paper_id)}" for paper_id in papers
    }
    assert {f"{HERE}/{week}.html" for week in WEEKS} <= made.keys()
    assert {"index.html", "style.css", "search.js", f"{HERE}/index.html", f"{HERE}/feed.xml"} <= made.keys()
    assert f"{HERE}/podcast.xml" not in made
    assert built.files == built.written == len(_times(press.site))


async def test_every_link_of_every_page_leads_to_a_file_that_is_there(press: Press) -> None:
    await publish(press.database, *DIGESTS, audio=DIGESTS[:1])
    press.record(DIGESTS[0].id)

    await press.builder().build()

    for name, text in pages(press.site).items():
        if name.endswith(".html"):
            links = [part.partition('"')[0] for part in text.split('="') if ".html" in part.partition('"')[0]]
            for link in links:
                target = (press.site / name).parent / link.partition("#")[0]
                assert link.startswith("https://") or target.is_file(), f"{name}: {link}"


async def test_nothing_of_a_private_server_or_an_unpublished_digest_is_public(press: Press) -> None:
    await publish(press.database, DIGESTS[0])
    await publish(press.database, weekly_digest(server_id=7), title=None)
    preview = replace(DIGESTS[0], id="preview:42:x", published=False, interests="SECRET")
    async with press.database.begin() as tx:
        await tx.digests.save(preview)

    built = await press.builder().build()

    assert [each.server_id for each in built.publications] == [SERVER]
    assert sorted(path.name for path in press.site.iterdir() if path.is_dir()) == [HERE]
    assert not any("SECRET" in text for text in pages(press.site).values())


async def test_nobodys_own_digest_is_ever_public(press: Press) -> None:
    await publish(press.database, DIGESTS[0])
    async with press.database.begin() as tx:
        wish = await tx.subscriptions.get(SERVER)
        assert wish
        await tx.subscriptions.save(replace(wish, admin_id=SERVER))

    built = await press.builder().build()

    assert built.publications == ()


async def test_discords_ids_are_on_no_page(press: Press) -> None:
    await publish(press.database, weekly_digest(server_id=987654321012345), title=TITLE)

    await press.builder().build()

    assert not any("987654321012345" in text for text in pages(press.site).values())


async def test_a_second_build_touches_nothing(press: Press) -> None:
    await publish(press.database, *DIGESTS, audio=DIGESTS[:1])
    press.record(DIGESTS[0].id)
    await press.builder().build()
    before = _times(press.site)

    built = await press.builder().build()

    assert (built.written, built.removed) == (0, 0)
    assert _times(press.site) == before


async def test_files_are_looked_at_off_the_event_loop(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    await publish(press.database, weekly_digest())
    threads = set[threading.Thread]()
    has = SiteFolder.has

    def looked_at(*arguments: Any) -> bool:
        threads.add(threading.current_thread())
        return has(*arguments)

    monkeypatch.setattr(SiteFolder, "has", looked_at)
    await press.builder().build()

    assert threads
    assert threading.current_thread() not in threads


async def test_a_new_digest_changes_only_what_shows_it(press: Press) -> None:
    await publish(press.database, *DIGESTS[1:])
    await press.builder().build()
    before = _times(press.site)
    await publish(press.database, DIGESTS[0])

    await press.builder().build()

    after = _times(press.site)
    changed = {name for name in before if after[name] != before[name]}
    # The old paper has an id of its own in each of the sample's digests; it is shown three times now.
    again = f"{HERE}/{addresses.paper_page('hep-th/9901001')}"
    assert changed == {
        *("index.html", f"{HERE}/index.html", f"{HERE}/feed.xml", f"{HERE}/search/2026.js"),
        *(f"{HERE}/2026-W46.html", again),
    }
    assert f"{HERE}/{WEEK}.html" in after.keys() - before.keys()
    assert '<a href="../2025-W51.html">' in pages(press.site)[again]


async def test_what_was_deleted_by_hand_or_emptied_by_a_power_cut_is_written_again(press: Press) -> None:
    await publish(press.database, *DIGESTS)
    await press.builder().build()
    gone = [f"{HERE}/{name}" for name in ("feed.xml", "search/2025.js", "papers/hep-th-9901001.html")]
    before = {name: (press.site / name).read_bytes() for name in gone}
    for name in gone[:-1]:
        (press.site / name).unlink()
    (press.site / gone[-1]).write_bytes(b"")

    built = await press.builder().build()

    assert built.written == 3
    assert {name: (press.site / name).read_bytes() for name in gone} == before


async def test_pages_go_when_a_server_goes_private_and_nothing_else_does(press: Press) -> None:
    await publish(press.database, DIGESTS[0], audio=DIGESTS[:1])
    press.record(DIGESTS[0].id)
    await publish(press.database, weekly_digest(server_id=7), title="Others")
    await press.builder().build()
    (press.site / HERE / "notes.txt").write_text("somebody's own")
    async with press.database.begin() as tx:
        await tx.subscriptions.set_publication(7, None)
        await tx.subscriptions.set_publication(SERVER, None)

    built = await press.builder().build()

    assert built.removed > 60
    assert [path for path in press.site.rglob("*") if path.is_dir()] == [press.site / HERE]
    assert (press.site / HERE / "notes.txt").read_text() == "somebody's own"
    assert "Nothing has been published here yet." in (press.site / "index.html").read_text()
    assert all(path.exists() for path in press.heard[DIGESTS[0].id])


def _fill_the_disk(patched: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    patched.setattr(Path, "write_bytes", full)
    patched.setattr(Path, "write_text", full)


async def test_pages_go_when_a_server_goes_private_though_the_disk_is_full(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(press.database, *DIGESTS)
    await publish(press.database, weekly_digest(server_id=7), title="Others")
    builder = press.builder()
    await builder.build()
    async with press.database.begin() as tx:
        await tx.subscriptions.set_publication(SERVER, None)

    _fill_the_disk(monkeypatch)
    with pytest.raises(ServiceError, match="No space left"):
        await builder.build()

    assert builder.has_removed
    assert [path.name for path in press.site.iterdir() if path.is_dir()] == [
        addresses.slug(addresses.code_from_id(7), "Others")
    ]


async def test_a_digest_that_cannot_be_read_is_left_out_and_keeps_nothing_else_back(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(press.database, *DIGESTS)
    await publish(press.database, weekly_digest(server_id=7), title="Others")
    await press.builder().build()
    await publish(press.database, weekly_digest("2026-W48", server_id=7), title="Others")
    await press.damage("digests", id=DIGESTS[1].id)
    (press.site / HERE / "2026-W46.html").unlink()

    built = await press.builder().build()

    made = pages(press.site)
    assert f"{addresses.slug(addresses.code_from_id(7), 'Others')}/2026-W48.html" in made
    assert {name for name in made if name.startswith(f"{HERE}/20")} == {
        f"{HERE}/{WEEK}.html",
        f"{HERE}/2025-W51.html",
    }
    # Nothing leads to it: neither its neighbours nor the front page, the search or the feed.
    assert not any("2026-W46" in text for name, text in made.items() if name.startswith(HERE))
    assert built.files == len(_times(press.site))
    assert f"the digest {DIGESTS[1].id} is left out" in caplog.text


async def test_a_digest_that_cannot_be_rendered_is_left_out_and_comes_back_once_it_can(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(press.database, *DIGESTS)
    render = site_pages.digest_page

    def mistaken(publication: Any, digest: Any, *arguments: Any, **more: Any) -> str:
        if digest.week == WEEK:
            raise ValueError("a mistake")
        return render(publication, digest, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setattr(site_pages, "digest_page", mistaken)
        await press.builder().build()
    without = pages(press.site)
    await press.builder().build()

    assert f"{HERE}/2026-W46.html" in without
    assert f"{HERE}/{WEEK}.html" not in without
    assert f'href="{WEEK}.html"' not in without[f"{HERE}/2026-W46.html"]
    assert f'href="{WEEK}.html"' in pages(press.site)[f"{HERE}/2026-W46.html"]


async def test_a_recording_whose_record_cannot_be_read_is_left_out(press: Press) -> None:
    await publish(press.database, *DIGESTS, audio=DIGESTS[:2])
    press.record(DIGESTS[0].id)
    press.record(DIGESTS[1].id)
    await press.damage("audios", digest_id=DIGESTS[0].id)

    await press.builder().build()

    made = pages(press.site)
    assert "<audio" not in made[f"{HERE}/{WEEK}.html"]
    assert "<audio" in made[f"{HERE}/2026-W46.html"]


async def test_recordings_that_cannot_be_looked_at_keep_no_page_back(press: Press) -> None:
    await publish(press.database, DIGESTS[0], audio=DIGESTS[:1])

    def forbidden(_: Audio) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    await SiteBuilder(database=press.database, folder=press.site, url=URL, audio_files=forbidden).build()

    assert "<audio" not in pages(press.site)[f"{HERE}/{WEEK}.html"]


async def test_a_new_title_moves_the_pages(press: Press) -> None:
    await publish(press.database, DIGESTS[0])
    await press.builder().build()
    await publish(press.database, DIGESTS[0], title="Renamed")

    await press.builder().build()

    (folder,) = (path.name for path in press.site.iterdir() if path.is_dir())
    assert folder == addresses.slug(addresses.code_from_id(SERVER), "Renamed")


async def test_a_recording_comes_with_its_player_chapters_and_feed(press: Press) -> None:
    await publish(press.database, *DIGESTS, audio=DIGESTS[:2])
    press.record(DIGESTS[0].id)

    await press.builder().build()

    made = pages(press.site)
    sources = press.heard[DIGESTS[0].id]
    for source in sources:
        assert (press.site / HERE / "audio" / f"{WEEK}{source.suffix}").read_bytes() == source.read_bytes()
    assert "<audio" in made[f"{HERE}/{WEEK}.html"]
    assert json.loads(made[f"{HERE}/audio/{WEEK}.chapters.json"])["chapters"][0]["title"] == "Opening"
    assert f'length="{sources[0].stat().st_size}"' in made[f"{HERE}/podcast.xml"]
    # Its files are gone: nobody is promised what cannot be heard.
    assert "<audio" not in made[f"{HERE}/2026-W46.html"]
    assert made[f"{HERE}/podcast.xml"].count("<item>") == made[f"{HERE}/index.html"].count(
        "audio: 6:40</span>"
    )


async def test_an_owners_address_that_is_set_later_comes_into_the_feed(press: Press) -> None:
    await publish(press.database, DIGESTS[0], audio=DIGESTS[:1])
    press.record(DIGESTS[0].id)
    await press.builder().build()

    built = await press.builder(email="lab@example.org").build()

    assert built.written == 1
    assert "<itunes:email>lab@example.org<" in pages(press.site)[f"{HERE}/podcast.xml"]


async def test_a_recording_made_anew_takes_the_place_of_the_old_one(press: Press) -> None:
    await publish(press.database, DIGESTS[0], audio=DIGESTS[:1])
    press.record(DIGESTS[0].id)
    await press.builder().build()
    source = press.heard[DIGESTS[0].id][0]
    fresh = source.with_suffix(".new")
    fresh.write_bytes(b"another recording")
    fresh.replace(source)

    built = await press.builder().build()

    assert (press.site / HERE / "audio" / f"{WEEK}.mp3").read_bytes() == b"another recording"
    assert built.written >= 1


async def test_without_an_address_there_are_no_feeds(press: Press) -> None:
    await publish(press.database, DIGESTS[0], audio=DIGESTS[:1])
    press.record(DIGESTS[0].id)

    await press.builder(url=None).build()

    made = pages(press.site)
    assert not any(name.endswith((".xml", ".json")) for name in made)
    assert "feed.xml" not in made[f"{HERE}/index.html"]
    assert "<audio" in made[f"{HERE}/{WEEK}.html"]


async def test_somebody_elses_folder_is_left_alone(press: Press) -> None:
    await publish(press.database, DIGESTS[0])
    press.site.mkdir()
    (press.site / "index.html").write_text("mine")

    with pytest.raises(InputError, match=r"index\.html, which Broadsheet did not write"):
        await press.builder().build()

    assert {path.name for path in press.site.iterdir()} == {LOCK, "index.html"}
    assert (press.site / "index.html").read_text() == "mine"


async def test_a_build_that_was_cut_off_is_gone_on_with(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(press.database, *DIGESTS)

    def cut_off(*_: object) -> list[object]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("bot.site.builder.entries", cut_off)
        with pytest.raises(KeyboardInterrupt):
            await press.builder().build()
    begun = _times(press.site)
    await press.builder().build()

    assert begun
    assert f"{HERE}/{WEEKS[-1]}.html" in pages(press.site)
    assert not list(press.site.rglob("*.partial"))


@dataclass
class _HeldFinish:
    """Keeps the first build that wants to finish from it until it is let go."""

    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def into(self, patched: pytest.MonkeyPatch) -> None:
        finish = SiteFolder.finish

        def held(folder: SiteFolder, kept: Any) -> int:
            if not self.reached.is_set():
                self.reached.set()
                self.let_go.wait(20)
            return finish(folder, kept)

        patched.setattr(SiteFolder, "finish", held)


async def test_two_builds_of_one_folder_lose_track_of_no_file(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(press.database, DIGESTS[1])
    await press.builder().build()
    held = _HeldFinish()
    held.into(monkeypatch)

    slow = asyncio.create_task(press.builder().build())
    await asyncio.to_thread(held.reached.wait, 20)
    await publish(press.database, DIGESTS[0])
    other = asyncio.create_task(press.builder().build())
    await asyncio.sleep(0.3)
    went_ahead = other.done()
    held.let_go.set()
    await asyncio.gather(slow, other)
    async with press.database.begin() as tx:
        await tx.subscriptions.set_publication(SERVER, None)
    await press.builder().build()

    assert not went_ahead
    assert not (press.site / HERE).exists()


async def test_two_builds_at_once_both_succeed(press: Press) -> None:
    await publish(press.database, *DIGESTS)

    one, other = await asyncio.gather(press.builder().build(), press.builder().build())

    assert sorted([one.written, other.written]) == [0, one.files]


async def test_a_cancelled_build_keeps_the_folder_until_its_thread_is_done(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(press.database, DIGESTS[0])
    held = _HeldFinish()
    held.into(monkeypatch)

    cut_off = asyncio.create_task(press.builder().build())
    await asyncio.to_thread(held.reached.wait, 20)
    cut_off.cancel()
    other = asyncio.create_task(press.builder().build())
    await asyncio.sleep(0.3)
    went_ahead = other.done()
    held.let_go.set()
    built = await other

    assert not went_ahead
    assert cut_off.cancelled()
    assert built.written == 0


async def test_progress_is_told_digest_by_digest(press: Press) -> None:
    await publish(press.database, *DIGESTS)
    told = HeardProgress()

    await press.builder().build(told)

    assert told.stages == ["Writing pages"]
    assert told.steps == 3


async def test_the_index_holds_every_paper_of_its_year(press: Press) -> None:
    await publish(press.database, *DIGESTS)

    await press.builder().build()

    script = pages(press.site)[f"{HERE}/search/2026.js"]
    papers = json.loads(script.removeprefix("broadsheetPapers.push(...").removesuffix(");\n"))
    assert len(papers) == sum(len(each.picks) for each in DIGESTS[:2])
    assert [paper[6] for paper in papers[:6]] == [1, 1, 1, 1, 1, 0]
