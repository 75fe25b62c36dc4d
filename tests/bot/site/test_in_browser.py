"""The pages in a real Chromium: seen, heard, and worked with."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from bot.site.addresses import code_from_id, slug
from bot.site.builder import SiteBuilder
from bot.site.serving import SiteServer
from storage.database import Database
from tests.bot.site.browser import CHROMIUM, chromium
from tests.bot.site.conftest import NOW, URL
from tests.bot.site.newsstand import SERVER, TITLE, WEEK, publish, weekly_digest
from tests.bot.site.silence import silence

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}"),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("chromium"),
]

HERE = slug(code_from_id(SERVER), TITLE)
PAGES = {
    "root": "",
    "front": f"{HERE}/",
    "digest": f"{HERE}/{WEEK}.html",
    "highlight": f"{HERE}/papers/2611.90003.html",
    "noted": f"{HERE}/papers/2611.90101.html",
}
_AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_KNOWN_DURATION = """audio => new Promise(known => {
    const tell = () => known(audio.duration);
    audio.readyState >= HTMLMediaElement.HAVE_METADATA
        ? tell() : audio.addEventListener("loadedmetadata", tell, {once: true});
})"""
_ROOM_AND_PLACEHOLDER = """field => {
    const style = getComputedStyle(field), pen = document.createElement("canvas").getContext("2d");
    pen.font = style.font;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return [room, pen.measureText(field.placeholder).width];
}"""
_SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A site, served, and the browser to look at it."""

    url: str
    folder: Path
    browser: Browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    folder = tmp_path_factory.mktemp("browser")
    recording = folder / "recording.mp3"
    recording.write_bytes(silence(seconds=400))
    database = await Database.open(f"sqlite:///{folder / 'public.sqlite'}", clock_now=lambda: NOW)
    digests = [weekly_digest(week) for week in (WEEK, "2026-W46", "2025-W51")]
    await publish(database, *digests, audio=digests[:1])
    builder = SiteBuilder(
        database=database, folder=folder / "site", url=URL, audio_files=lambda _: [recording]
    )
    await builder.build()
    await database.close()
    server = SiteServer(folder / "site", host="127.0.0.1", port=0)
    await server.start()
    async with chromium() as browser:
        yield Served(url=f"http://127.0.0.1:{server.port}/", folder=folder / "site", browser=browser)
    await server.stop()


@asynccontextmanager
async def opened(served: Served, url: str, **context: Any) -> AsyncIterator[Page]:
    """A page that must say nothing on its console and ask for nothing but what lies beside it."""
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}} | context
    async with await served.browser.new_context(**options) as surroundings:
        page = await surroundings.new_page()
        asked, said = list[str](), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(url)
        yield page
        origin = url.partition("://")[0] + "://" + url.partition("://")[2].partition("/")[0]
        assert said == []
        assert [address for address in asked if not address.startswith((origin, "data:"))] == []


async def _visit(page: Page, url: str) -> None:
    """Go on to a page, as far as possible unfolded: a new window costs more than what is done in it."""
    await page.goto(url)
    await page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")


async def _serious_findings(page: Page) -> list[str]:
    found: Mapping[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "axe looked at nothing"
    return [
        f"{finding['id']} ({finding['impact']}): {finding['nodes'][0]['html'][:200]}"
        for finding in found["violations"]
        if finding["impact"] in {"serious", "critical"}
    ]


async def test_axe_finds_nothing_serious_on_any_page_light_or_dark(served: Served) -> None:
    async with opened(served, served.url) as page:
        for path in PAGES.values():
            await _visit(page, served.url + path)
            await page.evaluate(_AXE)
            for scheme in _SCHEMES:
                await page.emulate_media(color_scheme=scheme)
                assert await _serious_findings(page) == [], (path, scheme)


async def test_search_results_are_accessible_too(served: Served) -> None:
    async with opened(served, served.url + PAGES["front"]) as page:
        await page.get_by_role("searchbox", name="Search all papers").fill("tokens")
        await page.locator("#results li").first.wait_for()
        await page.evaluate(_AXE)

        assert await _serious_findings(page) == []


async def test_no_page_scrolls_sideways(served: Served) -> None:
    async with opened(served, served.url) as page:
        for path in PAGES.values():
            await _visit(page, served.url + path)
            for width in (360, 1280):
                await page.set_viewport_size({"width": width, "height": 800})
                shown = await page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
                assert shown[0] == width
                assert shown[1] <= width, (path, width)


async def test_what_can_be_searched_for_is_not_cut_off_on_a_phone(served: Served) -> None:
    address = served.url + PAGES["front"]
    async with opened(served, address, viewport={"width": 360, "height": 800}) as page:
        room, needed = await page.get_by_role("searchbox").evaluate(_ROOM_AND_PLACEHOLDER)

        assert needed <= room


async def test_nothing_is_folded_away_in_print(served: Served) -> None:
    async with opened(served, served.url + PAGES["digest"]) as page:
        method = page.locator("article details ul").first
        on_screen = await method.evaluate("list => list.checkVisibility()")

        await page.emulate_media(media="print")

        assert (on_screen, await method.evaluate("list => list.checkVisibility()")) == (False, True)
        assert not await page.locator("audio").is_visible()
        assert not await page.get_by_role("link", name="All digests").is_visible()
        breaks = await page.locator("article").first.evaluate("each => getComputedStyle(each).breakInside")
        assert breaks == "auto", "half a page would stay empty before a long one"


async def test_search_finds_a_paper_by_title_author_gist_and_category(served: Served) -> None:
    async with opened(served, served.url + PAGES["front"]) as page:
        field, results = page.get_by_role("searchbox"), page.locator("#results li")
        ids = ("2611.90003", "arXiv:2611.90003v2", "https://arxiv.org/pdf/2611.90003v1.pdf")
        for words in ("poincare embedd", "ÉLODIE", "sorting pruned keys", "math.ST", "sub-quadr", *ids):
            await field.fill(words)
            first = results.filter(has_text="Attention with").first
            await first.wait_for()
            link = await first.get_by_role("link").get_attribute("href")
            assert link == "papers/2611.90003.html", words
        await field.fill("zebra crossing")
        await page.get_by_text("0 papers").wait_for()
        await field.fill("math exemple")
        await page.get_by_text("3 papers").wait_for()
        await field.fill("math.Ex")  # a category that begins so, and no author
        await page.get_by_text("0 papers").wait_for()
        await field.fill("counting")
        await page.get_by_text("3 papers").wait_for()
        await page.get_by_role("link", name="Counting Tokens Twice").first.click()

        assert await page.title() == (
            "Counting Tokens Twice: Why Budgeted Decoding Needs a Second Look · Lab papers"
        )


async def test_search_finds_letters_and_words_as_people_type_them(served: Served) -> None:
    papers = [
        ["2611.1", "$k$-NN on CIFAR-10", "Łukasz Weiß, Søren Åæ", "cs.LG", "A data set.", "2026-W47", 1],
        ["2611.2", "A Srambled Order, as Read", "N. Er", "cs.CL", "", "2026-W47", 0],
    ]
    async with opened(served, served.url + PAGES["front"]) as page:
        field, results = page.get_by_role("searchbox"), page.locator("#results a")
        await field.fill("counting")
        await results.first.wait_for()
        await page.evaluate(
            "papers => { broadsheetPapers.splice(0, Infinity, ...papers); prepared = null; }", papers
        )
        await page.evaluate("prepared = prepare()")
        for words in (
            "lukasz weiss",
            "SOREN",
            "aae",
            "kNN",
            "cifar10",
            "k-nn cifar 10",
            "dataset",
            "data-set",
        ):
            await field.fill(words)
            await page.get_by_text("1 paper", exact=True).wait_for()
            assert await results.get_attribute("href") == "papers/2611.1.html", words
            await field.fill("counting")
            await page.get_by_text("0 papers").wait_for()
        for words in ("asr", "ner"):  # neither begins a word there, nor is it one in parts
            await field.fill(words)
            await page.get_by_text("0 papers").wait_for()


async def test_a_year_that_loads_at_the_second_try_shows_no_paper_twice(served: Served) -> None:
    tried = 0

    async def fail_once(route: Route) -> None:
        nonlocal tried
        tried += 1
        await (route.abort() if tried == 1 else route.continue_())

    async with await served.browser.new_context() as surroundings:  # its console tells of the failure
        page = await surroundings.new_page()
        await page.goto(served.url + PAGES["front"])
        await page.route("**/search/2025.js", fail_once)
        field = page.get_by_role("searchbox")
        await field.focus()
        await page.wait_for_timeout(500)
        await field.fill("counting")
        await page.get_by_text("3 papers").wait_for()

        assert tried == 2


async def test_the_search_of_a_link_is_done_when_it_opens(served: Served) -> None:
    async with opened(served, f"{served.url}{PAGES['front']}#q=anomalies") as page:
        await (
            page.locator("#results").get_by_role("link", name="A Scanned Note on Anomalies").first.wait_for()
        )


async def test_everything_works_when_opened_from_a_disk(served: Served) -> None:
    page_on_disk = (served.folder / HERE / "index.html").as_uri()
    async with opened(served, page_on_disk) as page:
        await page.get_by_role("searchbox").fill("anomalies")
        await page.locator("#results").get_by_role("link").first.wait_for()
        size = await page.locator("h1").evaluate("each => getComputedStyle(each).fontSize")

        assert float(size.removesuffix("px")) < 31  # the browser's own would be 32
        await page.locator("#results").get_by_role("link").first.click()
        assert "Anomalies" in await page.title()


async def test_without_script_everything_can_be_read_and_heard(served: Served) -> None:
    async with opened(served, served.url + PAGES["digest"], java_script_enabled=False) as page:
        await page.get_by_text("Method · Results · Critique · Implications").first.click()
        assert await page.get_by_text("our scheduler reaches 41.2 tokens per second").first.is_visible()
        await page.get_by_text("Chapters").click()
        await page.get_by_role("link", name="0:14 Counting").click()
        assert page.url == f"{served.url}{HERE}/audio/{WEEK}.mp3#t=14"
    async with opened(served, served.url + PAGES["front"], java_script_enabled=False) as page:
        assert not await page.get_by_role("searchbox").is_visible()
        await page.get_by_role("link", name="9–15 November 2026").click()
        assert page.url == f"{served.url}{HERE}/2026-W46.html"


async def test_a_chapter_moves_the_player(served: Served) -> None:
    async with opened(served, served.url + PAGES["digest"]) as page:
        await page.get_by_text("Chapters").click()
        await page.get_by_role("link", name="1:15").click()
        # The place is set at once; how long the recording is, is not known before its head is read.
        # (The page's policy forbids what Playwright would do to ask again and again.)
        async with asyncio.timeout(30):
            duration = await page.locator("audio").evaluate(_KNOWN_DURATION)

        assert duration == pytest.approx(400, abs=2)
        assert await page.locator("audio").evaluate("audio => audio.currentTime") >= 75
        assert page.url == served.url + PAGES["digest"]


async def test_the_keyboard_reaches_everything_and_shows_where_it_is(served: Served) -> None:
    async with opened(served, served.url + PAGES["digest"]) as page:
        await page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        box = await skip.bounding_box()
        assert box
        assert box["x"] >= 0
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "content"

        wanted = await page.evaluate(
            "[...document.querySelectorAll('main a, main summary')]"
            ".filter(each => each.checkVisibility({visibilityProperty: true})).length"
        )
        reached = set[str]()
        for _ in range(wanted + 40):  # the player has some stops of its own
            await page.keyboard.press("Tab")
            seen: tuple[str, str, float] = await page.evaluate(_FOCUSED)
            if seen[0] != "main":
                continue
            reached.add(seen[1])
            assert seen[2] > 0, f"nobody sees the focus on {seen[1]}"

        assert len(reached) >= wanted


_FOCUSED = """() => {
  const here = document.activeElement;
  if (!here.matches('main a, main summary')) return ['elsewhere', '', 1];
  const all = [...document.querySelectorAll('main a, main summary')];
  return ['main', `${all.indexOf(here)} ${here.textContent.trim()}`,
          parseFloat(getComputedStyle(here).outlineWidth)];
}"""
