"""What the narrator says about a digest, chapter by chapter (pure).

It reads verified text only: the stored summaries, whose every number is in the paper. What could not be
checked is announced as unchecked. Nothing is cut off, however long it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.papers.taxonomy import categories
from bot.rendering import wording
from bot.speech.spoken import spoken
from storage.model import (
    Digest,
    Highlight,
    Noted,
    Paper,
    Receipt,
    Result,
    Shortfall,
    Statement,
    Summary,
    SummaryKind,
    TextSource,
)

NEWSLETTER = "Broadsheet"
"""The name used where the server has no public title that can be read out."""
_NAMED_AUTHORS = 3
_UNCHECKED = "Unchecked:"
"""Announces a statement with a number that is not in the paper's text."""
_UNSAID = re.compile(r"\bwords in \w+ script\b")
_SIGN_APART = re.compile(r"^\s*([-−–+<>])\s+(?=[\d.])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptChapter:
    """One chapter of the recording."""

    title: str
    """The title that players show."""
    text: str
    """Whole sentences on one line, as the voice reads them."""
    paper_key: str | None = None
    """The highlight's paper; None for other chapters."""


def script(digest: Digest, *, name: str = NEWSLETTER) -> tuple[ScriptChapter, ...]:
    """The opening, each highlight, the papers also noted, and the receipt."""
    name = NEWSLETTER if not spoken(name) or _UNSAID.search(spoken(name)) else name
    middle = [_highlight(number, one) for number, one in enumerate(digest.highlights, start=1)]
    if digest.noted:
        middle.append(ScriptChapter(title="Also noted", text=_said(_also_noted(digest.noted))))
    return (
        ScriptChapter(title="Opening", text=_said(_opening(digest, name))),
        *middle,
        ScriptChapter(title="Receipt", text=_said(_closing(digest, name))),
    )


def _opening(digest: Digest, name: str) -> Iterable[str]:
    yield f"This is {name}"
    yield f"Here is the week of {wording.date_range(digest.first_day, digest.last_day).replace('–', ' to ')}"
    known = {category.code: category.name for category in categories()}
    fields = _listed([known.get(code, code) for code in digest.categories])
    count = len(digest.highlights)
    chosen = f"{wording.counted(count, 'paper')} {_were(count)} chosen from {digest.receipt.announced:,}"
    yield chosen + (f" in {fields}" if fields else "")
    yield "You are listening to a synthetic voice"
    if not digest.model:
        yield "No language model wrote this: you will hear extracts, the papers' own sentences"


def _highlight(number: int, highlight: Highlight) -> ScriptChapter:
    paper = highlight.pick.paper
    return ScriptChapter(
        title=wording.title(paper), text=_said(_about(number, paper, highlight.summary)), paper_key=paper.key
    )


def _about(number: int, paper: Paper, summary: Summary) -> Iterable[str]:
    yield f"Paper {number}"
    yield _title(paper)
    yield _authors(paper)
    yield _statement(summary.gist)
    yield from _source(summary)
    if summary.claim != summary.gist:
        yield _headed("The claim", [_statement(summary.claim)])
    yield _headed("The method", map(_statement, summary.method))
    yield _headed("The results", map(_result, summary.results))
    is_extract = summary.kind is SummaryKind.EXTRACT
    limits = "The limits, in the paper's words" if is_extract else "The critique"
    yield _headed(limits, map(_statement, summary.critique))
    yield _headed("What this means", map(_statement, summary.implications))


def _authors(paper: Paper) -> str:
    names = [name for name in map(spoken, paper.authors) if name]
    rest = len(names) - _NAMED_AUTHORS
    if rest > 0:
        return f"By {', '.join(names[:_NAMED_AUTHORS])} and {rest} {'other' if rest == 1 else 'others'}"
    return f"By {_listed(names)}" if names else ""


def _source(summary: Summary) -> Iterable[str]:
    if summary.kind is SummaryKind.EXTRACT:
        yield "This is an extract: no language model wrote it"
    if summary.source is TextSource.ABSTRACT:
        why = spoken(summary.not_read or "")
        yield "Only the abstract was read" + (f", because {why}" if why else "")
    elif summary.pages_read < summary.page_count:
        yield f"Only {summary.pages_read} of its {wording.counted(summary.page_count, 'page')} were read"


def _statement(statement: Statement) -> str:
    text = spoken(statement.text)
    return f"{_UNCHECKED} {text}" if text and not statement.checked else text


def _result(result: Result) -> str:
    words = f"{spoken(result.metric)}: {_value(result.value)}"
    if result.dataset:
        words += f" on {spoken(result.dataset)}"
    if result.baseline:
        words += f", against a baseline of {_value(result.baseline)}"
    return words


def _value(text: str) -> str:
    # A sign at the start with a space after it would be taken for a list marker.
    return spoken(_SIGN_APART.sub(r"\1", text))


def _headed(heading: str, sentences: Iterable[str]) -> str:
    text = _said(sentences)
    return f"{heading}. {text}" if text else ""


def _also_noted(noted: Sequence[Noted]) -> Iterable[str]:
    yield "Also noted this week"
    yield from (_title(one.pick.paper) for one in noted)


def _title(paper: Paper) -> str:
    return spoken(paper.title) or "A paper without a title that can be read out"


def _closing(digest: Digest, name: str) -> Iterable[str]:
    yield "And finally, the receipt"
    receipt = digest.receipt
    yield (
        f"{wording.counted(receipt.announced, 'paper')} {_were(receipt.announced)} announced, "
        f"{receipt.considered:,} considered and {receipt.read_in_full:,} read in full"
    )
    yield from _shortfalls("Read from the abstract only", receipt.abstract_only)
    yield from _shortfalls("Not read", receipt.failed)
    yield from _checks(receipt)
    yield f"The summaries were written by {digest.model}" if digest.model else ""
    yield from receipt.remarks
    yield "The written digest links every statement to its page"
    yield f"That was {name}"
    yield "Thanks for listening"


def _shortfalls(heading: str, shortfalls: Sequence[Shortfall]) -> Iterable[str]:
    for short in shortfalls:
        title = spoken(short.title) or "a paper without a title"
        why = spoken(short.why)
        yield f"{heading}: {title}, " + (f"because {why}" if why else "for an unknown reason")


def _checks(receipt: Receipt) -> Iterable[str]:
    dropped, marked = receipt.statements_dropped, receipt.statements_marked
    if dropped:
        words = f"{wording.counted(dropped, 'statement')} {_were(dropped)} left out"
        yield f"{words} for lack of support in the papers"
    if marked:
        words = f"{wording.counted(marked, 'statement')} could not be confirmed"
        yield f"{words}, and {_were(marked)} announced as unchecked"


def _said(sentences: Iterable[str]) -> str:
    """The sentences, each ending in a full stop; empty ones are left out."""
    parts = [spoken(sentence) for sentence in sentences]
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _listed(words: Sequence[str]) -> str:
    """Such as `Robotics and Genomics`; with a comma before the "and" where a word has an "and" of its own."""
    last = ", and " if any(" and " in word for word in words) else " and "
    return last.join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
