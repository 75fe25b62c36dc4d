"""Papers: metadata, text and passages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate

from storage.model.keys import paper_key, passage_id

_BLANK_LINE = "\n\n"
"""What separates the pages of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The metadata of one arXiv entry, as of one of its versions.

    Source: the arXiv query API's Atom entry
    (https://info.arxiv.org/help/api/user-manual.html#_entry_metadata) and, for `licence` and `announced`, the
    daily feeds, whose `Announcement`s may be stored before the paper is.
    """

    id: str
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    """arXiv categories, the primary one first."""
    published: datetime
    """When version 1 was submitted."""
    updated: datetime
    """When this version was submitted."""
    comment: str | None = None
    journal_reference: str | None = None
    doi: str | None = None
    licence: str | None = None
    """The licence's URL, if a feed gave it."""
    announced: date | None = None
    """The day of the first announcement that a feed gave."""
    withdrawn: bool = False

    @property
    def key(self) -> str:
        """The id with its version, such as `2404.12345v2`."""
        return paper_key(self.id, self.version)

    @property
    def primary_category(self) -> str:
        """The category the authors filed it under."""
        return self.categories[0]

    @property
    def abs_url(self) -> str:
        """The paper's page on arXiv, at this version."""
        return f"https://arxiv.org/abs/{self.key}"

    @property
    def pdf_url(self) -> str:
        """The paper's PDF on arXiv, at this version; `#page=<n>` may be appended."""
        return f"https://arxiv.org/pdf/{self.key}"

    def page_url(self, page: int) -> str:
        """The link that opens the PDF at `page`."""
        return f"{self.pdf_url}#page={page}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One entry of arXiv's daily feed (https://info.arxiv.org/help/rss_specifications.html)."""

    paper_id: str
    day: date
    """As arXiv dates it (US Eastern)."""
    kind: str
    """`new`, `cross`, `replace` or `replace-cross`."""
    licence: str | None
    """The licence's URL."""

    @property
    def is_first(self) -> bool:
        """Whether the paper is new in a category, and not a new version of one already there."""
        return self.kind in {"new", "cross"}


class SectionKind(StrEnum):
    """What part of a paper a section is.

    References are kept but never summarised or retrieved.
    """

    ABSTRACT = "abstract"
    BODY = "body"
    REFERENCES = "references"
    APPENDIX = "appendix"
    RECORD = "record"
    """Not part of the paper, and never stored: what arXiv's record says about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The visible text of one page in reading order, without running heads; a blank line ends a paragraph."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section's heading and where its text is.

    `start` and `end` are character offsets into `PaperText.full_text`; the heading itself is included.
    """

    heading: str
    kind: SectionKind
    first_page: int
    last_page: int
    start: int
    end: int


class TextSource(StrEnum):
    """Where a paper's text came from."""

    PDF = "pdf"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperText:
    """What could be read of one paper version."""

    paper_id: str
    version: int
    source: TextSource
    reader: str
    """The library that read it: `pypdf`, `pypdfium2`, or `none` for an abstract."""
    pages: tuple[Page, ...]
    """The pages with text. An abstract is one page numbered 0: it has no page to link to."""
    page_count: int
    """Pages in the PDF, read or not; 0 for an abstract."""
    sections: tuple[Section, ...] = ()
    hidden_characters: int = 0
    """Characters left out because no reader would see them."""
    problem: str | None = None
    """Why the text is not the whole PDF, in words for a user: `the PDF is a scan without text`."""

    @property
    def full_text(self) -> str:
        """All pages' texts joined by blank lines."""
        return _BLANK_LINE.join(page.text for page in self.pages)

    @property
    def page_starts(self) -> tuple[int, ...]:
        """Where the text of each page starts, as an offset into `full_text`."""
        lengths = (len(page.text) + len(_BLANK_LINE) for page in self.pages)
        return tuple(accumulate(lengths, initial=0))[:-1]

    @property
    def is_full(self) -> bool:
        """Whether this is the PDF's text and not the abstract alone."""
        return self.source is TextSource.PDF


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of a paper's text: what retrieval finds."""

    paper_id: str
    version: int
    ordinal: int
    """Position in the paper, from 0."""
    heading: str
    kind: SectionKind
    first_page: int
    last_page: int
    text: str

    @property
    def paper_key(self) -> str:
        """The key of its paper."""
        return paper_key(self.paper_id, self.version)

    @property
    def id(self) -> str:
        """`<paper key>#<ordinal>`, unique over all papers."""
        return passage_id(self.paper_key, self.ordinal)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionWindow:
    """A half-open interval of submission times, [start, end)."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        """Whether `moment` lies inside."""
        return self.start <= moment < self.end

    def widened(self, earlier_by: timedelta) -> "SubmissionWindow":
        """The window starting `earlier_by` sooner."""
        return SubmissionWindow(start=self.start - earlier_by, end=self.end)
