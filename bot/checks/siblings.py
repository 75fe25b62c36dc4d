"""Whether the paper says what is claimed, but of a sibling: a name that differs only in its digits (pure).

A paper may speak of GPT-4 and of GPT-3.5. Then every name of "GPT-4 fails on sarcasm" is known, but the
sentence "GPT-3.5 fails on sarcasm" does not support it.
"""

import re

from bot.checks.evidence import Evidence
from bot.checks.numbers import names
from bot.checks.spelling import has_name
from bot.checks.stemming import content_words

_FIGURES = re.compile(r"\d+(?:\.\d+)*")
_MIN_SHARED = 2
_MIN_ALIKE = 0.5
"""The share of a claim's other words that a sentence must have to be about the same."""


def is_said_of_sibling(evidence: Evidence, claim: str) -> bool:
    """Whether the sentences most like the claim have a sibling in place of one of its names."""
    claimed = set(names(claim))
    return any(_replaces_sibling(evidence, claim, name, claimed) for name in claimed)


def _replaces_sibling(evidence: Evidence, claim: str, name: str, claimed: set[str]) -> bool:
    family = _family(name)
    siblings = {other for other in evidence.names if _family(other) == family} - claimed
    if not siblings:
        return False
    wanted = content_words(claim) - content_words(name)
    shared = [len(wanted & words) for words in evidence.content]
    most = max(shared, default=0)
    if most < _MIN_SHARED or most < _MIN_ALIKE * len(wanted):
        return False
    nearest = [one.text for one, count in zip(evidence.sentences, shared, strict=True) if count == most]
    return all(
        not has_name(text, name) and any(has_name(text, sibling) for sibling in siblings) for text in nearest
    )


def _family(name: str) -> str:
    """What siblings have in common: `gpt-#`."""
    return _FIGURES.sub("#", name.casefold())
