"""The records of Broadsheet: frozen dataclasses, standard library only.

Times are aware UTC. Page numbers count from 1 as the PDF shows them to a reader of `#page=`. A paper's id is
always the canonical versionless arXiv id (`2404.12345`, `hep-th/9901001`); with its version it is a key
(`2404.12345v2`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The metadata of one arXiv entry, as of one of its versions.

    Source: the arXiv query API's Atom entry
    (https://info.arxiv.org/help/api/user-manual.html#_entry_metadata) and, for `licence` and `announced`, the
    RSS feed.
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
    """The licence's URL, where the RSS feed told it."""
    announced: date | None = None
    """The day of the announcement, where the RSS feed told it."""
    withdrawn: bool = False

    @property
    def key(self) -> str:
        """The id with its version, such as `2404.12345v2`."""
        return f"{self.id}v{self.version}"

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


class SectionKind(StrEnum):
    """What part of a paper a section is.

    References are kept but never summarised or retrieved.
    """

    ABSTRACT = "abstract"
    BODY = "body"
    REFERENCES = "references"
    APPENDIX = "appendix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The visible text of one page in reading order, without running heads; blank lines part paragraphs."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section's heading and where its text stands.

    `start` and `end` are character offsets into `PaperText.full_text`; the heading itself is inside.
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
    """The pages that gave text. An abstract stands as one page numbered 0: it has no page to link to."""
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
        return "\n\n".join(page.text for page in self.pages)

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
    def id(self) -> str:
        """`<paper key>#<ordinal>`, unique over all papers."""
        return f"{self.paper_id}v{self.version}#{self.ordinal}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence or short paragraph of a summary.

    `checked` is False where it holds a number that the paper's text does not; rendering marks it then.
    """

    text: str
    page: int | None = None
    checked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measured result, as the paper states it; every number in it stands in the paper."""

    metric: str
    value: str
    baseline: str | None
    dataset: str | None
    quote: str
    """Verbatim words of the paper."""
    page: int | None
    """The page the quote stands on; None where only the abstract was read."""


class SummaryKind(StrEnum):
    """Who wrote a summary."""

    MODEL = "model"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The structured summary of one paper version by one recipe, in plain text without formatting."""

    paper_id: str
    version: int
    recipe: str
    """Model and prompt version, such as `gpt-5-mini/3`; `extract/1` without a language model."""
    kind: SummaryKind
    model: str
    """The model's name; empty for an extract."""
    gist: Statement
    claim: Statement
    method: tuple[Statement, ...]
    results: tuple[Result, ...]
    critique: tuple[Statement, ...]
    implications: tuple[Statement, ...]
    source: TextSource
    pages_read: int
    page_count: int
    not_read: str | None = None
    """What was left unread, in words for a user: `pages 13-20 (appendix)`; None when everything was read."""
    statements_dropped: int = 0
    """Statements and results left out because their numbers or quotes are not in the paper."""
    statements_marked: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    """Estimated from the price settings; None when no prices are set."""
    language: str = "en"


class DigestStyle(StrEnum):
    """How a digest looks in its channel.

    `full`: a message for each highlight; `compact`: one head message with a menu.
    """

    FULL = "full"
    COMPACT = "compact"


class ThreadPolicy(StrEnum):
    """Which threads a digest opens."""

    EACH = "each"
    DIGEST = "digest"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A server's wish: where, when and about what it wants its weekly digest. A server has at most one."""

    server_id: int
    """Discord's guild id; 0 for the command line."""
    channel_id: int | None
    """None: the digest is made, and posted nowhere."""
    weekday: int = 4
    """0 is Monday, as `datetime.weekday()`."""
    hour: int = 9
    zone: str = "UTC"
    """IANA name, such as `Europe/Berlin`."""
    categories: tuple[str, ...] = ()
    interests: str = ""
    excluded_words: tuple[str, ...] = ()
    highlights: int = 8
    """Papers summarised in full each week, 1 to 25."""
    style: DigestStyle = DigestStyle.FULL
    threads: ThreadPolicy = ThreadPolicy.NONE
    paused: bool = False
    created_at: datetime | None = None
    """When it was made or last resumed: what was due before is not wanted."""
    admin_id: int | None = None
    """Who ran `/setup` last: the person told when something needs attention and the channel cannot be
    used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One candidate with its place in the week's order."""

    paper: Paper
    score: float
    """Comparable within one week and one subscription only."""
    reason: str
    """Why it was picked, one line for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A paper the digest summarises."""

    pick: Pick
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A paper the digest mentions in one line."""

    pick: Pick
    gist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A paper that was not read as wished, and why."""

    paper_key: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a digest covers, and what it does not."""

    announced: int
    """Papers of the week in the subscription's categories, cross-lists once."""
    considered: int
    """Papers left after those seen before and those with excluded words."""
    read_in_full: int
    abstract_only: tuple[Shortfall, ...] = ()
    failed: tuple[Shortfall, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    statements_dropped: int = 0
    statements_marked: int = 0
    hidden_characters: int = 0
    """Characters that papers hid from their readers (and perhaps meant for a language model); they were left
    out."""
    remarks: tuple[str, ...] = ()
    """Anything else a reader should know: `chosen by words only: the embedding model is missing`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One subscription's papers of one ISO week."""

    id: str
    """The id of the durable run that made it: `digest:<server id>:<week>`, or `preview:...`."""
    server_id: int
    week: str
    """ISO week such as `2026-W47`."""
    first_day: date
    last_day: date
    highlights: tuple[Highlight, ...]
    noted: tuple[Noted, ...]
    receipt: Receipt
    model: str
    """The language model that wrote it; empty for an extract."""
    created_at: datetime
    published: bool = True
    """False for previews and the command line: its papers may appear in a later digest."""
    categories: tuple[str, ...] = ()
    interests: str = ""


class DeliveryState(StrEnum):
    """Where a delivery stands. `sending` means: perhaps posted, look before trying again."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message of a digest that has to reach a channel: the outbox row."""

    server_id: int
    channel_id: int
    week: str
    part: int
    """0 is the head message, then one for each highlight."""
    payload: dict[str, Any] = field(hash=False)
    """The frozen message body as Discord's API takes it, without its nonce."""
    deadline: datetime
    """After this moment it is not posted any more."""
    thread_name: str | None = None
    """Open a thread of this name from the message once it is sent."""
    state: DeliveryState = DeliveryState.PLANNED
    first_try_at: datetime | None = None
    message_id: int | None = None
    thread_id: int | None = None
    error: str | None = None

    @property
    def key(self) -> str:
        """The unique key."""
        return delivery_key(self.server_id, self.channel_id, self.week, self.part)


def delivery_key(server_id: int, channel_id: int, week: str, part: int) -> str:
    """A delivery's key, which is also what the message shows as its marker."""
    return f"{server_id}-{channel_id}-{week}-{part}"


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
