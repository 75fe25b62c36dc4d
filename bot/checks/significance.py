"""Whether a number goes with something significant (pure).

"A significant difference (p = 0.01)" does; "no significant difference (p = 0.12)" goes with something that
is not.
"""

import re

from bot.checks.nearest import nearest_match
from bot.checks.vocabulary import NOT

_SIGNIFICANT = re.compile(
    rf"\b(?P<no>(?:{NOT}|no|without|fail(?:s|ed)? to) (?:[\w-]+ ){{0,3}}?"
    r"|in|non-?)?significan(?:t|tly|ce)\b",
    re.IGNORECASE,
)


def significance(before: str, after: str) -> int:
    """1 for significant, -1 for not, 0 if not said, by the last such word before or else the first after."""
    found = nearest_match(_SIGNIFICANT, before, after)
    if found is None:
        return 0
    return -1 if found["no"] else 1
