"""Interactions: how a bot answers a command, a button, a menu or a form, and edits its answers.

Source: https://discord.com/developers/docs/interactions/receiving-and-responding.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.fakes.discord import limits
from tests.fakes.discord.answers import ApiError, Upload, answer, invalid_form, read_body, unknown
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.world import Channel, Json, User, World, within
from tests.waiting import PATIENCE_SECONDS

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_LOADING = 1 << 7
_TOKEN_SECONDS = 15 * 60


@dataclass(eq=False)
class Exchange:
    """One interaction of a person with the bot, and everything the bot answered."""

    id: int
    kind: int
    user: User
    channel: Channel
    started_at: datetime
    source: Json | None = None
    """The message whose button or menu was used."""
    response: Json | None = None
    """The callback's body, as the bot sent it."""
    original: Json | None = None
    """The message that `@original` refers to."""
    messages: list[Json] = field(default_factory=list)
    """What the bot showed, oldest first, as it looks now: the answer, then follow-ups."""
    edits: list[Json] = field(default_factory=list)
    """The bodies of the edits of those messages."""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def token(self) -> str:
        return f"token-of-{self.id}"

    @property
    def deferred(self) -> bool:
        """Whether the bot deferred its answer."""
        return self.response is not None and self.response["type"] in {DEFERRED_MESSAGE, DEFERRED_UPDATE}

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees the answer."""
        return self.original is not None and bool(self.original["flags"] & limits.EPHEMERAL)

    @property
    def choices(self) -> list[Json]:
        """The answer to an autocompletion."""
        assert self.response is not None
        assert self.response["type"] == CHOICES
        return list(self.response["data"]["choices"])

    @property
    def modal(self) -> Json:
        """The form the bot opened."""
        assert self.response is not None
        assert self.response["type"] == MODAL
        return dict(self.response["data"])

    async def message(self, index: int = 0, *, timeout_seconds: float = PATIENCE_SECONDS) -> Json:
        """The message shown at `index`, waiting for it; a "thinking" placeholder does not count."""
        await self.until(lambda: len(self.messages) > index, timeout_seconds=timeout_seconds)
        return self.messages[index]

    async def until(
        self, condition: Callable[[], object], *, timeout_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until a condition holds; it is checked whenever the bot has done something.

        Raises:
            TimeoutError: the bot was too slow, or silent.
        """
        async with asyncio.timeout(timeout_seconds), self._changed:
            await self._changed.wait_for(condition)

    async def changed(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Interactions:
    """All exchanges, and the routes for the bot's answers."""

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._messages = messages
        self.exchanges: list[Exchange] = []
        self.answer_within_seconds: float | None = None
        """Discord's limit is 3; not enforced unless set, as a busy machine should not fail tests."""

    def routes(self) -> list[web.RouteDef]:
        here = "/webhooks/{application}/{token}"
        return [
            web.post("/interactions/{interaction}/{token}/callback", self._callback),
            web.post(here, self._follow_up),
            web.get(here + "/messages/{message}", self._get),
            web.patch(here + "/messages/{message}", self._edit),
            web.delete(here + "/messages/{message}", self._delete),
        ]

    def start(self, kind: int, user: User, channel: Channel, source: Json | None = None) -> Exchange:
        exchange = Exchange(self._world.snowflake(), kind, user, channel, self._world.now(), source)
        self.exchanges.append(exchange)
        return exchange

    async def _callback(self, request: web.Request) -> web.Response:
        body, files = await read_body(request)
        exchange = self._exchange(request)
        limit = self.answer_within_seconds
        if limit is not None and not within(exchange.started_at, limit, self._world.now()):
            raise unknown("interaction", 10062)
        if exchange.response is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        await self._carry_out(exchange, body["type"], body.get("data") or {}, files)
        exchange.response = body
        await exchange.changed()
        about: Json = {"id": str(exchange.id), "type": exchange.kind}
        if exchange.original is None:
            return answer({"interaction": about})
        about["response_message_id"] = exchange.original["id"]
        resource = {"type": body["type"], "message": exchange.original}
        return answer({"interaction": about, "resource": resource})

    async def _carry_out(self, exchange: Exchange, kind: int, data: Json, files: list[Upload]) -> None:
        bot, channel = self._world.bot, exchange.channel
        if kind == MESSAGE:
            facts = _facts(exchange)
            exchange.original = await self._messages.store(channel, bot, data, files, **facts)
            exchange.messages.append(exchange.original)
        elif kind == DEFERRED_MESSAGE:
            thinking = {"content": "…", "flags": data.get("flags", 0)}
            exchange.original = await self._messages.store(channel, bot, thinking, **_facts(exchange))
            exchange.original |= {"content": "", "flags": exchange.original["flags"] | _LOADING}
        elif kind in {DEFERRED_UPDATE, UPDATE} and exchange.source is not None:
            exchange.original = exchange.source
            if kind == UPDATE:
                await self._messages.change(channel, exchange.source, data, files)
                exchange.messages.append(exchange.source)
        elif kind == CHOICES and exchange.kind == AUTOCOMPLETE:
            _refuse(limits.choices_problems(data["choices"]))
        elif kind == MODAL and exchange.kind in {COMMAND, COMPONENT}:
            _refuse(limits.modal_problems(data))
        else:
            raise invalid_form({"type": "This response type is not valid for this interaction type"})

    async def _follow_up(self, request: web.Request) -> web.Response:
        body, files = await read_body(request)
        exchange = self._exchange(request)
        if exchange.original is not None and exchange.original["flags"] & _LOADING:
            return answer(await self._fill(exchange, body, files))
        message = await self._messages.store(
            exchange.channel, self._world.bot, body, files, **_facts(exchange)
        )
        exchange.messages.append(message)
        await exchange.changed()
        return answer(message)

    async def _fill(self, exchange: Exchange, body: Json, files: list[Upload]) -> Json:
        """Replace the "thinking" placeholder with a message; the deferral has fixed who sees it."""
        placeholder = exchange.original
        assert placeholder is not None
        flags = body.get("flags", 0) & ~limits.EPHEMERAL | placeholder["flags"] & limits.EPHEMERAL
        message = self._messages.build(exchange.channel, self._world.bot, body | {"flags": flags}, files)
        placeholder |= message | {"id": placeholder["id"], "timestamp": placeholder["timestamp"]}
        exchange.messages.append(placeholder)
        await exchange.changed()
        return placeholder

    async def _get(self, request: web.Request) -> web.Response:
        return answer(self._message(self._exchange(request), request))

    async def _edit(self, request: web.Request) -> web.Response:
        body, files = await read_body(request)
        exchange = self._exchange(request)
        message = self._message(exchange, request)
        exchange.edits.append(body)
        if message["flags"] & _LOADING:
            return answer(await self._fill(exchange, body, files))
        await self._messages.change(exchange.channel, message, body, files)
        if message not in exchange.messages:  # the message with the button, after a deferred update
            exchange.messages.append(message)
        await exchange.changed()
        return answer(message)

    async def _delete(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        message = self._message(exchange, request)
        if message in exchange.messages:
            exchange.messages.remove(message)
        if message is exchange.original:
            exchange.original = None
        await self._messages.remove(exchange.channel, message)
        await exchange.changed()
        return answer()

    def _exchange(self, request: web.Request) -> Exchange:
        token = request.match_info["token"]
        exchange = next((known for known in self.exchanges if known.token == token), None)
        if exchange is None:
            raise unknown("Webhook", 10015)
        if not within(exchange.started_at, _TOKEN_SECONDS, self._world.now()):
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return exchange

    def _message(self, exchange: Exchange, request: web.Request) -> Json:
        wanted = request.match_info["message"]
        if wanted == "@original" and exchange.original is not None:
            return exchange.original
        for message in exchange.messages:
            if message["id"] == wanted:
                return message
        raise unknown("Message", 10008)


def _facts(exchange: Exchange) -> dict[str, Any]:
    about = {"id": str(exchange.id), "type": exchange.kind, "user": exchange.user.json()}
    return {"interaction_metadata": about | {"authorizing_integration_owners": {}}}


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise invalid_form(problems)
