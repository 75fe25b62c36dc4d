import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given

from bot.site import feeds
from bot.site.archive import Publication, clean_title
from storage.model import Audio, Chapter, Digest, DigestListing
from tests.bot.rendering.strategies import LENIENT, digests, words
from tests.bot.site.newsstand import recording, weekly_digest

_BASE = "https://papers.example.org/sub/lab-papers/"
_CHAPTERS = {"psc": "http://podlove.org/simple-chapters", "podcast": "https://podcastindex.org/namespace/1.0"}


def _publication(*digests: Digest, title: str = "Lab papers") -> Publication:
    listings = tuple(
        DigestListing(id=each.id, week=each.week, created_at=each.created_at) for each in digests
    )
    audios = {each.id: recording(each) for each in digests}
    return Publication(server_id=42, code="3f2a9c01e5d47b68", title=title, digests=listings, audios=audios)


def _atom(*digests: Digest, base: str = _BASE, title: str = "Lab papers") -> bytes:
    publication = _publication(*digests, title=title)
    entries = [feeds.atom_entry(publication, digest, base) for digest in digests]
    return feeds.atom_feed(publication, entries, base)


def _podcast(*digests: Digest, base: str = _BASE, title: str = "Lab papers") -> bytes:
    files = {
        digest.id: feeds.Enclosure(address=f"audio/{digest.week}.mp3", length_bytes=1234, kind="audio/mpeg")
        for digest in digests
    }
    return feeds.podcast_feed(_publication(*digests, title=title), files, base)


def _read(feed: bytes) -> Any:
    read = feedparser.parse(feed)
    assert not read.bozo, read.get("bozo_exception")
    return read


def test_readers_find_each_digest_in_the_atom_feed() -> None:
    read = _read(_atom(weekly_digest(), weekly_digest("2026-W46")))

    newest = read.entries[0]
    assert (read.version, read.feed.title) == ("atom10", "Lab papers")
    assert [entry.title for entry in read.entries] == ["16–22 November 2026", "9–15 November 2026"]
    assert newest.link == f"{_BASE}2026-W47.html"
    assert datetime.fromisoformat(newest.updated) == weekly_digest().created_at
    assert read.feed.updated == newest.updated
    assert f'href="{_BASE}papers/hep-th-9901001.html"' in newest.content[0].value
    assert "https://arxiv.org/pdf/2611.90001v1#page=1" in newest.content[0].value


def test_the_feed_is_as_new_as_a_missed_week_that_was_made_later() -> None:
    made_at = weekly_digest().created_at + timedelta(days=1)

    read = _read(_atom(weekly_digest(), weekly_digest("2026-W46", created_at=made_at)))

    assert datetime.fromisoformat(read.feed.updated) == made_at


def test_a_missed_week_that_is_too_old_for_the_feed_does_not_change_it() -> None:
    shown = [weekly_digest(f"2026-W{week}") for week in range(47, 47 - feeds.FEED_DIGESTS, -1)]
    made_at = weekly_digest().created_at + timedelta(days=1)

    read = _read(_atom(*shown, weekly_digest("2026-W01", created_at=made_at)))

    assert datetime.fromisoformat(read.feed.updated) == weekly_digest().created_at


def test_an_atom_feed_has_what_the_standard_asks_for() -> None:
    atom = "{http://www.w3.org/2005/Atom}"

    feed = ET.fromstring(_atom(weekly_digest()))

    for element in (feed, *feed.findall(f"{atom}entry")):
        for needed in ("id", "title", "updated"):
            assert len(element.findall(f"{atom}{needed}")) == 1
    relations = {link.get("rel"): link.get("href") for link in feed.findall(f"{atom}link")}
    assert relations == {"self": f"{_BASE}feed.xml", "alternate": _BASE}
    assert feed.find(f"{atom}author/{atom}name") is not None


def test_ids_stay_when_the_site_moves_or_gets_another_title() -> None:
    here = _read(_atom(weekly_digest(), weekly_digest("2026-W46")))
    there = _read(
        _atom(weekly_digest(), weekly_digest("2026-W46"), base="http://127.0.0.1:8080/x/", title="Another")
    )

    assert len({here.feed.id, *(entry.id for entry in here.entries)}) == 3
    assert here.feed.id == there.feed.id
    assert [entry.id for entry in here.entries] == [entry.id for entry in there.entries]
    assert here.entries[0].id.startswith("tag:broadsheet-bot.github.io,2026:")
    assert _read(_podcast(weekly_digest())).entries[0].id == here.entries[0].id


def test_players_find_each_recording_in_the_podcast() -> None:
    read = _read(_podcast(weekly_digest(), weekly_digest("2026-W46")))

    episode = read.entries[0]
    assert read.feed.title == "Lab papers"
    assert read.feed.image.href == "https://papers.example.org/sub/cover.png"
    file = episode.enclosures[0]
    assert (file.href, file.length, file.type) == (f"{_BASE}audio/2026-W47.mp3", "1234", "audio/mpeg")
    assert episode.itunes_duration == "400"
    assert "<script" not in episode.description
    assert "6:20 Closing &amp; &lt;receipt&gt;<br />\n" in episode.description
    assert "digest, with links to the papers’ pages</a>" in episode.description
    assert len(read.entries) == 2


@pytest.mark.parametrize(
    ("title", "chapters"), [("A long title, " * 20, 22), ("長い題名、" * 40, 22), ("<" * 90, 90)]
)
def test_notes_of_an_episode_are_no_longer_than_directories_take(title: str, chapters: int) -> None:
    digest = weekly_digest()
    said = tuple(Chapter(title=f"{n} {title}", start_seconds=60.0 * n) for n in range(chapters))
    publication = _publication(digest)
    heard = replace(publication, audios={digest.id: replace(recording(digest), chapters=said)})
    file = feeds.Enclosure(address="audio/a.mp3", length_bytes=1, kind="audio/mpeg")

    read = ET.fromstring(feeds.podcast_feed(heard, {digest.id: file}, _BASE))

    notes = read.findtext("channel/item/description") or ""
    assert len(notes.encode()) <= 4_000
    assert f'<a href="{_BASE}2026-W47.html">' in notes
    assert ("21:00 21 " in notes) == (chapters < 90)


def test_a_podcast_names_an_owner_only_where_an_address_is_set() -> None:
    digest = weekly_digest()
    file = feeds.Enclosure(address="audio/a.mp3", length_bytes=1, kind="audio/mpeg")
    itunes = {"itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}

    without, owned = (
        ET.fromstring(feeds.podcast_feed(_publication(digest), {digest.id: file}, _BASE, email=email))
        for email in (None, "lab@example.org")
    )

    assert without.find("channel/itunes:owner", itunes) is None
    assert without.find("channel/podcast:locked", _CHAPTERS) is None
    assert owned.findtext("channel/itunes:owner/itunes:email", namespaces=itunes) == "lab@example.org"
    locked = owned.find("channel/podcast:locked", _CHAPTERS)
    assert locked is not None
    assert (locked.text, locked.get("owner")) == ("yes", "lab@example.org")


def test_chapters_are_in_the_feed_and_in_a_file_of_their_own() -> None:
    item = ET.fromstring(_podcast(weekly_digest())).find("channel/item")

    assert item is not None
    told = item.find("podcast:chapters", _CHAPTERS)
    chapters = item.findall("psc:chapters/psc:chapter", _CHAPTERS)
    assert told is not None
    assert told.get("url") == f"{_BASE}audio/2026-W47.chapters.json"
    assert [chapter.get("start") for chapter in chapters][:2] == ["00:00:00.000", "00:00:14.500"]
    assert chapters[1].get("href") == f"{_BASE}2026-W47.html#2611.90001v1"


def test_the_chapters_file_is_what_players_read() -> None:
    audio = recording(weekly_digest())

    read = json.loads(feeds.chapters_json(_BASE, "2026-W47", audio.chapters))

    assert read["version"] == "1.2.0"
    assert read["chapters"][0] == {"startTime": 0.0, "title": "Opening"}
    assert read["chapters"][1]["url"] == f"{_BASE}2026-W47.html#2611.90001v1"
    assert [chapter["startTime"] for chapter in read["chapters"]] == sorted(
        chapter.start_seconds for chapter in audio.chapters
    )


@LENIENT
@given(digests(), words)
def test_feeds_of_any_words_can_be_read(digest: Digest, title: str) -> None:
    publication = _publication(digest, title=clean_title(title))
    said = tuple(
        Chapter(title=each.pick.paper.title, start_seconds=7.0, paper_key=each.pick.paper.key)
        for each in digest.highlights
    )
    audio = Audio(digest_id=digest.id, seconds=9, chapters=said, voice=title, created_at=digest.created_at)
    heard = Publication(
        server_id=42,
        code=publication.code,
        title=publication.title,
        digests=publication.digests,
        audios={digest.id: audio},
    )
    file = feeds.Enclosure(address="audio/a.mp3", length_bytes=1, kind="audio/mpeg")

    entries = [feeds.atom_entry(publication, digest, _BASE)]
    atom = ET.fromstring(feeds.atom_feed(publication, entries, _BASE))
    podcast = ET.fromstring(feeds.podcast_feed(heard, {digest.id: file}, _BASE))

    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert len(podcast.findall("channel/item/psc:chapters/psc:chapter", _CHAPTERS)) == len(said)
