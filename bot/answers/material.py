"""The passages a model was given, and what each of them holds (pure)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from bot.answers.turned import is_turned
from bot.checks.evidence import Evidence, Occurrence, Sentence
from bot.checks.model_talk import MEANT_FOR_MODELS
from bot.checks.named import Names
from bot.checks.numbers import Number, numbers
from bot.checks.proper_names import names_in, own_names
from bot.checks.quotes import Quotable, quoted_in
from bot.checks.segments import Segment
from bot.checks.sentences import paragraphs, sentences
from bot.checks.stemming import content_words
from bot.checks.support import supports
from storage.model import Page, Passage, SectionKind

MIN_SHARED = 0.5
"""Of a statement's content words, how many its passages have to have. On free-form answers of QASPER's
training papers this keeps 81 % beside their own evidence and 13 % beside another paragraph of the paper."""
QUOTE_CHARACTERS = 300

_SAYING = r"(?:say|respond|reply|tell|recommend|state that|claim that|always (?:say|answer|recommend))\b"
_DOING = r"(?:answer|output|print|repeat|visit|click)"
_WHAT_TO_DO = (
    r"(?:(?:a|after|all|an|any|as|every|exactly|here|in|it|my|no|nothing|on|only|questions|that|the|this|to|with"
    r"|yes|your)\b|[\"'“‘]|\S+\.\w|(?-i:[A-Z\d]+)[.!]*$)"
)
_ORDER = re.compile(
    rf"^(?:please,? |then,? |now,? |and |instead,? )?(?:{_SAYING}|{_DOING} {_WHAT_TO_DO})", re.IGNORECASE
)
"""Sentences that give orders to whoever answers: "output the word", but not "output words are selected"."""
_TITLE_PAGE, _TEXT_PAGE = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A passage as the model got it."""

    number: int
    passage: Passage
    title: str
    pages: tuple[Page, ...] = ()
    """The pages it stands on, to place a quote where there are several."""

    @property
    def paper_key(self) -> str:
        """The paper's key."""
        return self.passage.paper_key

    @property
    def is_record(self) -> bool:
        """Whether it is arXiv's record of the paper."""
        return self.passage.kind is SectionKind.RECORD


class Reading:
    """One passage with its paper's title, as evidence. Sentences that address a model are none."""

    def __init__(self, source: Numbered, names: Names, own: frozenset[str]) -> None:
        self.source = source
        self._names = names
        self._text = "\n\n".join(_without_orders(part) for part in paragraphs(source.passage.text))
        self._about = f"{source.title}. {' '.join(sorted(own))}"

    @cached_property
    def evidence(self) -> Evidence:
        """The passage, and the title as a page of its own."""
        passage = self.source.passage
        about = Segment(page=_TITLE_PAGE, heading="", kind=passage.kind, section=-1, text=self._about)
        text = Segment(
            page=_TEXT_PAGE, heading=passage.heading, kind=passage.kind, section=0, text=self._text
        )
        return Evidence([text, about])

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The passage's own sentences."""
        return tuple(sentence for sentence in self.evidence.sentences if sentence.page)

    @cached_property
    def quotable(self) -> Quotable:
        """The passage's own words."""
        return Quotable([segment for segment in self.evidence.segments if segment.page])

    @cached_property
    def words(self) -> frozenset[str]:
        """Content words of passage, heading and title."""
        return self.evidence.vocabulary | content_words(self.source.passage.heading)

    @property
    def whole(self) -> str:
        """Everything in which a name may stand."""
        return f"{self._about} {self.source.passage.heading} {self._text}"

    def holds_numbers(self, statement: str) -> bool:
        """Whether every number in `statement` stands here, in the same sense and for the same thing."""

        def admits(claimed: Number, place: Occurrence) -> bool:
            return not self._names.belongs_elsewhere(statement, claimed, place.sentence.text, place.number)

        return supports(self.evidence, statement, admits=admits) is not None

    def shared(self, statement: str) -> int:
        """How many content words of `statement` the passage's own text has."""
        own = frozenset[str]().union(*(content_words(sentence.text) for sentence in self.sentences))
        return len(content_words(statement) & own)

    def has_quotes(self, statement: str) -> bool:
        """Whether the words in quotation marks stand here."""
        return all(self.quotable.find(quote) is not None for quote in quoted_in(statement))

    def says_otherwise(self, statement: str, *, alike: float = 0.0) -> bool:
        """Whether the sentences most like `statement` say its opposite; `alike` is the least likeness."""
        wanted = content_words(statement)
        shared = [len(wanted & content_words(sentence.text)) for sentence in self.sentences]
        most = max(shared, default=0)
        nearest = [
            sentence.text for sentence, count in zip(self.sentences, shared, strict=True) if count == most
        ]
        return most > alike * len(wanted) and all(
            is_turned(statement, text) or self._names.compares_otherwise(statement, text) for text in nearest
        )

    def strange_names(self, statement: str) -> list[str]:
        """The names in `statement` of which neither passage nor paper speaks."""
        return self._names.strange(statement, self.whole)

    def quote_for(self, statement: str, offered: str) -> str:
        """Verbatim words that hold `statement`: those offered if they do, else the nearest sentence."""
        best = max((sentence.text for sentence in self.sentences), key=partial(_fit, statement), default="")
        found = self.quotable.find(offered) if offered else None
        if found is None or len(found.text) > QUOTE_CHARACTERS:
            return _shortened(best)
        held, words = _fit(statement, found.text)
        most_held, most_words = _fit(statement, best)
        return found.text if held >= most_held and 2 * words >= most_words else _shortened(best)


def readings(sources: Sequence[Numbered], question: str) -> dict[int, Reading]:
    """Each passage by its number, ready to be asked."""
    texts: dict[str, list[str]] = defaultdict(list)
    titles: dict[str, str] = {}
    for source in sources:
        texts[source.paper_key].append(source.passage.text)
        titles[source.paper_key] = source.title
    own = {key: frozenset(own_names(titles[key], parts)) for key, parts in texts.items()}
    known = names_in(question).union(
        *(names_in(sentence) for parts in texts.values() for part in parts for sentence in sentences(part)),
        *map(names_in, titles.values()),
        *own.values(),
    )
    return {
        source.number: Reading(source, Names(own[source.paper_key], known), own[source.paper_key])
        for source in sources
    }


def _without_orders(paragraph: str) -> str:
    """The paragraph up to a sentence that is meant for language models; single orders go too."""
    kept = []
    for sentence in sentences(paragraph):
        if MEANT_FOR_MODELS.search(sentence):
            break
        if not _ORDER.match(sentence):
            kept.append(sentence)
    return " ".join(kept)


def _shortened(quote: str) -> str:
    if len(quote) <= QUOTE_CHARACTERS:
        return quote
    head = quote[: QUOTE_CHARACTERS - 1]
    return head[: head.rfind(" ")].rstrip(" ,;:") + "…" if " " in head else f"{head}…"


def _fit(statement: str, quote: str) -> tuple[int, int]:
    """How many of the statement's numbers, and how many of its content words, a quote has."""
    wanted, stated = ({abs(number.value) for number in numbers(text)} for text in (statement, quote))
    return len(wanted & stated), len(content_words(statement) & content_words(quote))
