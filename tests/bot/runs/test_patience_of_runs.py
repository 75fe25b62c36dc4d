"""Digests that wait for PDFs that arXiv refuses, or for a model that is away, on a real engine."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.errors import ModelError, PdfError
from bot.llm.port import Prompt, estimated_tokens
from storage.model import SummaryKind
from tests.bot.digest.press import request
from tests.bot.runs.works import HEAD_AND_HIGHLIGHTS, PAUSES_SECONDS, Works
from tests.fakes.model import ScriptedModel, diligent_model

REFUSALS: dict[str, Exception] = {
    f"2611.0000{number}": PdfError("arXiv refuses us.", retryable=False, passes=True) for number in (1, 2)
}
AWAY = ModelError("The model server could not be reached.")


async def test_a_digest_waits_for_pdfs_that_arxiv_refuses_for_now(works: Works) -> None:
    works.press.pdfs.failures, works.press.pdfs.most_failures = REFUSALS, len(PAUSES_SECONDS)

    digest = await works.make(request())

    assert digest is not None
    assert (digest.receipt.read_in_full, digest.receipt.abstract_only) == (2, ())
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_digest_uses_the_abstracts_of_pdfs_refused_for_long_and_another_shares_its_tries(
    works: Works,
) -> None:
    works.press.pdfs.failures = REFUSALS

    await works.make(request())
    digest = await works.make(request(server_id=8, channel_id=80))

    assert digest is not None
    assert [short.why for short in digest.receipt.abstract_only] == ["arXiv refuses us"] * 2
    assert len(works.press.pdfs.fetched) == 2 * (1 + len(PAUSES_SECONDS))


async def test_a_digest_waits_some_minutes_for_a_model_that_is_away(works: Works) -> None:
    works.press.model = model = diligent_model()
    model.then(*[AWAY] * 2 * len(PAUSES_SECONDS))
    await works.stop()
    await works.start()

    digest = await works.make(request())

    assert digest is not None
    assert {highlight.summary.kind for highlight in digest.highlights} == {SummaryKind.MODEL}
    assert digest.receipt.remarks == ()
    assert len(works.press.pdfs.fetched) == 2
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_tokens_wasted_before_a_paper_was_retried_are_in_the_receipt(works: Works) -> None:
    works.press.pdfs.failures, works.press.pdfs.most_failures = REFUSALS, 1
    works.press.model = model = diligent_model()
    model.then("no JSON", "no JSON")
    await works.stop()
    await works.start()

    digest = await works.make(request())

    assert digest is not None
    assert (len(model.prompts), digest.receipt.read_in_full) == (4, 2)
    used = sum(estimated_tokens(prompt.system + prompt.user) for prompt in model.prompts)
    assert digest.receipt.prompt_tokens == used


def too_slow(_: Prompt) -> str:
    slow = ModelError("The language model did not answer within 120 s.")
    slow.timed_out = True
    raise slow


@pytest.mark.parametrize("always", [lambda _: "no JSON", too_slow], ids=["no JSON", "too slow"])
async def test_a_model_call_that_was_paid_for_in_vain_is_not_repeated(
    works: Works, always: Callable[[Prompt], str]
) -> None:
    works.press.model = model = ScriptedModel(always=always)
    await works.stop()
    await works.start()

    digest = await works.make(request())

    assert digest is not None
    assert {highlight.summary.kind for highlight in digest.highlights} == {SummaryKind.EXTRACT}
    assert len(model.prompts) == 2


async def test_what_failed_for_an_earlier_digest_of_the_day_is_retried(works: Works) -> None:
    works.press.model = model = diligent_model()
    model.then(*[AWAY] * 2 * (1 + len(PAUSES_SECONDS)))
    await works.stop()
    await works.start()

    first = await works.make(request())
    works.clock.move_to(works.clock.now() + timedelta(hours=3))
    later = await works.make(request(server_id=8, channel_id=80))

    assert first is not None
    assert later is not None
    assert {highlight.summary.kind for highlight in first.highlights} == {SummaryKind.EXTRACT}
    assert {highlight.summary.kind for highlight in later.highlights} == {SummaryKind.MODEL}
    assert later.receipt.remarks == ()
