"""The weights of the features of passages and papers.

Learned from questions of readers and the paragraphs that answer them (QASPER's training papers, CC BY 4.0,
https://allenai.org/data/qasper) by `tests/benchmarks/weights.py`, which prints this file's numbers.
"""

WORD_WEIGHTS = {
    "bm25": 0.603,
    "coverage": 0.567,
    "log words": 0.372,
    "position": 0.136,
    "position squared": -0.789,
    "first": -2.439,
    "in abstract": -4.288,
    "in introduction": -0.452,
    "in related": -1.173,
    "in conclusion": -0.678,
    "in data": 0.591,
    "in experiment": 0.402,
    "in result": -0.018,
    "in method": -0.088,
    "asks data": 0.511,
    "asks baseline": 0.353,
    "asks metric": 0.480,
    "asks result": 0.514,
    "asks model": 0.243,
    "asks language": 0.269,
    "asks size": 0.288,
    "asks feature": 0.267,
    "asks why": 0.220,
    "asks how": 0.099,
    "asks people": 0.362,
}
"""For `features.WORD_FEATURES`. What an abstract says, the text says in full, with the pages that prove it:
those who marked the evidence took it from the text, and so do we."""
MEANING_WEIGHTS = {"words": 0.828, "likeness": 0.346, "likeness of neighbours": 0.120}
"""For the sum over the words' features and `features.MEANING_FEATURES`."""
PAPER_WEIGHTS = {"front words": 0.580, "body words": 0.831, "best likeness": 0.244}
"""For `likely.PAPER_FEATURES`."""
PAPER_WEIGHTS_WITHOUT_VECTORS = {"front words": 0.624, "body words": 0.935}
