"""How many true sentences the checks of summaries keep, and how many false ones they drop, on QASPER.

Statements are sentences with numbers, and others of fewer papers, compared with a whole paper. Most of these
should be kept: the paper's sentences word for word, and those of its introduction and conclusion, compared
with the rest of the paper (if it has their values). Few of these: the paper's sentences with a number that is
not in the paper, with two exchanged, or with one also in its neighbour's place, and those of the introduction
and conclusion with one also there; without numbers, those turned into their opposite. Drafts are whole
conclusions, compared with the rest of their own paper, and with that of another one, where few should be
kept. The rules were written with `train` in view.
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
from bot.summaries.likeness import is_about
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
_CONCLUDES = re.compile(r"\bconclu", re.IGNORECASE)
_MIN_STATEMENTS = 4
"""Of a conclusion that is taken for a draft."""
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
    counts |= _drafts(chosen[:_PAPERS])
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
    mistold = [text for one in retold if (text := with_number_repeated(one)) is not None]
    yield "introduction and conclusion, one number twice, beside the rest", mistold, rest


def _without_numbers(paper: QasperPaper) -> Iterator[_Case]:
    said = _statements(paper.text.full_text, numeric=False)
    yield "no numbers, word for word", said, paper.text
    changed = [change(text) for change in _TURNED for text in said]
    yield "no numbers, turned round", [text for text in changed if text is not None], paper.text
    retelling, rest = _apart(paper)
    retold = [one for text in retelling for one in _statements(text, numeric=False)]
    yield "no numbers, introduction and conclusion beside the rest", retold, rest


def _drafts(chosen: Sequence[QasperPaper]) -> dict[str, _Count]:
    """How many conclusions are taken for one of their own paper, and of the next one."""
    apart = [_apart(paper, _CONCLUDES) for paper in chosen]
    said = [[one for text in texts for one in _all_statements(text)] for texts, _ in apart]
    drafts = [
        (Draft(gist="", claim="", method=tuple(statements)), Evidence.of(rest))
        for statements, (_, rest) in zip(said, apart, strict=True)
        if len(statements) >= _MIN_STATEMENTS
    ]
    evidence = [one for _, one in drafts]
    return {
        system: _Count(
            statements=len(drafts),
            kept=sum(is_about(draft, one) for (draft, _), one in zip(drafts, compared, strict=True)),
        )
        for system, compared in (
            ("drafts, conclusion beside the rest", evidence),
            ("drafts, another paper's conclusion", [*evidence[1:], evidence[0]]),
        )
    }


def _apart(paper: QasperPaper, parted: re.Pattern[str] = _RETELLS) -> tuple[list[str], PaperText]:
    """The sections with such headings, by default the introduction and the conclusion, and the rest."""
    whole = paper.text.full_text
    parts = [(section.heading, whole[section.start : section.end]) for section in paper.text.sections]
    rest = [text for heading, text in parts if not parted.search(heading)]
    return [text for heading, text in parts if parted.search(heading)], _text_of(paper.text, rest)


def _all_statements(text: str) -> list[str]:
    return [*_statements(text), *_statements(text, numeric=False)]


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
