"""From a question to an answer, on both databases."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.errors import InputError, ModelError, PaperNotFoundError, PdfError
from bot.privacy import Privacy
from bot.progress import UNWATCHED
from storage.conversations import Conversations
from storage.database import Database
from storage.failures import LOST, StorageFailure
from storage.model import AnswerKind, Asker, AskScope, Reader, ScopeKind
from tests.bot.answers.room import (
    ADA,
    BOB,
    EVERYTHING,
    FOLD,
    MEMORY,
    SERVER,
    THIS_WEEK,
    TIDE,
    Room,
    room,
    saying,
)
from tests.bot.limits.doors import AT_A_TIME
from tests.bot.summaries.papers import paper
from tests.fakes.model import CrampedModel, ScriptedModel
from tests.fakes.progress import HeardProgress
from tests.storage.records import digest

OTHER = paper(id="2611.00003", title="A third paper about memory")
KEEPS = saying("Foldcache keeps 12.5 % of the key-value memory.", "12.5 %")


def of(paper_id: str) -> AskScope:
    return AskScope(kind=ScopeKind.PAPER, paper=paper_id)


async def read(database: Database, *script: object) -> tuple[Room, ScriptedModel]:
    model = ScriptedModel(*script)  # type: ignore[arg-type]
    at = room(database, model)
    await at.has_read(FOLD, TIDE)
    return at, model


async def test_an_answer_has_a_checked_sentence_with_its_page(database: Database) -> None:
    at, _ = await read(database, KEEPS)

    answer = (await at.ask(MEMORY)).answer

    assert answer.kind is AnswerKind.ANSWER
    assert answer.text == "Foldcache keeps 12.5 % of the key-value memory."
    (source,) = answer.sources
    assert (source.paper_key, source.first_page, source.last_page) == (FOLD.key, 2, 2)
    assert source.page_url == "https://arxiv.org/pdf/2611.00001v1#page=2"
    assert source.quote in (
        "On LongQuiz, Foldcache keeps 12.5 % of the key-value memory and reaches an accuracy of 81.2 %."
    )
    assert (answer.model, answer.searched) == ("scripted-1", "everything seen here")


async def test_papers_seen_are_looked_up_in_steps_that_each_keep_others_waiting_briefly(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, _ = await read(database)
    monkeypatch.setattr("storage.batches.BATCH_SIZE", 1)
    begun = list[object]()
    event.listen(database._engine.sync_engine, "begin", begun.append)

    assert await at.scopes.seen(Reader(server_id=SERVER)) == (FOLD.key, TIDE.key)
    assert len(begun) == 3


async def test_a_paper_that_is_not_stored_is_fetched_and_read_first(database: Database) -> None:
    at, watched = room(database, ScriptedModel(KEEPS)), HeardProgress()

    answered = await at.ask(MEMORY, of(FOLD.id), progress=watched)

    assert answered.answer.kind is AnswerKind.ANSWER
    assert answered.scope == of(FOLD.key)
    assert at.pdfs.fetched == [FOLD.key]
    assert watched.stages[0] == "asking arXiv"
    assert watched.stages[-2:] == ["searching", "writing"]


async def test_a_link_in_the_question_names_the_paper_and_is_not_searched_for(database: Database) -> None:
    at = room(database, model := ScriptedModel(KEEPS))

    answered = await at.ask(f"{MEMORY} https://arxiv.org/abs/2611.00001", THIS_WEEK)

    assert answered.scope == of(FOLD.key)
    assert answered.answer.kind is AnswerKind.ANSWER
    assert "Tidepool" not in model.prompts[0].user


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What is 2611.00001's share of memory?", "What is share of memory?"),
        ("请总结2611.00001的方法", "请总结 的方法"),
        ("请看https://arxiv.org/abs/2611.00001这篇论文", "请看 这篇论文"),
        ("2611.00001 says what? I mean 2611.00001.", "says what? I mean"),
        ("说明 https://arxiv.org/abs/2611.00001。", "说明 。"),
        ("tldr https://arxiv.org/abs/2611.00001", "tldr"),
        ("2611.00001", ""),
    ],
)
async def test_a_name_that_touches_other_words_is_cut_out_of_them(
    database: Database, asked: str, told: str
) -> None:
    at = room(database, ScriptedModel())

    chosen = await at.scopes.chosen(asked, EVERYTHING, Reader(server_id=7), progress=UNWATCHED)

    assert (chosen.scope, chosen.question) == (of(FOLD.key), told)


async def test_an_unknown_paper_is_reported(database: Database) -> None:
    at = room(database, ScriptedModel())

    with pytest.raises(PaperNotFoundError):
        await at.ask(MEMORY, of("2611.77777"))


async def test_the_week_is_the_servers_latest_highlights(database: Database) -> None:
    at, model = await read(database, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(server_id=7, highlights=(FOLD.id,)))

    answered = await at.ask(MEMORY, THIS_WEEK)

    assert answered.answer.searched == "highlights of 2026-W47"
    assert "Tidepool" not in model.prompts[0].user


async def test_a_title_that_is_no_highlight_of_the_week_is_looked_for_in_everything_seen(
    database: Database,
) -> None:
    at, model = await read(database, KEEPS, KEEPS, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, highlights=(FOLD.id,)))

    by_title = await at.ask(f"How was “{TIDE.title}” evaluated?", THIS_WEEK)
    of_week = await at.ask(MEMORY, THIS_WEEK)
    among_others = await at.ask(f"How was “{TIDE.title}” evaluated?", THIS_WEEK, keeps_to_scope=True)

    assert by_title.answer.searched == TIDE.title
    assert [one.answer.searched for one in (of_week, among_others)] == ["highlights of 2026-W47"] * 2
    assert given(model) == [{TIDE.title}, {FOLD.title}, {FOLD.title}]


async def test_a_follow_up_stays_with_the_week_when_the_next_digest_is_there(database: Database) -> None:
    at, model = await read(database, KEEPS, KEEPS, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, "2026-W46", highlights=(FOLD.id,)))
        await tx.digests.save(digest(8, "2026-W46", highlights=(TIDE.id,)))
        await tx.digests.save(digest(SERVER, "2026-W46", id="preview:1", published=False))
    first = await at.ask(MEMORY, THIS_WEEK)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, "2026-W47", highlights=(TIDE.id,)))

    second = await at.ask_after(first, "And how accurate is it?")
    await at.ask(MEMORY, THIS_WEEK)

    assert first.scope == second.scope == AskScope(kind=ScopeKind.WEEK, week="2026-W46")
    assert second.answer.searched == "highlights of 2026-W46"
    assert given(model) == [{FOLD.title}, {FOLD.title}, {TIDE.title}]


async def test_a_follow_up_searches_everything_seen_once_its_digest_is_gone(database: Database) -> None:
    at, _ = await read(database, KEEPS, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, highlights=(FOLD.id,)))
    first = await at.ask(MEMORY, THIS_WEEK)
    async with database.begin() as tx:
        await tx.digests.forget_owner(SERVER)

    second = await at.ask_after(first, "And how accurate is it?")

    assert (second.scope, second.answer.searched) == (EVERYTHING, "everything seen here")


@pytest.mark.parametrize("scope", [THIS_WEEK, EVERYTHING])
async def test_in_direct_messages_the_personal_digest_is_searched(
    database: Database, scope: AskScope
) -> None:
    at, model = await read(database, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(server_id=1, highlights=(FOLD.id,)))

    answered = await at.ask(MEMORY, scope, asker=Asker(user_id=1, server_id=None))

    assert (answered.scope.kind, answered.answer.kind) == (scope.kind, AnswerKind.ANSWER)
    assert given(model) == [{FOLD.title}]


@pytest.mark.parametrize("asker", [Asker(user_id=2, server_id=None), Asker(user_id=1, server_id=8)])
@pytest.mark.parametrize("scope", [THIS_WEEK, EVERYTHING])
async def test_a_personal_digest_is_not_searched_for_anyone_else_or_in_a_server(
    database: Database, scope: AskScope, asker: Asker
) -> None:
    at, _ = await read(database)
    async with database.begin() as tx:
        await tx.digests.save(digest(server_id=1, highlights=(FOLD.id,)))

    with pytest.raises(InputError, match="no papers to search"):
        await at.ask(MEMORY, scope, asker=asker)


async def test_without_a_digest_the_week_is_everything_seen(database: Database) -> None:
    at, _ = await read(database, KEEPS)

    answered = await at.ask(MEMORY, THIS_WEEK)

    assert answered.scope == EVERYTHING
    assert answered.answer.kind is AnswerKind.ANSWER


async def test_a_server_does_not_see_what_another_has_seen(database: Database) -> None:
    at, model = await read(database)
    await at.has_read(TIDE, reader=Reader(server_id=8))

    answer = (await at.ask(MEMORY, asker=Asker(user_id=1, server_id=8))).answer

    assert answer.kind is not AnswerKind.ANSWER
    assert all("Foldcache" not in prompt.user.split("The question")[0] for prompt in model.prompts)


async def test_without_any_paper_it_says_what_to_do(database: Database) -> None:
    at = room(database, ScriptedModel())

    with pytest.raises(InputError, match="Name a paper in your question"):
        await at.ask(MEMORY)


@pytest.mark.parametrize("question", ["", "  ", "???", "x" * 1001])
async def test_text_without_a_question_is_refused(database: Database, question: str) -> None:
    at = room(database, ScriptedModel())

    with pytest.raises(InputError):
        await at.ask(question)


@pytest.mark.parametrize("question", ["Hi there!", "thank you", "How are you today?", "good bot :)"])
async def test_small_talk_gets_a_friendly_no_without_any_work(database: Database, question: str) -> None:
    at, model = await read(database)

    answer = (await at.ask(question)).answer

    assert (answer.kind, answer.sources, model.prompts) == (AnswerKind.OFF_TOPIC, (), [])


async def test_what_the_model_calls_off_topic_gets_the_same_answer(database: Database) -> None:
    at, _ = await read(database, saying("Flour, water and salt.", "12.5", about_papers=False))

    answered = await at.ask("How do I bake bread in key-value memory?")

    answer = answered.answer
    assert (answer.kind, answer.sentences, answer.sources) == (AnswerKind.OFF_TOPIC, (), ())
    kept = await at.answers.conversation(answered.conversation_id)
    assert kept is not None
    assert kept.turns == ()  # no later "it" refers to small talk


@pytest.mark.parametrize(
    "reply",
    [
        saying("Foldcache was trained on German newspapers.", "12.5 %"),
        saying("Foldcache keeps 12.5 % of the key-value memory.", "12.5 %", answered=False),
        '{"about_papers": true, "answered": true, "sentences": []}',
    ],
)
async def test_without_a_supported_sentence_the_nearest_papers_are_named(
    database: Database, reply: object
) -> None:
    at, _ = await read(database, reply)

    answer = (await at.ask("Which newspapers was Foldcache trained on?")).answer

    assert (answer.kind, answer.sources, answer.sentences) == (AnswerKind.NOT_IN_PAPERS, (), ())
    assert [near.paper_key for near in answer.nearest] == [FOLD.key, TIDE.key]


async def test_without_a_model_passages_are_shown_verbatim(database: Database) -> None:
    at = room(database, None)
    await at.has_read(FOLD, TIDE)

    answer = (await at.ask(MEMORY)).answer

    assert (answer.kind, answer.model, answer.sentences) == (AnswerKind.PASSAGES, "", ())
    best = answer.sources[0]
    assert best.paper_key == FOLD.key
    assert "Foldcache keeps 12.5 % of the key-value memory" in best.quote


async def test_without_a_model_what_has_nothing_to_do_with_the_papers_gets_no_passages(
    database: Database,
) -> None:
    at = room(database, None)
    await at.has_read(FOLD, TIDE)

    answer = (await at.ask("Which sauce suits baked salmon, dill or lemon butter?")).answer

    assert (answer.kind, answer.sources) == (AnswerKind.NOT_IN_PAPERS, ())
    assert len(answer.nearest) == 2
    assert answer.remark is not None
    assert "ask in English" in answer.remark


async def test_without_a_model_a_paper_that_was_named_shows_its_nearest_passages_and_says_so(
    database: Database,
) -> None:
    at = room(database, None)

    weak = (await at.ask("Which sauce suits baked salmon?", of(FOLD.id))).answer
    good = (await at.ask(MEMORY, of(FOLD.id))).answer

    assert weak.kind is good.kind is AnswerKind.PASSAGES
    assert weak.sources
    assert weak.remark is not None
    assert "may not answer it. Without a language model" in weak.remark
    assert good.remark is None


async def test_a_page_that_a_question_names_is_shown_first(database: Database) -> None:
    at = room(database, None)
    plates = paper(id="2611.00007", title="Plates")
    at.lists((plates, (*("Potters show clay and glaze. " * 12 for _ in range(3)), "Kilns by year.")))

    answer = (await at.ask("What is on page 4?", of(plates.id))).answer

    assert (answer.kind, answer.sources[0].first_page) == (AnswerKind.PASSAGES, 4)


ABSTRACT = "Maps of rivers are folded into short tables, so that long documents fit into a telephone."
RIVERMAP = paper(id="2611.00005", title="Rivermap: reading long documents", abstract=ABSTRACT)
RIVERMAP_PAGES = (
    "The telephones were bought at a market, and this paper is the first about them. " * 20,
    f"{ABSTRACT} " * 12,
    "Experiments: what this paper is about is shown with 12 telephones. " * 20,
)


async def test_what_a_paper_is_about_is_what_its_abstract_says(database: Database) -> None:
    at = room(database, None)
    at.lists((RIVERMAP, RIVERMAP_PAGES))

    answer = (await at.ask("What is this paper about?", of(RIVERMAP.id))).answer

    assert answer.kind is AnswerKind.PASSAGES
    assert answer.sources[0].quote.startswith(ABSTRACT)


SAYS_NOTHING = '{"about_papers": true, "answered": false, "sentences": []}'


async def test_what_a_week_is_about_is_what_all_its_abstracts_say(database: Database) -> None:
    at, model = await read(database, SAYS_NOTHING)
    highlights = [paper(id=f"2611.001{n:02}", title=f"Paper {n}", abstract=f"Say {n}.") for n in range(20)]
    async with database.begin() as tx:
        await tx.papers.save(highlights)
        await tx.digests.save(digest(SERVER, highlights=tuple(one.id for one in highlights)))

    await at.ask("What's new this week?", THIS_WEEK)
    shown = (await room(database, None).ask("Give me a summary of each paper", THIS_WEEK)).answer

    passages = re.findall(r"Paper: (.*)\n+(Say .*)", model.prompts[0].user)
    assert passages == [(one.title, one.abstract) for one in highlights]
    assert [source.quote for source in shown.sources] == [one.abstract for one in highlights[:12]]
    assert shown.remark == "These are 12 of 20 abstracts."


async def test_abstracts_that_a_model_has_no_room_for_are_counted(database: Database) -> None:
    at = room(database, ScriptedModel(SAYS_NOTHING, context_tokens=100))
    highlights = [paper(id=f"2611.001{n:02}", title=f"Paper {n}", abstract=f"Say {n}.") for n in range(20)]
    async with database.begin() as tx:
        await tx.papers.save(highlights)
        await tx.digests.save(digest(SERVER, highlights=tuple(one.id for one in highlights)))

    answer = (await at.ask("What's new this week?", THIS_WEEK)).answer

    assert answer.remark == "The model could read only 1 of 20 abstracts."


async def test_in_a_conversation_about_a_week_an_overview_is_of_what_was_spoken_of(
    database: Database,
) -> None:
    at, model = await read(database, *[SAYS_NOTHING] * 3)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, highlights=(FOLD.id, TIDE.id)))
    first = await at.ask(MEMORY, THIS_WEEK)

    await at.ask_after(first, "tl;dr")
    await at.ask_after(first, "And what is new this week?")

    assert [FOLD.abstract in prompt.user for prompt in model.prompts] == [False, False, True]


@pytest.mark.parametrize("asked", ["tldr {}", "explain {}", "What about {}?", "{}"])
@pytest.mark.parametrize("name", [RIVERMAP.id, RIVERMAP.abs_url, RIVERMAP.title, f"“{RIVERMAP.title}”"])
async def test_beside_a_name_one_word_or_none_is_enough_to_ask_for_an_overview(
    database: Database, asked: str, name: str
) -> None:
    at = room(database, None)
    at.lists((RIVERMAP, RIVERMAP_PAGES))
    await at.has_read(FOLD, RIVERMAP)

    answered = await at.ask(asked.format(name))

    assert answered.scope == of(RIVERMAP.key)
    assert answered.answer.sources[0].quote.startswith(ABSTRACT)


@pytest.mark.parametrize("name", [RIVERMAP.id, RIVERMAP.title, f"“{RIVERMAP.title}”"])
@pytest.mark.parametrize(
    ("before", "begins"),
    [
        ("How many telephones were the experiments shown with?", "Experiments: "),
        (f"tldr of {FOLD.id}", ABSTRACT),
        ("who wrote it?", "The paper was submitted"),
    ],
)
async def test_a_follow_up_that_only_names_another_paper_asks_the_same_of_it(
    database: Database, before: str, begins: str, name: str
) -> None:
    at = room(database, None)
    at.lists((RIVERMAP, RIVERMAP_PAGES))
    await at.has_read(RIVERMAP)
    first = await at.ask(before, of(FOLD.id))

    second = await at.ask_after(first, f"and {TIDE.id}?")
    third = await at.ask_after(second, f"OK, and what about {name}?")

    assert third.scope == of(RIVERMAP.key)
    assert third.answer.sources[0].quote.startswith(begins)


async def test_if_the_model_fails_passages_are_shown_with_the_reason(database: Database) -> None:
    at, _ = await read(database, ModelError("The language model is busy."))

    answer = (await at.ask(MEMORY)).answer

    assert (answer.kind, answer.remark) == (AnswerKind.PASSAGES, "The language model is busy.")


async def test_a_context_smaller_than_set_is_respected_once_the_server_says_so(database: Database) -> None:
    model = CrampedModel(KEEPS, fits=1_600)
    at = room(database, model)
    await at.has_read(FOLD, TIDE)

    answer = (await at.ask(MEMORY)).answer

    assert (answer.kind, answer.remark) == (AnswerKind.ANSWER, None)
    assert len(model.prompts) == 2


async def test_if_the_model_fails_the_remark_about_the_abstract_stays(
    database: Database,
) -> None:
    at = room(database, ScriptedModel(ModelError("The language model is busy.")))
    at.arxiv.listed.append(OTHER)

    answer = (await at.ask("What does it say about memory?", of(OTHER.id))).answer

    assert answer.remark is not None
    assert answer.remark.startswith(
        "The language model is busy. I could read only the abstract of this paper"
    )


@pytest.mark.parametrize("flags", [{}, {"answered": False}, {"about_papers": False}])
async def test_a_prompt_cut_by_the_model_server_is_reported(
    database: Database, flags: dict[str, bool]
) -> None:
    keeps = saying("Foldcache keeps 12.5 % of the key-value memory.", "12.5 %", **flags)
    at = room(database, ScriptedModel(keeps, truncates=True))
    await at.has_read(FOLD)

    answer = (await at.ask(MEMORY)).answer

    assert answer.remark == "The model server cut off part of what it was given to read."


GULL = paper(
    id="2611.00009",
    title="Gullwing: pruning heads of speech models",
    abstract="Gullwing prunes 40 % of the attention heads of a speech model.",
)
PRUNES = saying("Gullwing prunes 40 % of the attention heads of a speech model.", "40 %")


@pytest.mark.parametrize("retryable", [True, False])
async def test_if_the_pdf_fails_the_abstract_is_searched_whether_it_is_retried_or_not(
    database: Database, retryable: bool
) -> None:
    at = room(database, ScriptedModel(PRUNES))
    at.arxiv.listed.append(GULL)
    at.pdfs.failures[GULL.id] = PdfError("arXiv did not answer.", retryable=retryable)

    answer = (await at.ask("How many heads does it prune?", of(GULL.id))).answer

    assert answer.text == "Gullwing prunes 40 % of the attention heads of a speech model."
    assert [(source.paper_key, source.first_page) for source in answer.sources] == [(GULL.key, 0)]
    assert answer.remark == "I could read only the abstract of this paper: arXiv did not answer."


async def test_an_abstract_is_read_once_more_when_the_pdf_is_there(database: Database) -> None:
    at, model = await read(database, PRUNES, KEEPS)
    at.lists((GULL, ("Foldcache keeps 12.5 % of the key-value memory.",)))
    at.pdfs.failures[GULL.id] = PdfError("arXiv did not answer.")
    first = await at.ask("How many heads does it prune?", of(GULL.id))
    del at.pdfs.failures[GULL.id]

    second = await at.ask_after(first, "How much of the memory does it keep?")

    assert second.answer.remark is None
    assert GULL.abstract not in model.prompts[1].user.split("Earlier turns")[0]
    assert second.answer.sources[0].first_page == 1


async def test_an_abstract_is_compared_with_a_paper_that_was_read(database: Database) -> None:
    at, model = await read(database, PRUNES)
    at.arxiv.listed.append(GULL)
    at.pdfs.failures[GULL.id] = PdfError("arXiv did not answer.")

    answer = (await at.ask(f"How does {GULL.id} compare with {FOLD.id}?")).answer

    assert GULL.abstract in model.prompts[0].user
    assert f"Paper: {FOLD.title}" in model.prompts[0].user
    assert answer.remark == f"I could read only the abstract of “{GULL.title}”: arXiv did not answer."


async def test_without_a_model_an_abstract_that_is_not_stored_is_shown(database: Database) -> None:
    at = room(database, None)
    at.arxiv.listed.append(GULL)
    at.pdfs.failures[GULL.id] = PdfError("arXiv did not answer.")

    answer = (await at.ask("How many heads does it prune?", of(GULL.id))).answer

    assert (answer.kind, answer.sources[0].quote) == (AnswerKind.PASSAGES, GULL.abstract)


async def test_highlights_that_could_not_be_searched_are_counted(database: Database) -> None:
    at, _ = await read(database, KEEPS)
    async with database.begin() as tx:
        await tx.papers.save([GULL])
        await tx.digests.save(digest(SERVER, highlights=(FOLD.id, TIDE.id, GULL.id)))

    answer = (await at.ask(MEMORY, THIS_WEEK)).answer

    assert answer.remark == "1 of 3 highlights could not be searched."


async def test_nothing_is_said_where_all_highlights_were_searched(database: Database) -> None:
    at, _ = await read(database, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, highlights=(FOLD.id, TIDE.id)))

    assert (await at.ask(MEMORY, THIS_WEEK)).answer.remark is None


async def test_a_follow_up_carries_the_turns_to_the_search_and_to_the_model(database: Database) -> None:
    at, model = await read(database, KEEPS, saying("It reaches an accuracy of 81.2 % on LongQuiz.", "81.2"))
    first = await at.ask(MEMORY, of(FOLD.id))

    second = await at.ask(
        "And how accurate is it?", first.scope, after=await at.answers.conversation(first.conversation_id)
    )

    assert second.answer.text == "It reaches an accuracy of 81.2 % on LongQuiz."
    assert MEMORY in model.prompts[1].user
    assert "Foldcache keeps 12.5 %" in model.prompts[1].user.split("Earlier turns")[1]
    kept = await at.answers.conversation(second.conversation_id)
    assert kept is not None
    assert [turn.question for turn in kept.turns] == [MEMORY, "And how accurate is it?"]


def given(model: ScriptedModel) -> list[set[str]]:
    """The titles of the papers from which the model had passages, by question."""
    passages = [prompt.user.split("Earlier turns")[0] for prompt in model.prompts]
    return [{one.title for one in (FOLD, TIDE) if f"Paper: {one.title}" in text} for text in passages]


@pytest.mark.parametrize(
    "named",
    [f"“{TIDE.title}”", TIDE.title, "“scheduling attention on small devices”", TIDE.id],
)
async def test_a_follow_up_that_names_another_paper_is_about_that_one(database: Database, named: str) -> None:
    at, model = await read(database, *[KEEPS] * 3)
    first = await at.ask(f"What does “{FOLD.title}” say about memory?")

    second = await at.ask_after(first, f"And what does {named} say about it?")
    third = await at.ask_after(second, f"And what does “{FOLD.title}” say about that?")

    assert given(model) == [{FOLD.title}, {TIDE.title}, {FOLD.title}]
    assert [one.scope for one in (first, second, third)] == [of(FOLD.key), of(TIDE.key), of(FOLD.key)]
    assert [one.answer.searched for one in (first, second)] == [FOLD.title, TIDE.title]


@pytest.mark.parametrize("between", ["And how accurate is it?", "Thank you!"])
async def test_the_subject_of_a_conversation_outlasts_a_short_question_and_small_talk(
    database: Database, between: str
) -> None:
    at, model = await read(database, *[KEEPS] * 3)
    others = [paper(id=f"2611.0010{n}", title=f"Method {n} for accurate models") for n in range(9)]
    at.lists(*((each, ("Why is it accurate? It is accurate as it sees more data.",)) for each in others))
    await at.has_read(*others)
    first = await at.ask(MEMORY)

    second = await at.ask_after(first, between)
    await at.ask_after(second, "Why is that?")

    assert f"Paper: {FOLD.title}" in model.prompts[-1].user


async def test_a_paper_named_by_its_title_stays_the_subject_of_the_turns_after(database: Database) -> None:
    at, model = await read(database, *[KEEPS] * 3)

    first = await at.ask(f"What does “{FOLD.title}” propose?")
    second = await at.ask_after(first, "How is it evaluated?")
    third = await at.ask_after(second, "And with how many volunteers?")

    assert given(model) == [{FOLD.title}] * 3
    assert third.scope == of(FOLD.key)


async def test_where_others_would_see_what_was_read_a_title_leads_to_no_other_paper(
    database: Database,
) -> None:
    at, model = await read(database, KEEPS, KEEPS)
    first = await at.ask(MEMORY, of(FOLD.id))

    second = await at.ask_after(first, f"And what does “{TIDE.title}” say about it?", keeps_to_scope=True)

    assert given(model) == [{FOLD.title}] * 2
    assert second.scope == of(FOLD.key)


async def test_a_title_names_no_paper_that_the_reader_has_not_seen(database: Database) -> None:
    at = room(database, model := ScriptedModel(KEEPS, KEEPS))
    await at.has_read(TIDE, reader=Reader(server_id=8))
    first = await at.ask(MEMORY, of(FOLD.id))

    await at.ask_after(first, f"And what does “{TIDE.title}” say about it?")

    assert given(model) == [{FOLD.title}] * 2


BOTH = AskScope(kind=ScopeKind.PAPER, paper=FOLD.key, also=(TIDE.key,))


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        (f"How does {FOLD.abs_url} compare with {TIDE.abs_url}?", EVERYTHING),
        (f"How does “{FOLD.title}” compare with “{TIDE.title}”?", EVERYTHING),
        (f"How does “{FOLD.title}” compare with {TIDE.id}?", EVERYTHING),
        (f"How does it differ from {TIDE.abs_url}?", of(FOLD.key)),
        (f"What does {TIDE.id} say of this?", of(FOLD.key)),
        (f"How does it differ from “{TIDE.title}”?", of(FOLD.key)),
    ],
)
async def test_all_papers_that_are_named_or_chosen_are_searched(
    database: Database, question: str, scope: AskScope
) -> None:
    at, model = await read(database, KEEPS, KEEPS)

    first = await at.ask(question, scope)
    second = await at.ask_after(first, "Which of the two is faster?")

    assert given(model) == [{FOLD.title, TIDE.title}] * 2
    assert first.scope == second.scope == BOTH
    assert first.answer.searched == f"{FOLD.title}; {TIDE.title}"


async def test_a_comparison_with_a_paper_that_arxiv_does_not_know_is_about_the_others(
    database: Database,
) -> None:
    at, model = await read(database, KEEPS)

    answered = await at.ask(f"How do {FOLD.id}, 2611.77777 and {TIDE.id} compare?")

    assert given(model) == [{FOLD.title, TIDE.title}]
    assert answered.scope == BOTH
    assert answered.answer.remark == "arXiv has no paper 2611.77777. Check that the number is right."


async def test_the_model_is_told_which_of_two_papers_it_reads_where_the_other_is_unknown(
    database: Database,
) -> None:
    at, model = await read(database, KEEPS)

    await at.ask(f"How do 2611.77777 and {FOLD.id} compare?")

    asked = model.prompts[0].user.split("The question:")[1]
    assert f"How do 2611.77777 and “{FOLD.title}” compare?" in asked


@pytest.mark.parametrize(
    ("question", "scope"), [("How does it differ from 2611.77777?", BOTH), (MEMORY, of("2611.77777"))]
)
async def test_no_other_paper_answers_for_those_that_a_question_is_about(
    database: Database, question: str, scope: AskScope
) -> None:
    at, model = await read(database)

    with pytest.raises(PaperNotFoundError, match=r"2611\.77777"):
        await at.ask(question, scope)

    assert not model.prompts


async def test_the_model_reads_titles_where_a_question_links_several_papers_and_all_of_them(
    database: Database,
) -> None:
    at = room(database, model := ScriptedModel(KEEPS))

    await at.ask(f"Does {FOLD.abs_url} need more memory than {TIDE.abs_url}?")

    asked = model.prompts[0].user.split("The question:")[1]
    assert f"Does “{FOLD.title}” need more memory than “{TIDE.title}”" in asked
    assert at.pdfs.fetched == [FOLD.key, TIDE.key]


async def test_each_paper_contributes_passages_however_likely_another_is(
    database: Database,
) -> None:
    at = room(database, model := ScriptedModel(KEEPS))
    at.lists((OTHER, tuple(f"Foldcache keeps memory, {number}. " * 60 for number in range(9))))
    await at.has_read(FOLD, OTHER)

    await at.ask(f"How much memory do {OTHER.id} and {FOLD.id} keep?")

    papers = re.findall("Paper: (.*)", model.prompts[0].user)
    assert papers[:2] == [OTHER.title, FOLD.title]


@pytest.mark.parametrize("named", [TIDE.abs_url, f"“{TIDE.title}”"])
async def test_a_follow_up_that_compares_keeps_what_was_spoken_of(database: Database, named: str) -> None:
    at, model = await read(database, KEEPS, KEEPS)
    first = await at.ask(MEMORY, of(FOLD.id))

    second = await at.ask_after(first, f"And how does it differ from {named}?")

    assert given(model) == [{FOLD.title}, {FOLD.title, TIDE.title}]
    assert second.scope == BOTH


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("Which other papers this week are about phones?", AskScope(kind=ScopeKind.WEEK, week="2026-W47")),
        ("What other papers are there on this?", EVERYTHING),
        ("Which other papers does it build on?", of(FOLD.key)),
    ],
)
async def test_a_follow_up_that_asks_for_other_papers_looks_beyond_the_one_spoken_of(
    database: Database, question: str, scope: AskScope
) -> None:
    at, _ = await read(database, *[KEEPS] * 3)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, highlights=(FOLD.id, TIDE.id)))
    first = await at.ask(MEMORY, of(FOLD.id))

    second = await at.ask_after(first, question)
    where_others_would_see = await at.ask_after(first, question, keeps_to_scope=True)

    assert (second.scope, where_others_would_see.scope) == (scope, of(FOLD.key))


async def test_after_one_paper_of_a_digest_other_papers_are_those_of_the_digest(database: Database) -> None:
    at, _ = await read(database, KEEPS, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(SERVER, highlights=(FOLD.id, TIDE.id)))
    first = await at.ask("What does the first paper propose?", THIS_WEEK)

    second = await at.ask_after(first, "Are there other papers on memory?")

    assert second.scope == AskScope(kind=ScopeKind.WEEK, week="2026-W47")


async def test_a_follow_up_that_names_several_papers_is_about_these(database: Database) -> None:
    at, model = await read(database, KEEPS, KEEPS)
    at.lists((OTHER, ("It says nothing of that.",)))
    first = await at.ask(MEMORY, of(OTHER.id))

    second = await at.ask_after(first, f"And how do {FOLD.id} and {TIDE.id} compare?")

    assert second.scope == BOTH
    assert OTHER.title not in model.prompts[1].user.split("Earlier turns")[0]


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        (f"Compare it with {TIDE.id} and {OTHER.id}.", (FOLD.key, TIDE.key, OTHER.key)),
        (f"How does this differ from {TIDE.abs_url} and {OTHER.abs_url}?", (FOLD.key, TIDE.key, OTHER.key)),
        (f"Compare {TIDE.id} with {OTHER.id}: which of them is faster?", (TIDE.key, OTHER.key)),
        (f"And what do they say in {TIDE.id} and {OTHER.id}?", (TIDE.key, OTHER.key)),
    ],
)
async def test_a_follow_up_that_compares_several_papers_keeps_what_it_points_back_at(
    database: Database, question: str, papers: tuple[str, ...]
) -> None:
    at, _ = await read(database, KEEPS, KEEPS)
    at.lists((OTHER, ("It says nothing of that.",)))
    first = await at.ask(MEMORY, of(FOLD.id))

    second = await at.ask_after(first, question)

    assert second.scope.papers == papers


async def test_of_many_papers_three_are_read_and_it_says_so(database: Database) -> None:
    at, _ = await read(database, KEEPS)
    at.lists((OTHER, ("It says nothing of that.",)))

    answered = await at.ask(f"Compare {FOLD.id}, {TIDE.id}, {OTHER.id} and 2611.00004.")

    assert answered.scope.papers == (FOLD.key, TIDE.key, OTHER.key)
    assert answered.answer.remark == "I looked in the first 3 of the 4 papers named."


async def test_a_title_and_an_id_that_are_compared_are_both_searched_and_the_model_reads_both(
    database: Database,
) -> None:
    at, model = await read(database, KEEPS, KEEPS)
    question = f"How does {FOLD.id} compare with “{TIDE.title}”?"

    here = await at.ask(question)
    at_the_command_line = await at.ask(question, asker=None)

    assert here.answer.searched == at_the_command_line.answer.searched == f"{TIDE.title}; {FOLD.title}"
    assert f"How does “{FOLD.title}” compare with “{TIDE.title}”" in model.prompts[0].user


FOURTH = paper(id="2611.00004", title="A fourth paper about kettles")


@pytest.mark.parametrize("named", [FOURTH.id, f"“{FOURTH.title}”"])
async def test_a_paper_that_a_follow_up_names_is_read_however_many_were_spoken_of(
    database: Database, named: str
) -> None:
    at, _ = await read(database, KEEPS, KEEPS)
    at.lists((OTHER, ("It says nothing of that.",)), (FOURTH, ("Nor does this one.",)))
    await at.has_read(FOURTH)
    first = await at.ask(f"Compare {FOLD.id}, {TIDE.id} and {OTHER.id}.")

    second = await at.ask_after(first, f"And how do they differ from {named}?")

    assert second.scope.papers == (FOLD.key, TIDE.key, FOURTH.key)
    assert second.answer.remark == "I looked in 3 of the 4 papers this is about."


async def test_two_versions_count_as_two_papers_and_a_named_version_replaces_the_chosen(
    database: Database,
) -> None:
    at, _ = await read(database, KEEPS, KEEPS)
    newer = replace(FOLD, version=2)
    at.lists((newer, ("On LongQuiz, Foldcache keeps 25 % of the key-value memory.",)))

    both = await at.ask(f"How does {FOLD.key} differ from {newer.key}?")
    one = await at.ask(f"How much memory does {newer.key} keep?", of(FOLD.key))

    assert (both.scope.papers, one.scope.papers) == ((FOLD.key, newer.key), (newer.key,))


async def test_where_others_would_see_what_was_read_a_comparison_adds_no_title(database: Database) -> None:
    at, model = await read(database, KEEPS)

    answered = await at.ask(f"How does it differ from “{TIDE.title}”?", of(FOLD.id), keeps_to_scope=True)

    assert (answered.scope, given(model)) == (of(FOLD.key), [{FOLD.title}])


async def test_a_title_beside_a_paper_that_was_chosen_does_not_replace_it(database: Database) -> None:
    at, model = await read(database, KEEPS)

    answered = await at.ask(f"Does “{TIDE.title}” cite it?", of(FOLD.id))

    assert (answered.scope, given(model)) == (of(FOLD.key), [{FOLD.title}])


async def test_two_people_can_follow_up_one_answer_independently(database: Database) -> None:
    at, _ = await read(database, KEEPS, KEEPS, KEEPS)
    first = await at.ask(MEMORY, asker=ADA)
    before = await at.answers.conversation(first.conversation_id)

    of_ada = await at.ask("How accurate is Foldcache?", asker=ADA, after=before)
    of_bob = await at.ask("How many slots are there in Foldcache?", asker=BOB, after=before)

    for answered, question in ((of_ada, "How accurate is Foldcache?"), (of_bob, "How many slots")):
        kept = await at.answers.conversation(answered.conversation_id)
        assert kept is not None
        assert len(kept.turns) == 2
        assert kept.turns[1].question.startswith(question)


async def test_a_deleted_person_also_leaves_conversations_that_others_continued(database: Database) -> None:
    at, model = await read(database, KEEPS, KEEPS, KEEPS)
    first = await at.ask(MEMORY, asker=BOB)
    second = await at.ask_after(first, "How accurate is Foldcache?", asker=ADA)
    at.clock.move_to(at.clock.now() + timedelta(minutes=1))

    await Privacy(database=database, clock=at.clock).delete(BOB.user_id)
    await at.ask_after(second, "How many slots are there in Foldcache?", asker=ADA)

    assert "How accurate is Foldcache?" in model.prompts[2].user
    assert MEMORY not in model.prompts[2].user


async def test_a_posted_answer_is_found_by_its_message_for_a_day(database: Database) -> None:
    at, _ = await read(database, KEEPS)
    answered = await at.ask(MEMORY)
    await at.answers.record_message(answered, 99)

    found = await at.answers.conversation_at(99)
    at.clock.move_to(at.clock.now() + timedelta(hours=24))

    assert found is not None
    assert found.id == answered.conversation_id
    assert await at.answers.conversation_at(99) is None


async def test_an_answer_is_given_even_if_storing_it_fails(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StorageFailure(LOST, retryable=True)

    at, _ = await read(database, KEEPS)
    monkeypatch.setattr(Conversations, "save", fail)

    answered = await at.ask(MEMORY)

    assert answered.answer.text == "Foldcache keeps 12.5 % of the key-value memory."
    assert answered.conversation_id == ""


async def test_usage_of_a_question_is_recorded(database: Database) -> None:
    at, _ = await read(database, KEEPS)

    await at.ask(MEMORY)

    async with database.begin() as tx:
        [total] = await tx.usage.totals(SERVER, at.clock.now().replace(hour=0))
    assert total.prompt_tokens > 0


async def test_usage_of_a_failed_model_call_is_recorded(database: Database) -> None:
    at, _ = await read(database, "no JSON")

    answered = await at.ask(MEMORY)

    assert answered.answer.kind is AnswerKind.PASSAGES
    async with database.begin() as tx:
        [total] = await tx.usage.totals(SERVER, at.clock.now().replace(hour=0))
    assert total.prompt_tokens > 0


async def test_the_command_line_searches_all_that_is_stored_and_keeps_nothing(database: Database) -> None:
    at, _ = await read(database, KEEPS)

    answered = await at.ask(MEMORY, asker=None)

    assert answered.answer.kind is AnswerKind.ANSWER
    assert answered.answer.searched == "everything stored"
    assert await at.answers.conversation(answered.conversation_id) is None


async def test_where_nothing_is_stored_the_command_line_is_told_how_to_begin(database: Database) -> None:
    at = room(database, ScriptedModel())

    with pytest.raises(InputError, match=r"No paper is stored yet\. .*`broadsheet digest"):
        await at.ask(MEMORY, EVERYTHING, asker=None)


async def test_a_week_by_name_is_what_its_digests_show(database: Database) -> None:
    at, model = await read(database, KEEPS)
    async with database.begin() as tx:
        await tx.digests.save(digest(server_id=0, highlights=(FOLD.id,), published=False))

    answered = await at.ask(MEMORY, AskScope(kind=ScopeKind.WEEK, week="2026-W47"), asker=None)

    assert answered.answer.searched == "highlights of 2026-W47"
    assert "Tidepool" not in model.prompts[0].user


async def test_waiting_for_an_unread_paper_does_not_block_other_answers(database: Database) -> None:
    at = room(database, ScriptedModel(KEEPS))
    await at.has_read(FOLD)
    at.pdfs.gate.clear()
    at.pdfs.asked.clear()
    askers = [Asker(user_id=10 + number, server_id=7) for number in range(AT_A_TIME)]
    waiting = [asyncio.create_task(at.ask("What is evaluated?", of(TIDE.id), asker=who)) for who in askers]
    await asyncio.wait_for(at.pdfs.asked.wait(), 30)

    async with asyncio.timeout(30):
        answered = await at.ask(MEMORY, of(FOLD.id), asker=Asker(user_id=99, server_id=8))

    assert answered.answer.kind is AnswerKind.ANSWER
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
