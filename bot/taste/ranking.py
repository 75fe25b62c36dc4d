"""The order of a week's papers for a community, and a reason for each that a person understands (pure).

Meaning and words are judged for each topic of the interests (`judgement`); votes are learned from
(`learning`) and take over as they grow. Nothing is kept between calls, so no server influences another.
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
from bot.taste.explaining import Explanation, evidence
from bot.taste.interests import topics
from bot.taste.judgement import Judgement
from bot.taste.learning import Learned, learned
from bot.taste.nearness import standard
from bot.taste.wishes import Wishes
from storage.model import Paper, Pick

__all__ = ["Dropped", "Ranking", "Wishes", "rank", "topics"]

_VOTES_FOR_HALF = 20.0
"""Full votes, for or against, at which they weigh as much as the interests."""
_EXPLAINED_BY_VOTES = MOST_MOVED
"""Picks that votes are told of too: no others can be shown, and it takes a millisecond each. And that which
somebody asks about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Every paper of the week, in its place or with the reason why it has none."""

    picks: tuple[Pick, ...]
    """Those with a place in the digest first, then the others; in both parts the best first, but for the
    one that explores, which has the last place."""
    dropped: tuple[Dropped, ...]
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    """By versionless id, of every pick."""


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
    wishes: Wishes | None = None,
    places: int = PLACES,
    asked_about: str | None = None,
) -> Ranking:
    """Put a week's papers into order; the same input gives the same order, however it is shuffled.

    Takes about 0.4 s of processor time for 2,000 papers, more with votes: keep it off the event loop.

    Args:
        candidates: The week's papers, cross-lists and versions as they come.
        interests: In plain words; empty means a broad choice until there are votes.
        excluded_words: Words and phrases that rule a paper out, whole and in any case.
        already_shown: Versionless ids of papers in earlier digests.
        vectors: By versionless id, title and abstract of each paper; a missing one counts as average.
        title_vectors: By versionless id, of each title alone and by another embedder: what votes are
            learned from too.
        interest_vectors: Of `topics(interests)`, in that order; None means words only.
        examples: Papers voted for, and papers of earlier weeks that were passed over.
        wishes: What is followed and muted by name.
        places: How many papers the digest shows.
        asked_about: Versionless id of a paper that is explained wherever it stands.
    """
    wishes = wishes or Wishes()
    papers, dropped = sifted(
        candidates,
        excluded_words=excluded_words,
        already_shown=already_shown,
        objections=wishes.objections(),
        wanted=wishes.wanted(),
    )
    own_vectors = [(vectors or {}).get(paper.id) for paper in papers]
    taste = learned(
        [paper.title for paper in papers],
        own_vectors,
        examples,
        [(title_vectors or {}).get(paper.id) for paper in papers],
    )
    wished = topics(interests)
    judgement = Judgement.of(papers, wished, vectors, interest_vectors) if wished else None
    scores = _scores(papers, judgement, taste)
    # Papers come newest first, and a stable sort keeps that among equals.
    order = np.argsort(-scores.round(9), kind="stable").tolist()
    in_order = [papers[row] for row in order]
    followed = {order[place]: why for place, why in wishes.followed(in_order).items()}
    arrangement = arranged(
        order,
        places=places,
        followed=followed,
        vectors=own_vectors,
        doubt=None if taste is None else taste.doubt,
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
    papers: Sequence[Paper], judgement: Judgement | None, taste: Learned | None
) -> npt.NDArray[np.float64]:
    """Interests and votes in the same measure, so that one can take over from the other."""
    if judgement is None and taste is not None and taste.likes:
        return taste.scores
    before = _broad(papers) if judgement is None else judgement.scores()
    if taste is None:
        return before
    share = _VOTES_FOR_HALF / (_VOTES_FOR_HALF + taste.likes + taste.dislikes)
    return share * standard(before) + (1 - share) * taste.scores


def _explanations(  # noqa: PLR0917 - all of one ranking
    papers: Sequence[Paper],
    arrangement: Arrangement,
    order: Sequence[int],
    judgement: Judgement | None,
    taste: Learned | None,
    followed: Mapping[int, str],
    asked_about: str | None,
) -> Iterator[Explanation]:
    place = {row: number for number, row in enumerate(order, start=1)}
    for shown, row in enumerate(arrangement.rows):
        if judgement is not None:
            interests = tuple(judgement.reasons(row))
        elif taste is None:
            listed = ", ".join(papers[row].categories)
            interests = (f"no interests are set: a broad choice, listed in {listed}",)
        else:
            interests = ()
        twin = arrangement.repeats.get(row)
        tells_of_votes = shown < _EXPLAINED_BY_VOTES or papers[row].id == asked_about
        seen = evidence(taste if tells_of_votes else None, row, papers[row].id)
        yield Explanation(
            paper_id=papers[row].id,
            place=place[row],
            considered=len(papers),
            interests=interests,
            has_interests=judgement is not None,
            resembles=seen.resembles,
            unlike=seen.unlike,
            words=seen.words,
            followed=followed.get(row),
            explores=row == arrangement.explores,
            repeats=None if twin is None else papers[twin].title,
        )


def _broad(papers: Sequence[Paper]) -> npt.NDArray[np.float64]:
    """Without interests, primary categories take turns; in each, the most widely cross-listed come first."""
    by_category: defaultdict[str, list[int]] = defaultdict(list)
    for row in sorted(range(len(papers)), key=lambda row: -len(papers[row].categories)):
        by_category[papers[row].primary_category].append(row)
    largest_first = sorted(by_category.values(), key=len, reverse=True)
    order = [row for turn in zip_longest(*largest_first) for row in turn if row is not None]
    scores = np.empty(len(papers))
    scores[order] = 1 - np.arange(len(order)) / len(order)
    return scores
