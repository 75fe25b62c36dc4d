"""Builds the site into a folder; a later build writes only what changed.

Digests are loaded one at a time, and only those that some file still needs. Each is rendered in a thread, so
that the bot keeps answering meanwhile.

What is no longer public is removed before anything is written, so that a later failure cannot keep it public.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar
from xml.etree import ElementTree as ET

from bot.errors import BroadsheetError
from bot.logs import incident
from bot.progress import UNWATCHED, Progress
from bot.site import addresses, pages
from bot.site.archive import AudioFiles, Publication, no_recordings, publications
from bot.site.feeds import FEED_DIGESTS, Enclosure, atom_entry, atom_feed, chapters_json, podcast_feed
from bot.site.folder import SiteFolder
from bot.site.lock import sole_builder
from bot.site.plan import PlannedDigest, PublicationPlan, plan
from bot.site.recipe import fingerprint
from bot.site.search import Entry, entries, index_script
from storage.database import Database
from storage.failures import StorageFailure
from storage.model import Digest, Highlight, Noted

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The result of a build; the numbers count files."""

    publications: tuple[Publication, ...]
    """What was public when the build started."""
    files: int
    written: int
    removed: int


class SiteBuilder:
    """Writes the pages of everything that is public into one folder."""

    def __init__(
        self,
        *,
        database: Database,
        folder: Path,
        url: str | None,
        audio_files: AudioFiles = no_recordings,
        email: str | None = None,
    ) -> None:
        """`url` is the folder's public address, `email` the address that podcast directories write to."""
        self._database = database
        self._folder = folder
        self._url = url
        self._audio_files = audio_files
        self._email = email
        self._has_removed = False

    @property
    def has_removed(self) -> bool:
        """Whether the last build removed what is no longer public, even if it failed afterwards."""
        return self._has_removed

    async def build(self, progress: Progress = UNWATCHED) -> Built:
        """Bring the folder up to date with the database. Without a public address there are no feeds.

        Raises:
            InputError: the folder cannot be used.
            ServiceError: the disk is full or fails, or another build of the folder takes too long.
            StorageFailure: the database failed.
        """
        self._has_removed = False
        # Read what is public and what was written inside the lock: another build changes the folder's files.
        async with sole_builder(self._folder):
            return await self._build(progress)

    async def _build(self, progress: Progress) -> Built:
        public = await publications(self._database)
        folder = await _in_thread(SiteFolder, self._folder)
        plans = [await self._plan(publication) for publication in public]
        common = {"index.html": fingerprint(public), "style.css": fingerprint()}
        common |= {name: fingerprint(name) for name in pages.ASSETS}
        planned = _all_files(common, plans)
        removed = await _in_thread(folder.clear, planned)
        if removed:
            # The root page names what was public; if the disk is full, it cannot be replaced.
            await _in_thread(folder.keep_only, planned.keys() - {"index.html"})
        self._has_removed = True
        await _in_thread(folder.begin, planned)
        progress.begin("Writing pages", sum(len(each.digests) for each in plans) or 1)
        written = await _in_thread(_write_common, folder, public, common)
        done = []
        for each in plans:
            written_plan, changed = await self._write(folder, each, progress)
            done.append(written_plan)
            written += changed
        kept = _all_files(common, done)
        removed += await _in_thread(folder.finish, kept)
        return Built(publications=public, files=len(kept), written=written, removed=removed)

    async def _plan(self, publication: Publication) -> PublicationPlan:
        async with self._database.begin() as tx:
            shown = await tx.digests.papers_shown(publication.server_id)
        base = self._base(publication)
        try:
            return await _in_thread(plan, publication, shown, self._audio_files, base=base, email=self._email)
        except OSError as error:
            log.warning("the recordings cannot be read and are left out: %s", error.strerror)
            return await _in_thread(plan, publication, shown, no_recordings, base=base, email=None)

    async def _write(
        self, folder: SiteFolder, planned: PublicationPlan, progress: Progress
    ) -> tuple[PublicationPlan, int]:
        """Write a publication; returns the plan that was carried out and the number of files written.

        Digests that cannot be shown are left out of that plan, so that nothing links to them; every build
        tries them again.
        """
        written = 0
        while True:
            writing = _PublicationWriting(folder, planned, self._base(planned.publication))
            broken = await self._write_digests(writing, progress)
            if not broken:
                await _in_thread(writing.finish)
                return planned, written + writing.written
            written += writing.written
            planned = await self._plan(_without(planned.publication, broken))
            progress = UNWATCHED

    async def _write_digests(self, writing: "_PublicationWriting", progress: Progress) -> set[str]:
        """Write the files of each digest; returns the ids of those that cannot be read or rendered."""
        broken = set()
        needed = await _in_thread(writing.needed)
        for digest in writing.plan.digests:
            try:
                if digest.listing.id in needed:
                    await self._write_digest(writing, digest)
            except (BroadsheetError, StorageFailure):
                raise
            except Exception as error:  # noqa: BLE001 - a damaged record must not hold back other pages
                broken.add(digest.listing.id)
                incident(log, f"the digest {digest.listing.id} is left out of the public pages", error)
            progress.advance()
        return broken

    async def _write_digest(self, writing: "_PublicationWriting", planned: PlannedDigest) -> None:
        async with self._database.begin() as tx:
            digest = await tx.digests.get(planned.listing.id)
        if digest is not None:  # None: deleted since it was listed
            await _in_thread(writing.add, planned, digest)

    def _base(self, publication: Publication) -> str | None:
        return None if self._url is None else f"{self._url.rstrip('/')}/{publication.slug}/"


async def _in_thread(function: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """As `asyncio.to_thread`, but a cancelled build waits for its thread before it releases the lock."""
    working = asyncio.get_running_loop().run_in_executor(None, partial(function, *arguments, **more))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise


def _all_files(common: Mapping[str, str], plans: Sequence[PublicationPlan]) -> dict[str, str]:
    """All files of the site by path, with their fingerprints."""
    return dict(common) | {
        f"{each.publication.slug}/{address}": made_from
        for each in plans
        for address, made_from in each.files.items()
    }


def _without(publication: Publication, digest_ids: set[str]) -> Publication:
    """The publication without these digests."""
    digests = tuple(digest for digest in publication.digests if digest.id not in digest_ids)
    audios = {key: audio for key, audio in publication.audios.items() if key not in digest_ids}
    return replace(publication, digests=digests, audios=audios)


@dataclass
class _PublicationWriting:
    """Writes one publication digest by digest, collecting what the files that cover several digests need."""

    folder: SiteFolder
    plan: PublicationPlan
    base: str | None
    written: int = 0
    newest: Digest | None = None
    years: dict[str, list[Entry]] = field(default_factory=dict)
    atom_entries: list[ET.Element] = field(default_factory=list)

    def needed(self) -> set[str]:
        """The ids of the digests that some file needs; this looks at all files, perhaps thousands."""
        return {planned.listing.id for planned in self.plan.digests if self._needs(planned)}

    def _needs(self, planned: PlannedDigest) -> bool:
        """Whether a file that includes this digest is missing or out of date."""
        week, is_newest = planned.listing.week, planned is self.plan.digests[0]
        files = [
            addresses.digest_page(week),
            addresses.search_index(week[:4]),
            *map(addresses.paper_page, planned.papers),
            *planned.sources,
            *(["index.html"] if is_newest else []),
        ]
        if self.plan.feeds.atom and planned.listing in self.plan.publication.digests[:FEED_DIGESTS]:
            files.append("feed.xml")
        if addresses.chapters_file(week) in self.plan.files:
            files.append(addresses.chapters_file(week))
        return any(self._must_write(address) for address in files)

    def add(self, planned: PlannedDigest, digest: Digest) -> None:
        """Write the files of this digest alone, and collect the rest."""
        publication, feeds, week = self.plan.publication, self.plan.feeds, planned.listing.week
        self._add_recording(planned)
        if self._must_write(addresses.digest_page(week)):
            page = pages.digest_page(
                *(publication, digest, feeds),
                recording=planned.recording,
                earlier=planned.earlier,
                later=planned.later,
            )
            self._write(addresses.digest_page(week), page)
        entries_shown: tuple[Highlight | Noted, ...] = (*digest.highlights, *digest.noted)
        for shown in entries_shown:
            paper_id = shown.pick.paper.id
            weeks = planned.papers.get(paper_id)
            if weeks is not None and self._must_write(addresses.paper_page(paper_id)):
                page = pages.paper_page(publication, shown, feeds, weeks)
                self._write(addresses.paper_page(paper_id), page)
        if planned is self.plan.digests[0]:
            self.newest = digest
        if self._must_write(addresses.search_index(week[:4])):
            self.years.setdefault(week[:4], []).extend(entries(digest))
        if self.base is not None and self._must_write("feed.xml") and len(self.atom_entries) < FEED_DIGESTS:
            self.atom_entries.append(atom_entry(publication, digest, self.base))

    def finish(self) -> None:
        """Write the files that cover several digests."""
        publication, feeds = self.plan.publication, self.plan.feeds
        for year, papers in self.years.items():
            self._write(addresses.search_index(year), index_script(papers))
        if self._must_write("index.html"):
            indexes = [addresses.search_index(year) for year in publication.years]
            recorded = {each.listing.id: each.recording.audio for each in self.plan.digests if each.recording}
            page = pages.front_page(publication, self.newest, feeds, indexes=indexes, recorded=recorded)
            self._write("index.html", page)
        if self.base is not None and feeds.atom and self._must_write("feed.xml"):
            self._write("feed.xml", atom_feed(publication, self.atom_entries, self.base))
        if self.base is not None and feeds.podcast and self._must_write("podcast.xml"):
            feed = podcast_feed(publication, self._enclosures(), self.base, email=self.plan.email)
            self._write("podcast.xml", feed)

    def _add_recording(self, planned: PlannedDigest) -> None:
        for address, source in planned.sources.items():
            if self._must_write(address):
                self.folder.add_file(self._path(address), self.plan.files[address], source)
                self.written += 1
        chapters = addresses.chapters_file(planned.listing.week)
        if self.base is not None and planned.recording is not None and self._must_write(chapters):
            week, listed = planned.listing.week, planned.recording.audio.chapters
            self._write(chapters, chapters_json(self.base, week, listed))

    def _enclosures(self) -> dict[str, Enclosure]:
        """By digest id; the first file of a recording is the one that every player supports."""
        found = {}
        for digest in self.plan.digests:
            if digest.recording is not None:
                file = digest.recording.files[0]
                size = digest.sources[file.address].stat().st_size
                kind = file.kind.partition(";")[0]
                found[digest.listing.id] = Enclosure(address=file.address, length_bytes=size, kind=kind)
        return found

    def _path(self, address: str) -> str:
        return f"{self.plan.publication.slug}/{address}"

    def _must_write(self, address: str) -> bool:
        """Whether the file is missing or was made from something else."""
        return not self.folder.has(self._path(address), self.plan.files.get(address, ""))

    def _write(self, address: str, content: str | bytes) -> None:
        raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
        self.written += self.folder.write(self._path(address), self.plan.files[address], raw)


def _write_common(folder: SiteFolder, public: Sequence[Publication], files: dict[str, str]) -> int:
    """Write the files of the whole site; returns how many changed."""
    makers = {
        "index.html": lambda: pages.root_page(public).encode(),
        "style.css": lambda: pages.style_sheet().encode(),
    }
    written = 0
    for address, made_from in files.items():
        if not folder.has(address, made_from):
            content = makers[address]() if address in makers else pages.asset(address)
            written += folder.write(address, made_from, content)
    return written
