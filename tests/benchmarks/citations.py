"""How many true sentences the checks of answers keep, and how many false ones they drop, on QASPER.

Most of these should be kept: sentences of a paper word for word, and what annotators wrote, beside the
paragraphs they wrote it from. Few of these: the same sentences with one thing changed (a number, a `not`, a
direction, a contrary, a `may`, a name), and both beside other paragraphs. The rules were written with `train`
in view.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers.citations import checked
from bot.answers.material import Numbered
from bot.answers.prompt import SYSTEM
from bot.checks.proper_names import names_in
from bot.checks.sentences import sentences
from storage.model import Passage, SectionKind
from tests.benchmarks._changed import (
    with_all,
    with_certainty,
    with_contrary,
    with_numbers_exchanged,
    with_other_direction,
    with_other_negation,
    with_other_number,
)
from tests.benchmarks._qasper import rows
from tests.benchmarks.table import Row

_PAPERS = 120
_PASSAGES = 6
_WORDS = range(6, 41)


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    own: tuple[Numbered, ...]
    """Passages that include the one it is from, as number 1."""
    others: tuple[Numbered, ...]
    """Passages of the same paper that don't include it."""
    foreign_name: str


def run() -> list[Row]:
    """The shares kept, of sentences and of annotators' answers, on both splits."""
    return [row for split in ("train", "validation") for row in _measured(split)]


def _measured(split: str) -> Iterator[Row]:
    papers = rows("papers", split)
    random.Random(0).shuffle(papers)
    verbatim = [one for paper in papers[:_PAPERS] for one in _sentences(paper, papers)]
    yield from _share(split, "word for word", verbatim, lambda one: one.text)
    yield from _share(split, "word for word, its passage left out", verbatim, lambda one: one.text, own=False)
    for name, change in _CHANGES.items():
        yield from _share(split, name, verbatim, change)
    written = list(_annotators(papers, rows("questions", split)))
    yield from _share(split, "annotators' answers", written, lambda one: one.text)
    yield from _share(split, "annotators' answers, other passages", written, lambda one: one.text, own=False)


def _share(
    split: str,
    system: str,
    statements: Sequence[_Statement],
    change: Callable[[_Statement], str | None],
    *,
    own: bool = True,
) -> Iterator[Row]:
    changed = [(one, text) for one in statements if (text := change(one)) is not None]
    kept = sum(_is_kept(text, one.own if own else one.others) for one, text in changed)
    for metric, value in (("statements", len(changed)), ("kept", kept / max(1, len(changed)))):
        yield Row(benchmark="citations", case=split, system=system, metric=metric, value=value)


def _is_kept(text: str, passages: tuple[Numbered, ...]) -> bool:
    reply = {"sentences": [{"text": text, "sources": [{"number": 1, "quote": ""}]}]}
    return bool(checked(reply, passages, question="", instructions=SYSTEM).sentences)


def _other_number(one: _Statement) -> str | None:
    return with_other_number(one.text, " ".join(source.passage.text for source in one.own))


def _exchange(one: _Statement) -> str | None:
    return with_numbers_exchanged(one.text)


def _name(one: _Statement) -> str | None:
    name = next((name for name in sorted(names_in(one.text)) if name.isalpha() and len(name) > 3), None)
    return one.text.replace(name, one.foreign_name) if name is not None and one.foreign_name else None


_CHANGES: dict[str, Callable[[_Statement], str | None]] = {
    "one number changed": _other_number,
    "two numbers exchanged": _exchange,
    "one negation changed": lambda one: with_other_negation(one.text),
    "one direction changed": lambda one: with_other_direction(one.text),
    "one word turned into its contrary": lambda one: with_contrary(one.text),
    "some turned into all": lambda one: with_all(one.text),
    "a supposition told as a fact": lambda one: with_certainty(one.text),
    "one name changed": _name,
}


def _sentences(paper: dict[str, Any], papers: Sequence[dict[str, Any]]) -> Iterator[_Statement]:
    chance = random.Random(paper["paper_id"])
    paragraphs = [pair for pair in _paragraphs(paper) if len(pair[1].split()) > 30]
    chosen = chance.sample(paragraphs, min(len(paragraphs), 2 * _PASSAGES))
    foreign = _foreign_name(chance, papers, " ".join(text for _, text in paragraphs))
    for position, (_, text) in enumerate(chosen[:_PASSAGES]):
        own = [chosen[position], *(chosen[:_PASSAGES][:position] + chosen[:_PASSAGES][position + 1 :])]
        for sentence in sentences(text)[:2]:
            if len(sentence.split()) in _WORDS and not sentence.endswith("?"):
                yield _Statement(
                    sentence,
                    _numbered(paper["title"], own),
                    _numbered(paper["title"], chosen[_PASSAGES:]),
                    foreign,
                )


def _foreign_name(chance: random.Random, papers: Sequence[dict[str, Any]], known: str) -> str:
    other = chance.choice(papers)
    found = {name for _, text in _paragraphs(other)[:10] for name in names_in(text) if name.isalpha()}
    fitting = sorted(name for name in found if len(name) > 3 and name not in known)
    return chance.choice(fitting) if fitting else ""


def _annotators(
    papers: Sequence[dict[str, Any]], questions: Sequence[dict[str, Any]]
) -> Iterator[_Statement]:
    by_id = {paper["paper_id"]: paper for paper in papers}
    for question in questions:
        paper = by_id[question["paper_id"]]
        for answer in question["answers"]:
            evidence = [text for text in answer["evidence"] if not text.startswith("FLOAT")]
            others = [pair for pair in _paragraphs(paper) if pair[1] not in evidence]
            if not evidence or len(others) < _PASSAGES or len(answer["free_form_answer"].split()) < 5:
                continue
            chosen = random.Random(question["question_id"]).sample(others, _PASSAGES)
            own = [*(("", text) for text in evidence), *chosen[: max(0, _PASSAGES - len(evidence))]]
            for sentence in sentences(answer["free_form_answer"]):
                yield _Statement(
                    sentence, _numbered(paper["title"], own), _numbered(paper["title"], chosen), ""
                )


def _numbered(title: str, paragraphs: Sequence[tuple[str, str]]) -> tuple[Numbered, ...]:
    return tuple(
        Numbered(
            number=number,
            passage=Passage(
                paper_id="2406.00001",
                version=1,
                ordinal=number,
                heading=heading,
                kind=SectionKind.BODY,
                first_page=number,
                last_page=number,
                text=text,
            ),
            title=title,
        )
        for number, (heading, text) in enumerate(paragraphs, start=1)
    )


def _paragraphs(paper: dict[str, Any]) -> list[tuple[str, str]]:
    return [(heading or "", text) for heading, texts in paper["sections"] for text in texts if text]
