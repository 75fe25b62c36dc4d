"""A paper's pages as evidence: its sentences, and indexes of its numbers, names, dates and words (pure).

A claim with 81.2 asks for every `Occurrence` of 81.2, each with its sentence, page and neighbouring numbers.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from bot.checks.counts import counted_thing
from bot.checks.dates import Date, dates
from bot.checks.numbers import Number, Role, names, numbers
from bot.checks.segments import Segment, segments
from bot.checks.sentences import sentences
from bot.checks.spelling import has_name
from bot.checks.stemming import content_words, stems
from storage.model import PaperText, SectionKind

_WORD = re.compile(r"[^\W\d_]{2}")
_NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the paper, in plain characters."""

    text: str
    page: int | None
    """None where only the abstract was read."""
    heading: str
    section: int
    """The section's position in `PaperText.sections`; -1 before the first."""
    kind: SectionKind
    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One number at one place in the paper."""

    sentence: Sentence
    number: Number
    near: tuple[Number, ...]
    """Up to five numbers of the sentence before and five after it, in order, including itself."""


class Evidence:
    """What claims about a paper are checked against. Its list of references is left out."""

    def __init__(self, pieces: Sequence[Segment]) -> None:
        self.segments = [piece for piece in pieces if piece.kind is not SectionKind.REFERENCES]
        self.sentences = tuple(_sentences(self.segments))

    @classmethod
    def of(cls, text: PaperText) -> "Evidence":
        """A whole paper as evidence."""
        return cls(segments(text))

    @cached_property
    def occurrences(self) -> dict[Decimal, list[Occurrence]]:
        """Every number that is not a label, by its absolute value."""
        found: dict[Decimal, list[Occurrence]] = defaultdict(list)
        for sentence in self.sentences:
            if _WORD.search(sentence.text) is None:
                continue  # the ticks of an axis, a lone page number
            said = [
                number for number in numbers(sentence.text, small_words=True) if number.role is not Role.LABEL
            ]
            for position, number in enumerate(said):
                near = tuple(said[max(0, position - _NEAR) : position + _NEAR + 1])
                found[abs(number.value)].append(Occurrence(sentence=sentence, number=number, near=near))
        return dict(found)

    @cached_property
    def counts(self) -> dict[str, list[Occurrence]]:
        """The numbers that count things, by the stem of the thing."""
        found: dict[str, list[Occurrence]] = defaultdict(list)
        for places in self.occurrences.values():
            for place in places:
                for stem in stems(counted_thing(place.sentence.text, place.number)):
                    found[stem].append(place)
        return dict(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name with digits, as written."""
        return frozenset(name for sentence in self.sentences for name in names(sentence.text))

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        """Every date, including months alone."""
        return tuple(date for sentence in self.sentences for date in dates(sentence.text))

    @cached_property
    def content(self) -> tuple[frozenset[str], ...]:
        """The content words of each sentence."""
        return tuple(content_words(sentence.text) for sentence in self.sentences)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The content words of the whole paper."""
        return frozenset().union(*self.content)

    @cached_property
    def _whole(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    def has_name(self, name: str) -> bool:
        """Whether a name with digits (GPT-4, F1) is in the paper, however its parts are joined."""
        return has_name(self._whole, name)

    def has_in_lower_case(self, word: str) -> bool:
        """Whether a word is in the paper in lower case, as a name would not be."""
        return re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", self._whole) is not None

    def previous_text(self, sentence: Sentence) -> str:
        """The sentence before, on the same or the previous page; empty at the start."""
        return self.sentences[sentence.ordinal - 1].text if sentence.ordinal else ""

    def most_similar(self, claim: str, among: Sequence[Sentence] | None = None) -> tuple[list[Sentence], int]:
        """The sentences with most content words of a claim, and how many these are.

        Args:
            claim: In plain characters.
            among: Sentences of this evidence; all of them if None.
        """
        wanted, among = content_words(claim), self.sentences if among is None else among
        shared = [len(wanted & self.content[sentence.ordinal]) for sentence in among]
        most = max(shared, default=0)
        return [sentence for sentence, count in zip(among, shared, strict=True) if count == most], most

    def page_text(self, page: int | None) -> str:
        """All sentences of one page."""
        return " ".join(sentence.text for sentence in self.sentences if sentence.page == page)


def _sentences(pieces: list[Segment]) -> Iterator[Sentence]:
    ordinal = 0
    for piece in _joined_over_pages(pieces):
        for text in sentences(piece.text):
            yield Sentence(
                text=text,
                page=piece.page or None,
                heading=piece.heading,
                section=piece.section,
                kind=piece.kind,
                ordinal=ordinal,
            )
            ordinal += 1


def _joined_over_pages(pieces: list[Segment]) -> Iterator[Segment]:
    """Move the rest of a sentence that a page break cuts to the page on which it starts."""
    carried = ""
    for position, piece in enumerate(pieces):
        text = piece.text[len(carried) :]
        following = pieces[position + 1] if position + 1 < len(pieces) else None
        carried = ""
        if following is not None and following.section == piece.section and not _is_finished(text):
            carried = _rest_of_sentence(following.text)
        joined = text.rstrip() + "\n" + carried if carried else text
        yield Segment(
            page=piece.page, heading=piece.heading, kind=piece.kind, section=piece.section, text=joined
        )


def _is_finished(text: str) -> bool:
    return text.rstrip().rstrip("\"')]”’").endswith((".", "!", "?", ":"))


def _rest_of_sentence(text: str) -> str:
    """The start of a page up to its first sentence end, if it continues in lower case; else empty."""
    if not text[:1].islower():
        return ""
    paragraph = text.split("\n\n", 1)[0]
    first = sentences(paragraph)[0]
    # The sentence is in plain characters, the page is not: count the visible ones to find its end.
    visible = sum(not character.isspace() for character in first)
    for position, character in enumerate(paragraph):
        visible -= not character.isspace()
        if visible <= 0:
            return paragraph[: position + 1]
    return paragraph
