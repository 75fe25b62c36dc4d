"""Builds the site into a folder; a second time, only what changed.

Digests are loaded one at a time, and only those that some file still needs. Rendering runs in a thread, a
digest at a time, so that a bot goes on answering meanwhile.

What went private is removed before anything is written, so that no failure of the rest keeps it public.
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
    """What a build came to, in files."""

    publications: tuple[Publication, ...]
    """What was public when it began."""
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
        """`url` is where the world finds the folder, `email` whom podcast directories write to."""
        self._database = database
        self._folder = folder
        self._url = url
        self._audio_files = audio_files
        self._email = email
        self._has_removed = False

    @property
    def has_removed(self) -> bool:
        """Whether the last build removed what is public no more, however it went on."""
        return self._has_removed

    async def build(self, progress: Progress = UNWATCHED) -> Built:
        """Bring the folder up to date with storage. Without a public address there are no feeds.

        Raises:
            InputError: the folder cannot be used.
            ServiceError: the disk is full, or fails; or another build of the folder does not end.
            StorageFailure: the database failed.
        """
        self._has_removed = False
        # What is public and what was written are both read inside: another build changes the one's files.
        async with sole_builder(self._folder):
            return await self._build(progress)

    async def _build(self, progress: Progress) -> Built:
        public = await publications(self._database)
        folder = await _in_thread(SiteFolder, self._folder)
        plans = [await self._plan(publication) for publication in public]
        common = {"index.html": fingerprint(public), "style.css": fingerprint()}
        common |= {name: fingerprint(name) for name in pages.ASSETS}
        planned = _addresses(common, plans)
        removed = await _in_thread(folder.clear, planned)
        if removed:
            # The root page names what was public, and where the disk is full none takes its place.
            await _in_thread(folder.keep_only, planned.keys() - {"index.html"})
        self._has_removed = True
        await _in_thread(folder.begin, planned)
        progress.begin("Writing pages", sum(len(each.digests) for each in plans) or 1)
        written = await _in_thread(_write_common, folder, public, common)
        done = []
        for each in plans:
            carried_out, changed = await self._write(folder, each, progress)
            done.append(carried_out)
            written += changed
        kept = _addresses(common, done)
        removed += await _in_thread(folder.finish, kept)
        return Built(publications=public, files=len(kept), written=written, removed=removed)

    async def _plan(self, publication: Publication) -> PublicationPlan:
        async with self._database.begin() as tx:
            shown = await tx.digests.papers_shown(publication.server_id)
        base = self._base(publication)
        try:
            return await _in_thread(plan, publication, shown, self._audio_files, base=base, email=self._email)
        except OSError as error:
            log.warning("recordings cannot be read and are left out: %s", error.strerror)
            return await _in_thread(plan, publication, shown, no_recordings, base=base, email=None)

    async def _write(
        self, folder: SiteFolder, planned: PublicationPlan, progress: Progress
    ) -> tuple[PublicationPlan, int]:
        """Write a publication without the digests that cannot be shown; what it was then, and files written.

        They are left out of its plan, so that nothing leads to them, and every build tries them again.
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
        """Write what is about single digests; the ids of those that cannot be read or rendered."""
        broken = set()
        for digest in writing.plan.digests:
            try:
                if writing.needs(digest):
                    await self._write_digest(writing, digest)
            except (BroadsheetError, StorageFailure):
                raise
            except Exception as error:  # noqa: BLE001 - one server's damaged record must not keep others' pages back
                broken.add(digest.listing.id)
                incident(log, f"the digest {digest.listing.id} is left out of the public pages", error)
            progress.advance()
        return broken

    async def _write_digest(self, writing: "_PublicationWriting", planned: PlannedDigest) -> None:
        async with self._database.begin() as tx:
            digest = await tx.digests.get(planned.listing.id)
        if digest is not None:  # it was deleted since it was listed
            await _in_thread(writing.add, planned, digest)

    def _base(self, publication: Publication) -> str | None:
        return None if self._url is None else f"{self._url.rstrip('/')}/{publication.slug}/"


async def _in_thread(function: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """As `asyncio.to_thread`, but a cancelled build ends, and lets its lock go, only after the thread."""
    working = asyncio.get_running_loop().run_in_executor(None, partial(function, *arguments, **more))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise


def _addresses(common: Mapping[str, str], plans: Sequence[PublicationPlan]) -> dict[str, str]:
    """All files of the site with their fingerprints."""
    return dict(common) | {
        f"{each.publication.slug}/{address}": mark for each in plans for address, mark in each.files.items()
    }


def _without(publication: Publication, digest_ids: set[str]) -> Publication:
    """The publication as if it had never had these digests."""
    digests = tuple(digest for digest in publication.digests if digest.id not in digest_ids)
    audios = {key: audio for key, audio in publication.audios.items() if key not in digest_ids}
    return replace(publication, digests=digests, audios=audios)


@dataclass
class _PublicationWriting:
    """The writing of one publication, digest by digest; what files over many digests need is gathered."""

    folder: SiteFolder
    plan: PublicationPlan
    base: str | None
    written: int = 0
    newest: Digest | None = None
    years: dict[str, list[Entry]] = field(default_factory=dict)
    atom_entries: list[ET.Element] = field(default_factory=list)

    def needs(self, planned: PlannedDigest) -> bool:
        """Whether some file that this digest is in is not there as it should be."""
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
        return any(self._is_missing(address) for address in files)

    def add(self, planned: PlannedDigest, digest: Digest) -> None:
        """Write what is about this digest alone, and gather the rest."""
        publication, feeds, week = self.plan.publication, self.plan.feeds, planned.listing.week
        self._take_recording(planned)
        if self._is_missing(addresses.digest_page(week)):
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
            if weeks is not None and self._is_missing(addresses.paper_page(paper_id)):
                page = pages.paper_page(publication, shown, feeds, weeks)
                self._write(addresses.paper_page(paper_id), page)
        if planned is self.plan.digests[0]:
            self.newest = digest
        if self._is_missing(addresses.search_index(week[:4])):
            self.years.setdefault(week[:4], []).extend(entries(digest))
        if self.base is not None and self._is_missing("feed.xml") and len(self.atom_entries) < FEED_DIGESTS:
            self.atom_entries.append(atom_entry(publication, digest, self.base))

    def finish(self) -> None:
        """Write what is about all digests."""
        publication, feeds = self.plan.publication, self.plan.feeds
        for year, papers in self.years.items():
            self._write(addresses.search_index(year), index_script(papers))
        if self._is_missing("index.html"):
            indexes = [addresses.search_index(year) for year in publication.years]
            recorded = {each.listing.id: each.recording.audio for each in self.plan.digests if each.recording}
            page = pages.front_page(publication, self.newest, feeds, indexes=indexes, recorded=recorded)
            self._write("index.html", page)
        if self.base is not None and feeds.atom and self._is_missing("feed.xml"):
            self._write("feed.xml", atom_feed(publication, self.atom_entries, self.base))
        if self.base is not None and feeds.podcast and self._is_missing("podcast.xml"):
            feed = podcast_feed(publication, self._enclosures(), self.base, email=self.plan.email)
            self._write("podcast.xml", feed)

    def _take_recording(self, planned: PlannedDigest) -> None:
        for address, source in planned.sources.items():
            if self._is_missing(address):
                self.folder.take(self._path(address), self.plan.files[address], source)
                self.written += 1
        chapters = addresses.chapters_file(planned.listing.week)
        if self.base is not None and planned.recording is not None and self._is_missing(chapters):
            week, listed = planned.listing.week, planned.recording.audio.chapters
            self._write(chapters, chapters_json(self.base, week, listed))

    def _enclosures(self) -> dict[str, Enclosure]:
        """By digest; the first file is the one that every player knows."""
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

    def _is_missing(self, address: str) -> bool:
        return not self.folder.has(self._path(address), self.plan.files.get(address, ""))

    def _write(self, address: str, content: str | bytes) -> None:
        raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
        self.written += self.folder.write(self._path(address), self.plan.files[address], raw)


def _write_common(folder: SiteFolder, public: Sequence[Publication], marks: dict[str, str]) -> int:
    """Write what belongs to the whole site; how many files changed."""
    makers = {"index.html": lambda: pages.root_page(public).encode()}
    makers |= {"style.css": lambda: pages.style_sheet().encode()}
    written = 0
    for address, mark in marks.items():
        if not folder.has(address, mark):
            content = makers[address]() if address in makers else pages.asset(address)
            written += folder.write(address, mark, content)
    return written
