"""Paragraphs that may be headings (pure)."""

import re
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A paragraph that may be a heading."""

    position: int
    """Index of the paragraph in the paper."""
    text: str
    title: str
    """The words after the number, with any dots and page number after them."""
    number: str
    """`3.2`, `II`, `A.1`; empty without one."""
    size: float
    bold: bool
    stands_out: bool
    """Bold, larger than the running text, or in capitals."""

    def matches(self, pattern: re.Pattern[str]) -> bool:
        """Whether the whole title matches, and starts with a capital as headings do."""
        return pattern.fullmatch(self.title) is not None and self.title[0].isupper()
