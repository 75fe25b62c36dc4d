import json
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ModelError
from bot.languages import language
from bot.llm.bill import Bill
from bot.llm.port import Prompt
from bot.llm.usage import Prices
from bot.summaries.translation import accepted, translate
from storage.model import Statement
from tests.fakes.model import ScriptedModel
from tests.storage.records import summary

GERMAN = language("de")
ENGLISH = summary(
    gist=Statement(text="It keeps 12.5 % of the memory.", page=1),
    claim=Statement(text="It keeps 12.5 % of the memory.", page=1),
    method=(Statement(text="Top-k keys of 64 heads.", page=2, checked=False),),
)


def reply(*texts: str) -> str:
    return json.dumps(
        {"translations": [{"number": number, "text": text} for number, text in enumerate(texts, start=1)]}
    )


async def test_statements_and_metrics_are_translated_and_results_stay_as_the_paper_writes_them() -> None:
    model = ScriptedModel(
        reply("Es behält 12,5 % des Speichers.", "Die Top-k-Schlüssel von 64 Köpfen.", "F1")
    )

    german = await translate(ENGLISH, GERMAN, model, Prices(), bill=Bill())

    assert (german.language, german.recipe) == ("de", "gpt-5-mini/3+4")
    assert german.gist == german.claim == Statement(text="Es behält 12,5 % des Speichers.", page=1)
    assert german.method[0].text == "Die Top-k-Schlüssel von 64 Köpfen."
    assert (german.method[0].page, german.method[0].checked) == (2, False)
    assert german.results == ENGLISH.results


async def test_a_statement_whose_numbers_changed_stays_in_english_and_is_counted() -> None:
    model = ScriptedModel(reply("Es behält 12,5 % des Speichers.", "Die Top-k-Schlüssel von 46 Köpfen."))

    german = await translate(ENGLISH, GERMAN, model, Prices(), bill=Bill())

    assert german.gist.text == "Es behält 12,5 % des Speichers."
    assert german.method == ENGLISH.method
    assert (german.statements_untranslated, len(german.statements)) == (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        reply(),
        reply("x" * 0),
        '{"other": 1}',
        reply(ENGLISH.gist.text),
        reply("Es behält 25 % des Speichers.", "Die Top-k-Schlüssel von 64 Köpfen.", "Das F1-Maß"),
    ],
)
async def test_a_reply_without_a_translation_of_the_gist_is_an_error(text: str) -> None:
    with pytest.raises(ModelError, match="German"):
        await translate(ENGLISH, GERMAN, ScriptedModel(text), Prices(), bill=Bill())


async def test_a_reply_without_most_statements_is_an_error() -> None:
    longer = replace(ENGLISH, critique=(Statement(text="It was tried once."),))
    gist_alone = reply("Es behält 12,5 % des Speichers.")

    with pytest.raises(ModelError, match="German"):
        await translate(longer, GERMAN, ScriptedModel(gist_alone), Prices(), bill=Bill())


async def test_a_translation_that_does_not_pass_is_not_tried_again_by_itself() -> None:
    wrong = reply("Es behält 25 % des Speichers.", "Die Top-k-Schlüssel von 64 Köpfen.")

    with pytest.raises(ModelError) as failure:
        await translate(ENGLISH, GERMAN, ScriptedModel(wrong), Prices(), bill=Bill())

    assert not failure.value.retryable


async def test_its_cost_is_that_of_the_translation() -> None:
    model = ScriptedModel(reply("Es behält 12,5 % des Speichers."))

    german = await translate(ENGLISH, GERMAN, model, Prices(prompt_usd=1e6, completion_usd=2e6), bill=Bill())

    assert german.cost_usd == german.prompt_tokens + 2 * german.completion_tokens


async def test_the_statements_are_data_in_the_prompt() -> None:
    def answer(prompt: Prompt) -> str:
        assert "12.5" not in prompt.system
        assert "German (Deutsch)" in prompt.system
        assert prompt.user.count("12.5 %") == 1
        return reply("Es behält 12,5 % des Speichers.")

    await translate(ENGLISH, GERMAN, ScriptedModel(answer), Prices(), bill=Bill())


@pytest.mark.parametrize(
    "items",
    [
        None,
        "text",
        [None],
        [{"number": 0, "text": "Hallo"}],
        [{"number": 2, "text": "Hallo"}],
        [{"number": True}],
        [{"number": 1, "text": 5}],
        [{"number": 1, "text": "As an AI language model, I cannot."}],
    ],
)
def test_what_does_not_follow_the_schema_is_left_out(items: Any) -> None:
    assert accepted(["Hello"], {"translations": items}, GERMAN) == {}


def test_formatting_and_links_are_taken_out() -> None:
    data = {"translations": [{"number": 1, "text": "**Hallo** [Welt](https://evil.example) @everyone"}]}

    assert accepted(["Hello world"], data, GERMAN) == {"Hello world": "Hallo Welt everyone"}
