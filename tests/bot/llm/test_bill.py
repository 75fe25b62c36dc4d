"""What is added to a bill."""

import pytest

from bot.errors import ModelError
from bot.llm.bill import Bill, complete_on
from bot.llm.port import Prompt
from tests.fakes.model import ScriptedModel

PROMPT = Prompt(system="Answer.", user="What is it?", schema={"type": "object"}, schema_name="reply")


async def test_replies_are_put_on_the_bill() -> None:
    bill = Bill()

    replies = [await complete_on(bill, ScriptedModel("{}"), PROMPT, max_tokens=100) for _ in range(2)]

    assert bill.usage.prompt_tokens == sum(reply.prompt_tokens for reply in replies) > 0
    assert bill.usage.completion_tokens == sum(reply.completion_tokens for reply in replies) > 0


async def test_a_failure_is_put_on_the_bill_too() -> None:
    bill = Bill()

    with pytest.raises(ModelError) as caught:
        await complete_on(bill, ScriptedModel("no JSON"), PROMPT, max_tokens=100)

    assert bill.usage.prompt_tokens == caught.value.prompt_tokens > 0
    assert bill.usage.completion_tokens == caught.value.completion_tokens > 0


async def test_a_model_that_could_not_be_asked_costs_nothing() -> None:
    bill = Bill()

    with pytest.raises(ModelError):
        await complete_on(bill, ScriptedModel(ModelError("The server is away.")), PROMPT, max_tokens=100)

    assert (bill.usage.prompt_tokens, bill.usage.completion_tokens) == (0, 0)
