"""How papers write a value in digits: 1,024, 10 000, 2 1/2, 3e-4, 3·10^-4, 2^16, 10^10.5 (pure).

Decides where a value starts and ends and what it is worth: "3·10^-4" is one value, 0.0003, not 3 and 10.
"""

import re
from decimal import Decimal

_EXPONENT = r"\s?(?:\^|\*\*)\s?\{?(?P<%s>[+-]?\d{1,3}(?:\.\d{1,2}(?!\d))?)\}?"
_BLANKS = r"(?<![\w.,/-])(?<![\d%)\]-]\s)\d{1,3}(?:\s\d{3})+(?=[,.;:)](?!\d)|\s[a-z(]|\s?%)"
"""10 000 with spaces, in prose only: in a table row spaces separate the columns."""
_WITH_FRACTION = r"(?<![\d.,/])\d{1,3}[ ](?:1/[2348]|2/3|3/[48]|5/8|7/8)(?![\d/])"
VALUE = re.compile(
    rf"""(?P<sign>(?<![\w)\]%×°./])[+-]|(?:(?<=\b(?:by|of|to|is|at)\s)|(?<=[=<>~(]\s)|(?<=\())-\s)?
    (?:(?P<power>(?P<base>10|2){_EXPONENT % "exponent"}|(?<![\d.-])10(?P<lost_exponent>-[1-9])(?!\d|\.\d|%))
      |(?P<body>{_WITH_FRACTION}|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![\d])|{_BLANKS}|\d+(?:\.\d+)?|(?<![\d.])\.\d+)
       (?:[eE](?P<e>[+-]?\d{{1,3}})(?!\w)
         |\s?[x×*·⋅∙]\s?10(?:{_EXPONENT % "times"}|(?P<lost>-\d{{1,3}})))?
    )""",
    re.VERBOSE,
)
_RAISED = re.compile(r"\^[{+-]{0,2}$")
_GROUPING = re.compile(r"[,\s]")


def value_of(match: re.Match[str]) -> Decimal:
    """The value of a match of `VALUE`."""
    if match["power"]:
        return Decimal(match["base"] or 10) ** Decimal(match["exponent"] or match["lost_exponent"])
    if "/" in match["body"]:
        whole, above, below = map(Decimal, re.split("[ /]", match["body"]))
        return whole + above / below
    value = Decimal(_GROUPING.sub("", match["body"]))
    exponent = match["e"] or match["times"] or match["lost"]
    return value * Decimal(10) ** Decimal(exponent) if exponent else value


def is_raised(text: str, start: int) -> bool:
    """Whether the digits are an exponent of something else, or a footnote mark."""
    return _RAISED.search(text, max(0, start - 3), start) is not None
