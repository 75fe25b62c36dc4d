"""How much of the evidence for readers' questions retrieval finds, on papers it was not trained on.

QASPER's validation papers, the first 100 and all 281; `within`: the paper is known, `open`: all are searched.

- `recall@1500w`: the share of the evidence paragraphs that have half of their words in the passages that fit
  into 1,500 words.
- `nDCG@10`: of the paragraphs in the order in which the passages cover them. Ours are ordered after choosing
  what fits.

The baselines search single paragraphs, prefixed with title and heading.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from statistics import mean

from tests.benchmarks._corpus import Corpus
from tests.benchmarks._qasper import Question, Unit, ndcg, papers, questions, recall
from tests.benchmarks._systems import Baselines, fitting, ours
from tests.benchmarks.table import Row

_SIZES = (100, None)


def run() -> list[Row]:
    """Compare with both numbers of papers; the first run spends most of an hour on embedding."""
    return [row for size in _SIZES for row in asyncio.run(compared("validation", size))]


async def compared(split: str, size: int | None) -> list[Row]:
    """Compare the systems on the first `size` papers."""
    corpus = await Corpus.of(papers(split, 0, size), split)
    baselines = await Baselines.of(corpus)
    asked = [question for question in questions(split, corpus.papers) if question.gold]
    rows: list[Row] = []
    for case in ("within", "open"):
        found: dict[str, list[Sequence[Unit]]] = defaultdict(list)
        for question in asked:
            for system, ranked in baselines.ranked(question, within=case == "within").items():
                found[system].append(fitting(ranked))
            found["ours, words only"].append(
                ours(corpus, question, within=case == "within", has_vectors=False)
            )
            found["ours"].append(ours(corpus, question, within=case == "within"))
        rows += [
            row
            for system, taken in found.items()
            for row in scored(f"{case}, {len(corpus.papers)} papers", system, asked, taken)
        ]
    return rows


def scored(case: str, system: str, asked: Sequence[Question], taken: Sequence[Sequence[Unit]]) -> list[Row]:
    """The metrics over all questions."""
    pairs = list(zip(taken, asked, strict=True))
    figures = {
        "recall@1500w": mean(recall(units, question.gold) for units, question in pairs),
        "nDCG@10": mean(ndcg(units, question.gold) for units, question in pairs),
    }
    return [
        Row(benchmark="retrieval", case=case, system=system, metric=metric, value=value)
        for metric, value in figures.items()
    ]
