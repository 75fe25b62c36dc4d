"""What the features of passages and papers weigh.

Learned from questions of readers and the paragraphs that answer them (QASPER's training papers, CC BY 4.0,
https://allenai.org/data/qasper) by `tests/benchmarks/weights.py`, which prints this file's numbers.
"""

WORD_WEIGHTS = {
    "bm25": 0.577,
    "coverage": 0.370,
    "pairs": 0.358,
    "log words": 0.374,
    "position": 0.193,
    "position squared": -0.823,
    "first": -2.495,
    "in abstract": -4.488,
    "in introduction": -0.463,
    "in related": -1.157,
    "in conclusion": -0.708,
    "in data": 0.599,
    "in experiment": 0.420,
    "in result": -0.020,
    "in method": -0.078,
    "asks data": 0.515,
    "asks baseline": 0.369,
    "asks metric": 0.490,
    "asks result": 0.513,
    "asks model": 0.234,
    "asks language": 0.258,
    "asks size": 0.289,
    "asks feature": 0.257,
    "asks why": 0.212,
    "asks how": 0.102,
    "asks people": 0.352,
}
"""For `features.WORD_FEATURES`. An abstract says what the text says in full, and the text has the pages that
prove it: whoever marked the evidence took it from the text, and so do we."""
MEANING_WEIGHTS = {"words": 0.823, "likeness": 0.330, "likeness of neighbours": 0.113}
"""For the sum over the words' features and `features.MEANING_FEATURES`."""
PAPER_WEIGHTS = {"front words": 0.574, "body words": 0.839, "best likeness": 0.245}
"""For `likely.PAPER_FEATURES`."""
PAPER_WEIGHTS_WITHOUT_VECTORS = {"front words": 0.618, "body words": 0.942}
