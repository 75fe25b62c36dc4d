"""The systems that are compared: three known ways of learning a reader's taste, and ours.

Each learns from papers with texts and vectors, and then scores the papers of a week. All get the same texts;
ours embeds titles twice.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.svm import LinearSVC

from bot.llm.port import Vectors
from bot.taste.examples import Example
from bot.taste.interests import topics
from bot.taste.judgement import Judgement
from storage.model import Paper
from tests.benchmarks._cached_vectors import title_vectors_of, vectors_of
from tests.benchmarks._taste_data import Seen
from tests.bot.taste.learners import learned_scores

Scores: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Papers as a system sees them, oldest first."""

    ids: list[str]
    titles: list[str]
    texts: list[str]
    """The titles, with the abstracts behind them where they are given."""
    vectors: Vectors
    title_vectors: Vectors
    """By the embedder of titles, shape (papers, 1152)."""

    def chosen(self, rows: npt.NDArray[np.intp]) -> "Read":
        """Some of them, in the order of `rows`."""
        return Read(
            ids=[self.ids[row] for row in rows],
            titles=[self.titles[row] for row in rows],
            texts=[self.texts[row] for row in rows],
            vectors=self.vectors[rows],
            title_vectors=self.title_vectors[rows],
        )


def read(papers: list[Seen], *, with_abstract: bool) -> Read:
    """The papers as the systems see them."""
    texts = [paper.text(with_abstract=with_abstract) for paper in papers]
    return Read(
        ids=[paper.id for paper in papers],
        titles=[paper.title for paper in papers],
        texts=texts,
        vectors=asyncio.run(vectors_of(texts)),
        title_vectors=asyncio.run(title_vectors_of([paper.title for paper in papers])),
    )


Scorer: TypeAlias = Callable[[Read], Scores]
Learner: TypeAlias = Callable[[Read, npt.NDArray[np.bool_]], Scorer]
"""From papers and whether the reader picked them."""


def arxiv_sanity_lite(past: Read, liked: npt.NDArray[np.bool_]) -> Scorer:
    """TF-IDF and a linear SVM, with the settings of that project's `compute.py` and `serve.py`.

    https://github.com/karpathy/arxiv-sanity-lite
    """
    words = _sanity_words()
    model = LinearSVC(class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.01)
    model.fit(words.fit_transform(past.texts), liked)
    return lambda week: np.asarray(model.decision_function(words.transform(week.texts)))


def zotero_arxiv_daily(past: Read, liked: npt.NDArray[np.bool_]) -> Scorer:
    """The mean similarity to the liked papers, the latest counting most, as in that project's reranker.

    https://github.com/TideDra/zotero-arxiv-daily; its embedding model is replaced by ours.
    """
    latest_first = past.vectors[liked][::-1]
    weights = 1 / (1 + np.log10(np.arange(len(latest_first)) + 1))
    centre = (weights / weights.sum()) @ latest_first
    return lambda week: np.asarray(week.vectors @ centre, np.float64)


def tfidf_and_minilm(past: Read, liked: npt.NDArray[np.bool_]) -> Scorer:
    """Two logistic regressions, one on TF-IDF and one on MiniLM's vectors: the sum of their z-scores.

    The words keep "is", "you" and "all", which a stop list takes away: .296 instead of .280 average
    precision in the weeks of development.
    """
    words = TfidfVectorizer(sublinear_tf=True, strip_accents="unicode", ngram_range=(1, 2), min_df=2)
    by_words = LogisticRegression(class_weight="balanced", max_iter=3000)
    by_words.fit(words.fit_transform(past.texts), liked)
    by_meaning = LogisticRegression(class_weight="balanced", max_iter=3000).fit(past.vectors, liked)

    def score(week: Read) -> Scores:
        return _standard(by_words.decision_function(words.transform(week.texts))) + _standard(
            by_meaning.decision_function(week.vectors)
        )

    return score


def ours(past: Read, liked: npt.NDArray[np.bool_]) -> Scorer:
    """What the bot does with votes and with the papers that were passed over."""
    newest = len(past.ids)
    examples = [
        Example(
            paper_id=past.ids[row],
            title=past.titles[row],
            vector=past.vectors[row],
            title_vector=past.title_vectors[row],
            liking=1.0 if liked[row] else 0.0,
            age_days=float(newest - row),
        )
        for row in range(newest)
    ]
    return lambda week: learned_scores(week.titles, list(week.vectors), examples, list(week.title_vectors))


INTERESTS = """\
Large language models: attention, tokens and tokenization in transformers, mixture of experts, scaling laws \
and pre-training, long context, interpretability and memorization.
Theory of learning in neural networks; artificial intelligence and personality; decentralized and \
multi-agent learning; model merging and pruning; surveys."""
"""Two lines on what the reader likes, written only from the titles he picked up to 2024-08-31: of four
wordings the shortest one that predicted those same weeks well."""


def ours_by_interests(week: Read, topic_vectors: Vectors) -> Scores:
    """What the bot does before anybody has voted: the two lines above."""
    moment = datetime(2024, 9, 1, tzinfo=UTC)
    papers = [
        Paper(
            id=paper_id,
            version=1,
            title=title,
            abstract="",
            authors=(),
            categories=("cs.LG",),
            published=moment,
            updated=moment,
        )
        for paper_id, title in zip(week.ids, week.titles, strict=True)
    ]
    by_id = dict(zip(week.ids, week.vectors, strict=True))
    return Judgement.of(papers, topics(INTERESTS), by_id, topic_vectors).scores()


LABELS = ("downloaded", "kept")
PREDICTED = (("downloaded", "downloaded"), ("kept", "downloaded"), ("kept", "kept"))
"""What is predicted, and what it is learned from."""
LEARNERS: dict[str, Learner] = {
    "ours": ours,
    "arxiv-sanity-lite": arxiv_sanity_lite,
    "zotero-arxiv-daily": zotero_arxiv_daily,
    "tfidf+minilm": tfidf_and_minilm,
}


def case_name(label: str, learned_from: str, *, with_abstract: bool) -> str:
    """What is predicted, what it is learned from (if not from what he downloaded), and from which texts."""
    source = "" if learned_from == "downloaded" else f" from what he {learned_from}"
    return f"{label}{source}, {'title + abstract' if with_abstract else 'title only'}"


def _sanity_words() -> TfidfVectorizer:
    return TfidfVectorizer(
        strip_accents="unicode",
        stop_words="english",
        token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",
        ngram_range=(1, 2),
        max_features=10_000,
        sublinear_tf=True,
        max_df=0.5,
        min_df=5,
    )


def _standard(scores: Scores) -> Scores:
    return np.asarray((scores - scores.mean()) / scores.std())


def judged(wanted: npt.NDArray[np.bool_], scores: Scores) -> dict[str, float]:
    """The four metrics of one week."""
    order = np.argsort(-scores, kind="stable")
    return {
        "average precision": float(average_precision_score(wanted, scores)),
        "precision@20": float(wanted[order[:20]].mean()),
        "recall@100": float(wanted[order[:100]].sum() / wanted.sum()),
        "roc auc": float(roc_auc_score(wanted, scores)),
    }
