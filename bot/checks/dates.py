"""Reads dates and the events they are given for, and compares them (pure).

Dates are compared whole, as a paper with 5 June and 7 July also has all the numbers of 7 June, and months
are neither numbers nor names. "Published on 5 June 2024" agrees with "submitted in June", not with "revised
on 5 June".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.dates import MONTHS

_SHORT_MONTHS = [month[:3].lower() for month in MONTHS]
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DAYS = rf"(?<![\w.,/-])(?P<day>{_DAY}(?:(?:-| to | and | or |, ){_DAY}){{0,30}})"
"""As many as a month has: a longer list would be read anew from each of its days."""
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\w|-\d)"
ISO_DATE = re.compile(
    r"(?<![\w.-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])"
)
"""A whole date in digits: 2024-07-11."""
_FORMS = (
    ISO_DATE,
    re.compile(rf"{_DAYS}(?: of)? {_MONTH}(?:,? {_YEAR})?"),
    re.compile(rf"\b{_MONTH} {_DAYS}(?!\w)(?:,? {_YEAR})?"),
    re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}"),
    re.compile(r"(?<![\w.-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?P<day>)(?![\w-])"),
    re.compile(rf"\b{_MONTH}"),
)
_EVENTS = re.compile(
    r"\b(?:(?P<submitted>submi|publish|post|upload|releas|appear|announc|c[ao]mes? out)"
    r"|(?P<updated>updat|revis|resubmi|replac|amend)|(?P<accepted>accept))",
    re.IGNORECASE,
)
_LATER_VERSION = re.compile(
    r"\b(?:(?:version |v)(?:[2-9]|\d\d)\b|(?:latest|last|newest|newer|current|revised) version)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;]| and ")


@dataclass(frozen=True, slots=True)
class Date:
    """A day or a month that a text names."""

    year: int | None
    """None where it is not said; so is the day."""
    month: int
    day: int | None
    event: str
    """What happened then: `submitted` (or published), `updated` or `accepted`; empty for anything else."""

    def agrees(self, other: "Date") -> bool:
        """Whether both may be the same date, of the same event."""
        return (
            self.month == other.month
            and (self.year == other.year or None in {self.year, other.year})
            and (self.day == other.day or None in {self.day, other.day})
            and (self.event == other.event or "" in {self.event, other.event})
        )


def dates(text: str) -> list[Date]:
    """The dates of one sentence, in plain characters; a month alone is one too."""
    found = sorted(_matches(text), key=re.Match.start)
    read: list[Date] = []
    reached = 0
    for position, match in enumerate(found):
        before = text[reached : match.start()]
        after = text[match.end() : found[position + 1].start() if position + 1 < len(found) else None]
        clause = _CLAUSE_END.split(after)[0]
        event = _event(before)
        # An event after its date is not the next date's: "on 5 June it was published, on 7 June revised".
        reached = match.end() + (0 if event else len(clause))
        groups = match.groupdict()
        date = Date(
            year=int(groups["year"]) if groups.get("year") else None,
            month=_month(match["month"]),
            day=None,
            event=event or _event(clause),
        )
        days = re.findall(r"\d+", groups.get("day") or "")
        read += [replace(date, day=int(day)) for day in days] or [date]
    return read


def dates_agree(claimed: Iterable[Date], stated: Iterable[Date]) -> bool:
    """Whether each date of a claim may be one of those stated; a month alone always passes."""
    known = list(stated)
    return all(
        any(date.agrees(other) for other in known)
        for date in claimed
        if date.day is not None or date.year is not None
    )


def _matches(text: str) -> Iterator[re.Match[str]]:
    taken = bytearray(len(text))
    for form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"x" * (end - start)
                yield match


def _month(written: str) -> int:
    return int(written) if written.isdigit() else _SHORT_MONTHS.index(written[:3].lower()) + 1


def _event(text: str) -> str:
    """The last event in `text`; a later version counts as updated, whatever was done to it."""
    if _LATER_VERSION.search(text):
        return "updated"
    found = [match.lastgroup or "" for match in _EVENTS.finditer(text)]
    return found[-1] if found else ""
