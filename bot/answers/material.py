"""The passages a model was given, and what each of them supports (pure)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from bot.checks.evidence import Evidence, Sentence
from bot.checks.model_talk import MEANT_FOR_MODELS
from bot.checks.named import Names
from bot.checks.numbers import numbers
from bot.checks.proper_names import names_in, own_names
from bot.checks.quotes import Quotable, quoted_in
from bot.checks.segments import Segment
from bot.checks.sentences import paragraphs, sentences
from bot.checks.spelling import has_name
from bot.checks.stemming import content_words
from bot.checks.support import supports
from bot.checks.turned import is_turned
from storage.model import Page, Passage, SectionKind

MIN_SHARED = 0.5
"""The share of a statement's content words that its passages have to contain. Of the free-form answers to
QASPER's training papers this keeps 81 % with their own evidence and 13 % with another paragraph."""
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
    """The paper's pages if it spans several, to find the page of a quote."""

    @property
    def paper_key(self) -> str:
        """The paper's key."""
        return self.passage.paper_key

    @property
    def is_record(self) -> bool:
        """Whether it is arXiv's record of the paper."""
        return self.passage.kind is SectionKind.RECORD


class Reading:
    """One passage with its paper's title, as evidence, without the sentences that address a model."""

    def __init__(self, source: Numbered, names: Names, own: frozenset[str]) -> None:
        self.source = source
        self._names = names
        self._own = own
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
    def full_text(self) -> str:
        """Everything in which a name may occur."""
        return f"{self._about} {self.source.passage.heading} {self._text}"

    def supports_numbers(self, statement: str) -> bool:
        """Whether every number in `statement` occurs here, in the same sense and for the same thing."""
        return supports(self.evidence, statement, admits=partial(self._names.admits, statement)) is not None

    def shared(self, statement: str) -> int:
        """How many content words of `statement` occur in the passage's own text."""
        own = frozenset[str]().union(*(content_words(sentence.text) for sentence in self.sentences))
        return len(content_words(statement) & own)

    def has_quotes(self, statement: str) -> bool:
        """Whether the words in quotation marks occur here."""
        return all(self.quotable.find(quote) is not None for quote in quoted_in(statement))

    def contradicts(self, statement: str, *, min_share: float = 0.0) -> bool:
        """Whether the sentences most like `statement` say its opposite.

        They count if they have more than `min_share` of its content words.
        """
        nearest, shared = self.evidence.most_similar(statement, self.sentences)
        return shared > min_share * len(content_words(statement)) and all(
            is_turned(statement, one.text) or self._names.compares_otherwise(statement, one.text)
            for one in nearest
        )

    def unknown_names(self, statement: str) -> list[str]:
        """The names in `statement` that occur neither here nor among the paper's own."""
        return self._names.unknown(statement, self.full_text)

    def names_paper(self, statement: str) -> bool:
        """Whether `statement` has one of the paper's own names."""
        return any(has_name(statement, name) for name in self._own)

    def quote_for(self, statement: str, offered: str) -> str:
        """Verbatim words that support `statement`: those offered if they do, else the closest sentence."""
        best = max((sentence.text for sentence in self.sentences), key=partial(_fit, statement), default="")
        found = self.quotable.find(offered) if offered else None
        if found is None or len(found.text) > QUOTE_CHARACTERS:
            return _shortened(best)
        held, words = _fit(statement, found.text)
        most_held, most_words = _fit(statement, best)
        return found.text if held >= most_held and 2 * words >= most_words else _shortened(best)


def readings(sources: Sequence[Numbered], question: str) -> dict[int, Reading]:
    """Each passage by its number, as evidence."""
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
    """The paragraph up to a sentence meant for language models, and without single orders."""
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
