"""Whether a number belongs to something that is denied (pure).

37 does in "37 images were not used" and in "Not used: 37 images", so neither supports "37 images were used".
"""

import re

from bot.checks.vocabulary import NOT

_BEFORE = re.compile(
    rf"\b(?:{NOT}|no longer|fail(?:s|ed)? to|none of|without(?= \w+ing\b)) (?:[\w-]+ ){{0,5}}$"
    r"|(?:^|[.;,] )(?:not|never) (?:[\w-]+ ){0,4}[\w-]+: ?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r" ?(?:%|percent)?(?: of)?(?: (?!(?:and|but|or|than|that|which|who|while|with)\b)[\w-]+){0,5}? "
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would) (?:not(?! only)|never)"
    r"|cannot|\w+n't)\b",
    re.IGNORECASE,
)


def is_negated(before: str, after: str) -> bool:
    """Whether the words before a number, or the first verb after it, deny something."""
    return _BEFORE.search(before) is not None or _AFTER.match(after) is not None
