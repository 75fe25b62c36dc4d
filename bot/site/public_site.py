"""The site in the running bot: built when something changes, and served. Its failures stop nothing else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Self

from bot.background import end
from bot.errors import BroadsheetError
from bot.logs import incident
from bot.site.addresses import digest_page, slug
from bot.site.archive import Publication, clean_title, publications
from bot.site.builder import SiteBuilder
from bot.site.publishing import private_weeks, public_code
from bot.site.serving import SiteServer
from storage.database import Database
from storage.failures import StorageFailure
from storage.model import Subscription

log = logging.getLogger(__name__)

_NO_ADDRESS = "feeds and links on Discord need BROADSHEET_SITE_URL"
CHECK_SECONDS = 60.0
"""How often to look for changes, including those made by other processes."""


class PublicSite:
    """Keeps the pages up to date and serves them, as an async context manager."""

    def __init__(
        self,
        *,
        database: Database,
        builder: SiteBuilder,
        server: SiteServer,
        url: str | None,
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._database = database
        self._builder = builder
        self._server = server
        self._url = url
        self._check_seconds = check_seconds
        self._changed = asyncio.Event()
        self._built: Sequence[Publication] | None = None
        self._task: asyncio.Task[None] | None = None

    async def address(self, server_id: int, title: str) -> str | None:
        """The address of a server's pages under this title; None if the site's address is not set."""
        if self._url is None:
            return None
        async with self._database.begin() as tx:
            code = await public_code(tx, server_id)
        return f"{self._url}{slug(code, clean_title(title))}/"

    async def digest_address(self, subscription: Subscription, week: str) -> str | None:
        """The address of a week's digest; None if it is not public or the site's address is not set."""
        if subscription.publication is None:
            return None
        async with self._database.begin() as tx:
            if week in await private_weeks(tx, subscription.server_id):
                return None
        pages = await self.address(subscription.server_id, subscription.publication)
        return None if pages is None else f"{pages}{digest_page(week)}"

    @property
    def is_kept(self) -> bool:
        """Whether this process builds and serves the pages."""
        return self._task is not None

    def refresh(self) -> None:
        """Look for changes now."""
        self._changed.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None
        await self._server.stop()

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            await self._attempt(self._build_if_changed)
            await self._attempt(self._start_or_stop_serving)
            await self._wait()

    async def _attempt(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except (BroadsheetError, StorageFailure) as error:
            # The message says it all: no traceback.
            log.error("%s The next try at the public pages is in %.0f s.", error, self._check_seconds)  # noqa: TRY400
        except Exception as error:  # noqa: BLE001 - the edge of a loop that must go on
            incident(log, "the public pages", error)

    async def _build_if_changed(self) -> None:
        if await publications(self._database) == self._built:
            return
        # A build that fails may have written some pages, so the folder no longer shows the last state built.
        self._built = None
        built = await self._builder.build()
        # What the build itself saw: a change made and undone meanwhile must not count as built.
        self._built = built.publications
        if built.written or built.removed:
            log.info("public pages: %d files written, %d removed", built.written, built.removed)

    async def _start_or_stop_serving(self) -> None:
        """Serve the folder, even half built, unless pages that are no longer public may still be in it."""
        if not self._builder.has_removed:
            await self._server.stop()
        elif not self._server.is_serving:
            await self._server.start()
            at = f"their public address is {self._url}" if self._url else _NO_ADDRESS
            log.info("public pages are served on port %d; %s", self._server.port, at)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._check_seconds):
                await self._changed.wait()
        except TimeoutError:
            return
