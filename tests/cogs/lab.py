"""A server with an admin and a member, the real client in it, and runs that finish at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.client import BroadsheetClient
from bot.delivery.outbox import Outbox
from bot.digest.changes import Changes, Course
from bot.digest.messages import deliveries
from bot.digest.plan import DigestRequest, weekly_runs
from bot.site.public_site import PublicSite
from bot.weeks import Week, parse_week
from storage.database import Database
from storage.model import Digest, Reader, Subscription
from tests.bot.answers.room import Room
from tests.bot.rendering.examples import example_digest, small_digest
from tests.bot.summaries.desk import Desk
from tests.fakes.clock import StillClock
from tests.fakes.model import ScriptedModel

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday: the last complete week is 2026-W47."""
WEEK = "2026-W47"
SITE_URL = "https://papers.example.org/"
DIGEST = small_digest(highlights=example_digest().highlights[:2])
"""A head and two highlights; the second one's summary does not fit into a message."""


@dataclass
class FinishedRuns:
    """Stands for the workflows: a run finishes as soon as it is started, with the same digest each time."""

    database: Database
    outbox: Outbox
    changes: Changes
    started: list[DigestRequest] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    """The digest id of each requested recording, followed by its `again`."""
    known: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    """The ids of runs that have started and are waiting for something, such as arXiv."""
    failure: Exception | None = None
    is_under_way: bool = False
    week_in_vain: tuple[Week, str] | None = None
    """The week whose run gave up, and why."""
    forgotten: list[int] = field(default_factory=list)
    """Whose runs were forgotten, in order."""

    async def start_again(self, request: DigestRequest) -> bool:
        if not self.is_under_way:
            self.known.discard(request.run_id)
            await self.start_digest(request)
        return not self.is_under_way

    async def deliver_again(self, request: DigestRequest) -> bool:
        if not self.is_under_way and await self.changes.before_delivery(request) is Course.DELIVER:
            await self.outbox.deliver(request.subscription.server_id, request.week)
        return not self.is_under_way

    async def start_audio(self, digest_id: str, *, again: str = "") -> None:
        self.recordings.append(digest_id + again)

    async def start_digest(self, request: DigestRequest) -> None:
        self.started.append(request)
        if request.run_id in self.known:
            return
        self.known.add(request.run_id)
        subscription, week = request.subscription, parse_week(request.week)
        digest = replace(
            DIGEST,
            id=request.run_id,
            server_id=subscription.server_id,
            week=request.week,
            published=request.published,
        )
        async with self.database.begin() as tx:
            await tx.digests.save(digest)
            if request.published:
                papers = [highlight.pick.paper.id for highlight in digest.highlights]
                votes = await tx.tastes.counts(subscription.server_id, papers)
                await tx.deliveries.plan(deliveries(digest, request, week, votes))
        if request.published:
            await self.outbox.deliver(subscription.server_id, request.week)

    async def is_in_hand(self, run_id: str) -> bool:
        return run_id in self.known | self.waiting

    async def latest_failure(self, wish: Subscription, *, since: str | None) -> tuple[Week, str] | None:
        return self.week_in_vain

    async def works_on(self, run_id: str) -> bool:
        return run_id in self.waiting

    async def forget(self, *, over_before: datetime) -> None:
        raise NotImplementedError

    async def forget_owner(self, owner_id: int) -> None:
        self.forgotten.append(owner_id)
        self.known = {run_id for run_id in self.known if not run_id.startswith(weekly_runs(owner_id))}

    async def wait_for_end(self, run_id: str) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass
class Lab:
    """The whole lab, with the client connected."""

    env: simcord.Env
    client: BroadsheetClient
    database: Database
    clock: StillClock
    runs: FinishedRuns
    desk: Desk
    room: Room
    site: PublicSite
    audio: Path
    """The folder of the recordings."""
    asked: ScriptedModel
    """The model that answers questions in the room."""
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    admin: simcord.MemberActor
    member: simcord.MemberActor

    async def run(self, command: str, **options: Any) -> simcord.InteractionResult:
        """Run a command as the admin."""
        return await self.admin.slash(self.channel, command, **options)

    async def set_up(self, **options: Any) -> simcord.InteractionResult:
        """Run /setup as the admin, by default for cs.CL."""
        return await self.run("setup", **({"channel": self.channel, "arxiv_categories": "cs.CL"} | options))

    async def wish(self) -> Subscription | None:
        """The server's stored subscription."""
        async with self.database.begin() as tx:
            return await tx.subscriptions.get(self.guild.id)

    async def latest(self) -> Digest | None:
        """The server's newest published digest."""
        async with self.database.begin() as tx:
            return await tx.digests.latest(self.guild.id)

    async def seen(self, reader: Reader) -> list[str]:
        """The keys of the papers that this reader has seen."""
        async with self.database.begin() as tx:
            return await tx.passages.newest_keys(await tx.seen.paper_ids(reader))

    async def attached(self, answer: simcord.InteractionResult) -> tuple[str, bytes]:
        """The name and content of the one file attached to the answer."""
        assert answer.response is not None
        (attachment,) = answer.response.attachments
        read = dict(attachment) if isinstance(attachment, dict) else attachment.to_dict()
        content = await self.client.http.get_from_cdn(read["url"])
        return str(read["filename"]), bytes(content)

    def messages(self) -> list[discord.Message]:
        """The messages in the channel that everyone sees, oldest first."""
        return [message for message in self.channel.history() if not message.flags.ephemeral]

    def posted(self) -> list[str]:
        """The texts of those messages."""
        return [
            "\n".join(texts(part.to_dict() for part in message.components)) for message in self.messages()
        ]


def texts(components: Iterable[Any]) -> list[str]:
    """All text of a message's components, in order."""
    found = list[str]()
    for component in components:
        if "content" in component:
            found.append(component["content"])
        found += texts(component.get("components", ()))
    return found


def shown(result: simcord.InteractionResult) -> str:
    """All text of the answers to the person who ran the command."""
    return "\n".join(text for m in _messages(result) for text in (m.content, *texts(m.components)) if text)


def is_private(result: simcord.InteractionResult) -> bool:
    """Whether only this person sees the answers."""
    messages = _messages(result)
    return bool(messages) and all(message.ephemeral for message in messages)


def _messages(result: simcord.InteractionResult) -> list[simcord.ResponseMessage]:
    """The answers that are still there."""
    return [message for message in (result.response, *result.followups) if message is not None]


def components(parts: Iterable[Any]) -> Iterator[Any]:
    """All components at every depth, from top to bottom."""
    for part in parts:
        yield part
        yield from components(part.get("components", ()))
