"""Papers that a question names by their place in a digest."""

import time

import pytest

from bot.answers.digest_places import NoSuchPlaceError, with_keys
from bot.errors import InputError
from storage.database import Database
from storage.model import AskScope, ScopeKind
from tests.bot.answers.room import FOLD, SERVER, THIS_WEEK, TIDE, Room, room, saying
from tests.fakes.model import ScriptedModel
from tests.storage.records import digest

KEYS = ("A", "B", "C")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does the second paper show?", "What does B show?"),
        ("Summarise paper 3", "Summarise C"),
        ("Compare papers 1 and 3.", "Compare A and C."),
        ("Compare papers #1, #2 and #3", "Compare A and B and C"),
        ("is highlight no. 2 faster?", "is B faster?"),
        ("Compare the first and the last paper", "Compare A and C"),
        ("Was the 1st article of this week's digest accepted?", "Was A accepted?"),
        ("who wrote the first one?", "who wrote A?"),
        ("How does paper 2 differ from the first?", "How does B differ from A?"),
        ("And what about the third?", "And what about C?"),
        ("Compare papers 1-3", "Compare A and B and C"),
        ("Compare papers #1–#3.", "Compare A and B and C."),
        ("Compare papers 3-1", "Compare C and B and A"),
        ("What do papers 1 to 3 share?", "What do A and B and C share?"),
        ("Compare highlights 1 through 2 and 3", "Compare A and B and C"),
        ("What do the first to third papers share?", "What do A and B and C share?"),
        ("Compare paper 1 to 3", "Compare A and C"),
        ("Compare the first to the last paper", "Compare A and C"),
        ("What is the last paper from last week about?", "What is C about?"),
        ("Compare the first paper to the third paper", "Compare A to C"),
        ("Compare the first paper with the second", "Compare A with B"),
        ("What is the second paper about?", "What is B about?"),
        ("Was the first paper in the digest of this week accepted?", "Was A accepted?"),
        ("Explain the second paper in detail", "Explain B in detail"),
        ("Explain the second paper in German", "Explain B in German"),
        ("Is the second paper in ICML?", "Is B in ICML?"),
        ("How does the second paper from Google work?", "How does B from Google work?"),
        ("Explain the last paper in NLP terms", "Explain C in NLP terms"),
        ("Was the first paper in 2024?", "Was A in 2024?"),
        ("Compare the second to the last paper", "Compare B and C"),
        ("What do paper 2 results say?", "What do B results say?"),
        ("What does the first paper say about the second?", "What does A say about B?"),
        ("Compare paper 1 with the second and the third.", "Compare A with B and C."),
        ("What about the second?", "What about B?"),
        ("Summarise the 3rd", "Summarise C"),
        ("Compare the first and the second", "Compare A and B"),
        ("Compare the first and last.", "Compare A and C."),
        ("compare the first with the second", "compare A with B"),
        ("Compare the second to the last", "Compare B to C"),
        ("What is the difference between the 1st and the 2nd?", "What is the difference between A and B?"),
        ("Is the first better than the second?", "Is A better than B?"),
        ("Is the first more accurate than the second?", "Is A more accurate than B?"),
        ("How does the first differ from the second?", "How does A differ from B?"),
        ("How do the first and the second compare?", "How do A and B compare?"),
        ("Compare the first with the second paper", "Compare A with B"),
        ("Which is faster, the first or the second?", "Which is faster, A or B?"),
        ("Which of the first two papers is faster?", "Which of A and B is faster?"),
        ("Who wrote the last two papers?", "Who wrote B and C?"),
        ("Compare the first 3 highlights of this week", "Compare A and B and C"),
        ("tldr 2nd", "tldr B"),
        ("tl;dr of the last", "tl;dr of C"),
        ("What is the 3rd about?", "What is C about?"),
        ("#3", "C"),
        ("Number 3?", "C?"),
        ("no. 2: limitations?", "B: limitations?"),
        ("#3 limitations?", "C limitations?"),
        ("What’s #2's dataset?", "What’s B's dataset?"),
        ("explain number 1", "explain A"),
        ("What is number 2 about?", "What is B about?"),
        ("Compare #1 with #3", "Compare A with C"),
        ("#1 is about what?", "A is about what?"),
        ("Is number 1 faster than number 2?", "Is A faster than B?"),
        ("Compare #1 with the third paper", "Compare A with C"),
    ],
)
def test_places_in_a_digest_name_its_papers(question: str, named: str) -> None:
    assert with_keys(question, KEYS, is_follow_up=False) == named


@pytest.mark.parametrize(
    "question",
    [
        "Which is the first paper to prove it?",
        "Is there a second paper on folding?",
        "What does the first layer do?",
        "Which paper 2024 had most pages?",
        "How many papers use 3 layers?",
        "Do papers 2.5 times as long matter?",
        "What happens in the second step, and what first?",
        "What was the last paper from DeepMind about?",
        "Which is the first paper in this area?",
        "Is it the first paper in NLP on this?",
        "What was the last paper of Ada Writer about?",
        "What is the second-to-last paper about?",
        "What is the second to last paper about?",
        "Compare the 2nd from last paper with it.",
        "What is the second to last about?",
        "What was the first paper in 2024?",
        "Is the last paper from DeepMind any good?",
        "What is the second last paper about?",
        "In the paper 10 baselines are used, why?",
        "In this paper 3 baselines are used, why?",
        "In paper 10 baselines are used, why?",
        "How does latency differ from the first layer to the last?",
        "In Folding Keys, does latency change from the first layer to the last?",
        "Is the first draft token charged less than the second?",
        "Is the first layer better than the second?",
        "Which papers improve over the first?",
        "There are two stages: is the first slower than the second?",
        "In the paper two baselines are used, why?",
        "In paper two baselines are used, why?",
        "Can you pick one for me?",
        "Explain each paper one by one.",
        "For each paper 2 bullet points",
        "Pick 3 papers for me",
        "Highlight 3 limitations",
        "The last two papers I read were bad. Anything better?",
        "What were the last two papers published by DeepMind?",
        "Over the last 10 papers, what trend is there?",
        "Explain the second from the last.",
        "Explain the third from the last paper.",
        "What does the paper two students wrote show?",
        "Is this a paper one can trust?",
        "Which paper one could read?",
        "Are papers two years old too old?",
        "Is it a paper two-thirds of us can read?",
        "What were the first two papers to prove it?",
        "What were the last three papers from DeepMind about?",
        "Number 1 causes of errors?",
        "What is number 2 in the list of errors?",
        "No. 2.5 or 3?",
        "No, 3 baselines are used?",
        "#2.5",
        "#1 reason why folds fail?",
        "#1 problem in folding?",
        "summarise 3",
        "Which is the number 1 model?",
        "What is the second layer about?",
    ],
)
def test_other_counts_name_no_paper(question: str) -> None:
    assert with_keys(question, KEYS, is_follow_up=False) == question


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Summarise the 11th paper", "Summarise P11"),
        ("Summarise the twenty first paper", "Summarise P21"),
        ("What is the twelfth highlight about?", "What is P12 about?"),
        ("Compare the 9th and the 12th paper", "Compare P9 and P12"),
        ("Compare the 10th and 11th papers", "Compare P10 and P11"),
        ("Is the 21st paper longer than the twenty-third?", "Is P21 longer than P23?"),
        ("What is the twenty-second paper about?", "What is P22 about?"),
        ("What do the 22nd to 24th papers share?", "What do P22 and P23 and P24 share?"),
        ("What is the sixteenth one about?", "What is P16 about?"),
        ("Who wrote the twenty-fifth paper?", "Who wrote P25?"),
        (
            "Which of the last ten papers is by Ada?",
            f"Which of {' and '.join(f'P{n}' for n in range(16, 26))} is by Ada?",
        ),
    ],
)
def test_all_places_of_the_longest_digest_are_understood(question: str, named: str) -> None:
    assert with_keys(question, [f"P{place}" for place in range(1, 26)], is_follow_up=False) == named


def test_beside_a_paper_what_is_first_or_last_of_something_else_is_left() -> None:
    question = "In paper 2, does latency change from the first layer to the last?"

    assert with_keys(question, KEYS, is_follow_up=False) == question.replace("paper 2", "B")


@pytest.mark.parametrize(
    "question",
    [
        "Why the second one?",
        "What about the second?",
        "Is the first better than the second?",
        "#2?",
        "tldr 2nd",
    ],
)
def test_in_a_follow_up_the_second_refers_to_what_was_said(question: str) -> None:
    assert with_keys(question, KEYS, is_follow_up=True) == question


@pytest.mark.parametrize(
    "question",
    [
        "What is paper 4 about?",
        "Compare the first and the fourth",
        "#4",
    ],
)
def test_a_place_beyond_the_last_does_not_exist(question: str) -> None:
    with pytest.raises(NoSuchPlaceError, match="4"):
        with_keys(question, KEYS, is_follow_up=False)


def test_a_range_beyond_the_last_does_not_exist() -> None:
    with pytest.raises(NoSuchPlaceError, match="9"):
        with_keys("Compare papers 2-9", KEYS, is_follow_up=False)


@pytest.mark.parametrize(
    "text",
    ["papers 1" + "-1" * 5_000 + "x", "the first" + " and the first" * 5_000 + "x", "#1" + " and #1" * 5_000],
)
def test_a_hostile_question_is_read_in_little_time(text: str) -> None:
    started = time.process_time()

    with_keys(text, KEYS, is_follow_up=False)

    assert time.process_time() - started < 2


async def posted(database: Database, model: ScriptedModel) -> Room:
    at = room(database, model)
    await at.has_read(FOLD, TIDE)
    async with database.begin() as tx:
        await tx.digests.save(digest(server_id=SERVER, highlights=(FOLD.id, TIDE.id)))
    return at


async def test_the_second_paper_is_the_digests_and_the_model_reads_its_title(database: Database) -> None:
    at = await posted(database, model := ScriptedModel(saying("Tidepool was tested.", "volunteers")))

    answered = await at.ask("Who tested the second paper?", THIS_WEEK)

    assert answered.scope == AskScope(kind=ScopeKind.PAPER, paper=TIDE.key, week="2026-W47")
    assert answered.answer.searched == TIDE.title
    assert f"Who tested “{TIDE.title}”" in model.prompts[0].user
    assert "Foldcache" not in model.prompts[0].user


async def test_a_conversation_about_one_paper_of_a_digest_goes_on_to_the_others(database: Database) -> None:
    at = await posted(database, ScriptedModel(*[saying("Nothing.")] * 4))
    first = await at.ask("What does paper 2 show?", THIS_WEEK)

    same = await at.ask_after(first, "And how?")
    other = await at.ask_after(same, "And the first paper?")
    both = await at.ask_after(other, "How does it compare with the second paper?")

    assert [one.scope.papers for one in (first, same, other, both)] == [
        (TIDE.key,),
        (TIDE.key,),
        (FOLD.key,),
        (FOLD.key, TIDE.key),
    ]


async def test_in_a_conversation_that_goes_by_places_the_second_one_is_a_paper(database: Database) -> None:
    at = await posted(database, ScriptedModel(*[saying("Nothing.")] * 6))
    first = await at.ask("tldr of the first paper", THIS_WEEK)

    second = await at.ask_after(first, "and the second one?")
    again = await at.ask_after(second, "what about the first?")
    elsewhere = await at.ask_after(again, "How was it evaluated?")
    not_a_place = await at.ask_after(elsewhere, "and the second one?")

    assert [one.scope.papers for one in (first, second, again, elsewhere, not_a_place)] == [
        (FOLD.key,),
        (TIDE.key,),
        *[(FOLD.key,)] * 3,
    ]
    with pytest.raises(InputError, match="no number 3"):
        await at.ask_after(again, "and the third one?")


async def test_after_all_papers_of_a_digest_the_second_is_one_of_them(database: Database) -> None:
    at = await posted(database, ScriptedModel(*[saying("Nothing.")] * 2))
    first = await at.ask("What's new this week?", THIS_WEEK)

    second = await at.ask_after(first, "Tell me more about the second")

    assert (first.scope.papers, second.scope.papers) == ((), (TIDE.key,))


async def test_of_papers_that_are_compared_the_second_is_no_place(database: Database) -> None:
    at = await posted(database, ScriptedModel(*[saying("Nothing.")] * 2))
    first = await at.ask("Compare paper 2 with the first", THIS_WEEK)

    second = await at.ask_after(first, "Why is the second one better?")

    assert second.scope.papers == first.scope.papers == (TIDE.key, FOLD.key)


async def test_a_place_that_the_digest_does_not_have_is_reported(database: Database) -> None:
    at = await posted(database, ScriptedModel())

    with pytest.raises(InputError, match="has 2 highlights: there is no number 3"):
        await at.ask("What is paper 3 about?", THIS_WEEK)
