import asyncio
import gc
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import ArxivError, ModelError, PaperNotFoundError, PdfError
from bot.limits.rules import LimitReachedError, Share
from bot.llm.port import Prompt
from bot.papers.ids import parse
from storage.database import Database
from storage.model import Paper, SummaryKind, TextSource, UsageTotal, WorkKind
from tests.bot.limits.doors import AT_A_TIME, NO_LIMITS, asker
from tests.bot.summaries.desk import desk, tokens_of
from tests.bot.summaries.papers import paper
from tests.databases import NOW
from tests.fakes.model import ScriptedModel
from tests.fakes.progress import HeardProgress
from tests.fakes.replies import summary_from_prompt, translation_from_prompt
from tests.waiting import until

V1, V2, V3 = (paper(version=version) for version in (1, 2, 3))


async def test_a_new_paper_is_fetched_read_and_summarised_and_its_stages_are_told(database: Database) -> None:
    at, heard = desk(database), HeardProgress()
    at.lists(V2)

    made = await at.on_demand.summarize(parse("arxiv.org/abs/2611.00001"), progress=heard)

    assert (made.paper, made.newest, made.summary.source) == (V2, V2, TextSource.PDF)
    assert heard.stages == [
        *("asking arXiv", "fetching", "reading 2 pages", "writing", "checking numbers"),
    ]


async def test_what_is_stored_is_given_without_arxiv_model_or_stages(database: Database) -> None:
    at, heard = desk(database), HeardProgress()
    at.lists(V2)
    first = await at.on_demand.summarize(parse(V2.id))
    asked = len(at.arxiv.named)

    second = await at.on_demand.summarize(parse(V2.id), progress=heard)

    assert second == first
    assert (len(at.arxiv.named), at.pdfs.fetched, len(at.model.prompts)) == (asked, [V2.key], 1)
    assert heard.stages == []


async def test_a_named_version_is_summarised_although_a_newer_one_is_stored(database: Database) -> None:
    at = desk(database)
    at.lists(V1, V2)
    await at.on_demand.summarize(parse(V2.id))

    made = await at.on_demand.summarize(parse(V1.key))

    assert (made.paper, made.summary.version, made.newest) == (V1, 1, V2)


async def test_two_who_ask_at_once_share_the_work_and_both_see_its_stages(database: Database) -> None:
    at, first, second = desk(database), HeardProgress(), HeardProgress()
    at.lists(V1)
    at.pdfs.gate.clear()

    asking = [
        asyncio.create_task(at.on_demand.summarize(parse(V1.id), progress=heard)) for heard in (first, second)
    ]
    await until(lambda: first.stages and second.stages)  # one may take long to connect to the database
    await asyncio.wait_for(at.pdfs.asked.wait(), 10)
    at.pdfs.gate.set()
    one, other = await asyncio.gather(*asking)

    assert one == other
    assert (at.pdfs.fetched, len(at.model.prompts)) == ([V1.key], 1)
    assert first.stages == second.stages != []


async def test_the_work_goes_on_and_is_kept_when_nobody_waits_any_more(database: Database) -> None:
    at = desk(database)
    at.lists(V1)
    at.pdfs.gate.clear()
    asking = asyncio.create_task(at.on_demand.summarize(parse(V1.id)))
    await asyncio.wait_for(at.pdfs.asked.wait(), 10)

    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    at.pdfs.gate.set()
    async with asyncio.timeout(10):
        while await at.on_demand.stored(parse(V1.id)) is None:  # noqa: ASYNC110 - storage has no event
            await asyncio.sleep(0.01)
    await at.on_demand.close()

    assert len(at.model.prompts) == 1


@pytest.mark.parametrize(
    ("error", "level"),
    [(ArxivError("arXiv is away."), logging.INFO), (ZeroDivisionError("a mistake"), logging.ERROR)],
)
async def test_a_failure_that_nobody_waits_for_is_logged_once(
    database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    level: int,
) -> None:
    caplog.set_level(logging.INFO)
    at, asked, go_on = desk(database), asyncio.Event(), asyncio.Event()

    async def fail(_: Sequence[str]) -> list[Paper]:
        asked.set()
        await go_on.wait()
        raise error

    monkeypatch.setattr(at.arxiv, "papers", fail)
    asking = asyncio.create_task(at.on_demand.summarize(parse(V1.id)))
    await asyncio.wait_for(asked.wait(), 10)

    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    go_on.set()
    # asyncio tells of an error that nobody took when its task goes.
    await until(lambda: gc.collect() >= 0 and caplog.records)
    await at.on_demand.close()

    (record,) = caplog.records
    assert (record.name, record.levelno) == ("bot.summaries.on_demand", level)


async def test_who_waits_for_an_unread_paper_keeps_nobody_from_a_summary(database: Database) -> None:
    at, other = desk(database), paper(id="2611.00009")
    at.lists(V1, other)
    await at.library.text(await at.catalogue.paper(parse(V1.id)))
    at.pdfs.gate.clear()
    at.pdfs.asked.clear()
    waiting = [
        asyncio.create_task(at.on_demand.summarize(parse(other.id), asker=asker(10 + number)))
        for number in range(AT_A_TIME)
    ]
    await asyncio.wait_for(at.pdfs.asked.wait(), 30)

    async with asyncio.timeout(30):
        made = await at.on_demand.summarize(parse(V1.id), asker=asker(99, 8))

    assert made.summary.kind is SummaryKind.MODEL
    assert not any(task.done() for task in waiting)
    for task in waiting:  # one that a slow connection held up until now would start the work after the close
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await at.on_demand.close()


async def test_closing_gives_up_what_is_under_way(database: Database) -> None:
    at = desk(database)
    at.lists(V1)
    at.pdfs.gate.clear()
    asking = asyncio.create_task(at.on_demand.summarize(parse(V1.id)))
    await asyncio.wait_for(at.pdfs.asked.wait(), 10)

    await at.on_demand.close()

    assert asyncio.all_tasks() <= {asyncio.current_task(), asking}
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_nothing_is_shown_of_a_paper_before_it_has_a_summary(database: Database) -> None:
    at = desk(database)
    at.lists(V1)

    assert await at.on_demand.shown(parse(V1.id)) is None
    await at.catalogue.paper(parse(V1.id))
    assert await at.on_demand.shown(parse(V1.id)) is None


async def test_an_unknown_paper_is_a_clear_error_and_not_kept(database: Database) -> None:
    at = desk(database)

    with pytest.raises(PaperNotFoundError, match=r"no paper 2611\.00001"):
        await at.on_demand.summarize(parse(V1.id))
    at.lists(V1)

    assert (await at.on_demand.summarize(parse(V1.id))).paper == V1


async def test_a_withdrawn_paper_is_read_by_its_abstract(database: Database) -> None:
    at = desk(database)
    at.lists(paper(version=2, withdrawn=True))

    made = await at.on_demand.summarize(parse(V2.id))

    assert made.paper.withdrawn
    assert (made.summary.source, made.summary.not_read) == (TextSource.ABSTRACT, "the paper was withdrawn")
    assert at.pdfs.fetched == []
    assert await at.on_demand.stored(parse(V2.id)) == made


async def test_a_summary_of_the_abstract_is_replaced_when_a_question_has_read_the_pdf_since(
    database: Database,
) -> None:
    at = desk(database)
    at.lists(V1)
    at.pdfs.failures[V1.id] = PdfError("arXiv refuses us.", retryable=False, passes=True)
    first = await at.on_demand.summarize(parse(V1.id))
    at.pdfs.failures.clear()
    await at.library.text(V1)

    second = await at.on_demand.summarize(parse(V1.id))

    assert (first.summary.source, second.summary.source) == (TextSource.ABSTRACT, TextSource.PDF)
    assert await at.on_demand.stored(parse(V1.id)) == second


async def test_where_the_model_fails_there_is_an_extract_and_the_model_is_asked_again(
    database: Database,
) -> None:
    at = desk(database, ScriptedModel(ModelError("no reply"), ModelError("no reply")))
    at.lists(V1)

    made = await at.on_demand.summarize(parse(V1.id), code="de")

    assert (made.summary.kind, made.code) == (SummaryKind.EXTRACT, "de")
    assert made.model_problem == "no reply"
    assert await at.on_demand.stored(parse(V1.id), "de") is None
    assert await at.on_demand.shown(parse(V1.id), "de") == replace(made, model_problem=None)
    await at.on_demand.summarize(parse(V1.id), code="de")
    assert len(at.model.prompts) == 2


async def test_without_a_model_the_extract_is_given_from_storage(database: Database) -> None:
    at = desk(database, without_model=True)
    at.lists(V1)

    made = await at.on_demand.summarize(parse(V1.id), code="de")

    assert made.summary.kind is SummaryKind.EXTRACT
    assert await at.on_demand.stored(parse(V1.id), "de") == made


async def test_the_newest_version_is_looked_for_on_its_own(database: Database) -> None:
    at = desk(database)
    at.lists(V2)
    made = await at.on_demand.summarize(parse(V2.key))
    at.lists(V3)

    assert made.newest == V2
    assert await at.on_demand.newest(made) == V3
    stored = await at.on_demand.stored(parse(V2.key))
    assert stored is not None
    assert stored.newest == V3


async def test_a_new_summary_counts_as_a_question_and_a_stored_one_does_not(database: Database) -> None:
    one_an_hour = replace(NO_LIMITS, user=Share(questions_per_hour=1, tokens_per_day=0))
    other = paper(id="2611.00002")
    at = desk(database, limits=one_an_hour)
    at.lists(V1, other)
    await at.on_demand.summarize(parse(V1.id), asker=asker(1))

    await at.on_demand.summarize(parse(V1.id), asker=asker(1))
    with pytest.raises(LimitReachedError):
        await at.on_demand.summarize(parse(other.id), asker=asker(1))

    async with database.begin() as tx:
        [total] = await tx.usage.totals(7, NOW - timedelta(days=1))
    assert (total.kind, total.requests) == (WorkKind.SUMMARY, 1)
    assert total.prompt_tokens > 0


def model_that_translates(*befores: str) -> ScriptedModel:
    """A model that writes summaries, and translates one by these words before each statement, in turn."""
    left = list(befores)

    def answer(prompt: Prompt) -> str:
        if prompt.schema_name != "translation":
            return summary_from_prompt(prompt.user, prompt.schema)
        return translation_from_prompt(prompt.user, before=left.pop(0))

    return ScriptedModel(always=answer)


GERMAN = "Wörtlich: "


async def used(database: Database) -> UsageTotal:
    async with database.begin() as tx:
        [total] = await tx.usage.totals(7, NOW - timedelta(days=1))
    return total


async def test_a_first_summary_in_another_language_is_billed_with_its_translation(database: Database) -> None:
    at = desk(database, model_that_translates(GERMAN))
    at.lists(V1)

    made = await at.on_demand.summarize(parse(V1.id), code="de", asker=asker(1))

    assert made.summary.language == "de"
    assert len(at.model.prompts) == 2
    assert (await used(database)).prompt_tokens == tokens_of(at.model.prompts)


async def test_a_translation_of_a_stored_summary_is_billed_alone(database: Database) -> None:
    at = desk(database, model_that_translates(GERMAN))
    at.lists(V1)
    await at.on_demand.summarize(parse(V1.id))

    await at.on_demand.summarize(parse(V1.id), code="de", asker=asker(1))

    assert (await used(database)).prompt_tokens == tokens_of(at.model.prompts[1:])


async def test_work_that_outlives_its_asker_s_patience_is_billed_when_it_ends(database: Database) -> None:
    at = desk(database)
    at.lists(V1)
    at.pdfs.gate.clear()
    asking = asyncio.create_task(at.on_demand.summarize(parse(V1.id), asker=asker(1)))
    await asyncio.wait_for(at.pdfs.asked.wait(), 10)

    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    at.pdfs.gate.set()
    async with asyncio.timeout(10):
        while not await noted(database):  # noqa: ASYNC110 - storage has no event
            await asyncio.sleep(0.01)
    await at.on_demand.close()

    assert (await used(database)).prompt_tokens == tokens_of(at.model.prompts) > 0


async def noted(database: Database) -> int:
    async with database.begin() as tx:
        return await tx.usage.count_of_user(1)


async def test_unusable_translations_are_billed_and_the_summary_once(database: Database) -> None:
    at = desk(database, model_that_translates("", "", ""))
    at.lists(V1)

    for _ in range(3):
        made = await at.on_demand.summarize(parse(V1.id), code="de", asker=asker(1))

    assert made.summary.language == "en"
    assert [prompt.schema_name for prompt in at.model.prompts[1:]] == ["translation"] * 3
    assert (await used(database)).prompt_tokens == tokens_of(at.model.prompts)


async def test_a_model_that_often_fails_reaches_the_limit_too(database: Database) -> None:
    hundred_tokens = replace(NO_LIMITS, user=Share(questions_per_hour=0, tokens_per_day=100))
    at = desk(database, ScriptedModel(always=lambda _: "no JSON"), limits=hundred_tokens)
    at.lists(V1)

    made = await at.on_demand.summarize(parse(V1.id), asker=asker(1))

    assert made.summary.kind is SummaryKind.EXTRACT
    assert (await used(database)).prompt_tokens == tokens_of(at.model.prompts)
    with pytest.raises(LimitReachedError, match="limit of 100 language model tokens"):
        await at.on_demand.summarize(parse(V1.id), asker=asker(1))
