"""Dates that a statement gives, and whether a text has them: a month is no number, and no name (pure)."""

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH.replace('month', 'before')}\.?,? (?:of )?\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b\d{4}-(?P<month>[01]\d)(?:-[0-3]\d)?\b")


def months(text: str) -> frozenset[int]:
    """The months that dates in a text name, 1 to 12: of "5 June 2024", "June 5" and "2024-06"."""
    named = {_MONTHS.index((one["month"] or one["before"])[:3].lower()) + 1 for one in _DATE.finditer(text)}
    return frozenset(named.union(int(one["month"]) for one in _ISO.finditer(text)))
