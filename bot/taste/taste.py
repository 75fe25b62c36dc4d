"""All that is known of a taste, and what is learned from (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.llm.port import Vectors
from bot.taste.examples import Example
from bot.taste.preferences import Preferences
from bot.taste.votes import Opinion, opinions, without_floods
from storage.model import IMPORTED, Paper, Preference, PreferenceKind, Seed, Subject, Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """All that is known of what a community, or one person, likes."""

    opinions: Mapping[str, Opinion]
    """By versionless id, from votes and from papers that an admin named as liked."""
    people: int
    """How many people cast votes that count; imported files are not people."""
    preferences: tuple[Preference, ...]
    papers: Mapping[str, Paper]
    """The papers of `opinions`, by versionless id."""
    passed_over: tuple[Paper, ...] = ()
    """Earlier candidates that nobody voted on, the newest first."""

    @property
    def follows_and_mutes(self) -> Preferences:
        """What is followed and muted."""

        def values(kind: PreferenceKind, subject: Subject) -> tuple[str, ...]:
            return tuple(one.value for one in self.preferences if (one.kind, one.subject) == (kind, subject))

        follow, mute = PreferenceKind.FOLLOW, PreferenceKind.MUTE
        return Preferences(
            followed_authors=values(follow, Subject.AUTHOR),
            followed_topics=values(follow, Subject.TOPIC),
            followed_categories=values(follow, Subject.CATEGORY),
            muted_authors=values(mute, Subject.AUTHOR),
            muted_topics=values(mute, Subject.TOPIC),
            muted_categories=values(mute, Subject.CATEGORY),
            muted_words=values(mute, Subject.WORD),
        )


def opinions_of(cast: Sequence[Vote], seeds: Iterable[Seed]) -> tuple[dict[str, Opinion], int]:
    """The opinion on each paper, and how many people cast votes that count.

    A paper that an admin named and nobody voted on has one full vote for it.
    """
    counted = without_floods(cast)
    formed = opinions(cast)
    for one in seeds:
        formed.setdefault(one.paper_id, Opinion(liking=1.0, weight=1.0, last_cast_at=one.at))
    return formed, len({vote.user_id for vote in counted} - {IMPORTED})


def examples_of(
    taste: Taste, vectors: Mapping[str, Vectors], title_vectors: Mapping[str, Vectors], moment: datetime
) -> list[Example]:
    """What a taste is learned from at a moment, with the vectors there are by versionless id."""
    judged = [
        Example(
            paper_id=paper_id,
            title=taste.papers[paper_id].title,
            vector=vectors.get(paper_id),
            title_vector=title_vectors.get(paper_id),
            liking=opinion.liking,
            weight=opinion.weight,
            age_days=_days(opinion.last_cast_at, moment),
        )
        for paper_id, opinion in taste.opinions.items()
    ]
    return judged + [
        Example(
            paper_id=paper.id,
            title=paper.title,
            vector=vectors.get(paper.id),
            title_vector=title_vectors.get(paper.id),
            liking=0.0,
            age_days=_days(paper.published, moment),
        )
        for paper in taste.passed_over
    ]


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since) / timedelta(days=1))
