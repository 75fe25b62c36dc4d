import pytest

from bot.checks.evidence import Evidence
from bot.summaries.draft import Draft
from bot.summaries.likeness import is_about
from storage.model import SectionKind
from tests.bot.summaries.papers import sectioned, text_of

FOLDING = (
    "We propose Foldcache, a cache for long contexts that folds the keys of old tokens into fewer "
    "slots. The accuracy of question answering stays the same on three data sets, and the cache halves."
)
PAPER = Evidence.of(text_of(FOLDING))


def draft(gist: str, claim: str, *method: str) -> Draft:
    return Draft(gist=gist, claim=claim, method=method)


@pytest.mark.parametrize(
    "about",
    [
        draft(
            "Foldcache halves a cache's memory.", "Answers stay as accurate.", "Old keys share fewer slots."
        ),
        draft("Folding old keys lets long contexts fit.", "Accuracy survives.", "Tuned on a single machine."),
    ],
)
def test_a_draft_in_other_words_is_about_its_paper(about: Draft) -> None:
    assert is_about(about, PAPER)


@pytest.mark.parametrize(
    "about",
    [
        draft("gist", "claim", "method"),
        draft("484398775", "484398775", "484398775"),
        draft("", ""),
        draft(
            "We are proud of you and of your team.",
            "You have been proud of yourself since the project began.",
            "The goal is a common framework for the evaluation of performance.",
        ),
        draft(
            "Frogs call louder at night than by day.",
            "Males with deeper calls find mates sooner, whatever their size.",
            "Microphones recorded two ponds for a summer.",
        ),
    ],
    ids=["field names", "digits", "nothing", "talk", "another paper"],
)
def test_a_draft_that_says_nothing_of_its_paper_is_not(about: Draft) -> None:
    assert not is_about(about, PAPER)


def test_a_paper_in_another_language_cannot_be_compared() -> None:
    german = text_of("Wir falten die Schlüssel alter Token in weniger Fächer, was den Speicher halbiert.")

    assert is_about(draft("Foldcache halves memory.", "Answers stay accurate."), Evidence.of(german))


def test_a_paper_without_a_readable_sentence_cannot_be_compared() -> None:
    references = sectioned(
        ("References", SectionKind.REFERENCES, "[1] A. Writer. Of the frogs and the pond.")
    )

    assert is_about(draft("Foldcache halves memory.", "Answers stay accurate."), Evidence.of(references))
