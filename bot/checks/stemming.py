"""The words that say what a text is about, without their endings (pure).

"The pre-trained encoders improve" has pretrain, pre, train and encod: "the" is grammar, "improve" stands in
every paper. Questions and passages are compared by other stems, those that their weights were learned with.
"""

import re
from functools import lru_cache

from bot.checks.vocabulary import FUNCTION_WORDS, GENERIC_WORDS

_WORD = re.compile(r"[^\W\d_][\w'-]*|\d+[A-Za-z][\w-]*")
_ENDINGS = (
    "ations",
    "ation",
    "ements",
    "ement",
    "ings",
    "ing",
    "ies",
    "ers",
    "ed",
    "er",
    "es",
    "ly",
    "s",
    "e",
    "y",
)
_SHORTEST_STEM = 4


@lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    return frozenset().union(*content_words_in_order(text))


def content_words_in_order(text: str) -> list[set[str]]:
    """For each word that says what a text is about, its stem and those of its parts.

    "The pre-trained encoders" -> [{"pretrain", "pre", "train"}, {"encod"}]
    """
    words = [_with_parts(word) - GENERIC_WORDS for word in _words(text) if word not in GENERIC_WORDS]
    return [stems for stems in words if stems]


def stems(text: str) -> frozenset[str]:
    """The stems of all words that are more than grammar."""
    return frozenset(stem for word in _words(text) for stem in _with_parts(word))


def _words(text: str) -> list[str]:
    words = (word.lower().removesuffix("'s") for word in _WORD.findall(text))
    return [word for word in words if len(word) > 1 and word not in FUNCTION_WORDS]


def _with_parts(word: str) -> set[str]:
    parts = word.split("-") if "-" in word else [word]
    return {_stem(part) for part in (*parts, word.replace("-", "")) if len(part) > 1}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word.removesuffix("s") if len(word) >= _SHORTEST_STEM else word
