"""A summary without a language model: the paper's own sentences, sorted into its fields (pure)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.checks.cleaning import shortened
from bot.checks.evidence import Evidence, Sentence
from bot.checks.quotes import Quotable
from bot.checks.sentences import sentences
from bot.checks.stemming import content_words
from bot.pdf.numbering import ROMAN
from bot.summaries import cues
from bot.summaries.coverage import read_whole
from bot.summaries.measured import measured_result
from storage.model import Paper, PaperText, Result, Section, SectionKind, Statement, Summary, SummaryKind

RECIPE = "extract/7"
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4}(?=\.)|[A-Z](?=\.))\.?\s")
_ONE_LINE_CHARACTERS = 200
_METHOD_LENGTH, _RESULTS_LENGTH, _CRITIQUE_LENGTH, _IMPLICATIONS_LENGTH = 3, 4, 3, 2


def extract(paper: Paper, text: PaperText) -> Summary:
    """Choose the sentences that state gist, claim, method, results, critique and implications.

    A field for which the paper has no clear sentence stays empty; gist and claim never do.
    """
    choice = _Choice(paper, text)
    gist, claim = choice.gist(), choice.claim()
    reading = read_whole(text)
    return Summary(
        paper_id=paper.id,
        version=paper.version,
        recipe=RECIPE,
        kind=SummaryKind.EXTRACT,
        model="",
        gist=gist,
        claim=claim,
        results=choice.results(),
        critique=choice.critique(),
        implications=choice.implications(),
        method=choice.method(),
        source=text.source,
        pages_read=reading.pages_read,
        page_count=text.page_count,
        not_read=reading.not_read,
    )


def one_line(paper: Paper) -> str:
    """The abstract's most informative sentence, cut at a natural break; the title if it has none."""
    ranked = sorted(_abstract_sentences(paper), key=cues.gist_score, reverse=True)
    return shortened(ranked[0] if ranked else paper.title, _ONE_LINE_CHARACTERS)


def _abstract_sentences(paper: Paper) -> list[str]:
    return [text for text in sentences(paper.abstract) if cues.is_presentable(text, in_abstract=True)]


def _with_parents(sections: Sequence[Section]) -> list[str]:
    """Each section's heading behind those that it is a part of: 4.3 behind 4, and "A." behind "II."."""
    places: list[str] = []
    by_number: dict[str, str] = {}
    letter = ""
    for section in sections:
        match = _NUMBER.match(section.heading)
        number = match[1] if match else ""
        is_roman = number in ROMAN and not (number == "I" and letter == "H")
        is_letter = number.isalpha() and not is_roman
        letter = number if is_letter else letter
        parent = by_number.get("roman" if is_letter else number.rpartition(".")[0], "")
        places.append(f"{parent} {section.heading}".strip())
        if number:
            by_number["roman" if is_roman else number] = places[-1]
    return places


class _Choice:
    """Chooses sentences for each field, repeating as little as possible."""

    def __init__(self, paper: Paper, text: PaperText) -> None:
        self._evidence = Evidence.of(text)
        self._quotable = Quotable(self._evidence.segments)
        self._abstract = _abstract_sentences(paper) or [paper.title]
        self._gist = max(self._abstract, key=cues.gist_score)
        places = [*_with_parents(text.sections), ""]  # -1 is before the first
        self._body = [
            replace(sentence, heading=places[sentence.section])
            for sentence in self._evidence.sentences
            if text.is_full and sentence.kind is SectionKind.BODY and cues.is_presentable(sentence.text)
        ]
        self._topic = content_words(f"{paper.title} {paper.abstract}")
        self._used: set[str] = set()

    def gist(self) -> Statement:
        return self._from_abstract(self._gist)

    def claim(self) -> Statement:
        left = [text for text in self._abstract if text not in self._used]
        # Of equal ones the last: findings stand at an abstract's end, and what others did at its start.
        return self._from_abstract(max(reversed(left or self._abstract), key=cues.claim_score))

    def method(self) -> tuple[Statement, ...]:
        from_abstract = self._best_of_abstract(self._abstract, cues.method_score, 1)
        places = {one.ordinal: cues.method_place_score(one.heading) for one in self._body}
        candidates = [one for one in self._body if places[one.ordinal] > 0]
        found = self._best(candidates, cues.method_score, _METHOD_LENGTH - len(from_abstract), places)
        return (*from_abstract, *found)

    def results(self) -> tuple[Result, ...]:
        places = [
            *((text, self._page_of(text), 2.0) for text in self._abstract),
            *((one.text, one.page, cues.result_place_score(one.heading)) for one in self._body),
        ]
        scored = []
        for text, page, bonus in places:
            found = measured_result(text)
            if found is not None:
                scored.append((bonus + cues.result_score(text), found, text, page))
        scored.sort(key=lambda item: -item[0])
        results: dict[tuple[str, str], Result] = {}
        for score, found, text, page in scored:
            if score < cues.MIN_RESULT_SCORE or len(results) == _RESULTS_LENGTH:
                break
            key = (found.metric.lower(), found.value)
            if key not in results and not self._is_repeated(text, [one.quote for one in results.values()]):
                results[key] = Result(
                    metric=found.metric,
                    value=found.value,
                    baseline=found.baseline,
                    dataset=found.dataset,
                    quote=text,
                    page=page,
                )
        return tuple(results.values())

    def critique(self) -> tuple[Statement, ...]:
        admitted = [one for one in self._body if cues.LIMITATIONS_HEADING.search(one.heading)]
        found = self._best(admitted, cues.admitted_limit_score, _CRITIQUE_LENGTH)
        if not found:
            elsewhere = [one for one in self._body if not cues.RELATED_HEADING.search(one.heading)]
            found = self._best(elsewhere, cues.own_limit_score, _CRITIQUE_LENGTH)
        return tuple(found or self._best_of_abstract(self._abstract, cues.own_limit_score, 1))

    def implications(self) -> tuple[Statement, ...]:
        closing = [one for one in self._body if cues.CLOSING_HEADING.search(one.heading)]
        found = self._best(closing, cues.implication_score, _IMPLICATIONS_LENGTH)
        after_gist = self._abstract[self._abstract.index(self._gist) + 1 :]  # before it is background
        return tuple(
            found or self._best_of_abstract(after_gist, cues.implication_score, _IMPLICATIONS_LENGTH)
        )

    def _best(
        self,
        candidates: Sequence[Sentence],
        score: cues.Score,
        length: int,
        bonus: Mapping[int, float] | None = None,
    ) -> list[Statement]:
        """The best-scoring unused candidates in the paper's order; `bonus` is by the sentence's ordinal."""
        totals = {one.ordinal: self._total(one.text, score) for one in candidates}
        scored = [one for one in candidates if totals[one.ordinal] > 0]
        scored.sort(key=lambda one: -totals[one.ordinal] - (bonus or {}).get(one.ordinal, 0))
        chosen: list[Sentence] = []
        for one in scored:
            if len(chosen) == length:
                break
            if not self._is_repeated(one.text, (*self._used, *(other.text for other in chosen))):
                chosen.append(one)
        chosen.sort(key=lambda one: one.ordinal)
        self._used.update(one.text for one in chosen)
        return [Statement(text=one.text, page=one.page) for one in chosen]

    def _best_of_abstract(self, candidates: Sequence[str], score: cues.Score, length: int) -> list[Statement]:
        fresh = [text for text in candidates if text not in self._used and score(text) > 0]
        ranked = sorted(fresh, key=score, reverse=True)[:length]
        return [self._from_abstract(text) for text in candidates if text in ranked]

    def _total(self, text: str, score: cues.Score) -> float:
        """The score by cues; if it is above 0, raised a little by words of the title and abstract."""
        base = score(text)
        if base <= 0:
            return base
        words = content_words(text)
        return base + len(words & self._topic) / (len(words) + 5)

    def _from_abstract(self, text: str) -> Statement:
        self._used.add(text)
        return Statement(text=text, page=self._page_of(text))

    def _page_of(self, text: str) -> int | None:
        found = self._quotable.find(text, near_page=1)
        return found.page if found else None

    def _is_repeated(self, text: str, others: Iterable[str]) -> bool:
        words = content_words(text)
        return any(
            2 * len(words & content_words(other)) > len(words | content_words(other)) for other in others
        )
