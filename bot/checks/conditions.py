"""What a number is said to be with, or without: "without the cache, the rate is 29.6 %" (pure)."""

import re

from bot.checks.nearest import nearest
from bot.checks.stemming import stems

_CONDITION = re.compile(
    r"\b(?P<how>with|without) (?:(?:the|an?|any|its|our|their) )?(?P<what>[\w-]*[a-z][\w-]*)",
    re.IGNORECASE,
)


def conditions(before: str, after: str) -> tuple[frozenset[str], frozenset[str]]:
    """(what it is with, what without): the one named last before the number, else the first after it."""
    found = nearest(_CONDITION, before, after)
    what = stems(found["what"]) if found else frozenset()
    is_without = found is not None and found["how"].lower() == "without"
    return (frozenset(), what) if is_without else (what, frozenset())
