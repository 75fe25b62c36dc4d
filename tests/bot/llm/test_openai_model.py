"""What servers make of a prompt, and what becomes of their replies."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ModelError, ModelRefusedError, SmallerContextError
from bot.llm.openai_model import OpenAIModel
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import Prompt, estimated_tokens
from bot.llm.schemas import without_bounds
from tests.fakes import openai as faults
from tests.fakes.clock import StillClock
from tests.fakes.openai import Chat, Completion, FakeOpenAI, Step

SCHEMA = {
    "type": "object",
    "properties": {"gist": {"type": "string", "maxLength": 10}},
    "required": ["gist"],
    "additionalProperties": False,
}
PROMPT = Prompt(system="Answer.", user="What is it?", schema=SCHEMA, schema_name="summary")
GOOD = '{"gist": "a wheel"}'


def completed(content: Any, **more: Any) -> faults.Failure:
    """A 200 with this content, whatever it is, and more of whatever else."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return faults.Failure(200, {"choices": [choice], **more})


async def test_a_reply_that_follows_the_schema_is_parsed(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [GOOD]

    reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.data == {"gist": "a wheel"}
    asked = fake.chats[0].body["response_format"]["json_schema"]
    assert asked == {"name": "summary", "schema": SCHEMA, "strict": True}


async def test_a_reply_that_was_cut_short_gets_a_larger_limit(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [Completion('{"gist": "a wh', finish_reason="length"), GOOD]

    reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.data == {"gist": "a wheel"}
    assert [chat.body["max_tokens"] for chat in fake.chats] == [100, 400]


async def test_a_model_that_needed_the_larger_limit_gets_it_at_once_from_then_on(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    fake.script = [Completion(None, finish_reason="length"), GOOD, GOOD]

    await model.complete(PROMPT, max_tokens=100)
    await model.complete(PROMPT, max_tokens=100)

    assert [chat.body["max_tokens"] for chat in fake.chats] == [100, 400, 400]


async def test_the_limit_that_is_given_at_once_stays_within_the_context(
    fake: FakeOpenAI, server: OpenAIServer
) -> None:
    fake.script = [Completion(None, finish_reason="length"), GOOD, GOOD]
    model = OpenAIModel(server, "m", context_tokens=300)

    await model.complete(PROMPT, max_tokens=100)
    await model.complete(PROMPT, max_tokens=100)

    room = 300 - estimated_tokens(PROMPT.system) - estimated_tokens(PROMPT.user)
    assert fake.chats[-1].body["max_tokens"] == room


async def test_a_reply_that_does_not_fit_into_the_larger_limit_is_not_asked_for_again(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    cut = Completion(None, finish_reason="length")
    fake.script = [cut, GOOD, cut]
    await model.complete(PROMPT, max_tokens=100)

    with pytest.raises(ModelError, match="did not fit into 400 tokens"):
        await model.complete(PROMPT, max_tokens=100)

    assert len(fake.chats) == 3


async def test_a_reply_cut_short_twice_is_an_error(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [Completion(None, finish_reason="length")] * 2

    with pytest.raises(ModelError, match="did not fit into 400 tokens"):
        await model.complete(PROMPT, max_tokens=100)


async def test_the_larger_limit_stays_within_the_context(fake: FakeOpenAI, server: OpenAIServer) -> None:
    fake.script = [Completion("a", finish_reason="length")] * 2

    with pytest.raises(ModelError, match="context is too small"):
        await OpenAIModel(server, "m", context_tokens=100).complete(PROMPT, max_tokens=95)

    assert len(fake.chats) == 1


async def test_a_limit_beyond_a_server_s_longest_reply_is_lowered_and_remembered(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    fake.longest_reply = 4096
    fake.script = [Completion(None, finish_reason="length"), GOOD, GOOD]

    await model.complete(PROMPT, max_tokens=2000)
    await model.complete(PROMPT, max_tokens=3000)

    assert [chat.body["max_tokens"] for chat in fake.chats] == [2000, 8000, 4096, 4096]


async def test_a_reply_that_does_not_fit_into_the_longest_is_not_asked_for_again(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    fake.longest_reply = 300
    fake.script = [Completion(None, finish_reason="length")]

    with pytest.raises(ModelError, match="did not fit into 300 tokens"):
        await model.complete(PROMPT, max_tokens=400)

    assert [chat.body["max_tokens"] for chat in fake.chats] == [400, 300]


@pytest.mark.parametrize("wrong", ["It is a wheel.", '{"gist": "a wh', '{"gist": 7}', '{"point": "a wheel"}'])
async def test_a_wrong_reply_is_sent_back_once_with_what_is_wrong(
    fake: FakeOpenAI, model: OpenAIModel, wrong: str
) -> None:
    fake.script = [wrong, GOOD]

    reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.data == {"gist": "a wheel"}
    assert [message["role"] for message in fake.chats[1].body["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]
    assert "cannot be used" in fake.chats[1].user


async def test_a_wrong_reply_twice_is_an_error(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = ["no", "no"]

    with pytest.raises(ModelError, match="twice"):
        await model.complete(PROMPT, max_tokens=100)


async def test_tokens_of_repairs_are_counted(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [GOOD, "no", GOOD]
    once = await model.complete(PROMPT, max_tokens=100)

    repaired = await model.complete(PROMPT, max_tokens=100)

    assert repaired.prompt_tokens > 2 * once.prompt_tokens
    assert repaired.completion_tokens > once.completion_tokens


@pytest.mark.parametrize(
    ("script", "answered"),
    [
        (["no", "no"], 2),
        (["no", Completion("{", finish_reason="length"), "no"], 3),
        ([Completion("{", finish_reason="length")] * 2, 2),
        (["no", Completion(None)], 2),
        (["no", faults.bad_request("You are out of luck.")], 1),
        ([Completion(None, finish_reason="content_filter")], 1),
        ([faults.bad_request("You are out of luck.")], 0),
        ([faults.Failure(200, {"status": "overloaded"})], 0),
    ],
    ids=["JSON", "JSON and cut short", "cut short", "nothing", "refused", "declined", "at once", "no answer"],
)
async def test_a_failure_says_what_the_answers_before_it_used(
    fake: FakeOpenAI, model: OpenAIModel, script: list[Step], answered: int
) -> None:
    fake.script = list(script)

    with pytest.raises(ModelError) as caught:
        await model.complete(PROMPT, max_tokens=100)

    assert not fake.script
    sent = [message["content"] for chat in fake.chats[:answered] for message in chat.body["messages"]]
    assert caught.value.prompt_tokens == sum(map(estimated_tokens, sent))
    assert (caught.value.completion_tokens > 0) == (answered > 0)


async def test_a_reply_that_has_no_room_for_more_says_what_it_used(
    fake: FakeOpenAI, server: OpenAIServer
) -> None:
    fake.script = [Completion("a", finish_reason="length")]

    with pytest.raises(ModelError) as caught:
        await OpenAIModel(server, "m", context_tokens=100).complete(PROMPT, max_tokens=95)

    assert caught.value.prompt_tokens > 0


@pytest.mark.parametrize(
    "declined",
    [Completion(None, finish_reason="content_filter"), Completion(None, refusal="I can't help with that.")],
    ids=["filter", "refusal"],
)
async def test_a_declined_text_does_not_open_the_breaker(
    fake: FakeOpenAI, model: OpenAIModel, declined: Step
) -> None:
    fake.script = [declined, GOOD]

    with pytest.raises(ModelRefusedError, match="content filter"):
        await model.complete(PROMPT, max_tokens=100)

    assert (await model.complete(PROMPT, max_tokens=100)).data == {"gist": "a wheel"}


@pytest.mark.parametrize("nothing", [Completion(None), Completion(" "), Completion("x", choices=False)])
async def test_an_empty_answer_is_an_error(fake: FakeOpenAI, model: OpenAIModel, nothing: Step) -> None:
    fake.script = [nothing]

    with pytest.raises(ModelError, match=r"nothing|empty"):
        await model.complete(PROMPT, max_tokens=100)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"choices": {}},
        {"choices": [None]},
        {"choices": [{"message": "a wheel"}]},
        {"status": "overloaded"},
        completed(7).body,
        completed({"text": "a wheel"}).body,
        completed([{"type": "image", "text": "a wheel"}, None]).body,
    ],
    ids=str,
)
async def test_an_answer_of_another_shape_is_an_error(
    fake: FakeOpenAI, model: OpenAIModel, body: object
) -> None:
    fake.script = [faults.Failure(200, body)]

    with pytest.raises(ModelError, match=r"nothing|empty"):
        await model.complete(PROMPT, max_tokens=100)


async def test_the_text_of_an_answer_in_parts_is_put_together(fake: FakeOpenAI, model: OpenAIModel) -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Is it round?"}]}
    parts = [thought, {"type": "text", "text": '{"gist": "a '}, {"type": "text", "text": 'wheel"}'}]
    fake.script = [completed(parts)]

    assert (await model.complete(PROMPT, max_tokens=100)).data == {"gist": "a wheel"}


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
@pytest.mark.parametrize("content", [None, "", "\n"])
async def test_a_reply_that_the_server_took_for_a_thought_is_found(
    fake: FakeOpenAI, model: OpenAIModel, name: str, content: str | None
) -> None:
    answer = {"role": "assistant", "content": content, name: 'Round.\n```json\n{"gist": "a wheel"}\n```\n'}
    choice = {"index": 0, "message": answer, "finish_reason": "stop"}
    fake.script = [faults.Failure(200, {"choices": [choice]})]

    assert (await model.complete(PROMPT, max_tokens=100)).data == {"gist": "a wheel"}


async def test_a_thought_alone_is_no_reply(fake: FakeOpenAI, model: OpenAIModel) -> None:
    answer = {"role": "assistant", "content": "", "reasoning": 'Say {"gist": "a wheel"}? No: it is square.'}
    fake.script = [faults.Failure(200, {"choices": [{"message": answer, "finish_reason": "stop"}]})]

    with pytest.raises(ModelError, match="empty reply"):
        await model.complete(PROMPT, max_tokens=100)


@pytest.mark.parametrize(
    "refusal",
    [
        "Invalid schema for response_format 'summary': In context=(), 'maxLength' is not permitted.",
        "Failed to initialize samplers: failed to parse grammar",
    ],
)
async def test_a_server_that_refuses_bounds_gets_the_schema_without_them(
    fake: FakeOpenAI, model: OpenAIModel, refusal: str
) -> None:
    fake.script = [faults.bad_request(refusal), GOOD, GOOD]

    await model.complete(PROMPT, max_tokens=100)
    await model.complete(PROMPT, max_tokens=100)

    assert [chat.schema for chat in fake.chats] == [SCHEMA, without_bounds(SCHEMA), without_bounds(SCHEMA)]


async def test_a_reply_beyond_the_bounds_is_taken_as_it_is(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = ['{"gist": "a wheel that turns"}']

    assert (await model.complete(PROMPT, max_tokens=100)).data == {"gist": "a wheel that turns"}


@pytest.mark.parametrize("known", [{"json_object", "text"}, {"text"}])
async def test_a_server_without_schemas_is_told_in_words_and_remembered(
    fake: FakeOpenAI, model: OpenAIModel, known: set[str]
) -> None:
    fake.formats = known

    await model.complete(PROMPT, max_tokens=100)
    tries = len(fake.chats)
    reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.data
    assert len(fake.chats) == tries + 1
    assert json.dumps(SCHEMA) in fake.chats[-1].system
    assert fake.chats[-1].format in known


@pytest.mark.parametrize(
    "refusal",
    [
        "System role not supported",  # Gemma 2
        "Conversation roles must alternate user/assistant/user/assistant/...",  # Mistral 7B
        "Only user and assistant roles are supported!",
    ],
)
async def test_a_template_without_a_system_message_gets_our_words_in_the_first_one(
    fake: FakeOpenAI, model: OpenAIModel, refusal: str
) -> None:
    fake.script = [faults.bad_request(refusal), "no JSON", GOOD, GOOD]

    reply = await model.complete(PROMPT, max_tokens=100)
    await model.complete(PROMPT, max_tokens=100)

    assert reply.data == {"gist": "a wheel"}
    sent = [[message["role"] for message in chat.body["messages"]] for chat in fake.chats]
    assert sent == [["system", "user"], ["user"], ["user", "assistant", "user"], ["user"]]
    assert fake.chats[-1].user == "Answer.\n\nWhat is it?"


async def test_the_schema_in_words_is_kept_without_a_system_message(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    fake.formats, fake.script = {"text"}, [faults.bad_request("System role not supported"), GOOD]

    await model.complete(PROMPT, max_tokens=100)

    assert json.dumps(SCHEMA) in fake.chats[-1].user
    assert fake.chats[-1].user.endswith("What is it?")


async def test_a_server_that_knows_only_the_newer_limit_gets_it(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.limits = {"max_completion_tokens"}

    await model.complete(PROMPT, max_tokens=100)

    assert fake.chats[-1].body["max_completion_tokens"] == 100


@pytest.mark.parametrize(
    "words",
    [
        "max_tokens is too large: the maximum context length is 4096 tokens",
        "the request exceeds the available context size (4096 tokens), try increasing it",
        "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
        "prompt is too long: 20900 tokens > 20000 maximum",
    ],
)
async def test_a_prompt_that_is_too_long_is_not_tried_in_other_dialects_and_names_the_setting(
    fake: FakeOpenAI, model: OpenAIModel, words: str
) -> None:
    fake.script = [faults.bad_request(words)]

    with pytest.raises(ModelError, match="OPENAI_CONTEXT_TOKENS"):
        await model.complete(PROMPT, max_tokens=100)

    assert len(fake.chats) == 1


def too_long(context: int) -> faults.Failure:
    size = f"the available context size ({context} tokens)"
    return faults.bad_request(f"request (99000 tokens) exceeds {size}, try increasing it")


async def refused(model: OpenAIModel, prompt: Prompt) -> tuple[type[ModelError], str, int]:
    """The error, its last word, and the model's context from then on."""
    with pytest.raises(ModelError) as raised:
        await model.complete(prompt, max_tokens=100)
    assert not raised.value.retryable  # or a digest would pause and send the same again
    return type(raised.value), str(raised.value).rpartition(" ")[2], model.context_tokens


async def test_the_context_is_what_the_server_says_if_that_is_less(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    long = replace(PROMPT, user="word " * 18_000)
    fake.script = [too_long(8192)] * 2

    said = [await refused(model, long) for _ in range(2)]

    assert said == [(SmallerContextError, "8192.", 8192)] * 2  # the second was on its way when the first came


async def test_a_text_of_more_tokens_than_estimated_lowers_the_context(
    fake: FakeOpenAI, server: OpenAIServer
) -> None:
    model = OpenAIModel(server, "m", context_tokens=8192)
    long = replace(PROMPT, user="0.1 " * 6_000)
    lowered = (100 + estimated_tokens(long.system) + estimated_tokens(long.user)) * 3 // 4
    fake.script = [too_long(8192)] * 3

    said = [await refused(model, long) for _ in range(2)]
    said.append(await refused(model, PROMPT))

    assert said[:2] == [(SmallerContextError, f"{lowered}.", lowered)] * 2
    assert said[2] == (ModelError, "accepts.", lowered)  # hardly a word: shortening is no help


async def test_a_repair_that_could_not_fit_lowers_no_context(fake: FakeOpenAI, server: OpenAIServer) -> None:
    model = OpenAIModel(server, "m", context_tokens=8192)
    long = replace(PROMPT, user="word " * 4_500)
    fake.script = ["no JSON " * 1_500, too_long(8192)]

    assert await refused(model, long) == (SmallerContextError, "8192.", 8192)


@pytest.mark.parametrize(
    "body",
    [
        {"error": "response_format is not supported"},
        {"detail": "response_format is not supported"},
        [{"error": {"message": "response_format is not supported"}}],
        "response_format is not supported",
    ],
    ids=["text", "detail", "list", "plain"],
)
async def test_a_refusal_is_read_in_whatever_shape_it_comes(
    fake: FakeOpenAI, model: OpenAIModel, body: object
) -> None:
    fake.script = [*([faults.Failure(400, body)] * 2), GOOD]

    assert (await model.complete(PROMPT, max_tokens=100)).data == {"gist": "a wheel"}

    assert [chat.format for chat in fake.chats] == ["json_schema", "json_schema", "json_object"]


@pytest.mark.parametrize(
    "words", ["Generated JSON does not match the expected schema.", "Failed to generate JSON."]
)
async def test_unusable_json_that_a_server_keeps_back_is_asked_for_again_before_another_format(
    fake: FakeOpenAI, model: OpenAIModel, words: str
) -> None:
    kept_back = faults.bad_request(f"{words} See 'failed_generation' for more details.")
    fake.script = [kept_back, GOOD, *[kept_back] * 3, GOOD]

    await model.complete(PROMPT, max_tokens=100)
    await model.complete(PROMPT, max_tokens=100)

    formats = [(chat.format, chat.schema == SCHEMA) for chat in fake.chats]
    bounded, unbounded, in_words = ("json_schema", True), ("json_schema", False), ("json_object", True)
    assert formats == [bounded, bounded, bounded, bounded, unbounded, in_words]


async def test_what_a_reply_says_that_a_server_keeps_back_is_no_word_of_the_servers_limits(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    before = model.context_tokens
    reply = "The context window grows from 4096 tokens; max_tokens must be at most 512."
    fake.script = [
        *[faults.bad_request(f"Failed to validate JSON. 'failed_generation': '{reply}'")] * 2,
        GOOD,
    ]

    await model.complete(PROMPT, max_tokens=1_000)

    assert model.context_tokens == before
    assert [chat.body["max_tokens"] for chat in fake.chats] == [1_000] * 3


async def test_a_dialect_that_did_not_help_is_not_remembered(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.script = [*([faults.bad_request("Something about the schema.")] * 4), GOOD]

    with pytest.raises(ModelError):
        await model.complete(PROMPT, max_tokens=100)
    await model.complete(PROMPT, max_tokens=100)

    asked = ["json_schema", "json_schema", "json_object", "text", "json_schema"]
    assert [chat.format for chat in fake.chats] == asked
    assert fake.chats[-1].schema == SCHEMA


def test_openai_itself_is_asked_in_its_newer_words(clock: StillClock) -> None:
    model = OpenAIModel(OpenAIServer(clock=clock, api_key="key"), "gpt-5-mini", context_tokens=128_000)

    messages = [{"role": "system", "content": PROMPT.system}, {"role": "user", "content": PROMPT.user}]
    body = model._dialect.body("gpt-5-mini", PROMPT, messages, 100)
    assert body["max_completion_tokens"] == 100
    assert body["response_format"]["json_schema"]["schema"] == without_bounds(SCHEMA)


async def test_a_silently_cut_prompt_is_noticed(fake: FakeOpenAI, model: OpenAIModel) -> None:
    long = replace(PROMPT, user="word " * 6000)
    whole = await model.complete(long, max_tokens=100)
    fake.context_tokens = 4096

    cut = await model.complete(long, max_tokens=100)

    assert cut.truncated_prompt
    assert not whole.truncated_prompt


async def test_missing_usage_is_estimated(fake: FakeOpenAI, model: OpenAIModel) -> None:
    fake.reports_usage = False

    reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.prompt_tokens > 0
    assert reply.completion_tokens > 0
    assert not reply.truncated_prompt


@pytest.mark.parametrize(
    ("usage", "prompt_tokens", "completion_tokens"),
    [
        ({"prompt_tokens": 50}, 50, 9),
        ({"prompt_tokens": 50, "completion_tokens": None}, 50, 9),
        ({"prompt_tokens": None, "completion_tokens": 70}, 7, 70),
        ({"prompt_tokens": "50", "completion_tokens": -1}, 7, 9),
        ({"prompt_tokens": 10**30, "completion_tokens": 70}, 7, 70),
        ({}, 7, 9),
        ([], 7, 9),
        (None, 7, 9),
    ],
)
async def test_a_missing_count_is_estimated(
    fake: FakeOpenAI, model: OpenAIModel, usage: object, prompt_tokens: int, completion_tokens: int
) -> None:
    fake.script = [completed('{"gist": "a round wheel"}', usage=usage)]

    reply = await model.complete(PROMPT, max_tokens=100)

    assert (reply.prompt_tokens, reply.completion_tokens) == (prompt_tokens, completion_tokens)


@pytest.mark.parametrize(
    ("completion", "total", "counted"),
    [
        (1_499, 14_428, 4_308),
        (0, 14_428, 4_308),
        (1_499, 11_619, 1_499),
        (1_499, 5, 1_499),
        (1_499, 10**30, 1_499),
    ],
)
async def test_thoughts_that_are_counted_only_in_the_total_are_counted(
    fake: FakeOpenAI, model: OpenAIModel, completion: int, total: object, counted: int
) -> None:
    usage = {"prompt_tokens": 10_120, "completion_tokens": completion, "total_tokens": total}
    fake.script = [completed(GOOD, usage=usage)]

    reply = await model.complete(PROMPT, max_tokens=100)

    assert (reply.prompt_tokens, reply.completion_tokens) == (10_120, counted)


async def test_a_total_without_the_prompts_share_is_no_completion(
    fake: FakeOpenAI, model: OpenAIModel
) -> None:
    fake.script = [completed(GOOD, usage={"total_tokens": 14_428})]

    reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.completion_tokens == estimated_tokens(GOOD)


async def test_the_script_sees_the_prompt(fake: FakeOpenAI, model: OpenAIModel) -> None:
    def echo(chat: Chat) -> str:
        return json.dumps({"gist": chat.user.upper()})

    fake.script = [echo]

    assert (await model.complete(PROMPT, max_tokens=100)).data == {"gist": "WHAT IS IT?"}
