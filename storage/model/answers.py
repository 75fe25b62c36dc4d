"""Answers to questions, their sources, and the conversations they belong to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_ARXIV = "https://arxiv.org"


class AnswerKind(StrEnum):
    """What people get for a question."""

    ANSWER = "answer"
    """Sentences of a language model, each supported by its sources."""
    PASSAGES = "passages"
    """The best passages, verbatim: no language model."""
    NOT_IN_PAPERS = "not in papers"
    OFF_TOPIC = "off topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement comes from: a paper's page, with the paper's own words."""

    number: int
    """As the answer's sentences cite it, from 1."""
    paper_key: str
    title: str
    quote: str
    """Verbatim words of the paper, or of arXiv's record of it."""
    first_page: int
    """0 for an abstract, which has no page to link to."""
    last_page: int
    """The same page, unless the quote could not be located within its passage."""
    section: str = ""
    """`§3.2`, or the heading where it has no number."""
    of_record: bool = False
    """Whether it is from arXiv's record of the paper rather than from the paper: it has no page either."""

    @property
    def abs_url(self) -> str:
        """The paper's page on arXiv, at this version."""
        return f"{_ARXIV}/abs/{self.paper_key}"

    @property
    def page_url(self) -> str:
        """The link that opens the PDF at the page, or the paper's page on arXiv if it has none."""
        page = self.first_page
        return f"{_ARXIV}/pdf/{self.paper_key}#page={page}" if page else self.abs_url


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSentence:
    """One statement of an answer with the numbers of its sources, at least one."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPaper:
    """A paper that may be about the question."""

    paper_key: str
    title: str

    @property
    def abs_url(self) -> str:
        """The paper's page on arXiv, at this version."""
        return f"{_ARXIV}/abs/{self.paper_key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The outcome of a question, as people see it."""

    kind: AnswerKind
    sentences: tuple[AnswerSentence, ...] = ()
    sources: tuple[Source, ...] = ()
    nearest: tuple[NearPaper, ...] = ()
    """If the papers don't answer it: the three nearest, the nearest first."""
    model: str = ""
    """The language model that was asked; empty without one."""
    searched: str = ""
    """What was searched, in words: `highlights of 2026-W47`, a paper's title."""
    remark: str | None = None
    """Anything else a reader should know, such as why there is no answer by the model."""
    dropped: int = 0
    """Sentences left out because their sources don't support them."""

    @property
    def text(self) -> str:
        """The sentences alone, without numbers."""
        return " ".join(sentence.text for sentence in self.sentences)


class ScopeKind(StrEnum):
    """Which papers a question is put to."""

    WEEK = "week"
    PAPER = "paper"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskScope:
    """Which papers a question is put to, as the person chose or as the place implies."""

    kind: ScopeKind
    paper: str | None = None
    """The paper's id, or its key for one version; only for `PAPER`."""
    also: tuple[str, ...] = ()
    """Further papers in the same form, if it is put to several."""
    week: str | None = None
    """ISO week; None for the reader's latest. With `PAPER`, the week in whose digest its place was named."""

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers it names, each as an id or a key."""
        return () if self.paper is None else (self.paper, *self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question of a conversation, and the answer's plain text."""

    question: str
    answer: str
    user_id: int
    """Who asked this, not always who asked last."""
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The last turns up to one answer: what a follow-up to that answer needs to know.

    Each answer has its own, so that two people who follow up on the same one don't get in each other's way.
    """

    id: str
    user_id: int
    """Who asked last."""
    scope: AskScope
    turns: tuple[Turn, ...]
    asked_at: datetime
