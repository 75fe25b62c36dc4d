"""The points at which the bot can be killed, each set at one of the loopback servers, none inside the bot."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

from aiohttp import web

from tests.end_to_end.world import World
from tests.fakes.discord.faults import Fault, Handler

HIGHLIGHTS = 3
PARTS = 2 + HIGHLIGHTS
"""The head, which the model's gists make too long for one message, and a message for each highlight."""

Arm: TypeAlias = Callable[[World], None]
"""Has the bot killed once, at some point of its next run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Successive kills during one digest, each followed by a restart."""

    name: str
    kills: tuple[Arm, ...]
    delivering: bool
    """The digest is already composed: the model need not be asked again."""


async def be_killed(around: World, arm: Arm) -> None:
    """Start the bot and wait until it is killed."""
    arm(around)
    await around.start()
    assert await around.ended() == -signal.SIGKILL, around.log()[-6000:]


def at_arxiv(path: str, nth: int = 1, *, answered: bool = False) -> Arm:
    """At the nth request to arXiv's `path`: when it arrives, or after it was answered."""
    return lambda around: around.arxiv.moments.at(path, around.kill, nth=nth, answered=answered)


def at_model(nth: int = 1, *, answered: bool = False) -> Arm:
    """At the nth call to the language model."""
    return lambda around: around.model.moments.at("/v1/chat", around.kill, nth=nth, answered=answered)


def at_message(nth: int = 1, *, stored: bool) -> Arm:
    """At the nth message to the channel: before Discord stores it, or after, without an answer."""
    return lambda around: around.discord.break_next(
        _killing(around, nth, stored=stored), path=rf"/channels/{around.channel.id}/messages$", times=nth
    )


def at_thread(nth: int = 1, *, stored: bool) -> Arm:
    """When the nth thread is opened."""
    return lambda around: around.discord.break_next(
        _killing(around, nth, stored=stored), path="/threads$", times=nth
    )


def at_notice(*, stored: bool) -> Arm:
    """While the admin is notified by direct message."""
    return lambda around: around.discord.break_next(
        _killing(around, 1, stored=stored),
        path=rf"/channels/{around.discord.world.direct_channel(around.admin.user).id}/messages$",
    )


def at_look() -> Arm:
    """While the channel's history is searched."""
    return lambda around: around.discord.break_next(
        _killing(around, 1, stored=False), method="GET", path=rf"/channels/{around.channel.id}/messages$"
    )


def _killing(around: World, nth: int, *, stored: bool) -> Fault:
    numbers = count(1)

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        if next(numbers) < nth:
            return await handler(request)
        if stored:
            await handler(request)
        around.kill()
        return web.Response(status=503)  # nobody is left to read it

    return fault


def _reading() -> dict[str, Arm]:
    each = range(1, HIGHLIGHTS + 1)
    return {
        "arXiv is asked": at_arxiv("/api/query"),
        "arXiv has answered": at_arxiv("/api/query", answered=True),
        **{f"PDF {nth} is asked for": at_arxiv("/pdf/", nth) for nth in each},
        **{f"PDF {nth} is delivered": at_arxiv("/pdf/", nth, answered=True) for nth in each},
        **{f"model call {nth} arrives": at_model(nth) for nth in each},
        **{f"model call {nth} is answered": at_model(nth, answered=True) for nth in each},
    }


def _delivering() -> dict[str, tuple[Arm, ...]]:
    parts, threads = range(1, PARTS + 1), range(1, HIGHLIGHTS + 1)
    return {
        **{f"message {nth} is not stored": (at_message(nth, stored=False),) for nth in parts},
        **{f"message {nth} is stored": (at_message(nth, stored=True),) for nth in parts},
        "the history is searched": (at_message(2, stored=True), at_look()),
        "the history is searched in vain": (at_message(2, stored=False), at_look()),
        **{f"thread {nth} is not opened": (at_thread(nth, stored=False),) for nth in threads},
        **{f"thread {nth} is opened": (at_thread(nth, stored=True),) for nth in threads},
    }


SCENARIOS = (
    *(Scenario(name=name, kills=(arm,), delivering=False) for name, arm in _reading().items()),
    *(Scenario(name=name, kills=kills, delivering=True) for name, kills in _delivering().items()),
)
"""Each point on its own."""

SEQUENCE = Scenario(
    name="one after the other",
    kills=(
        at_arxiv("/pdf/", 2, answered=True),
        at_model(1, answered=True),
        at_message(1, stored=False),
        at_message(2, stored=True),
        at_look(),
        at_thread(2, stored=True),
    ),
    delivering=False,
)
