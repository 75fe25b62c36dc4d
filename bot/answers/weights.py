"""What the features of passages and papers weigh.

Learned from questions of readers and the paragraphs that answer them (QASPER's training papers, CC BY 4.0,
https://allenai.org/data/qasper) by `tests/benchmarks/weights.py`, which prints this file's numbers.
"""

WORD_WEIGHTS = {
    "bm25": 0.575,
    "coverage": 0.319,
    "pairs": 0.375,
    "log words": 0.356,
    "position": 0.140,
    "position squared": -0.818,
    "first": -2.515,
    "in abstract": -4.430,
    "in introduction": -0.483,
    "in related": -1.194,
    "in conclusion": -0.685,
    "in data": 0.585,
    "in experiment": 0.442,
    "in result": -0.034,
    "in method": -0.113,
    "asks data": 0.516,
    "asks baseline": 0.385,
    "asks metric": 0.496,
    "asks result": 0.532,
    "asks model": 0.227,
    "asks language": 0.257,
    "asks size": 0.318,
    "asks feature": 0.270,
    "asks why": 0.185,
    "asks how": 0.107,
    "asks people": 0.317,
}
"""For `features.WORD_FEATURES`. An abstract says what the text says in full, and the text has the pages that
prove it: whoever marked the evidence took it from the text, and so do we."""
MEANING_WEIGHTS = {"words": 0.846, "likeness": 0.238, "likeness of neighbours": 0.218}
"""For the sum over the words' features and `features.MEANING_FEATURES`."""
PAPER_WEIGHTS = {"front words": 0.638, "body words": 0.759, "best likeness": 0.294}
"""For `likely.PAPER_FEATURES`."""
PAPER_WEIGHTS_WITHOUT_VECTORS = {"front words": 0.697, "body words": 0.851}
