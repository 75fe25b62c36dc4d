"""A server that speaks the OpenAI API, on loopback.

    async with FakeOpenAI("first reply", rate_limited(retry_after=1), "second reply") as server:
        ... base_url=server.base_url ...
    assert server.chats[0].user == "..."

Each request takes the next reply of the script; after the last, the server answers as a diligent model would.
Attributes say what the server supports (JSON schemas, usage, its context window).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

from aiohttp import web

from bot.llm.port import estimated_tokens
from tests.fakes.model import FakeEmbedder
from tests.fakes.moments import Moments
from tests.fakes.replies import answer_from_prompt, summary_from_prompt
from tests.fakes.speech_server import MOST_CHARACTERS, Speech, sounding


@dataclass(frozen=True, slots=True)
class Chat:
    """One request to `/chat/completions`."""

    body: Mapping[str, Any]
    key: str
    query: str = ""
    """What followed a `?` in the address."""

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def user(self) -> str:
        """The last user message."""
        return str(self.body["messages"][-1]["content"])

    @property
    def format(self) -> str:
        return str(self.body.get("response_format", {}).get("type", "text"))

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The requested schema, from `response_format` or the last line of the system message."""
        asked = self.body.get("response_format", {}).get("json_schema", {}).get("schema")
        last_line = self.system.rsplit("\n", 1)[-1]
        return asked or (json.loads(last_line) if last_line.startswith("{") else None)


@dataclass(frozen=True, slots=True)
class Completion:
    """A 200; `text` None gives a null content, `choices` False an empty list."""

    text: str | None
    finish_reason: str = "stop"
    choices: bool = True
    refusal: str | None = None
    breaks: bool = False
    """A stream stops halfway, without `[DONE]`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Any answer but a completion; status 0 closes the connection without one."""

    status: int
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    after_seconds: float = 0


Step: TypeAlias = str | Completion | Failure | Speech | Callable[[Chat], str]


def unauthorized() -> Failure:
    return _error(401, "Incorrect API key provided: sk-...cret.", code="invalid_api_key")


def rate_limited(*, retry_after: float | None = None) -> Failure:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return _error(429, "Rate limit reached.", code="rate_limit_exceeded", headers=headers)


def no_quota() -> Failure:
    return _error(429, "You exceeded your current quota.", code="insufficient_quota")


def server_error() -> Failure:
    return _error(500, "The server had an error.")


def hung_up() -> Failure:
    return Failure(0)


def silent(seconds: float) -> Failure:
    return Failure(0, after_seconds=seconds)


def web_page() -> Failure:
    return Failure(200, "<!doctype html><title>Welcome</title>", content_type="text/html")


def half_an_answer() -> Failure:
    return Failure(200, '{"id": "x", "choices": [{"mess')


def bad_request(message: str) -> Failure:
    return _error(400, message, code="invalid_request")


def _error(
    status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None
) -> Failure:
    return Failure(status, {"error": {"message": message, "type": "error", "code": code}}, headers or {})


class FakeOpenAI:
    """Chat completions, embeddings, speech and the list of models; requests are recorded."""

    def __init__(self, *script: Step, model: str = "fake-model") -> None:
        self.script = list(script)
        self.chats = list[Chat]()
        self.embedded = list[list[str]]()
        self.spoken = list[Mapping[str, Any]]()
        """The requests to `/audio/speech`."""
        self.model = model
        self.base_url = ""
        self.api_key: str | None = None
        """If set, chats with another key get a 401."""
        self.formats = {"json_schema", "json_object", "text"}
        self.limits = {"max_tokens", "max_completion_tokens"}
        self.longest_reply: int | None = None
        """A request for more tokens gets a 400."""
        self.reports_usage = True
        self.most_embedded: int | None = None
        """More texts in one request get a 413."""
        self.longest_embedded: int | None = None
        """A text of more characters gets a 413."""
        self.context_tokens: int | None = None
        """Longer prompts are truncated silently, as Ollama does; only the reported usage shows it."""
        self.delay_seconds = 0.0
        self.at_once = 0
        self.most_at_once = 0
        self.moments = Moments()
        self._embedder = FakeEmbedder()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20, middlewares=[self.moments.middleware])
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/embeddings", self._embeddings)
        app.router.add_post("/v1/audio/speech", self._speech)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        chat = Chat(await request.json(), key, request.query_string)
        self.chats.append(chat)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.delay_seconds)
            step = self._refusal(chat) or (self.script.pop(0) if self.script else _diligent)
            assert not isinstance(step, Speech), "the script says something else"
            if isinstance(step, Failure):
                return await _failed(request, step)
            completion = step if isinstance(step, Completion) else Completion(_text(step, chat))
            if chat.body.get("stream"):
                return await self._streamed(request, chat, completion)
            return web.json_response(self._completed(chat, completion))
        finally:
            self.at_once -= 1

    def _refusal(self, chat: Chat) -> Failure | None:
        if self.api_key is not None and chat.key != self.api_key:
            return unauthorized()
        for limit in ("max_tokens", "max_completion_tokens"):
            if limit in chat.body and limit not in self.limits:
                return bad_request(f"Unsupported parameter: '{limit}' is not supported with this model.")
            asked = chat.body.get(limit, 0)
            if self.longest_reply is not None and asked > self.longest_reply:
                most = f"This model supports at most {self.longest_reply} completion tokens"
                return bad_request(f"{limit} is too large: {asked}. {most}, whereas you provided {asked}.")
        if chat.format not in self.formats:
            return bad_request(f"response_format type {chat.format} is not supported.")
        return None

    def _completed(self, chat: Chat, completion: Completion) -> dict[str, Any]:
        message = {"role": "assistant", "content": completion.text, "refusal": completion.refusal}
        choice = {"index": 0, "message": message, "finish_reason": completion.finish_reason}
        return {
            **self._envelope("chat.completion"),
            "choices": [choice] if completion.choices else [],
            **({"usage": self._usage(chat, completion)} if self.reports_usage else {}),
        }

    async def _streamed(self, request: web.Request, chat: Chat, completion: Completion) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        async for event in self._events(chat, completion):
            await response.write(f"data: {event}\n\n".encode())
        return response

    async def _events(self, chat: Chat, completion: Completion) -> AsyncIterator[str]:
        envelope = self._envelope("chat.completion.chunk")
        words = (completion.text or "").split(" ")
        for position, word in enumerate(words[: len(words) // 2] if completion.breaks else words):
            delta = {"content": word if position == 0 else f" {word}"}
            yield json.dumps({**envelope, "choices": [{"index": 0, "delta": delta}]})
        if completion.breaks:
            return
        last = {"index": 0, "delta": {}, "finish_reason": completion.finish_reason}
        yield json.dumps({**envelope, "choices": [last]})
        if chat.body.get("stream_options", {}).get("include_usage") and self.reports_usage:
            yield json.dumps({**envelope, "choices": [], "usage": self._usage(chat, completion)})
        yield "[DONE]"

    def _envelope(self, kind: str) -> dict[str, Any]:
        return {"id": f"chat-{len(self.chats)}", "object": kind, "created": 0, "model": self.model}

    def _usage(self, chat: Chat, completion: Completion) -> dict[str, int]:
        prompt = sum(estimated_tokens(message["content"]) for message in chat.body["messages"])
        prompt = prompt if self.context_tokens is None else min(prompt, self.context_tokens)
        reply = estimated_tokens(completion.text or "")
        return {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}

    async def _embeddings(self, request: web.Request) -> web.Response:
        body = await request.json()
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        self.embedded.append(texts)
        if self.script and isinstance(self.script[0], Failure):
            return await _failed(request, self.script.pop(0))  # type: ignore[arg-type]
        if self.most_embedded is not None and len(texts) > self.most_embedded:
            message = f"batch size {len(texts)} > maximum allowed batch size {self.most_embedded}"
            return await _failed(request, _error(413, message))
        longest = max(map(len, texts))
        if self.longest_embedded is not None and longest > self.longest_embedded:
            return await _failed(request, _error(413, f"the input has {longest} characters"))
        vectors = await self._embedder.embed(texts)
        rows = [
            {"object": "embedding", "index": index, "embedding": vector.tolist()}
            for index, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        # Reversed: the API does not promise an order.
        return web.json_response(
            {"object": "list", "data": rows[::-1], "model": body["model"], "usage": usage}
        )

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.spoken.append(body)
        await asyncio.sleep(self.delay_seconds)
        step = self.script.pop(0) if self.script else Speech()
        if len(body["input"]) > MOST_CHARACTERS:
            step = bad_request("String should have at most 4096 characters")
        if isinstance(step, Failure):
            return await _failed(request, step)
        assert isinstance(step, Speech), "the script says something else"
        return await sounding(request, step, body["input"])

    async def _models(self, _: web.Request) -> web.Response:
        model = {"id": self.model, "object": "model", "created": 0, "owned_by": "tests"}
        return web.json_response({"object": "list", "data": [model]})


def _diligent(chat: Chat) -> str:
    if not chat.schema:
        return "Noted."
    asks = "about_papers" in chat.schema["properties"]
    return answer_from_prompt(chat.user) if asks else summary_from_prompt(chat.user, chat.schema)


def _text(step: str | Callable[[Chat], str], chat: Chat) -> str:
    return step if isinstance(step, str) else step(chat)


async def _failed(request: web.Request, failure: Failure) -> web.Response:
    await asyncio.sleep(failure.after_seconds)
    if failure.status == 0:
        assert request.transport is not None
        request.transport.close()
    body = failure.body if isinstance(failure.body, str | bytes) else json.dumps(failure.body)
    return web.Response(
        status=failure.status or 500,
        body=body.encode() if isinstance(body, str) else body,
        headers=dict(failure.headers),
        content_type=failure.content_type,
    )
