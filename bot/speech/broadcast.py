"""A posted digest's recording: it is made, then attached to the digest's first message.

These are the steps of a durable run: each can be repeated, and none changes anything but the recording.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.delivery.port import Attachment, Messenger
from bot.errors import DeliveryRefusedError, DeliveryUnclearError, InputError, SpeechError
from bot.rendering.discord_audio import with_recording
from bot.speech.podcasts import Episode, Podcasts
from storage.database import Database
from storage.model import Delivery, Digest, Subscription

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How a step ended."""

    DONE = "done"
    AGAIN = "again"
    """It failed; a later try may succeed."""
    OVER = "over"
    """Another try would not help."""


class Broadcast:
    """Records digests and attaches the recordings."""

    def __init__(
        self,
        *,
        database: Database,
        podcasts: Podcasts,
        messenger: Messenger,
        page_of: Callable[[Subscription, str], Awaitable[str | None]],
    ) -> None:
        """`page_of` gives the public address of a subscription's digest for a week; None if it has none."""
        self._database = database
        self._podcasts = podcasts
        self._messenger = messenger
        self._page_of = page_of

    def is_wanted(self, subscription: Subscription) -> bool:
        """Whether this subscription's digests are recorded; personal digests are not worth the work."""
        return self._podcasts.can_speak and not subscription.is_personal

    async def record(self, digest_id: str, *, only_posted: bool = False) -> Outcome:
        """Make the recording; if it fails, the reason is kept for those who ask.

        With `only_posted`, a digest that is in no channel is not recorded: few would hear it, and a voice can
        cost money.
        """
        if only_posted and not (await self._posted(digest_id))[1]:
            return Outcome.OVER
        try:
            await self._podcasts.make(digest_id)
        except (SpeechError, InputError) as error:
            log.warning("%s was not recorded: %s", digest_id, error)
            await self._podcasts.note_problem(digest_id, str(error))
            return Outcome.AGAIN if isinstance(error, SpeechError) and error.retryable else Outcome.OVER
        await self._podcasts.note_problem(digest_id, "")
        return Outcome.DONE

    async def attach(self, digest_id: str) -> Outcome:
        """Attach the recording, or a link to it, to the digest's first message."""
        # Usually it is found. If another machine made it, the files are there, and it is made again here.
        if (outcome := await self.record(digest_id, only_posted=True)) is not Outcome.DONE:
            return outcome
        digest, heads = await self._posted(digest_id)
        async with self._database.begin() as tx:
            subscription = await tx.subscriptions.get(digest.server_id) if digest is not None else None
        episode = await self._podcasts.find(digest_id)
        if digest is None or episode is None or not heads:
            return Outcome.OVER
        link = None if subscription is None else await self._page_of(subscription, digest.week)
        try:
            for head in heads:
                await self._attach(digest, episode, head, link)
        except DeliveryUnclearError as error:
            log.info("the recording of %s may not have been attached: %s", digest_id, error)
            await self._podcasts.note_problem(
                digest_id, f"It may not have been attached. {error}", is_made=True
            )
            return Outcome.AGAIN
        except DeliveryRefusedError as error:
            log.warning("the recording of %s was not attached: %s", digest_id, error)
            await self._podcasts.note_problem(digest_id, f"It could not be attached. {error}", is_made=True)
            return Outcome.OVER
        return Outcome.DONE

    async def _posted(self, digest_id: str) -> tuple[Digest | None, list[Delivery]]:
        """The digest, and its first message in each channel where it is posted."""
        async with self._database.begin() as tx:
            digest = await tx.digests.get(digest_id)
            posted = await tx.deliveries.of(digest.server_id, digest.week) if digest is not None else []
        return digest, [one for one in posted if one.part == 0 and one.message_id is not None]

    async def _attach(self, digest: Digest, episode: Episode, head: Delivery, link: str | None) -> None:
        assert head.message_id is not None, "it is posted"
        content = await asyncio.to_thread(episode.opus.read_bytes)
        if len(content) <= self._messenger.upload_limit(head.channel_id):
            name = attached_name(digest)
            payload = with_recording(head.payload, episode.audio, file_name=name)
            file = Attachment(name=name, content=content)
            await self._messenger.edit(head.channel_id, head.message_id, payload, attachment=file)
        elif link is not None:
            payload = with_recording(head.payload, episode.audio, file_name=None, link=link)
            await self._messenger.edit(head.channel_id, head.message_id, payload)


def attached_name(digest: Digest) -> str:
    """The name of the attached file: `.ogg`, for which Discord shows a player."""
    return f"broadsheet-{digest.week}.ogg"
