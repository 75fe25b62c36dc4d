"""Turns a model's reply into an answer whose every sentence is supported by its sources (pure).

What is checked, sentence by sentence: a citation has to exist; names, numbers (value, unit, sense and what
they belong to), dates and quoted words have to occur in the cited passages, and so does half of what the
sentence is about; a sentence that turns the paper's most similar one into its opposite fails. One that its
own citations don't support may be supported by another passage, which is then cited; else it is dropped. The
answer to a yes-or-no question may repeat it, if the passages support all of it. Sources are built here from
the passages alone: the model contributes passage numbers and a hint about which words to quote.

What words alone cannot tell is not checked, such as whether a cause is a cause.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers.asked import asks_whether
from bot.answers.material import MIN_SHARED, Numbered, Reading, readings
from bot.answers.pointed import has_places
from bot.answers.reply import Said, sentences_said
from bot.answers.sources import source_for
from bot.answers.task_talk import is_about_the_task
from bot.checks.numbers import names, numbers
from bot.checks.proper_names import names_in
from bot.checks.spelling import has_name
from bot.checks.stemming import content_words, stems
from bot.checks.vocabulary import CHANGE_WORD, LEANS_ON_OTHERS, NOT
from storage.model import AnswerSentence, Source

MAX_SENTENCES = 6
_MAX_CITED = 2
_MIN_WORDS = 2
"""The fewest telling words a sentence must share with its passages: all of them if it has fewer, and a number
or a name; one if the passages are records."""
_CHANGE = re.compile(CHANGE_WORD, re.IGNORECASE)
_DENIAL = re.compile(rf"\b(?:{NOT}|no|without)\b", re.IGNORECASE)
"""Of so few words it leaves nothing to compare: "LongQuiz is not used"."""
_USED = re.compile(
    r"\b(?:us(?:e[sd]?|ing)|train\w*|with|employ\w*|adopt\w*|appl(?:y|ies|ied|ying))\b", re.IGNORECASE
)
_COMPARED = re.compile(r"\bcompar", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(?:earlier|prior|previous) work|\breplac\w+|\boutperformed\b", re.IGNORECASE)
"""What is used by others, or no longer: "earlier work used LSTMs"."""
_ALIKE = 0.7
"""The share of its content words from which an uncited passage may support or contradict a sentence."""
_ALL = 1.0
"""The share required of a sentence that repeats the question: else it might be the asker's words alone."""
_BACK_REFERENCE = re.compile(
    r"(?:it|its|they|their|this|these|that|those"
    r"|the (?:method|model|paper|authors?|approach|system|study|latter|former))\b",
    re.IGNORECASE,
)
_CLAUSE_BREAK = re.compile(r"[;,] (?:while |whereas |and |but )?| (?:while|whereas|and|but) ")
_SHINGLE_WORDS = 5
_MIN_ECHO = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is left of a reply after checking."""

    sentences: tuple[AnswerSentence, ...] = ()
    sources: tuple[Source, ...] = ()
    dropped: int = 0
    """How many sentences of an answer were left out."""
    off_topic: bool = False


def checked(
    data: Mapping[str, Any], sources: Sequence[Numbered], *, question: str, instructions: str
) -> Checked:
    """Check a reply that follows the schema, or nearly, against the passages it was made from.

    Args:
        data: The reply.
        sources: The passages as the model got them.
        question: What was asked: repeating it is no answer, unless yes or no would be one.
        instructions: The prompt's own words: repeating them is no answer either.
    """
    if data.get("about_papers") is False:
        return Checked(off_topic=True)
    if data.get("answered") is False:
        return Checked()
    known = readings(sources, question)
    said = sentences_said(data, [reading.full_text for reading in known.values()])
    kept: list[tuple[Said, list[Reading]]] = []
    last_dropped = False
    for one in said[: 2 * MAX_SENTENCES]:
        support = _support(one, known, question=question, instructions=instructions)
        if support and not _has_places(one.text, support, known):
            support = []
        if support and LEANS_ON_OTHERS.match(one.text) and last_dropped:
            support = []
        if support and kept and _changes_subject(one, support, kept[-1][1]):
            support = []
        last_dropped = not support
        if support:
            kept.append((one, support))
    kept = kept[:MAX_SENTENCES]
    return _numbered(kept, dropped=len(said) - len(kept))


def _support(one: Said, known: Mapping[int, Reading], *, question: str, instructions: str) -> list[Reading]:
    """The passages that support a sentence; empty if none do."""
    claim = one.text
    repeats = _echoes(claim, f"{instructions}\n{question}")
    if repeats and (not asks_whether(question) or _echoes(claim, instructions)):
        return []
    if claim.endswith("?") or is_about_the_task(claim, [reading.full_text for reading in known.values()]):
        return []
    if any(reading.contradicts(claim, min_share=_ALIKE) for reading in known.values()):
        return []
    share = _ALL if repeats else MIN_SHARED
    cited = [known[number] for number in one.cited if number in known][:_MAX_CITED]
    alone = [reading for reading in cited if _is_supported(claim, [reading], share=share)]
    if alone:
        return alone
    if len(cited) > 1 and not _names_only_some(claim, cited) and _is_supported(claim, cited, share=share):
        return cited
    others = [
        reading
        for reading in known.values()
        if _is_supported(claim, [reading], share=max(share, _ALIKE), is_cited=False)
    ]
    best = max(others, key=lambda reading: reading.shared(claim), default=None)
    return [] if best is None else [best]


def _names_only_some(statement: str, group: Sequence[Reading]) -> bool:
    """Whether a statement names some of these papers and not all: it says nothing of the others' results."""
    papers = {reading.source.paper_key for reading in group}
    named = {reading.source.paper_key for reading in group if reading.names_paper(statement)}
    return bool(named) and named != papers


def _is_supported(statement: str, group: Sequence[Reading], *, share: float, is_cited: bool = True) -> bool:
    words = _telling_words(statement)
    # Records state short facts: "It has 12 pages".
    least = 1 if all(reading.source.is_record for reading in group) else _MIN_WORDS
    if is_cited and len(words) < least and _is_short_fact(statement, group):
        least = len(words)  # "The accuracy is 81.2 %", "AdamW is used"
    together = frozenset[str]().union(*(reading.words for reading in group))
    return (
        0 < least <= len(words)
        and len(words & together) >= max(share * len(words), least)
        and all(reading.shared(statement) for reading in group)
        and not set.intersection(*(set(reading.unknown_names(statement)) for reading in group))
        and any(reading.has_quotes(statement) for reading in group)
        and _numbers_are_supported(statement, group)
        and not any(reading.contradicts(statement) for reading in group)
    )


def _is_short_fact(statement: str, group: Sequence[Reading]) -> bool:
    if _DENIAL.search(statement):
        return False
    return bool(numbers(statement)) or any(_uses_names_of(statement, reading) for reading in group)


def _uses_names_of(statement: str, reading: Reading) -> bool:
    """Whether one sentence says of all names in `statement` that they are used; a mention says too little.

    It says enough for "it was compared with H2O".
    """
    wanted, is_compared = names_in(statement), _COMPARED.search(statement)
    return bool(wanted) and any(
        is_compared or (_USED.search(one.text) and not _OF_OTHERS.search(one.text))
        for one in reading.sentences
        if all(has_name(one.text, name) for name in wanted)
    )


def _telling_words(statement: str) -> frozenset[str]:
    """Its content words; beside numbers, whose sense is compared, without those of change if any are left."""
    words = content_words(statement)
    changes = _CHANGE.findall(statement) if numbers(statement) else ()
    return words.difference(*map(stems, changes)) or words


def _numbers_are_supported(statement: str, group: Sequence[Reading]) -> bool:
    """Whether one passage supports all numbers, or each clause has a passage that supports its own.

    A passage has to know the names it supports numbers for, unless all passages are of one paper.
    """
    is_one_paper = len({reading.source.paper_key for reading in group}) == 1
    if any(
        reading.supports_numbers(statement) and (is_one_paper or not reading.unknown_names(statement))
        for reading in group
    ):
        return True
    parts = [part for part in _CLAUSE_BREAK.split(statement) if numbers(part) or names(part)]
    return len(group) > 1 and all(
        any(reading.supports_numbers(part) and not reading.unknown_names(part) for reading in group)
        for part in parts
    )


def _echoes(text: str, ours: str) -> bool:
    """Whether half of the text's runs of five words occur in `ours`: our prompt or the question."""
    shingles = _shingles(text)
    return bool(shingles) and len(shingles & _shingles(ours)) >= _MIN_ECHO * len(shingles)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return {tuple(words[start : start + _SHINGLE_WORDS]) for start in range(len(words) - _SHINGLE_WORDS + 1)}


def _has_places(statement: str, support: Sequence[Reading], known: Mapping[int, Reading]) -> bool:
    """Whether the tables, sections and pages that a statement names are in the passages of its papers."""
    papers = {reading.source.paper_key for reading in support}
    sources = (reading.source for reading in known.values())
    return has_places(statement, [one.passage for one in sources if one.paper_key in papers])


def _changes_subject(one: Said, support: Sequence[Reading], before: Sequence[Reading]) -> bool:
    """Whether its "it" would mean another paper than the previous sentence did."""
    papers = {reading.source.paper_key for reading in support}
    return _BACK_REFERENCE.match(one.text) is not None and papers.isdisjoint(
        reading.source.paper_key for reading in before
    )


def _numbered(kept: Sequence[tuple[Said, list[Reading]]], *, dropped: int) -> Checked:
    """Number the sources in the order in which they are first cited, merging equal ones."""
    sources: dict[tuple[int, str], Source] = {}
    written = []
    for one, support in kept:
        cited = []
        for reading in support:
            quote = reading.quote_for(one.text, one.cited.get(reading.source.number, ""))
            key = (reading.source.number, quote)
            if key not in sources:
                sources[key] = source_for(reading.source, quote, number=len(sources) + 1)
            cited.append(sources[key].number)
        written.append(AnswerSentence(text=one.text, sources=tuple(dict.fromkeys(cited))))
    return Checked(sentences=tuple(written), sources=tuple(sources.values()), dropped=dropped)
