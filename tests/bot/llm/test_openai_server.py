"""Retries, time-outs and the breaker, over a real socket."""

import asyncio
import gzip
import json
from datetime import timedelta

import pytest

from bot.errors import ModelError, ModelRefusedError
from bot.llm.openai_model import OpenAIModel
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import Prompt
from tests.fakes import openai as faults
from tests.fakes.clock import StillClock
from tests.fakes.openai import FakeOpenAI, Step

SCHEMA = {"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]}
QUESTION = Prompt(system="Answer.", user="What is it?", schema=SCHEMA, schema_name="reply")


def said(words: str) -> str:
    return json.dumps({"said": words})


async def ask(model: OpenAIModel) -> str:
    return str((await model.complete(QUESTION, max_tokens=100)).data["said"])


def inside(code: object, *, choice: bool = False) -> faults.Failure:
    """A 200 in which the server says that something failed, as OpenRouter does."""
    error = {"code": code, "message": "Provider returned error"}
    if not choice:
        return faults.Failure(200, {"error": error, "user_id": "user-1"})
    message = {"role": "assistant", "content": "A wheel is"}
    return faults.Failure(
        200, {"choices": [{"index": 0, "message": message, "finish_reason": "error", "error": error}]}
    )


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(faults.server_error(), id="500"),
        pytest.param(faults.rate_limited(), id="429"),
        pytest.param(faults.hung_up(), id="reset"),
        pytest.param(faults.half_an_answer(), id="half"),
        pytest.param(inside(502), id="502 inside an answer"),
        pytest.param(inside(429), id="429 inside an answer"),
        pytest.param(inside("server_error"), id="named inside an answer"),
        pytest.param(inside(502, choice=True), id="inside a choice"),
    ],
)
async def test_a_transient_failure_is_retried(fake: FakeOpenAI, model: OpenAIModel, failure: Step) -> None:
    fake.script = [failure, failure, said("at last")]

    assert await ask(model) == "at last"


@pytest.mark.parametrize(
    ("failure", "words"),
    [(inside(402), "no quota left"), (inside(403), "flagged"), (inside(400), "did not accept")],
    ids=["402", "403", "400"],
)
async def test_a_lasting_failure_inside_an_answer_is_reported(
    fake: FakeOpenAI, model: OpenAIModel, failure: Step, words: str
) -> None:
    fake.script = [failure] * 9

    with pytest.raises(ModelError, match=words):
        await ask(model)

    assert len(fake.chats) == 1


async def test_tries_are_spent_after_four(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [faults.server_error()] * 9

    with pytest.raises(ModelError, match="failed \\(500\\)") as caught:
        await ask(model)

    assert caught.value.retryable
    assert len(fake.chats) == 4


async def test_retry_after_is_honoured(fake: FakeOpenAI, model: OpenAIModel, clock: StillClock) -> None:
    fake.script = [faults.rate_limited(retry_after=17), said("thanks")]

    await ask(model)

    assert 17 <= clock.slept[0] < 20


async def test_a_server_that_asks_for_an_hour_is_left_alone(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [faults.rate_limited(retry_after=3600)]

    with pytest.raises(ModelError, match="asks to wait 3600 s") as caught:
        await ask(model)

    assert caught.value.retryable
    assert len(fake.chats) == 1


async def test_a_time_out_is_tried_once_more_only(fake: FakeOpenAI, clock: StillClock) -> None:
    fake.script = [faults.silent(30)] * 9
    async with OpenAIServer(clock=clock, api_key=None, base_url=fake.base_url, timeout_seconds=0.2) as server:
        with pytest.raises(
            ModelError, match=r"did not answer within 0\.2 s; raise OPENAI_TIMEOUT_SECONDS"
        ) as slow:
            await ask(OpenAIModel(server, "m", context_tokens=8000))

    assert slow.value.timed_out
    assert len(fake.chats) == 2


@pytest.mark.parametrize(
    ("failure", "words"),
    [(faults.unauthorized(), "OPENAI_API_KEY"), (faults.no_quota(), "no quota left")],
    ids=["401", "quota"],
)
async def test_a_refusal_opens_the_breaker_for_ten_minutes(
    fake: FakeOpenAI, model: OpenAIModel, clock: StillClock, failure: Step, words: str
) -> None:
    fake.script = [failure, said("welcome back")]

    for _ in range(3):
        with pytest.raises(ModelRefusedError, match=words):
            await ask(model)
    assert len(fake.chats) == 1
    clock.move_to(clock.now() + timedelta(minutes=10))

    assert await ask(model) == "welcome back"


async def test_a_clock_that_is_set_back_closes_the_breaker(
    fake: FakeOpenAI, model: OpenAIModel, clock: StillClock
) -> None:
    fake.script = [faults.no_quota(), said("welcome back")]
    with pytest.raises(ModelRefusedError):
        await ask(model)

    clock.move_to(clock.now() - timedelta(days=1))

    assert await ask(model) == "welcome back"


async def test_a_flagged_request_does_not_block_others(fake: FakeOpenAI, model: OpenAIModel) -> None:
    words = "Your chosen model requires moderation and your input was flagged."
    fake.script = [faults.Failure(403, {"error": {"code": 403, "message": words}}), said("a summary")]

    with pytest.raises(ModelRefusedError, match="flagged") as caught:
        await ask(model)

    assert not caught.value.retryable
    assert await ask(model) == "a summary"


async def test_an_error_never_shows_the_key(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [faults.unauthorized()]

    with pytest.raises(ModelRefusedError) as caught:
        await ask(model)

    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            faults.Failure(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
            "OPENAI_BASE_URL",
        ),
        (faults.bad_request("fake-model is not a valid model ID"), "OPENAI_MODEL"),
        (faults.Failure(400, [{"error": {"code": 400, "message": "API key not valid."}}]), "OPENAI_API_KEY"),
        (faults.Failure(400, {"code": "invalid", "error": "Incorrect API key provided"}), "OPENAI_API_KEY"),
        (faults.Failure(400, {"error": {"message": "Filtered.", "code": "content_filter"}}), "declined"),
        (
            faults.Failure(429, {"error": {"message": "Request too large for gpt on tokens per min (TPM)"}}),
            "OPENAI_CONTEXT_TOKENS",
        ),
    ],
    ids=["address", "model", "key in a list", "key", "declined", "too large"],
)
async def test_errors_in_a_servers_own_form_are_reported_at_once(
    fake: FakeOpenAI, model: OpenAIModel, failure: Step, words: str
) -> None:
    fake.script = [failure]

    with pytest.raises(ModelError, match=words) as error:
        await ask(model)

    assert not error.value.retryable
    assert len(fake.chats) == 1


async def test_a_web_page_is_a_wrong_address(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [faults.web_page()]

    with pytest.raises(ModelError, match="OPENAI_BASE_URL") as caught:
        await ask(model)

    assert not caught.value.retryable


@pytest.mark.parametrize("status", [200, 500])
async def test_a_packed_answer_that_would_fill_the_memory_is_not_read(
    fake: FakeOpenAI, model: OpenAIModel, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("bot.llm.openai_server._MOST_BYTES", 100_000)
    fake.script = [faults.Failure(status, gzip.compress(b" " * 200_000), {"Content-Encoding": "gzip"})]

    with pytest.raises(ModelError, match=r"answered with more than \d+ MB") as caught:
        await ask(model)

    assert not caught.value.retryable
    assert len(fake.chats) == 1


async def test_an_unknown_address_names_the_settings(fake: FakeOpenAI, clock: StillClock) -> None:
    async with OpenAIServer(clock=clock, api_key=None, base_url=fake.base_url + "/nowhere") as server:
        with pytest.raises(ModelError, match="OPENAI_MODEL and OPENAI_BASE_URL"):
            await ask(OpenAIModel(server, "m", context_tokens=8000))


@pytest.mark.parametrize("ending", ["?api-version=preview", "/?api-version=preview"])
async def test_a_query_in_the_address_stays_behind_the_path(
    fake: FakeOpenAI, clock: StillClock, ending: str
) -> None:
    fake.script = [said("from Azure")]
    async with OpenAIServer(clock=clock, api_key="key", base_url=fake.base_url + ending) as server:
        assert await ask(OpenAIModel(server, "m", context_tokens=8000)) == "from Azure"

    assert fake.chats[0].query == "api-version=preview"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks://127.0.0.1:9/"),
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("HTTPS_PROXY", "http://proxy:port"),
        ("SSL_CERT_FILE", "/no/such/file.pem"),
    ],
)
async def test_a_proxy_or_certificate_that_cannot_be_used_names_the_settings(
    clock: StillClock, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    async with OpenAIServer(clock=clock, api_key="key", base_url="https://127.0.0.1:9/v1") as server:
        with pytest.raises(ModelError, match=r"HTTPS_PROXY, ALL_PROXY .* SSL_CERT_FILE") as caught:
            await ask(OpenAIModel(server, "m", context_tokens=8000))

    assert not caught.value.retryable


async def test_an_unreachable_server_is_a_retryable_error(
    clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with OpenAIServer(clock=clock, api_key=None, base_url="http://127.0.0.1:9/v1") as server:
        with pytest.raises(ModelError, match=r"could not be reached: check .* OPENAI_BASE_URL") as caught:
            await ask(OpenAIModel(server, "m", context_tokens=8000))

    assert caught.value.retryable
    assert "the model server could not be reached: All connection attempts failed" in caplog.text


async def test_no_more_calls_at_a_time_than_allowed(fake: FakeOpenAI, clock: StillClock) -> None:
    fake.delay_seconds = 0.02
    async with OpenAIServer(clock=clock, api_key=None, base_url=fake.base_url, concurrency=2) as server:
        model = OpenAIModel(server, "m", context_tokens=8000)
        await asyncio.gather(*[ask(model) for _ in range(8)])

    assert len(fake.chats) == 8
    assert fake.most_at_once == 2
