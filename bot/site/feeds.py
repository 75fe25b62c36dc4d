"""The feeds: Atom for digests (RFC 4287) and a podcast (RSS 2.0 with Apple's and Podcasting 2.0's elements).

Ids are made from the server's code and the week alone. They stay when pages move to another address, so that
no feed reader shows an old digest as new.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from markupsafe import Markup, escape

from bot.rendering import wording
from bot.rendering.html import templates
from bot.rendering.limits import shorten
from bot.site import addresses
from bot.site.archive import Publication
from bot.site.pages import dates
from bot.texts.latex import plain_line
from storage.model import Audio, Chapter, Digest, DigestListing

FEED_DIGESTS = 20
"""How many of the newest digests the Atom feed holds; the podcast holds all recordings."""

_AUTHORITY = "broadsheet-bot.github.io,2026"
"""The tagging authority of all ids (RFC 4151): the project, wherever a site is served."""
_ATOM = "http://www.w3.org/2005/Atom"
_ITUNES = {"xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}
_PODCAST = {"xmlns:podcast": "https://podcastindex.org/namespace/1.0"}
_SIMPLE_CHAPTERS = {"xmlns:psc": "http://podlove.org/simple-chapters"}
_NOTES_BYTES = 4_000
"""Directories refuse or cut longer show notes (https://help.apple.com/itc/podcasts_connect/#/itcb54353390)."""
_TITLE_CHARACTERS = (1_000, 150, 90, 50, 25)
"""The longest chapter title in the show notes; tried in turn until the notes fit."""
_ABOUT = "A weekly digest of arXiv papers, summarised from their full text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """The file of a recording that podcast players download."""

    address: str
    """Relative to the publication's folder."""
    length_bytes: int
    kind: str


def feed_id(publication: Publication, week: str | None = None) -> str:
    """The id of a feed, or of one digest in it."""
    ends = f"/{week}" if week else ""
    return f"tag:{_AUTHORITY}:{publication.code}{ends}"


def atom_entry(publication: Publication, digest: Digest, base: str) -> ET.Element:
    """One digest's entry in the Atom feed; `base` is the address of the publication's folder."""
    entry = ET.Element("entry")
    _add(entry, "id", feed_id(publication, digest.week))
    _add(entry, "title", wording.date_range(digest.first_day, digest.last_day))
    _add(entry, "published", _stamp(digest.created_at))
    _add(entry, "updated", _stamp(digest.created_at))
    _add(entry, "link", rel="alternate", type="text/html", href=base + addresses.digest_page(digest.week))
    _add(entry, "summary", wording.overview(digest))
    content = (
        templates("bot.site").get_template("entry.html").render(digest=digest, base=base, addresses=addresses)
    )
    _add(entry, "content", content, type="html")
    return entry


def atom_feed(publication: Publication, entries: Sequence[ET.Element], base: str) -> bytes:
    """The Atom feed of the newest digests; the publication has at least one."""
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _add(feed, "id", feed_id(publication))
    _add(feed, "title", publication.title)
    _add(feed, "subtitle", f"{_ABOUT}.")
    # A week that was missed is made up for after newer ones.
    _add(feed, "updated", _stamp(max(each.created_at for each in publication.digests[:FEED_DIGESTS])))
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{base}feed.xml")
    _add(feed, "link", rel="alternate", type="text/html", href=base)
    _add(feed, "icon", f"{_root(base)}icon.svg")
    _add(ET.SubElement(feed, "author"), "name", publication.title)
    _add(feed, "generator", "Broadsheet")
    feed.extend(entries)
    return _bytes(feed)


def podcast_feed(
    publication: Publication, enclosures: Mapping[str, Enclosure], base: str, *, email: str | None = None
) -> bytes:
    """The feed of all recordings; `enclosures` are by digest id.

    With the owner's `email`, directories know who may list the podcast, and other hosts may not import it.
    """
    feed = ET.Element("rss", {"version": "2.0", "xmlns:atom": _ATOM} | _ITUNES | _PODCAST | _SIMPLE_CHAPTERS)
    channel = ET.SubElement(feed, "channel")
    _add(channel, "title", publication.title)
    _add(channel, "link", base)
    _add(channel, "description", f"{_ABOUT}, read by a synthetic voice.")
    _add(channel, "language", "en")
    _add(channel, "generator", "Broadsheet")
    _add(channel, "atom:link", rel="self", type="application/rss+xml", href=f"{base}podcast.xml")
    _add(channel, "itunes:author", publication.title)
    if email is not None:
        owner = ET.SubElement(channel, "itunes:owner")
        _add(owner, "itunes:name", publication.title)
        _add(owner, "itunes:email", email)
        _add(channel, "podcast:locked", "yes", owner=email)
    _add(channel, "itunes:type", "episodic")
    _add(channel, "itunes:explicit", "false")
    _add(channel, "itunes:image", href=f"{_root(base)}cover.png")
    _add(channel, "itunes:category", text="Science")
    for digest in publication.digests:
        if digest.id in enclosures:
            audio = publication.audios[digest.id]
            channel.append(_episode(publication, digest, audio, enclosures[digest.id], base))
    return _bytes(feed)


def chapters_json(base: str, week: str, chapters: Sequence[Chapter]) -> str:
    """The chapters in Podcasting 2.0's format.

    Source: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
    """
    listed = []
    for chapter in chapters:
        entry: dict[str, object] = {
            "startTime": round(chapter.start_seconds, 3),
            "title": plain_line(chapter.title),
        }
        if chapter.paper_key is not None:
            entry["url"] = _chapter_address(base, week, chapter)
        listed.append(entry)
    return json.dumps({"version": "1.2.0", "chapters": listed}, ensure_ascii=False, indent=1) + "\n"


def _episode(
    publication: Publication, digest: DigestListing, audio: Audio, enclosure: Enclosure, base: str
) -> ET.Element:
    item = ET.Element("item")
    page = base + addresses.digest_page(digest.week)
    _add(item, "title", dates(digest.week))
    _add(item, "guid", feed_id(publication, digest.week), isPermaLink="false")
    _add(item, "link", page)
    _add(item, "pubDate", format_datetime(digest.created_at, usegmt=True))
    _add(item, "description", _show_notes(audio, page))
    address = base + enclosure.address
    _add(item, "enclosure", url=address, length=str(enclosure.length_bytes), type=enclosure.kind)
    _add(item, "itunes:duration", str(round(audio.seconds)))
    _add(item, "itunes:episodeType", "full")
    _add(item, "itunes:explicit", "false")
    if audio.chapters:
        kind = "application/json+chapters"
        _add(item, "podcast:chapters", url=base + addresses.chapters_file(digest.week), type=kind)
        simple = ET.SubElement(item, "psc:chapters", version="1.2")
        for chapter in audio.chapters:
            shown = {"start": _simple_time(chapter.start_seconds), "title": plain_line(chapter.title)}
            if chapter.paper_key is not None:
                shown["href"] = _chapter_address(base, digest.week, chapter)
            _add(simple, "psc:chapter", **shown)
    return item


def _show_notes(audio: Audio, page: str) -> str:
    """The episode's description as HTML, which is how players read it; with its chapters if they fit."""
    written = Markup('<a href="{}">Read the digest, with links to the papers’ pages</a>').format(page)
    for longest in _TITLE_CHARACTERS:
        lines = [
            escape(f"{wording.timestamp(each.start_seconds)} {shorten(plain_line(each.title), longest)}")
            for each in audio.chapters
        ]
        # A plain string: Markup's own `replace` escapes its arguments, so the XML writer would escape twice.
        notes = str(Markup("<br>\n").join([*lines, written]))
        if len(notes.encode("utf-8", "replace")) <= _NOTES_BYTES:
            return notes
    return str(written)


def _chapter_address(base: str, week: str, chapter: Chapter) -> str:
    return f"{base}{addresses.digest_page(week)}#{chapter.paper_key}"


def _simple_time(seconds: float) -> str:
    """`HH:MM:SS.mmm` (https://podlove.org/simple-chapters)."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _root(base: str) -> str:
    """The site's root, the parent of a publication's folder."""
    return base.rstrip("/").rpartition("/")[0] + "/"


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: ET.Element, tag: str, text: str = "", /, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text or None


def _bytes(feed: ET.Element) -> bytes:
    ET.indent(feed, " ")
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))
