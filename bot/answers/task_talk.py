"""Sentences in which a model talks about itself or what it was given, which answer nothing (pure).

Some papers are about passages and contexts, so words that a paper uses itself don't count.
"""

import re
from collections.abc import Collection

_PIECES = r"\b(?:passages?|excerpts?|snippets?|context|sources?) "
_GIVEN = re.compile(
    r"\b(?:provided|given|your|my) (?:passages?|excerpts?|snippets?|context|sources?|documents?)\b"
    r"|\bpassages? \d",
    re.IGNORECASE,
)
_SAYING = re.compile(
    rf"{_PIECES}(?:(?:(?:do|does|did)(?: not|n't)|cannot|never) (?:\w+ly )?)?"
    r"(?:say|mention|state|provide|give|specif|discuss|describ|report|answer|address|includ|indicat|tell|talk)",
    re.IGNORECASE,
)
_HOLDING = re.compile(
    rf"{_PIECES}(?:above|below|contains? (?:any|enough|no|not|only|nothing)"
    r"|contains? (?:\w+ ){0,2}(?:information|details?))\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:i|we) (?:cannot|can't|could not|couldn't) (?:answer|find)|\bas an? (?:ai|assistant)\b"
    r"|^(?:i hope|let me know|feel free|please)\b|^(?:paper|section|passage|question|answer) ?\d*:",
    re.IGNORECASE,
)


def is_about_the_task(sentence: str, texts: Collection[str]) -> bool:
    """Whether a sentence is about the model or what it was given, in words that none of the texts has."""
    return any(
        all(match[0].casefold() not in text.casefold() for text in texts)
        for pattern in (_GIVEN, _SAYING, _HOLDING, _ITSELF)
        for match in pattern.finditer(sentence)
    )
