"""What a message says, wherever it says it."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord


def message_text(message: discord.Message) -> str:
    """All words of a message in order: its content, embeds, components, and what was forwarded with it."""
    parts = [message.content, *_embeds(message.embeds), *_components(message.components)]
    for forwarded in message.message_snapshots:
        parts += [forwarded.content, *_embeds(forwarded.embeds), *_components(forwarded.components)]
    return "\n".join(part for part in parts if part)


def _embeds(embeds: Iterable[discord.Embed]) -> Iterator[str]:
    for embed in embeds:
        yield from (embed.title or "", embed.url or "", embed.description or "")
        for field in embed.fields:
            yield from (field.name or "", field.value or "")
        yield embed.footer.text or ""


def _components(components: Iterable[discord.Component]) -> Iterator[str]:
    for component in components:
        yield from _texts(component.to_dict())


def _texts(component: Any) -> Iterator[str]:  # noqa: ANN401 - one of many shapes of JSON
    yield from (str(component[name]) for name in ("content", "url") if component.get(name))
    for inner in (*component.get("components", ()), component.get("accessory")):
        if inner is not None:
            yield from _texts(inner)
