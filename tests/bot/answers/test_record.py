"""What arXiv's record answers: when, where, by whom, how many pages."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.answers.citations import checked
from bot.answers.material import Numbered
from bot.answers.prompt import SYSTEM
from bot.answers.record import recorded
from bot.rendering import answer_words
from storage.database import Database
from storage.model import AnswerKind, AskScope, Paper, ScopeKind
from tests.bot.answers.passages import FOLD_TITLE, numbered, reply, says
from tests.bot.answers.room import FOLD, FOLD_PAGES, TIDE, room, saying
from tests.bot.summaries.papers import paper
from tests.fakes.model import ScriptedModel

WHOLE = paper(
    version=2,
    title=FOLD_TITLE,
    authors=("Ada Writer", "Bob Ng", "Łukasz Kaiser"),
    categories=("cs.CL", "cs.LG"),
    published=datetime(2026, 6, 5, 9, tzinfo=UTC),
    updated=datetime(2026, 7, 11, 9, tzinfo=UTC),
    comment="Accepted at ACL 2026 (Findings). 12 pages; code at https://code.example/fold",
)


THIRD = replace(WHOLE, version=3, updated=datetime(2026, 8, 3, 9, tzinfo=UTC))


def text_of_record(**changes: Any) -> str:
    return recorded(paper(**changes)).passage.text


def kept(statement: str, newest: Paper = WHOLE) -> str:
    """What remains of a statement that cites the record, next to passages of two papers."""
    record = Numbered(number=8, passage=recorded(WHOLE, newest=newest).passage, title=WHOLE.title)
    sources = [*numbered(), record]
    left = checked(reply(says(statement, 8)), sources, question="When and where?", instructions=SYSTEM)
    return " ".join(sentence.text for sentence in left.sentences)


def test_a_record_is_told_in_sentences() -> None:
    assert recorded(WHOLE, page_count=14).passage.text.split("\n\n") == [
        "The paper was submitted to arXiv, and published there, on 5 June 2026.",
        "This is version 2, an update of 11 July 2026.",
        "The authors are Ada Writer, Bob Ng and Łukasz Kaiser.",
        "The arXiv category is cs.CL (Computation and Language), and also cs.LG (Machine Learning).",
        "The authors' comment: Accepted at ACL 2026 (Findings). 12 pages; code at https://code.example/fold.",
        "The record names no journal and no DOI.",
        "Its PDF has 14 pages.",
    ]


def test_a_record_tells_what_else_there_is() -> None:
    text = text_of_record(
        journal_reference="J. Mem. 3 (2026) 1-9",
        doi="10.1000/mem.3",
        licence="http://creativecommons.org/licenses/by/4.0/",
        withdrawn=True,
    )

    for told in (
        "Published in: J. Mem. 3 (2026) 1-9.",
        "The DOI is 10.1000/mem.3.",
        "The licence is CC BY 4.0.",
        "This version is withdrawn.",
        "This is version 1.",
    ):
        assert told in text
    assert "no journal" not in text


@pytest.mark.parametrize(
    ("newest", "told"),
    [
        (THIRD, "The newest version known here is v3, of 3 August 2026."),
        (
            replace(THIRD, withdrawn=True),
            "The newest version known here is v3, of 3 August 2026, in which the paper was withdrawn.",
        ),
    ],
)
def test_a_record_tells_of_a_newer_version_after_its_own(newest: Paper, told: str) -> None:
    sentences = recorded(WHOLE, newest=newest).passage.text.split("\n\n")

    assert sentences[1:3] == ["This is version 2, an update of 11 July 2026.", told]


@pytest.mark.parametrize("newest", [None, WHOLE, replace(WHOLE, version=1)])
def test_a_record_of_the_newest_version_tells_of_no_other(newest: Paper | None) -> None:
    assert recorded(WHOLE, newest=newest) == recorded(WHOLE)


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("Version 3 was posted on 3 August 2026.", "Version 3 was posted on 3 August 2026."),
        ("The newest version is v3.", "The newest version is v3."),
        ("The newest version is v4.", ""),
        ("The paper was published on 3 August 2026.", ""),
    ],
)
def test_what_the_record_says_of_a_newer_version_is_kept(statement: str, left: str) -> None:
    assert kept(statement, THIRD) == left


def test_of_a_thousand_authors_the_first_are_named() -> None:
    text = text_of_record(authors=tuple(f"A. N{number}" for number in range(1_030)))

    assert "A. N29 and 1,000 others." in text


def test_a_record_without_authors_and_categories_is_told_without_them() -> None:
    text = text_of_record(authors=(), categories=())

    assert "authors" not in text
    assert "category" not in text


@pytest.mark.parametrize(
    "statement",
    [
        "Foldcache was published on 5 June 2026.",
        "The paper was submitted to arXiv on June 5, 2026.",
        "It was published in 2026.",
        "Version 2 was updated on 11 July 2026.",
        "Version 2 was submitted on 11 July 2026.",
        "It was published on 2026-06-05.",
        "It was published on June 5, 2026, and updated on July 11, 2026.",
        "It was published in June 2026.",
        "It was accepted at Findings of ACL 2026.",
        "It has 12 pages.",
        "It is in cs.CL and cs.LG.",
        "The paper was written by Ada Writer, Bob Ng and Łukasz Kaiser.",
    ],
)
def test_what_the_record_says_is_kept(statement: str) -> None:
    assert kept(statement) == statement


@pytest.mark.parametrize(
    "statement",
    [
        "Foldcache was published on 6 June 2026.",
        "Foldcache was published on 5 May 2026.",
        "It was updated on August 11, 2026.",
        "It was published on 11 July 2026.",
        "It was submitted to arXiv on 2026-07-11.",
        "It was updated on 5 June 2026.",
        "It was published on 5 July 2026.",
        "It was published in July 2026.",
        "It was accepted on 5 June 2026.",
        "It was published on July 11, 2026, and updated on June 5, 2026.",
        "It was published in 2025.",
        "It was accepted at ICML 2026.",
        "It has 14 pages.",
        "The category is cs.CV.",
        "The authors are Carl Fake and Ada Writer.",
    ],
)
def test_what_the_record_does_not_say_is_dropped(statement: str) -> None:
    assert kept(statement) == ""


def of(*papers: Paper) -> AskScope:
    first, *also = [one.id for one in papers]
    return AskScope(kind=ScopeKind.PAPER, paper=first, also=tuple(also))


async def test_without_a_model_the_record_comes_first_and_is_labelled(database: Database) -> None:
    at = room(database, None)

    answer = (await at.ask("When was it published?", of(FOLD))).answer

    assert answer.kind is AnswerKind.PASSAGES
    record, page = answer.sources[0], answer.sources[1]
    assert "published there, on 16 November 2026." in record.quote
    assert "Its PDF has 2 pages." in record.quote
    assert (answer_words.pages(record), record.page_url) == ("arXiv's record", FOLD.abs_url)
    assert answer_words.label(record) == f"{FOLD.title}, arXiv:{FOLD.key}, arXiv's record"
    assert not page.of_record


async def test_an_answer_from_the_record_leads_to_the_papers_own_page(database: Database) -> None:
    at = room(database, ScriptedModel(saying("It was published on 16 November 2026.", "16 November")))

    answer = (await at.ask("When was it published?", of(FOLD))).answer

    (source,) = answer.sources
    assert answer.kind is AnswerKind.ANSWER
    assert (source.of_record, source.first_page, source.page_url) == (True, 0, FOLD.abs_url)
    assert source.quote == "The paper was submitted to arXiv, and published there, on 16 November 2026."


async def test_the_record_of_an_older_version_names_the_newest_that_is_stored(database: Database) -> None:
    at = room(database, None)
    third = replace(FOLD, version=3, updated=datetime(2026, 11, 20, 9, tzinfo=UTC))
    await at.has_read(FOLD)
    async with database.begin() as tx:
        await tx.papers.save([third])
    first = AskScope(kind=ScopeKind.PAPER, paper=FOLD.key)

    answer = (await at.ask("Is there a newer version?", first)).answer

    assert answer.sources[0].paper_key == FOLD.key
    assert "The newest version known here is v3, of 20 November 2026." in answer.sources[0].quote


async def test_papers_are_compared_by_their_records(database: Database) -> None:
    at = room(database, None)

    answer = (await at.ask("Which was published first?", of(FOLD, TIDE))).answer

    records = [source.paper_key for source in answer.sources if source.of_record]
    assert records == [FOLD.key, TIDE.key]


async def test_in_a_wide_scope_the_papers_found_get_their_records(database: Database) -> None:
    at = room(database, model := ScriptedModel(saying("Nothing.")))
    await at.has_read(FOLD, TIDE)

    await at.ask("Who are the authors of the volunteers' phones?")

    assert "The authors are Ada Writer." in model.prompts[0].user


async def test_a_question_in_another_language_has_the_record_beside_the_passages(database: Database) -> None:
    at = room(database, model := ScriptedModel(saying("It was published on 16 November 2026.", "16 Nov")))

    answer = (await at.ask("Wann wurde es veröffentlicht?", of(FOLD))).answer

    assert answer.sources[0].of_record
    assert model.prompts[0].user.index(FOLD_PAGES[0]) < model.prompts[0].user.index("arXiv's record")


async def test_without_a_model_other_questions_get_no_record(database: Database) -> None:
    at = room(database, None)

    answer = (await at.ask("How much memory does it keep?", of(FOLD))).answer

    assert not any(source.of_record for source in answer.sources)
