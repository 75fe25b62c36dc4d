"""Invented answers, one of each kind."""

from storage.model import Answer, AnswerKind, AnswerSentence, NearPaper, Source

QUESTION = "How much memory does Foldcache need, and is it as accurate as the full cache?"


QUOTE = "On LongQuiz, Foldcache keeps 12.5 % of the key-value memory and reaches an accuracy of 81.2 %."


def source(number: int = 1, **changes: object) -> Source:
    fields: dict[str, object] = {
        "number": number,
        "paper_key": "2611.90112v1",
        "title": "Foldcache: Folding Key-Value Memory for Long Contexts",
        "quote": QUOTE,
        "first_page": 7,
        "last_page": 7,
        "section": "§4.2",
    }
    return Source(**(fields | changes))  # type: ignore[arg-type]


ANSWERED = Answer(
    kind=AnswerKind.ANSWER,
    sentences=(
        AnswerSentence(
            text="On LongQuiz, Foldcache keeps 12.5 % of the key-value memory at an accuracy of 81.2 %.",
            sources=(1,),
        ),
        AnswerSentence(
            text="The full cache reaches 82.0 %, and H2O 76.9 % at the same size.", sources=(1, 2)
        ),
    ),
    sources=(
        source(1),
        source(2, first_page=8, last_page=9, section="Limitations", quote="The full cache reaches 82.0 %."),
    ),
    model="invented-1",
    searched="highlights of 2026-W47",
    dropped=1,
)
PASSAGES = Answer(
    kind=AnswerKind.PASSAGES,
    sources=(
        source(1),
        source(2, paper_key="2611.90187v3", title="Tidepool", first_page=0, last_page=0, section="Abstract"),
    ),
    searched="everything seen here",
)
REFUSED = Answer(
    kind=AnswerKind.NOT_IN_PAPERS,
    nearest=(
        NearPaper(paper_key="2611.90112v1", title="Foldcache: Folding Key-Value Memory for Long Contexts"),
        NearPaper(paper_key="2611.90187v3", title="Tidepool: Scheduling Attention on Small Devices"),
        NearPaper(paper_key="2611.90243v1", title="A *third* [paper](https://evil.example)"),
    ),
    model="invented-1",
    searched="everything seen here",
)
OFF_TOPIC = Answer(kind=AnswerKind.OFF_TOPIC)
EXAMPLES = (ANSWERED, PASSAGES, REFUSED, OFF_TOPIC)
