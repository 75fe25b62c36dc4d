"""A model's order of the best papers, and its failures."""

import json
import re

import pytest

from bot.errors import ModelError
from bot.taste.reranker import REMARK, Reranker
from storage.model import Pick
from tests.bot.examples import paper
from tests.fakes.model import CrampedModel, ScriptedModel

PICKS = tuple(
    Pick(paper=paper(f"2611.0000{number}"), score=1 - number / 10, reason="why") for number in range(1, 5)
)
BACKWARDS = [pick.paper.id for pick in reversed(PICKS)]


def ids(picks: tuple[Pick, ...]) -> list[str]:
    return [pick.paper.id for pick in picks]


async def test_the_models_order_is_taken_and_the_receipt_says_so() -> None:
    model = ScriptedModel(json.dumps({"order": BACKWARDS}))

    picks, remarks = await Reranker(model).reordered(PICKS, "retrieval")

    assert ids(picks) == BACKWARDS
    assert remarks[0].startswith(f"{REMARK}scripted-1 (")


async def test_pinned_papers_keep_their_place_and_unknown_ids_are_nothing() -> None:
    model = ScriptedModel(json.dumps({"order": ["2611.99999", *BACKWARDS]}))

    picks, _ = await Reranker(model).reordered(PICKS, "retrieval", pinned={"2611.00001"})

    assert ids(picks) == ["2611.00001", "2611.00004", "2611.00003", "2611.00002"]


async def test_a_pinned_paper_stays_however_the_model_writes_its_id() -> None:
    model = ScriptedModel(json.dumps({"order": [f" {paper_id} " for paper_id in BACKWARDS]}))

    picks, _ = await Reranker(model).reordered(PICKS, "retrieval", pinned={"2611.00001"})

    assert ids(picks) == ["2611.00001", "2611.00004", "2611.00003", "2611.00002"]


async def test_a_context_smaller_than_set_is_respected_once_the_server_says_so() -> None:
    model = CrampedModel(json.dumps({"order": BACKWARDS}), fits=2_000)

    picks, _ = await Reranker(model).reordered(PICKS, "retrieval")

    assert ids(picks) == BACKWARDS
    assert len(model.prompts) == 2


async def test_where_the_model_fails_the_order_stays_and_the_receipt_says_so() -> None:
    model = ScriptedModel(ModelError("The model is away."))

    picks, remarks = await Reranker(model).reordered(PICKS, "retrieval")

    assert picks == PICKS
    assert "The model is away." in remarks[0]


@pytest.mark.parametrize("reply", ["{}", '{"order": "2611.00004"}', '{"order": ["2611.00004", "Title", 3]}'])
async def test_where_the_reply_orders_nothing_the_receipt_says_so(reply: str) -> None:
    picks, remarks = await Reranker(ScriptedModel(reply)).reordered(PICKS, "retrieval")

    assert picks == PICKS
    assert re.search(r"the model failed \(\d[\d,]* tokens\): Its reply named no two", remarks[0])


async def test_of_one_paper_that_may_move_the_model_is_not_asked_for_the_order() -> None:
    model = ScriptedModel()

    assert await Reranker(model).reordered(PICKS, "retrieval", pinned=set(BACKWARDS[1:])) == (PICKS, ())
    assert model.prompts == []


async def test_what_a_failing_model_used_is_told() -> None:
    _, remarks = await Reranker(ScriptedModel("no JSON")).reordered(PICKS, "retrieval")

    assert re.search(r"the model failed \(\d[\d,]* tokens\): The language model", remarks[0])


async def test_without_interests_no_model_is_asked() -> None:
    model = ScriptedModel()

    assert await Reranker(model).reordered(PICKS, " ") == (PICKS, ())
    assert model.prompts == []
