"""The day's announcements from arXiv's feeds: which papers, of what kind, under what licence.

Format: https://info.arxiv.org/help/rss.html, RSS 2.0 under `/rss/` and Atom under `/atom/`.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from bot.errors import ArxivError, InputError
from bot.papers import ids, taxonomy
from bot.papers.connection import Answer, ArxivConnection
from bot.papers.feed import hardened_parser
from storage.model import Announcement

log = logging.getLogger(__name__)

_ATOM = "{http://www.w3.org/2005/Atom}"
_KIND = "{http://arxiv.org/schemas/atom}announce_type"
_RIGHTS = "{http://purl.org/dc/elements/1.1/}rights"
_ENTRIES = {"rss": "channel/item", f"{_ATOM}feed": f"{_ATOM}entry"}
"""The root's tag -> where the entries are."""
_MAX_BYTES = 50_000_000
_TIMEOUT_SECONDS = 60.0


class RssAnnouncements:
    """Implements AnnouncementSource with arXiv's feed of the current day, which has at most 2,000 entries."""

    def __init__(self, connection: ArxivConnection, *, rss_url: str) -> None:
        self._connection = connection
        self._rss_url = rss_url.rstrip("/")

    async def today(self, categories: Sequence[str]) -> list[Announcement]:
        """The current day's announcements, each paper once; empty at weekends and on holidays.

        Raises:
            InputError: a category does not exist.
            ArxivError: no answer, or one that is not a feed.
        """
        answer = await self._connection.get(
            f"{self._rss_url}/{'+'.join(taxonomy.check(categories))}",
            max_bytes=_MAX_BYTES,
            timeout_seconds=_TIMEOUT_SECONDS,
            check=_check,
        )
        return await asyncio.to_thread(parse_announcements, answer.body)


def parse_announcements(body: bytes) -> list[Announcement]:
    """The entries of a feed, each paper once.

    Raises:
        ArxivError: it is not an announcement feed, or none of its entries can be read.
    """
    entries = _entries(body)
    announced = [found for entry in entries if (found := _announcement(entry)) is not None]
    if entries and not announced:
        raise ArxivError("None of the entries in arXiv's announcement feed can be read.")
    return list({entry.paper_id: entry for entry in announced}.values())


def _check(answer: Answer) -> None:
    if answer.status in range(400, 500):
        raise ArxivError(f"arXiv has no such feed (HTTP {answer.status}).", retryable=False)
    _entries(answer.body)


def _entries(body: bytes) -> list[etree._Element]:
    try:
        root = etree.fromstring(body, parser=hardened_parser())
    except etree.XMLSyntaxError:
        root = None
    if root is None or root.tag not in _ENTRIES:
        raise ArxivError("arXiv's answer is not an announcement feed.")
    if not body.rstrip().endswith((b"</rss>", b"</feed>")):
        raise ArxivError("arXiv's announcement feed was cut off.")
    return list(root.iterfind(_ENTRIES[root.tag]))


def _announcement(entry: etree._Element) -> Announcement | None:
    try:
        reference = ids.parse(_text(entry, "guid", f"{_ATOM}id").removeprefix("oai:arXiv.org:"))
        day = _day(_text(entry, "pubDate", f"{_ATOM}published"))
    except (InputError, ValueError):
        log.warning("skipped an announcement without a valid id or date")
        return None
    return Announcement(
        paper_id=reference.paper_id,
        day=day,
        kind=_text(entry, _KIND),
        licence=_text(entry, _RIGHTS) or None,
    )


def _day(text: str) -> date:
    """The date in its own time zone, from RSS's form or Atom's."""
    return (datetime.fromisoformat(text) if text[:4].isdecimal() else parsedate_to_datetime(text)).date()


def _text(entry: etree._Element, *tags: str) -> str:
    texts = (entry.findtext(tag) for tag in tags)
    return next((" ".join(text.split()) for text in texts if text), "")
