"""Regular expressions made in one way (pure)."""

import re
from collections.abc import Iterable


def caseless(source: str) -> re.Pattern[str]:
    """The pattern, for capitals and small letters alike."""
    return re.compile(source, re.IGNORECASE)


def any_of(words: Iterable[str]) -> str:
    """The source of a pattern for any of these words, the longest that fits."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
