"""How many true sentences the checks of summaries keep, and how many false ones they drop, on QASPER.

Statements are sentences with numbers, and others of fewer papers, compared with a whole paper. Most of these
should be kept: the paper's sentences word for word, and those of its introduction and conclusion, compared
with the rest of the paper (if it has their values). Few of these: the paper's sentences with a number that is
not in the paper, with one of their numbers also in its neighbour's place, or with two exchanged; without
numbers, those turned into their opposite. The rules were written with `train` in view.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.checks.evidence import Evidence
from bot.checks.numbers import Role, numbers
from bot.checks.sentences import paragraphs, sentences
from bot.summaries.draft import Draft
from bot.summaries.grounding import ground
from storage.model import Page, PaperText
from tests.benchmarks._changed import (
    with_all,
    with_certainty,
    with_contrary,
    with_number_repeated,
    with_numbers_exchanged,
    with_other_direction,
    with_other_negation,
    with_other_number,
)
from tests.benchmarks._qasper import QasperPaper, papers
from tests.benchmarks.table import Row

_PAPERS = 120
_PAPERS_FOR_WORDS = 40
_WORDS = range(6, 41)
_RETELLS = re.compile(r"\b(?:introduction|conclu)", re.IGNORECASE)
_CHANGES: dict[str, Callable[[str, str], str | None]] = {
    "another number": with_other_number,
    "one number twice": lambda text, _: with_number_repeated(text),
    "two numbers exchanged": lambda text, _: with_numbers_exchanged(text),
}
_TURNED = (with_other_negation, with_other_direction, with_contrary, with_all, with_certainty)
_Case: TypeAlias = tuple[str, list[str], PaperText]
"""A name, statements, and what they are compared with."""


@dataclass(slots=True)
class _Count:
    statements: int = 0
    kept: int = 0


def run() -> list[Row]:
    """The shares kept, on both splits."""
    return [row for split in ("train", "validation") for row in _measured(split)]


def _measured(split: str) -> Iterator[Row]:
    chosen = papers(split)
    random.Random(0).shuffle(chosen)
    counts: dict[str, _Count] = {}
    for position, paper in enumerate(chosen[:_PAPERS]):
        cases = [*_with_numbers(paper), *(_without_numbers(paper) if position < _PAPERS_FOR_WORDS else ())]
        for system, statements, text in cases:
            count = counts.setdefault(system, _Count())
            count.statements += len(statements)
            count.kept += _kept(statements, text, paper.title)
    for system, count in counts.items():
        for metric, value in (
            ("statements", count.statements),
            ("kept", count.kept / max(1, count.statements)),
        ):
            yield Row(benchmark="grounding", case=split, system=system, metric=metric, value=value)


def _with_numbers(paper: QasperPaper) -> Iterator[_Case]:
    whole = paper.text.full_text
    said = _statements(whole)
    yield "word for word", said, paper.text
    for system, change in _CHANGES.items():
        changed = [change(text, whole) for text in said]
        yield system, [text for text in changed if text is not None], paper.text
    retelling, rest = _apart(paper)
    known = Evidence.of(rest).occurrences.keys()
    retold = [one for text in retelling for one in _statements(text) if _values(one) <= known]
    yield "introduction and conclusion beside the rest", retold, rest


def _without_numbers(paper: QasperPaper) -> Iterator[_Case]:
    said = _statements(paper.text.full_text, numeric=False)
    yield "no numbers, word for word", said, paper.text
    changed = [change(text) for change in _TURNED for text in said]
    yield "no numbers, turned round", [text for text in changed if text is not None], paper.text
    retelling, rest = _apart(paper)
    retold = [one for text in retelling for one in _statements(text, numeric=False)]
    yield "no numbers, introduction and conclusion beside the rest", retold, rest


def _apart(paper: QasperPaper) -> tuple[list[str], PaperText]:
    """The introduction and the conclusion, and the rest of the paper."""
    whole = paper.text.full_text
    parts = [(section.heading, whole[section.start : section.end]) for section in paper.text.sections]
    rest = [text for heading, text in parts if not _RETELLS.search(heading)]
    return [text for heading, text in parts if _RETELLS.search(heading)], _text_of(paper.text, rest)


def _statements(text: str, *, numeric: bool = True) -> list[str]:
    """The sentences that a summary might contain: those with numbers, or those without."""
    return [
        sentence
        for paragraph in paragraphs(text)
        for sentence in sentences(paragraph)
        if len(sentence.split()) in _WORDS
        and not sentence.endswith("?")
        and bool(_values(sentence)) == numeric
    ]


def _values(text: str) -> set[object]:
    return {abs(number.value) for number in numbers(text) if number.role is not Role.LABEL}


def _text_of(text: PaperText, parts: Sequence[str]) -> PaperText:
    return PaperText(
        paper_id=text.paper_id,
        version=text.version,
        source=text.source,
        reader=text.reader,
        pages=(Page(number=1, text="\n\n".join(parts)),),
        page_count=1,
    )


def _kept(statements: Sequence[str], text: PaperText, title: str) -> int:
    draft = Draft(gist="It works.", claim="It works.", method=tuple(statements))
    return sum(one.checked for one in ground(draft, text, title).method)
