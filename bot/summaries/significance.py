"""Whether a number goes with something significant: "no significant difference (p = 0.12)" (pure)."""

import re

_SIGNIFICANT = re.compile(
    r"\b(?P<no>(?:not(?! only)|no|never|neither|nor|cannot|without|fail(?:s|ed)? to|\w+n't) (?:[\w-]+ ){0,3}?"
    r"|in|non-?)?significan(?:t|tly|ce)\b",
    re.IGNORECASE,
)


def significance(before: str, after: str) -> int:
    """1 for significant, -1 for not, 0 if not said: by the last such word before, else by the first after."""
    found = [*_SIGNIFICANT.finditer(before)][-1:] or [*_SIGNIFICANT.finditer(after)][:1]
    if not found:
        return 0
    return -1 if found[0]["no"] else 1
