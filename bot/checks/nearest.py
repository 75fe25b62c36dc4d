"""Which of several words belongs to a number (pure).

The last one before it does, else the first after it: in "with the cache, or without pruning, 29.6 %" it is
"without".
"""

import re


def nearest_match(pattern: re.Pattern[str], before: str, after: str) -> re.Match[str] | None:
    """The last match before the number, else the first after it; None where neither side has one."""
    found = [*pattern.finditer(before)]
    return found[-1] if found else pattern.search(after)
