"""Checks that an answer of arXiv's query API is a whole Atom feed, and makes papers of its entries (pure).

Rules: https://info.arxiv.org/help/api/user-manual.html. The `arxiv` package parses leniently: an HTML page, a
truncated feed and `Rate exceeded.` all come out as fewer results or none. So each answer is checked first.
"""

import re
from dataclasses import dataclass

import arxiv
from lxml import etree

from bot.errors import ArxivError, InputError
from bot.papers import ids
from storage.model import Paper

_NAMESPACES = {"atom": "http://www.w3.org/2005/Atom", "search": "http://a9.com/-/spec/opensearch/1.1/"}
_FEED_TAG = f"{{{_NAMESPACES['atom']}}}feed"
_COMPLETE_ENTRIES = "atom:entry[atom:id and atom:updated and atom:published]"
_WORK = "(?:paper|article|manuscript|submissions?|version|preprint|work|note|letter|draft)"
# A paper withdrawn from a conference stays on arXiv.
_HERE = r"\b(?! from (?!arxiv\b|consideration\b|publication\b))"
_ADVERB = "(?:temporarily|permanently|voluntarily|currently|hereby|now|being)"
_WITHDRAWN = rf"(?:ha(?:s|ve)(?: now)? been |is |was )?(?:{_ADVERB} )?withdrawn{_HERE}"
_WITHDRAWAL = (
    rf"(?:(?:(?:th(?:is|e)(?: following)?|our) )?{_WORK} {_WITHDRAWN}"
    rf"|(?:we|I|the authors?)(?: \w+){{0,3}} withdraw(?:n|ing)? (?:this|the|our) {_WORK}{_HERE})"
)
_STARTS_WITHDRAWN = re.compile(rf"\W*(?:arXiv admin note: )?(?:{_WITHDRAWAL}|{_WITHDRAWN})", re.IGNORECASE)
_SAYS_WITHDRAWN = re.compile(rf"(?:[.,;:!?] | (?=this ))\W{{0,20}}{_WITHDRAWAL}", re.IGNORECASE)
"""Later in a comment, after such things as the paper's length or the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """What a checked answer says about itself."""

    total: int
    """Entries found by the query in all."""
    entries: int
    """Entries in this answer."""


def check_feed(body: bytes, *, start: int, page_size: int) -> FeedPage:
    """What the answer says about itself, if it is a feed and complete.

    `start` and `page_size` are the request's.

    Raises:
        ArxivError: not a feed, or not all of it (both retryable); or an error that arXiv explains (not).
    """
    if body.strip().startswith(b"Rate exceeded"):
        raise ArxivError("arXiv says “Rate exceeded”: too many requests came from our address.")
    root = _root(body)
    if root is None or root.tag != _FEED_TAG:
        raise ArxivError("arXiv's answer is not a feed.")
    _raise_explained(root)
    total = re.fullmatch(r"\s*([0-9]{1,9})\s*", root.findtext("search:totalResults", "", _NAMESPACES))
    if total is None:
        raise ArxivError("arXiv's answer does not say how many papers there are.")
    page = FeedPage(total=int(total[1]), entries=len(root.xpath(_COMPLETE_ENTRIES, namespaces=_NAMESPACES)))
    promised = min(page_size, max(0, page.total - start))
    if not body.rstrip().endswith(b"</feed>") or page.entries < promised:
        raise ArxivError(f"arXiv's answer was cut off: {page.entries} of {promised} papers arrived.")
    return page


def paper_of(result: arxiv.Result) -> Paper:
    """The record of an entry.

    Raises:
        ArxivError: its id is invalid, or it has no category.
    """
    entry = re.sub(r"^https?://(?:www\.|export\.)?arxiv\.org/abs/", "", result.entry_id)
    try:
        reference = ids.parse(entry)
    except InputError as error:
        raise ArxivError("An entry in arXiv's answer has no valid id.") from error
    categories = tuple(dict.fromkeys(code for code in (result.primary_category, *result.categories) if code))
    if not categories:
        raise ArxivError(f"arXiv's entry for {reference.paper_id} has no category.")
    abstract, comment = _one_line(result.summary), _one_line(result.comment or "")
    return Paper(
        id=reference.paper_id,
        version=reference.version or 1,
        title=_one_line(result.title),
        abstract=abstract,
        authors=tuple(name for author in result.authors if (name := _one_line(author.name))),
        categories=categories,
        published=result.published,
        updated=result.updated,
        comment=comment or None,
        journal_reference=_one_line(result.journal_ref or "") or None,
        doi=_one_line(result.doi or "") or None,
        withdrawn=_is_withdrawn(abstract, comment),
    )


def _is_withdrawn(abstract: str, comment: str) -> bool:
    """Whether the texts declare this paper withdrawn, not an earlier version, another paper or its subject.

    The query API has no field for it.
    """
    starts = any(_STARTS_WITHDRAWN.match(text) for text in (abstract, comment))
    return starts or _SAYS_WITHDRAWN.search(comment) is not None


def hardened_parser() -> etree.XMLParser:
    """A parser for XML from outside: no entities, no network, no huge trees.

    It recovers from errors, because one stray control character in an abstract must not cost the week, so
    callers have to check for a cut-off end.
    """
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )


def _root(body: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(body, parser=hardened_parser())
    except etree.XMLSyntaxError:
        return None


def _raise_explained(root: etree._Element) -> None:
    for entry in root.iterfind("atom:entry", _NAMESPACES):
        if "/api/errors" in entry.findtext("atom:id", "", _NAMESPACES):
            said = _one_line(entry.findtext("atom:summary", "", _NAMESPACES))[:200]
            raise ArxivError(f"arXiv rejected the query: {said}.", retryable=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())
