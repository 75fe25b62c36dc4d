"""What is public, read from storage in small transactions."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.site.addresses import slug
from bot.site.publishing import private_weeks, public_code
from bot.texts.latex import tidy
from storage.database import Database
from storage.model import Audio, DigestListing

log = logging.getLogger(__name__)

AudioFiles = Callable[[Audio], Sequence[Path]]
"""Gives the files of a recording; none if they are gone."""


def no_recordings(_: Audio) -> Sequence[Path]:
    """No recording has files."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A server's public digests."""

    server_id: int
    code: str
    """Stands for the server in addresses and feed ids, so that its Discord id stays private."""
    title: str
    digests: tuple[DigestListing, ...]
    """Newest first."""
    audios: Mapping[str, Audio]
    """By digest id; digests without a recording are missing."""

    @property
    def slug(self) -> str:
        """The folder of its pages."""
        return slug(self.code, self.title)

    @property
    def years(self) -> tuple[str, ...]:
        """The ISO years of its digests, newest first."""
        return tuple(dict.fromkeys(digest.week[:4] for digest in self.digests))


async def publications(database: Database) -> tuple[Publication, ...]:
    """The servers that publish their digests, sorted by title. Personal digests are never public."""
    async with database.begin() as tx:
        subscriptions = [each for each in await tx.subscriptions.public() if not each.is_personal]
    found = []
    for subscription in subscriptions:
        server_id = subscription.server_id
        async with database.begin() as tx:
            private = await private_weeks(tx, server_id)
            digests = [each for each in await tx.digests.listed(server_id) if each.week not in private]
            code = await public_code(tx, server_id)
        audios = await _audios(database, [digest.id for digest in digests])
        title = clean_title(subscription.publication or "")
        found.append(
            Publication(server_id=server_id, code=code, title=title, digests=tuple(digests), audios=audios)
        )
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.server_id)))


async def _audios(database: Database, digest_ids: Sequence[str]) -> dict[str, Audio]:
    """The records of the digests' recordings; damaged ones are left out."""
    try:
        async with database.begin() as tx:
            return await tx.audios.many(digest_ids)
    except ValidationError:
        found = [await _audio(database, digest_id) for digest_id in digest_ids]
        return {audio.digest_id: audio for audio in found if audio is not None}


async def _audio(database: Database, digest_id: str) -> Audio | None:
    try:
        async with database.begin() as tx:
            return await tx.audios.get(digest_id)
    except ValidationError as error:
        log.warning(
            "the recording of %s is left out: its record has %d errors", digest_id, error.error_count()
        )
        return None


def clean_title(text: str) -> str:
    """A publication's title on one line, without invisible characters; joiners stay only inside it."""
    return " ".join(tidy(text).split()).strip("\u200c\u200d ")
