"""Papers in the form of arXiv's feeds (pure).

They follow recordings of the query API from April 2026 and of rss.arxiv.org from August 2025, down to the
namespaces, links and order of elements.
"""

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from storage.model import Paper

# ElementTree writes prefixed names unchanged, so these give the prefixes that arXiv uses.
_ATOM = {"xmlns": "http://www.w3.org/2005/Atom"}
_ARXIV = {"xmlns:arxiv": "http://arxiv.org/schemas/atom"}
_DUBLIN = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}
_OPENSEARCH = {"xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/"}
_EASTERN = ZoneInfo("America/New_York")


def query_feed(
    papers: Iterable[Paper], *, query: str, ids: str, start: int, max_results: int, total: int, now: datetime
) -> bytes:
    """One page of the query API's results; `total` counts the papers on all pages."""
    asked = f"search_query={query}&id_list={ids}&start={start}&max_results={max_results}"
    parameters = {"search_query": query, "start": start, "max_results": max_results, "id_list": ids}
    feed = ET.Element("feed", _OPENSEARCH | _ARXIV | _ATOM)
    _add(feed, "id", f"https://arxiv.org/api/{hashlib.sha256(asked.encode()).hexdigest()[:27]}")
    _add(feed, "title", f"arXiv Query: {asked}")
    _add(feed, "updated", _stamp(now))
    address = f"https://arxiv.org/api/query?{urlencode(parameters)}"
    _add(feed, "link", href=address, type="application/atom+xml")
    _add(feed, "opensearch:itemsPerPage", str(max_results))
    _add(feed, "opensearch:totalResults", str(total))
    _add(feed, "opensearch:startIndex", str(start))
    for paper in papers:
        _add_entry(feed, paper)
    return _bytes(feed)


def error_feed(code: str, message: str, now: datetime) -> bytes:
    """The query API's answer to a bad request: the error as if it were a paper."""
    feed = ET.Element("feed", _OPENSEARCH | _ARXIV | _ATOM)
    _add(feed, "id", "https://arxiv.org/")
    _add(feed, "title", "arXiv Search Results")
    _add(feed, "updated", _stamp(now))
    _add(feed, "opensearch:itemsPerPage", "1")
    _add(feed, "opensearch:totalResults", "1")
    _add(feed, "opensearch:startIndex", "0")
    entry = ET.SubElement(feed, "entry")
    _add(entry, "id", f"https://arxiv.org/api/errors#{code}")
    _add(entry, "title", "Error")
    _add(entry, "updated", _stamp(now))
    _add(entry, "link", href=f"https://arxiv.org/api/errors#{code}", rel="alternate", type="text/html")
    _add(entry, "summary", message)
    _add(ET.SubElement(entry, "author"), "name", "arXiv api core")
    return _bytes(feed)


def rss_feed(papers: Iterable[Paper], categories: Sequence[str], day: date) -> bytes:
    """The day's announcements, as `rss.arxiv.org/rss/<categories>` sends them."""
    name, midnight = "+".join(categories), datetime.combine(day, time(), _EASTERN)
    rss = ET.Element(
        "rss", _ARXIV | _DUBLIN | {"xmlns:atom": "http://www.w3.org/2005/Atom", "version": "2.0"}
    )
    channel = ET.SubElement(rss, "channel")
    _add(channel, "title", f"{name} updates on arXiv.org")
    _add(channel, "link", f"http://rss.arxiv.org/rss/{name}")
    _add(channel, "description", f"{name} updates on the arXiv.org e-print archive.")
    _add(
        channel,
        "atom:link",
        href=f"http://rss.arxiv.org/rss/{name}",
        rel="self",
        type="application/rss+xml",
    )
    _add(channel, "docs", "http://www.rssboard.org/rss-specification")
    _add(channel, "language", "en-us")
    _add(channel, "lastBuildDate", format_datetime(midnight.astimezone(UTC)))
    _add(channel, "managingEditor", "rss-help@arxiv.org")
    _add(channel, "pubDate", format_datetime(midnight))
    skipped = ET.SubElement(channel, "skipDays")
    for weekday in ("Sunday", "Saturday"):
        _add(skipped, "day", weekday)
    for paper in _announced(papers, categories, day):
        item = ET.SubElement(channel, "item")
        kind = _kind(paper, categories)
        _add(item, "title", paper.title)
        _add(item, "link", f"https://arxiv.org/abs/{paper.id}")
        _add(item, "description", _description(paper, kind))
        _add(item, "guid", f"oai:arXiv.org:{paper.key}", isPermaLink="false")
        for category in paper.categories:
            _add(item, "category", category)
        _add(item, "pubDate", format_datetime(midnight))
        _add_announcement(item, paper, kind)
    return _bytes(rss)


def atom_feed(papers: Iterable[Paper], categories: Sequence[str], day: date) -> bytes:
    """The same announcements, as `rss.arxiv.org/atom/<categories>` sends them."""
    name, midnight = "+".join(categories), datetime.combine(day, time(), _EASTERN)
    updated = midnight.astimezone(UTC).isoformat()
    feed = ET.Element("feed", _ARXIV | _DUBLIN | _ATOM | {"xml:lang": "en-us"})
    _add(feed, "id", f"http://rss.arxiv.org/atom/{name}")
    _add(feed, "title", f"{name} updates on arXiv.org")
    _add(feed, "updated", updated)
    _add(feed, "link", href=f"http://rss.arxiv.org/atom/{name}", rel="self", type="application/atom+xml")
    _add(feed, "subtitle", f"{name} updates on the arXiv.org e-print archive.")
    for paper in _announced(papers, categories, day):
        entry = ET.SubElement(feed, "entry")
        kind = _kind(paper, categories)
        _add(entry, "id", f"oai:arXiv.org:{paper.key}")
        _add(entry, "title", paper.title)
        _add(entry, "updated", updated)
        _add(entry, "link", href=f"https://arxiv.org/abs/{paper.id}", rel="alternate", type="text/html")
        _add(entry, "summary", _description(paper, kind))
        for category in paper.categories:
            _add(entry, "category", term=category)
        _add(entry, "published", midnight.isoformat())
        _add_announcement(entry, paper, kind)
    return _bytes(feed)


def _add_entry(feed: ET.Element, paper: Paper) -> None:
    entry = ET.SubElement(feed, "entry")
    # The API's own ids begin with http:, its links with https:.
    _add(entry, "id", f"http://arxiv.org/abs/{paper.key}")
    _add(entry, "title", paper.title)
    _add(entry, "updated", _stamp(paper.updated))
    _add(entry, "link", href=paper.abs_url, rel="alternate", type="text/html")
    _add(entry, "link", href=paper.pdf_url, rel="related", type="application/pdf", title="pdf")
    _add(entry, "summary", paper.abstract)
    for category in paper.categories:
        _add(entry, "category", term=category, scheme=_ARXIV["xmlns:arxiv"])
    _add(entry, "published", _stamp(paper.published))
    if paper.comment is not None:
        _add(entry, "arxiv:comment", paper.comment)
    if paper.journal_reference is not None:
        _add(entry, "arxiv:journal_ref", paper.journal_reference)
    if paper.doi is not None:
        _add(entry, "arxiv:doi", paper.doi)
    _add(entry, "arxiv:primary_category", term=paper.primary_category)
    for author in paper.authors:
        _add(ET.SubElement(entry, "author"), "name", author)


def _add_announcement(entry: ET.Element, paper: Paper, kind: str) -> None:
    _add(entry, "arxiv:announce_type", kind)
    if paper.licence is not None:
        _add(entry, "dc:rights", paper.licence)
    _add(entry, "dc:creator", ", ".join(paper.authors))


def _announced(papers: Iterable[Paper], categories: Sequence[str], day: date) -> list[Paper]:
    return [paper for paper in papers if paper.announced == day and set(categories) & set(paper.categories)]


def _kind(paper: Paper, categories: Sequence[str]) -> str:
    own = paper.primary_category in categories
    if paper.version > 1:
        return "replace" if own else "replace-cross"
    return "new" if own else "cross"


def _description(paper: Paper, kind: str) -> str:
    return f"arXiv:{paper.key} Announce Type: {kind} \nAbstract: {paper.abstract}"


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    feed: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return feed
