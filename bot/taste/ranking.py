"""Ranks a week's papers for a community, with a reason for each that a person understands (pure).

Papers are matched with each topic of the interests (`judgement`); votes are learned from (`learning`) and
take over as they grow. Nothing is kept between calls, so no server influences another.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from bot.llm.port import Vectors
from bot.taste.arrangement import MOST_MOVED, PLACES, Arrangement, arranged
from bot.taste.eligibility import Dropped, sifted
from bot.taste.examples import Example
from bot.taste.explaining import Evidence, Explanation, evidence
from bot.taste.interests import topics
from bot.taste.judgement import Judgement
from bot.taste.learning import TasteModel, learn
from bot.taste.nearness import standardised
from bot.taste.preferences import Preferences
from storage.model import Paper, Pick

_VOTES_FOR_HALF = 20.0
"""How many full votes, for or against, weigh as much as the interests."""
_EXPLAINED_BY_VOTES = MOST_MOVED
"""How many picks are explained by votes too, beside the one that somebody asks about: no others can be shown,
and each takes a millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Every paper of the week: ranked, or with the reason why it was left out."""

    picks: tuple[Pick, ...]
    """Those with a place in the digest, then the others; the best first in both, but exploration has the
    last place in the digest."""
    dropped: tuple[Dropped, ...]
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    """Of every pick, by versionless id."""


def rank(
    candidates: Sequence[Paper],
    *,
    interests: str,
    excluded_words: Sequence[str] = (),
    already_shown: Collection[str] = (),
    vectors: Mapping[str, npt.NDArray[np.float32]] | None = None,
    title_vectors: Mapping[str, npt.NDArray[np.float32]] | None = None,
    interest_vectors: Vectors | None = None,
    examples: Sequence[Example] = (),
    preferences: Preferences | None = None,
    places: int = PLACES,
    asked_about: str | None = None,
) -> Ranking:
    """Rank a week's papers; the same papers give the same ranking in whatever order they come.

    Takes about 0.4 s of processor time for 2,000 papers, more with votes: keep it off the event loop.

    Args:
        candidates: The week's papers; cross-lists and several versions of one are fine.
        interests: In plain words; empty means a broad choice until there are votes.
        excluded_words: Words and phrases that rule a paper out: as whole words, in upper or lower case.
        already_shown: Versionless ids of papers in earlier digests.
        vectors: Of title and abstract, by versionless id; a missing one counts as average.
        title_vectors: Of the title alone, by another embedder, by versionless id: features for votes only.
        interest_vectors: Of `topics(interests)`, in that order; None means words only.
        examples: Papers voted on, and papers of earlier weeks that were passed over.
        preferences: What is followed and muted.
        places: How many papers the digest shows.
        asked_about: Versionless id of a paper to explain in full, whatever its rank.
    """
    preferences = preferences or Preferences()
    papers, dropped = sifted(
        candidates,
        excluded_words=excluded_words,
        already_shown=already_shown,
        objections=preferences.objections(),
        wanted=preferences.wanted(),
    )
    own_vectors = [(vectors or {}).get(paper.id) for paper in papers]
    taste = learn(
        [paper.title for paper in papers],
        own_vectors,
        examples,
        [(title_vectors or {}).get(paper.id) for paper in papers],
    )
    wanted = topics(interests)
    judgement = Judgement.of(papers, wanted, vectors, interest_vectors) if wanted else None
    scores = _scores(papers, judgement, taste)
    # Papers come newest first, and a stable sort keeps that among equals.
    order = np.argsort(-scores.round(9), kind="stable").tolist()
    in_order = [papers[row] for row in order]
    followed = {order[place]: why for place, why in preferences.followed(in_order).items()}
    arrangement = arranged(
        order,
        places=places,
        followed=followed,
        vectors=own_vectors,
        variance=None if taste is None else taste.variance,
    )
    explanations = tuple(_explanations(papers, arrangement, order, judgement, taste, followed, asked_about))
    return Ranking(
        picks=tuple(
            Pick(paper=papers[row], score=float(scores[row]), reason=explanation.reason)
            for row, explanation in zip(arrangement.rows, explanations, strict=True)
        ),
        dropped=tuple(dropped),
        explanations={explanation.paper_id: explanation for explanation in explanations},
    )


def _scores(
    papers: Sequence[Paper], judgement: Judgement | None, taste: TasteModel | None
) -> npt.NDArray[np.float64]:
    """Interests and votes on the same scale, so that one can take over from the other."""
    if judgement is None and taste is not None and taste.likes:
        return taste.scores
    before = _broad(papers) if judgement is None else judgement.scores()
    if taste is None:
        return before
    share = _VOTES_FOR_HALF / (_VOTES_FOR_HALF + taste.likes + taste.dislikes)
    return share * standardised(before) + (1 - share) * taste.scores


def _explanations(  # noqa: PLR0917 - all of one ranking
    papers: Sequence[Paper],
    arrangement: Arrangement,
    order: Sequence[int],
    judgement: Judgement | None,
    taste: TasteModel | None,
    followed: Mapping[int, str],
    asked_about: str | None,
) -> Iterator[Explanation]:
    place = {row: number for number, row in enumerate(order, start=1)}
    by_votes = {
        row: papers[row].id
        for shown, row in enumerate(arrangement.rows)
        if shown < _EXPLAINED_BY_VOTES or papers[row].id == asked_about
    }
    found = {} if taste is None else evidence(taste, by_votes)
    for row in arrangement.rows:
        if judgement is not None:
            interests = tuple(judgement.reasons(row))
        elif taste is None or not taste.likes:
            listed = ", ".join(papers[row].categories)
            interests = (f"no interests are set, so this is a broad choice: listed in {listed}",)
        else:
            interests = ()
        twin = arrangement.repeats.get(row)
        of_votes = found.get(row, Evidence())
        yield Explanation(
            paper_id=papers[row].id,
            place=place[row],
            considered=len(papers),
            interests=interests,
            has_interests=judgement is not None,
            resembles=of_votes.resembles,
            unlike=of_votes.unlike,
            words=of_votes.words,
            followed=followed.get(row),
            explores=row == arrangement.explores,
            repeats=None if twin is None else papers[twin].title,
        )


def _broad(papers: Sequence[Paper]) -> npt.NDArray[np.float64]:
    """Without interests, primary categories take turns; in each, the most cross-listed papers come first."""
    by_category: defaultdict[str, list[int]] = defaultdict(list)
    for row in sorted(range(len(papers)), key=lambda row: -len(papers[row].categories)):
        by_category[papers[row].primary_category].append(row)
    largest_first = sorted(by_category.values(), key=len, reverse=True)
    order = [row for turn in zip_longest(*largest_first) for row in turn if row is not None]
    scores = np.empty(len(papers))
    scores[order] = 1 - np.arange(len(order)) / len(order)
    return scores
