"""Which files a publication consists of, and what each is made from.

Pure, except that it looks at the recordings' files: their sizes and times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.site import addresses
from bot.site.archive import AudioFiles, Publication
from bot.site.feeds import FEED_DIGESTS
from bot.site.pages import Feeds, Recording, RecordingFile
from bot.site.recipe import fingerprint
from storage.model import DigestListing

_KINDS = {".mp3": "audio/mpeg", ".opus": "audio/ogg; codecs=opus"}
_NAMES = {".mp3": "MP3", ".opus": "Opus"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDigest:
    """One digest of a publication, and the papers whose newest digest it is."""

    listing: DigestListing
    earlier: str | None
    later: str | None
    recording: Recording | None
    sources: Mapping[str, Path]
    """The recording's files by address."""
    papers: Mapping[str, tuple[str, ...]]
    """By versionless id, the weeks of all digests that show the paper, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationPlan:
    """Everything that has to be written for a publication."""

    publication: Publication
    feeds: Feeds
    digests: tuple[PlannedDigest, ...]
    files: Mapping[str, str]
    """The fingerprints of all files, by address in the publication's folder."""
    email: str | None
    """The owner's address in the podcast feed; None leaves it out."""


def plan(
    publication: Publication,
    shown: Mapping[str, Sequence[str]],
    audio_files: AudioFiles,
    *,
    base: str | None,
    email: str | None,
) -> PublicationPlan:
    """Plan the files of a publication.

    `shown` holds the ids of the papers by digest id; `base` is the folder's public address if known, and
    `email` the owner's.
    """
    digests = _digests(publication, shown, audio_files)
    feeds = Feeds(
        atom=base is not None and bool(digests),
        podcast=base is not None and any(digest.recording for digest in digests),
    )
    every_page = (publication.title, feeds)
    files: dict[str, str] = {}
    for digest in digests:
        listing, audio = digest.listing, publication.audios.get(digest.listing.id)
        files[addresses.digest_page(listing.week)] = fingerprint(
            every_page, listing, digest.earlier, digest.later, audio, list(digest.sources)
        )
        for paper_id, weeks in digest.papers.items():
            files[addresses.paper_page(paper_id)] = fingerprint(every_page, listing, weeks)
        if digest.recording is not None:
            files |= {address: _file_fingerprint(source) for address, source in digest.sources.items()}
            if base is not None:
                files[addresses.chapters_file(listing.week)] = fingerprint(base, audio)
    for year in publication.years:
        of_year = [digest for digest in publication.digests if digest.week.startswith(year)]
        files[addresses.search_index(year)] = fingerprint(of_year)
    recorded = [(digest.recording, digest.listing.id) for digest in digests if digest.recording]
    everything = fingerprint(every_page, base, publication.digests, recorded)
    files["index.html"] = everything
    if feeds.atom:
        files["feed.xml"] = fingerprint(publication.title, base, publication.digests[:FEED_DIGESTS])
    if feeds.podcast:
        files["podcast.xml"] = fingerprint(everything, email)
    return PublicationPlan(publication=publication, feeds=feeds, digests=digests, files=files, email=email)


def _digests(
    publication: Publication, shown: Mapping[str, Sequence[str]], audio_files: AudioFiles
) -> tuple[PlannedDigest, ...]:
    weeks_of: dict[str, list[str]] = {}
    for listing in publication.digests:
        for paper_id in shown.get(listing.id, ()):
            weeks_of.setdefault(paper_id, []).append(listing.week)
    weeks = [None, *(listing.week for listing in publication.digests), None]
    planned = []
    for listing, later, earlier in zip(publication.digests, weeks[:-2], weeks[2:], strict=True):
        sources = _sources(publication, listing, audio_files)
        papers = {
            paper_id: tuple(weeks_of[paper_id])
            for paper_id in shown.get(listing.id, ())
            if weeks_of[paper_id][0] == listing.week
        }
        planned.append(
            PlannedDigest(
                listing=listing,
                earlier=earlier,
                later=later,
                recording=_recording(publication, listing, sources),
                sources=sources,
                papers=papers,
            )
        )
    return tuple(planned)


def _sources(publication: Publication, listing: DigestListing, audio_files: AudioFiles) -> dict[str, Path]:
    audio = publication.audios.get(listing.id)
    files = {} if audio is None else {path.suffix: path for path in audio_files(audio)}
    return {addresses.audio_file(listing.week, suffix): files[suffix] for suffix in _KINDS if suffix in files}


def _recording(
    publication: Publication, listing: DigestListing, sources: Mapping[str, Path]
) -> Recording | None:
    if not sources:
        return None
    files = tuple(
        RecordingFile(address=address, kind=_KINDS[source.suffix], name=_NAMES[source.suffix])
        for address, source in sources.items()
    )
    return Recording(audio=publication.audios[listing.id], files=files)


def _file_fingerprint(source: Path) -> str:
    found = source.stat()
    return fingerprint(found.st_size, found.st_mtime_ns)
