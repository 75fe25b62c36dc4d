"""A taste in words, for people who ask what the bot thinks they like (pure)."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.taste.taste import Taste
from bot.taste.words import PaperWords, forms
from bot.texts.folding import spelled_out
from storage.model import Paper, Preference

_WORDS, _PAPERS, _NAMES = 12, 5, 5
_RARITY_OF_THE_UNSEEN = 0.5
_COMMON = 0.1
"""The share of the background from which a word tells nothing, however often liked papers have it."""
_LEAST_BACKGROUND = 100
"""Papers: with fewer, the words of every abstract ("show", "large") count as rare."""
_MOST_READ = 2_000
"""The papers voted on last that words are taken from: reading so many takes about 2 s, and a server may have
votes on 30,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """The strongest signs of a taste, in each field the strongest first."""

    likes: int
    """How many papers are liked more than disliked."""
    dislikes: int
    people: int
    words: tuple[str, ...]
    papers: tuple[Paper, ...]
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    preferences: tuple[Preference, ...]


def portrait(taste: Taste, background: Sequence[Paper]) -> Portrait:
    """Describe a taste; `background` tells how common a word is, as common ones say nothing about it."""
    judged = [(taste.papers[paper_id], opinion) for paper_id, opinion in taste.opinions.items()]
    judged.sort(key=lambda pair: (-pair[1].liking * pair[1].weight, pair[0].id))
    weights = {paper.id: opinion.liking * opinion.weight for paper, opinion in judged}
    liked = [paper for paper, _ in judged if weights[paper.id] > 0]
    newest = sorted(judged, key=lambda pair: (pair[1].last_cast_at, pair[0].id), reverse=True)[:_MOST_READ]
    authors = Counter(author for paper in liked for author in paper.authors)
    categories = Counter(category for paper in liked for category in paper.categories)
    return Portrait(
        likes=len(liked),
        dislikes=sum(weight < 0 for weight in weights.values()),
        people=taste.people,
        words=_words([(paper, weights[paper.id]) for paper, _ in newest], background),
        papers=tuple(liked[:_PAPERS]),
        authors=_commonest(authors, least=2),
        categories=_commonest(categories),
        preferences=taste.preferences,
    )


def _words(weights: Sequence[tuple[Paper, float]], background: Sequence[Paper]) -> tuple[str, ...]:
    """Words of liked papers, less those of disliked ones, weighted by how rare they are in the background."""
    if len(background) < _LEAST_BACKGROUND:
        return ()
    known = Counter(word for paper in background for word in _telling(PaperWords.of(paper)))
    liking, subjects = defaultdict[str, float](float), set[str]()
    for paper, weight in weights:
        read = PaperWords.of(paper)
        for word in _telling(read):
            liking[word] += weight
        if weight > 0:
            subjects.update(read.title)  # those of abstracts alone are seldom the subject
    strength = {
        word: total * math.log((1 + len(background)) / (_RARITY_OF_THE_UNSEEN + known[word]))
        for word, total in liking.items()
        if word in subjects and known[word] < _COMMON * len(background)
    }
    order = sorted(strength, key=lambda word: (-strength[word], word))
    best = [word for word in order if strength[word] > 0][:_WORDS]
    written = _written(best, (paper for paper, weight in weights if weight > 0))
    return tuple(written[word] for word in best)


def _written(words: Collection[str], papers: Iterable[Paper]) -> dict[str, str]:
    """Each word in its most frequent spelling in the papers: "physic" is written "physics"."""
    counts = {word: Counter[str]() for word in words}
    for paper in papers:
        for word, form in forms(f"{spelled_out(paper.title)} {spelled_out(paper.abstract)}"):
            if word in counts:
                counts[word][form.lower()] += 1
    return {word: min(own, key=lambda form: (-own[form], form)) for word, own in counts.items()}


def _telling(read: PaperWords) -> set[str]:
    return {word for word in (*read.title, *read.abstract) if not word.isdigit()}


def _commonest(counts: Counter[str], *, least: int = 1) -> tuple[str, ...]:
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return tuple(name for name in order if counts[name] >= least)[:_NAMES]
