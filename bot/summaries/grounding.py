"""Checks a draft summary against the paper's pages: what is not there is dropped or marked (pure).

- A quote has to be in the paper, and is replaced by the paper's own words and their page. If it is not there,
  the paper's only sentence with the result's value and metric may replace it; else the result is dropped.
- Every number in a statement needs support (`bot.checks.support`), for the thing that the statement gives it
  to (`bot.checks.named`); so do names with digits (GPT-4) and words in quotation marks. A sentence without
  support, or with more than 12 numbers, is cut out if the rest stands alone; otherwise the statement is
  dropped.
- A sentence without numbers needs none, unless it says the opposite of the paper's most similar sentence
  (`bot.checks.turned`), or that the one is better which is the worse there.
- The gist, the claim, and the first statement of a list that would end up empty, are kept and marked instead.
- Whether the draft is about the paper at all is told (`bot.summaries.likeness`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.checks.amounts import units_agree
from bot.checks.evidence import Evidence, Sentence
from bot.checks.metrics import is_of_another_metric
from bot.checks.named import Names
from bot.checks.neighbours import Among
from bot.checks.numbers import Number, Role, names, numbers
from bot.checks.quotes import Found, Quotable, quoted_in
from bot.checks.senses import says_change, sense
from bot.checks.sentences import plain, sentences
from bot.checks.spelling import has_sibling
from bot.checks.stemming import content_words
from bot.checks.support import agrees, supports
from bot.checks.turned import is_turned
from bot.checks.vocabulary import LEANS_ON_OTHERS
from bot.summaries.draft import QUOTE_CHARACTERS, Draft, DraftResult
from bot.summaries.likeness import is_about
from storage.model import PaperText, Result, Statement

_MIN_SHARED_WORDS = 3
_MIN_SHARED_SHARE = 0.4
"""A statement without numbers gets the page of its most similar sentence, if they share this much."""
_SAME_SHARE = 0.75
"""From here on the two say the same, or the opposite."""
_NEARBY_CHARACTERS = 300
_MOST_NUMBERS = 12
"""In a sentence. Each is compared with every place of the paper that has it, and with its neighbours there:
what a paper has a model write could take half a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """What is left of a draft."""

    gist: Statement
    claim: Statement
    method: tuple[Statement, ...]
    results: tuple[Result, ...]
    critique: tuple[Statement, ...]
    implications: tuple[Statement, ...]
    dropped: int
    """How many statements, sentences of statements, and results were left out."""
    marked: int
    is_about_paper: bool
    """Whether the draft as a whole says what the paper says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    statements: tuple[Statement, ...]
    dropped: int = 0
    marked: int = 0


def ground(draft: Draft, text: PaperText, title: str) -> Grounded:
    """Check every number and quote of `draft` against `text`, the text of a paper with this title."""
    evidence = Evidence.of(text)
    paper = _PaperCheck(evidence, title)
    gist, claim = paper.indispensable(draft.gist), paper.indispensable(draft.claim)
    lists = [paper.dispensable(items) for items in (draft.method, draft.critique, draft.implications)]
    results = [result for item in draft.results if (result := paper.result(item)) is not None]
    method, critique, implications = (checked.statements for checked in lists)
    return Grounded(
        gist=gist.statements[0],
        claim=claim.statements[0],
        method=method,
        results=tuple(dict.fromkeys(results)),
        critique=critique,
        implications=implications,
        dropped=sum(checked.dropped for checked in (gist, claim, *lists)) + len(draft.results) - len(results),
        marked=sum(checked.marked for checked in (gist, claim, *lists)),
        is_about_paper=is_about(draft, evidence),
    )


class _PaperCheck:
    def __init__(self, evidence: Evidence, title: str) -> None:
        self._evidence = evidence
        self._names = Names.of_paper(title, [sentence.text for sentence in evidence.sentences])
        self._quotable = Quotable(evidence.segments)

    def indispensable(self, text: str) -> _Checked:
        statement, cut = self._statement(text)
        if statement is not None:
            return _Checked(statements=(statement,), dropped=cut)
        return _Checked(statements=(Statement(text=text, checked=False),), marked=1)

    def dispensable(self, texts: Sequence[str]) -> _Checked:
        kept, dropped = [], 0
        for text in texts:
            statement, cut = self._statement(text)
            dropped += cut if statement is not None else 1
            if statement is not None:
                kept.append(statement)
        if texts and not kept:
            marked = Statement(text=texts[0], checked=False)
            return _Checked(statements=(marked,), dropped=dropped - 1, marked=1)
        return _Checked(statements=tuple(kept), dropped=dropped)

    def result(self, item: DraftResult) -> Result | None:
        if not all(map(self._evidence.has_name, names(plain(item.value)))):
            return None
        found = self._quotable.find(item.quote, near_page=item.page)
        if found is not None:
            metric = self._metric_in(item, found.text, self._nearby(found))
            if metric is not None:
                return self._result(item, metric, found.text, found.page)
        return self._result_by_sentence(item)

    def _statement(self, text: str) -> tuple[Statement | None, int]:
        """The supported part of `text`, and how many of its sentences were cut out."""
        parts = sentences(text)
        pages = [self._page_if_supported(part) for part in parts]
        kept = [(part, page) for part, (ok, page) in zip(parts, pages, strict=True) if ok]
        if not kept:
            return None, 0
        page = next((page for _, page in kept if page is not None), None)
        if len(kept) == len(parts):
            return Statement(text=text, page=page), 0
        leans = any(
            LEANS_ON_OTHERS.match(part) and (position == 0 or not pages[position - 1][0])
            for position, part in enumerate(parts)
            if pages[position][0]
        )
        if leans:
            return None, 0
        return Statement(text=" ".join(part for part, _ in kept), page=page), len(parts) - len(kept)

    def _page_if_supported(self, sentence: str) -> tuple[bool, int | None]:
        if len(numbers(sentence)) > _MOST_NUMBERS:
            return False, None
        found = [self._quotable.find(quote) for quote in quoted_in(sentence)]
        support = supports(self._evidence, sentence, admits=partial(self._names.admits, sentence))
        if support is None or None in found:
            return False, None
        if support:
            best = max(support, key=lambda one: one.shared_words)
            return True, best.occurrence.sentence.page
        similar, shared = self._evidence.most_similar(sentence)
        share = shared / len(content_words(sentence)) if shared >= _MIN_SHARED_WORDS else 0.0
        if share >= _SAME_SHARE and all(self._is_otherwise(sentence, one.text) for one in similar):
            return False, None
        quoted_page = next((quote.page for quote in found if quote is not None), None)
        return True, quoted_page or (similar[0].page if share >= _MIN_SHARED_SHARE else None)

    def _is_otherwise(self, claim: str, statement: str) -> bool:
        return is_turned(claim, statement) or self._names.compares_otherwise(claim, statement)

    def _nearby(self, found: Found) -> str:
        return self._quotable.text[max(0, found.start - _NEARBY_CHARACTERS) : found.end + _NEARBY_CHARACTERS]

    def _metric_in(self, item: DraftResult, quote: str, nearby: str) -> str | None:
        """The metric's name if the quote has the value for it and not for the baseline; else None."""
        claim, wanted = _claim(item)
        words = content_words(item.metric)
        if words and words.isdisjoint(content_words(nearby)) and not self._is_on_page(words, quote):
            return None
        difference, has_end = False, False
        simple = plain(quote)
        for number in reversed(wanted):
            stated = _stated(number, claim, simple)
            if stated is None or self._names.belongs_to_named(item.baseline or "", simple, stated):
                return None
            use = sense(simple, stated)
            if use.end < 0 and not has_end and not claim[: number.start].endswith("from "):
                return None  # a change's starting value is not its result, unless its end value follows
            has_end |= use.end > 0
            difference |= says_change(simple, stated) and not says_change(claim, number)
        return f"{item.metric} (difference)" if difference else item.metric

    def _is_on_page(self, words: frozenset[str], quote: str) -> bool:
        found = self._quotable.find(quote)
        return found is not None and not words.isdisjoint(content_words(self._evidence.page_text(found.page)))

    def _result(self, item: DraftResult, metric: str, quote: str, page: int | None) -> Result:
        return Result(
            metric=metric,
            value=item.value,
            baseline=item.baseline if self._is_in_paper(item.baseline, page) else None,
            dataset=item.dataset if self._is_for(item.dataset, item, quote) else None,
            quote=quote,
            page=page,
        )

    def _is_for(self, dataset: str | None, item: DraftResult, quote: str) -> bool:
        """Whether the paper names the data set, and the quote does not give the value to another one."""
        if dataset is None:
            return False
        # Numbers in a name, as in "WMT 14" and "20 Newsgroups", are not values.
        if not self._evidence.has_name(plain(dataset)) and not self._is_in_paper(dataset, None):
            return False
        claim, wanted = _claim(item, f" on {dataset}")
        simple = plain(quote)
        if has_sibling(simple, plain(dataset)):
            return False
        return all(
            (stated := _stated(number, claim, simple)) is None
            or not self._names.belongs_elsewhere(claim, number, simple, stated)
            for number in wanted
        )

    def _is_in_paper(self, text: str | None, page: int | None) -> bool:
        """Whether these words are in the paper, and these numbers, in these units, on that page."""
        if text is None:
            return False
        simple = plain(text)
        for number in numbers(simple):
            places = self._evidence.occurrences.get(abs(number.value), [])
            if number.role not in {Role.YEAR, Role.LABEL} and not any(
                place.sentence.page == page
                and units_agree(number, simple, place.number, place.sentence.text)
                and self._names.admits(simple, number, place)
                for place in places
            ):
                return False
        words = content_words(simple)
        known = words & self._evidence.vocabulary
        return all(map(self._evidence.has_name, names(simple))) and 2 * len(known) >= len(words)

    def _result_by_sentence(self, item: DraftResult) -> Result | None:
        """The result, quoting the only sentence with its value and metric; None if there is not just one."""
        if not content_words(item.metric) or not numbers(plain(item.value)):
            return None
        fitting: list[tuple[Sentence, str]] = []
        for sentence in self._evidence.sentences:
            words = content_words(sentence.text)
            if len(sentence.text) <= QUOTE_CHARACTERS and content_words(item.metric) <= words:
                metric = self._metric_in(item, sentence.text, sentence.text)
                if metric is not None:
                    fitting.append((sentence, metric))
        if len(fitting) != 1:
            return None
        sentence, metric = fitting[0]
        return self._result(item, metric, sentence.text, sentence.page)


def _claim(item: DraftResult, more: str = "") -> tuple[str, list[Number]]:
    """A result as words, and the numbers of its value in them."""
    before = plain(f"{item.metric} of ")
    claim = before + plain(item.value + more)
    end = len(before) + len(plain(item.value))
    return claim, [number for number in numbers(claim) if len(before) <= number.start < end]


def _stated(number: Number, claim: str, simple: str) -> Number | None:
    """The number in a quote, given in plain characters, that agrees with the claim's; None if there is none.

    A change in a metric may be claimed under the metric's own name: it is then renamed, not dropped.
    """
    difference = replace(number, sign=1) if not number.sign else number
    claimed = Among(claim, number, numbers(claim))
    said = [stated for stated in numbers(simple) if stated.role is not Role.LABEL]
    for stated in said:
        if is_of_another_metric(claimed, Among(simple, stated, said)):
            continue
        if agrees(number, claim, stated, simple):
            return stated
        if not says_change(claim, number) and agrees(difference, claim, stated, simple):
            return stated
    return None
