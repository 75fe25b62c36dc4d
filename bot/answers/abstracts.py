"""Abstracts that are searched for one question only, without being stored (pure).

As long as another attempt may get a PDF, nothing of its paper is stored, so that the attempt is made.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.found import Found, FoundPassage
from bot.papers.passages import passages
from storage.model import NearPaper, PaperText

_SHOWN_IN_ANY_CASE = 1.0
"""The confidence in an abstract: its paper has nothing else to show."""


def with_abstracts(found: Found, abstracts: Sequence[tuple[str, PaperText]]) -> Found:
    """What was found, preceded by the passages of abstracts whose papers have none in it.

    Args:
        found: What was found in stored passages.
        abstracts: Pairs of a paper's title and its text.
    """
    stored = {one.paper_key for one in found.passages}
    added = [
        FoundPassage(passage=passage, title=title, score=0.0)
        for title, text in abstracts
        for passage in passages(text)
        if passage.paper_key not in stored
    ]
    if not added:
        return found
    titles = {one.paper_key: one.title for one in added}
    near = (NearPaper(paper_key=key, title=title) for key, title in titles.items())
    return replace(
        found,
        passages=(*added, *found.passages),
        nearest=(*found.nearest, *near),
        confidence=_SHOWN_IN_ANY_CASE,
    )
