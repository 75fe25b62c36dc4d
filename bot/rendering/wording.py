"""The words that all renderings share: dates, counts, labels (pure).

Everything here is plain text, with the TeX of papers and models converted; each rendering escapes it in its
own way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.dates import MONTHS, written_day
from bot.languages import ENGLISH, language
from bot.texts.latex import plain, plain_line
from storage.model import (
    Digest,
    Noted,
    Paper,
    Pick,
    Result,
    Statement,
    Summary,
    SummaryKind,
    TextSource,
)

UNCHECKED = "(unchecked)"
"""Follows a statement with a number that is not in the paper's text."""

CLAIM = "Claim"
"""The heading that stays visible where the others are folded away."""

NO_MODEL = "no language model (extracts only)"
_WORD_IN_LOWER_CASE = re.compile(r"[a-zà-öø-ÿ]{3,}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement as people see it."""

    text: str
    """Plain text on one or more lines."""
    url: str | None = None
    """Link to the statement's page in the PDF."""
    page: int | None = None
    quote: str | None = None
    """The paper's own words that support a result."""
    checked: bool = True

    @property
    def markdown_tail(self) -> str:
        """What follows its text in Markdown: that it is unchecked, and a link to its page."""
        unchecked = "" if self.checked else f" *{UNCHECKED}*"
        return unchecked + (f" [p. {self.page}]({self.url})" if self.url else "")

    @property
    def marked(self) -> str:
        """The text on one line, without page or quote; marked at the end if unchecked."""
        return " ".join(self.text.split()) + ("" if self.checked else f" {UNCHECKED}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One heading of a summary with its statements."""

    heading: str
    lines: tuple[Line, ...]


def title(paper: Paper) -> str:
    """The paper's title on one line; its key if it has none."""
    return plain_line(paper.title) or paper.key


def authors(paper: Paper, *, limit: int = 3) -> str:
    """The first authors' names, with `et al.` if there are more."""
    names = all_authors(paper)
    return ", ".join(names[:limit]) + (" et al." if len(names) > limit else "")


def all_authors(paper: Paper) -> tuple[str, ...]:
    """Every author's name on one line, in the paper's order."""
    return tuple(name for name in map(plain_line, paper.authors) if name)


def journal(paper: Paper) -> str:
    """Where the paper was published, as its authors told arXiv; empty if they did not say."""
    return plain_line(paper.journal_reference or "")


def abstract(paper: Paper) -> str:
    """The authors' own abstract, as paragraphs."""
    return plain(paper.abstract)


def gist(noted: Noted) -> str:
    """The one line about an “also noted” paper, marked if it was picked for exploration."""
    words = plain_line(noted.gist)
    return f"(exploration) {words}" if noted.pick.exploration else words


def date_range(first: date, last: date) -> str:
    """Such as `16–22 November 2026`; month and year are repeated only if they differ."""
    end = written_day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {end}"
    return f"{written_day(first)} – {end}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Such as `1 paper` and `1,200 papers`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def headline(digest: Digest, name: str = "Broadsheet") -> str:
    """The digest's name with its week."""
    return f"{name}, {date_range(digest.first_day, digest.last_day)}"


def overview(digest: Digest) -> str:
    """One line: how many papers are in the digest, and out of how many they were chosen."""
    counts = f"{counted(len(digest.highlights), 'highlight')}, {len(digest.noted):,} also noted"
    words = [f"{counts}, out of {counted(digest.receipt.announced, 'paper')}"]
    if digest.categories:
        words.append(f" in {', '.join(digest.categories)}")
    return "".join(words)


def model(digest: Digest) -> str:
    """The model that wrote the digest, or that none did."""
    return plain_line(digest.model) or NO_MODEL


def reason(pick: Pick) -> str:
    """Why a paper was picked."""
    return plain_line(pick.reason)


def source(summary: Summary) -> str:
    """What was read: `PDF, 12 of 14 pages`, `abstract only (the PDF is a scan without text)`."""
    if summary.source is TextSource.ABSTRACT:
        return f"abstract only ({plain_line(summary.not_read)})" if summary.not_read else "abstract only"
    if summary.pages_read >= summary.page_count:
        return f"PDF, {counted(summary.page_count, 'page')}"
    return f"PDF, {summary.pages_read} of {counted(summary.page_count, 'page')}"


def facts(summary: Summary) -> tuple[str, ...]:
    """`Read: …` and `Written by: …`; then, if there are any, what was not read and what was not found."""
    writer = (
        NO_MODEL if summary.kind is SummaryKind.EXTRACT else plain_line(summary.model) or "language model"
    )
    always = f"Read: {source(summary)}", f"Written by: {writer}"
    return (*always, *filter(None, (_not_read(summary), _not_found(summary))))


def _not_read(summary: Summary) -> str | None:
    """Which part of the PDF was not read; None if all of it was."""
    if summary.source is TextSource.ABSTRACT or not summary.not_read:
        return None
    return f"Not read: {plain_line(summary.not_read)}"


def _not_found(summary: Summary) -> str | None:
    """How many statements failed the check against the paper's text; None if all passed."""
    words = []
    if summary.statements_dropped:
        words.append(f"{counted(summary.statements_dropped, 'statement')} left out")
    if summary.statements_marked:
        words.append(f"{summary.statements_marked:,} marked {UNCHECKED}")
    where = "abstract" if summary.source is TextSource.ABSTRACT else "paper"
    return f"Not found in the {where}: {', '.join(words)}" if words else None


def newer(paper: Paper, newest: Paper) -> str | None:
    """Such as `This is v2; the newest version is v3.`; None if this is the newest version."""
    if newest.version <= paper.version:
        return None
    if newest.withdrawn:
        return f"This is v{paper.version}; the paper was withdrawn in v{newest.version}."
    return f"This is v{paper.version}; the newest version is v{newest.version}."


def _other_language(summary: Summary, code: str) -> str | None:
    """What a reader who asked for a language other than English should know."""
    if code == ENGLISH:
        return None
    name = language(code).name
    if summary.language == code:
        return f"In {name}; quotes and results are left as in the paper.{_untranslated(summary)}"
    if summary.kind is SummaryKind.EXTRACT:
        return f"Not in {name}: without a language model, these are the paper's own sentences."
    return f"The summary could not be translated into {name}; try again later."


def _untranslated(summary: Summary) -> str:
    """A further sentence that counts what is left in English; empty if nothing is."""
    count = summary.statements_untranslated
    if not count:
        return ""
    verb = "stays" if count == 1 else "stay"
    total = counted(len(summary.statements), "statement")
    return f" {count:,} of {total} {verb} in English, as no translation with the same numbers was found."


def about_summary(
    paper: Paper, summary: Summary, *, newest: Paper, code: str, model_problem: str | None
) -> list[str]:
    """Notes to show with a summary that was asked for in the language `code`."""
    notes = (newer(paper, newest), _other_language(summary, code), _model_failed(summary, model_problem))
    return [note for note in notes if note]


def _model_failed(summary: Summary, problem: str | None) -> str | None:
    """What to say of the language model's failure beside a summary; None if it did not fail."""
    if problem is None or summary.kind is not SummaryKind.EXTRACT:
        return problem
    return f"This summary is an extract: {problem}"


def statement(paper: Paper, said: Statement) -> Line:
    """A statement with a link to its page."""
    return Line(
        text=plain(said.text), page=said.page or None, url=_url(paper, said.page), checked=said.checked
    )


def result(paper: Paper, measured: Result) -> Line:
    """Such as `Accuracy: 81.2 % on GSM8K (baseline: 77.0 %)`, with the quote that supports it."""
    words = f"{_with_capital(plain_line(measured.metric))}: {plain_line(measured.value)}"
    if measured.dataset:
        words += f" on {plain_line(measured.dataset)}"
    if measured.baseline:
        words += f" (baseline: {plain_line(measured.baseline)})"
    quote = plain_line(measured.quote) or None
    return Line(text=words, page=measured.page or None, url=_url(paper, measured.page), quote=quote)


def _with_capital(metric: str) -> str:
    """A metric at the start of a line; "mAP" and "p" are names as they are."""
    return metric[:1].upper() + metric[1:] if _WORD_IN_LOWER_CASE.match(metric) else metric


def parts(paper: Paper, summary: Summary) -> tuple[Part, ...]:
    """Everything in a summary except its gist, under headings; empty parts are left out."""

    def lines(statements: Sequence[Statement]) -> tuple[Line, ...]:
        return tuple(line for line in (statement(paper, said) for said in statements) if line.text)

    is_extract = summary.kind is SummaryKind.EXTRACT
    everything = (
        Part(heading=CLAIM, lines=lines((summary.claim,)) if summary.claim != summary.gist else ()),
        Part(heading="Method", lines=lines(summary.method)),
        Part(heading="Results", lines=tuple(result(paper, measured) for measured in summary.results)),
        Part(
            heading="Limits, in the paper's words" if is_extract else "Critique",
            lines=lines(summary.critique),
        ),
        Part(heading="Implications", lines=lines(summary.implications)),
    )
    return tuple(part for part in everything if part.lines)


def cost(dollars: float) -> str:
    """In US dollars, to the cent; amounts below a cent with four decimals."""
    return f"${dollars:,.2f}" if dollars >= 0.01 or not dollars else f"${dollars:.4f}"  # noqa: PLR2004


def timestamp(seconds: float) -> str:
    """A position in a recording as players show it: `0:07`, `12:34`, `1:02:03`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _url(paper: Paper, page: int | None) -> str | None:
    return paper.page_url(page) if page else None
