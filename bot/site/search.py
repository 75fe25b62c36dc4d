"""The search's index: one script a year, which the pages load when somebody searches (pure).

A script and not JSON, because browsers don't let a page that was opened from a disk fetch anything.
"""

import json
from collections.abc import Iterable
from typing import TypeAlias

from bot.rendering import wording
from storage.model import Digest, Paper

Entry: TypeAlias = tuple[str, str, str, str, str, str, int]
"""Id, title, authors, categories, gist, week, and 1 for a highlight: what `static/search.js` reads."""

_AUTHORS = 20
"""A collaboration of thousands would be most of the index."""


def entries(digest: Digest) -> list[Entry]:
    """The digest's papers, the highlights first."""
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
    """The script that adds these papers to those that can be found."""
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
