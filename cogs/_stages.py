"""How far the work for an answer is, shown where the answer will stand."""

import asyncio
import contextlib
import logging
from types import TracebackType
from typing import Self

import aiohttp
import discord

from bot.rendering.discord import text_view

log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
"""Between two edits of a message, so that stages never use up a channel's rate limit."""
_LAST_EDIT_SECONDS = 5.0


class Stages:
    """A Progress that edits a deferred answer: "fetching… reading 14 pages… writing…".

    Use it around the work, and show the answer afterwards with `interaction.edit_original_response`:

        async with Stages(interaction) as stages:
            made = await service.make(progress=stages)

    Work that reports no stage, as from storage, causes no edit. After the block nothing is edited any more.
    Where the work fails the stages are taken away again, so that the error is told to the person alone.
    """

    def __init__(self, interaction: discord.Interaction, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        """`interaction` has to be deferred already."""
        self._interaction = interaction
        self._pause_seconds = pause_seconds
        self._stages: list[str] = []
        self._place: int | None = None
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._shown = False

    async def __aenter__(self) -> Self:
        self._showing = asyncio.create_task(self._show())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._news.set()
        # An edit under way is waited for: one that was cancelled might still arrive after the answer.
        await asyncio.wait({self._showing}, timeout=_LAST_EDIT_SECONDS)
        self._showing.cancel()
        if error is not None and self._shown:
            with contextlib.suppress(discord.HTTPException, aiohttp.ClientError):
                await self._interaction.delete_original_response()

    def wait(self, place: int) -> None:
        """The place in the line; it is shown in place of the one before, until a stage begins."""
        self._place = place
        self._news.set()

    def begin(self, stage: str, total: int | None = None) -> None:  # noqa: ARG002 - the line names no steps
        """A stage begins; the same again is the same stage."""
        if stage not in self._stages[-1:]:
            self._place = None
            self._stages.append(stage)
            self._news.set()

    def advance(self, steps: int = 1) -> None:
        """Ignore it: an edit for every step would be too many."""

    async def _show(self) -> None:
        while True:
            await self._news.wait()
            if self._over.is_set():
                return
            self._news.clear()
            await self._edit()
            # What begins during the pause is shown after it, all at once.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause_seconds):
                    await self._over.wait()

    async def _edit(self) -> None:
        waiting = [] if self._place is None else [f"waiting: number {self._place} in the line"]
        words = " ".join(f"{stage}…" for stage in [*self._stages, *waiting])
        try:
            await self._interaction.edit_original_response(view=text_view(words))
            self._shown = True
        except (discord.HTTPException, aiohttp.ClientError) as error:  # the answer matters, not its stages
            log.info("a stage could not be shown: %s", error)
