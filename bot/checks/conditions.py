"""What a number holds with, or without (pure).

"Without the cache, the rate is 29.6 %" does not support "the rate is 29.6 % with the cache".
"""

import re

from bot.checks.nearest import nearest_match
from bot.checks.stemming import stems

_CONDITION = re.compile(
    r"\b(?P<how>with|without) (?:(?:the|an?|any|its|our|their) )?(?P<what>[\w-]*[a-z][\w-]*)",
    re.IGNORECASE,
)


def conditions(before: str, after: str) -> tuple[frozenset[str], frozenset[str]]:
    """(stems of what it holds with, of what without), by the last such word before, or the first after."""
    found = nearest_match(_CONDITION, before, after)
    what = stems(found["what"]) if found else frozenset()
    is_without = found is not None and found["how"].lower() == "without"
    return (frozenset(), what) if is_without else (what, frozenset())
