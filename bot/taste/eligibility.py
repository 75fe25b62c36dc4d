"""Which of the week's papers may be picked at all (pure)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.taste.words import phrase_finder, words
from storage.model import Paper

Objection: TypeAlias = Callable[[Paper], str | None]
"""Says why a paper may not be picked, in words for a person; None if it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A paper that was left out before ranking."""

    paper: Paper
    why: str
    """In words for a person: `contains the excluded word "survey"`."""
    was_shown: bool = False
    """Whether that is because an earlier digest showed it."""


def sifted(
    papers: Iterable[Paper],
    *,
    excluded_words: Sequence[str],
    already_shown: Collection[str],
    objections: Sequence[Objection] = (),
    wanted: Callable[[Paper], int] = lambda _: 0,
) -> tuple[list[Paper], list[Dropped]]:
    """The papers that may be picked, newest first, and the others with the reason.

    Left out are withdrawn papers, those in `already_shown` (versionless ids: a new version is not a new
    paper), those whose title or abstract contains an excluded word, those with an objection, and all but one
    of a paper that is listed several times or was submitted twice under nearly the same title: the most
    `wanted` stays, and among equals the newest.
    """
    excluded = phrase_finder(excluded_words)
    kept: dict[str, Paper] = {}
    titles: dict[tuple[str, ...], Paper] = {}
    dropped: list[Dropped] = []
    newest_first = sorted(papers, key=_newest_first)
    # A paper that is listed several times counts as its newest version.
    degrees = {paper.id: wanted(paper) for paper in reversed(newest_first)}
    for paper in sorted(newest_first, key=lambda paper: -degrees[paper.id]):
        was_shown = paper.id in already_shown and not paper.withdrawn
        why = "already in an earlier digest" if was_shown else _objection(paper, excluded)
        why = why or next((found for objection in objections if (found := objection(paper))), None)
        twin = kept.get(paper.id) or titles.get(_title_key(paper))
        if why is None and twin is not None:
            why = "listed twice" if twin.id == paper.id else f"nearly the same title as {twin.id}"
        if why is not None:
            dropped.append(Dropped(paper=paper, why=why, was_shown=was_shown))
            continue
        kept[paper.id] = titles[_title_key(paper)] = paper
    return sorted(kept.values(), key=_newest_first), dropped


def _objection(paper: Paper, excluded: Callable[[Paper], str | None]) -> str | None:
    if paper.withdrawn:
        return "withdrawn"
    word = excluded(paper)
    return None if word is None else f'contains the excluded word "{word}"'


def _title_key(paper: Paper) -> tuple[str, ...]:
    # The order counts: speech to text is not text to speech.
    return tuple(words(paper.title)) or (paper.id,)


def _newest_first(paper: Paper) -> tuple[float, str, int]:
    return (-paper.published.timestamp(), paper.id, -paper.version)
