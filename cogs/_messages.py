"""What a message says, wherever it says it, and what its buttons are for."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.rendering.discord_components import Component


def message_text(message: discord.Message) -> str:
    """All words of a message in order: its content, embeds, components, and what was forwarded with it."""
    parts = [message.content, *_embeds(message.embeds), *_components(message.components)]
    for forwarded in message.message_snapshots:
        parts += [forwarded.content, *_embeds(forwarded.embeds), *_components(forwarded.components)]
    return "\n".join(part for part in parts if part)


def button_argument(message: discord.Message, component: Component) -> str | None:
    """The argument of a message's button that is for this; None where no button is."""
    parts = (part for component in message.components for part in _parts(component.to_dict()))
    ours = filter(None, (Component.of(str(part.get("custom_id", ""))) for part in parts))
    return next((argument for kind, argument in ours if kind is component), None)


def _embeds(embeds: Iterable[discord.Embed]) -> Iterator[str]:
    for embed in embeds:
        yield from (embed.title or "", embed.url or "", embed.description or "")
        for field in embed.fields:
            yield from (field.name or "", field.value or "")
        yield embed.footer.text or ""


def _components(components: Iterable[discord.Component]) -> Iterator[str]:
    for component in components:
        for part in _parts(component.to_dict()):
            yield from (str(part[name]) for name in ("content", "url") if part.get(name))


def _parts(component: Any) -> Iterator[Any]:  # noqa: ANN401 - one of many shapes of JSON
    """A component and all that are inside it, in order."""
    yield component
    for inner in (*component.get("components", ()), component.get("accessory")):
        if inner is not None:
            yield from _parts(inner)
