"""The search index: one script per year, which the front page loads when somebody searches (pure).

A script rather than JSON, because browsers don't let a page opened from a disk fetch anything.
"""

import json
from collections.abc import Iterable
from typing import TypeAlias

from bot.rendering import wording
from storage.model import Digest, Paper

Entry: TypeAlias = tuple[str, str, str, str, str, str, int]
"""Id, title, authors, categories, gist, week, and 1 for a highlight: what `static/search.js` reads."""

_AUTHORS = 20
"""At most: a collaboration of thousands would fill the index."""


def entries(digest: Digest) -> list[Entry]:
    """The digest's papers, highlights first."""
    highlights = [
        _entry(
            each.pick.paper,
            wording.statement(each.pick.paper, each.summary.gist).marked,
            digest.week,
            1,
        )
        for each in digest.highlights
    ]
    return highlights + [_entry(each.pick.paper, wording.gist(each), digest.week, 0) for each in digest.noted]


def index_script(papers: Iterable[Entry]) -> str:
    """The script that adds these papers to the search."""
    return (
        f"broadsheetPapers.push(...{json.dumps(list(papers), ensure_ascii=False, separators=(',', ':'))});\n"
    )


def _entry(paper: Paper, gist: str, week: str, highlighted: int) -> Entry:
    return (
        paper.id,
        wording.title(paper),
        wording.authors(paper, limit=_AUTHORS),
        " ".join(paper.categories),
        gist,
        week,
        highlighted,
    )
