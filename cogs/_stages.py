"""Shows the progress of an answer where the answer will appear."""

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
"""Seconds between two edits of a message, so that stages never use up a channel's rate limit."""
_LAST_EDIT_SECONDS = 5.0


class Stages:
    """A Progress that edits a deferred answer: "fetching… reading 14 pages… writing…".

    Use it around the work, and show the answer afterwards with `interaction.edit_original_response`:

        async with Stages(interaction) as stages:
            made = await service.make(progress=stages)

    Work that reports no stage, such as one served from storage, causes no edit; nor is anything edited after
    the block. If the work fails the stages are removed, so that only the person sees the error.
    """

    def __init__(self, interaction: discord.Interaction, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        """`interaction` must already be deferred."""
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
        # Wait for an edit under way: if cancelled, it might still arrive after the answer.
        await asyncio.wait({self._showing}, timeout=_LAST_EDIT_SECONDS)
        self._showing.cancel()
        if error is not None and self._shown:
            with contextlib.suppress(discord.HTTPException, aiohttp.ClientError):
                await self._interaction.delete_original_response()

    def wait(self, place: int) -> None:
        """Show the place in the queue, instead of the previous one, until a stage starts."""
        self._place = place
        self._news.set()

    def begin(self, stage: str, total: int | None = None) -> None:  # noqa: ARG002 - steps are not shown
        """A stage starts; repeating the current one changes nothing."""
        if stage not in self._stages[-1:]:
            self._place = None
            self._stages.append(stage)
            self._news.set()

    def advance(self, steps: int = 1) -> None:
        """Ignore it: an edit for each step would be too much."""

    async def _show(self) -> None:
        while True:
            await self._news.wait()
            if self._over.is_set():
                return
            self._news.clear()
            await self._edit()
            # Stages that start during the pause are shown together after it.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause_seconds):
                    await self._over.wait()

    async def _edit(self) -> None:
        waiting = [] if self._place is None else [f"waiting: number {self._place} in the queue"]
        words = " ".join(f"{stage}…" for stage in [*self._stages, *waiting])
        try:
            await self._interaction.edit_original_response(view=text_view(words))
            self._shown = True
        except (discord.HTTPException, aiohttp.ClientError) as error:  # the answer matters, not its stages
            log.info("a stage could not be shown: %s", error)
