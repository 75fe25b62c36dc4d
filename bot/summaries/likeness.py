"""Whether a draft is about its paper at all (pure).

A weak model may repeat its instructions, fill every field with one word, or write of something else. No one
sentence tells: true ones may share few words with any sentence of the paper. All together do. In eleven
summaries by a language model, 37 to 73 % of the words are also in the most similar sentences of the abstract
alone; in papers' conclusions (QASPER), 23 % or more are in those of the rest of the paper, and about 16 % in
those of another paper.
"""

import re

from bot.checks.evidence import Evidence
from bot.checks.sentences import sentences
from bot.checks.stemming import content_words
from bot.summaries.draft import Draft

_LEAST_SHARE = 0.2
"""With .25, 5 % of papers' own conclusions of two sentences were refused instead of 1 %."""
_ENGLISH = re.compile(r"\b(?:the|of|and)\b", re.IGNORECASE)
_ENGLISH_SHARE = 0.02
"""English papers have 4 to 13 %, the lowest share where tables and prompts fill most pages."""


def is_about(draft: Draft, evidence: Evidence) -> bool:
    """Whether gist, claim and method say what the paper's sentences say.

    A draft is in English: about a paper in another language it is believed.
    """
    if not _is_english(evidence):
        return True
    parts = [part for text in (draft.gist, draft.claim, *draft.method) for part in sentences(text)]
    said = sum(len(content_words(part)) for part in parts)
    shared = sum(evidence.most_similar(part)[1] for part in parts)
    return said > 0 and shared >= _LEAST_SHARE * said


def _is_english(evidence: Evidence) -> bool:
    text = " ".join(sentence.text for sentence in evidence.sentences)
    return len(_ENGLISH.findall(text)) > _ENGLISH_SHARE * len(text.split())
