"""The text of a message, wherever it is, and the arguments of its buttons."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.rendering.discord_components import Component


def message_text(message: discord.Message) -> str:
    """All text of a message in order: its content, embeds, components, and forwarded messages."""
    parts = [message.content, *_embeds(message.embeds), *_components(message.components)]
    for forwarded in message.message_snapshots:
        parts += [forwarded.content, *_embeds(forwarded.embeds), *_components(forwarded.components)]
    return "\n".join(part for part in parts if part)


def button_argument(message: discord.Message, component: Component) -> str | None:
    """The argument of the message's first button of this kind; None if it has none."""
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
    """A component and all those inside it, in order."""
    yield component
    for inner in (*component.get("components", ()), component.get("accessory")):
        if inner is not None:
            yield from _parts(inner)
