"""Which of several words belongs to a number (pure)."""

import re


def nearest(pattern: re.Pattern[str], before: str, after: str) -> re.Match[str] | None:
    """The last match before the number, else the first after it; None where neither side has one."""
    found = [*pattern.finditer(before)]
    return found[-1] if found else pattern.search(after)
