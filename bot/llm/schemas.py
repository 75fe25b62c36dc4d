"""JSON schemas of what a language model is asked for, as OpenAI's strict mode takes them (pure).

It wants every property to be required and no others allowed:
https://platform.openai.com/docs/guides/structured-outputs#supported-schemas

Texts and lists are bounded, as a small model that has to follow a schema may repeat itself without end. The
bounds are for servers that enforce them; a reply that exceeds them is shortened when it is read, not refused.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

_BOUNDS = frozenset({"maxItems", "maxLength"})


def object_of(properties: dict[str, Schema]) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def list_of(items: Schema, description: str | None = None, *, at_most: int) -> Schema:
    """A list of up to `at_most` items."""
    return _described({"type": "array", "items": items, "maxItems": at_most}, description)


def text_of(characters: int, description: str | None = None, *, or_nothing: bool = False) -> Schema:
    """A text of up to so many characters, or null if it may be left out."""
    kind = ["string", "null"] if or_nothing else "string"
    return _described({"type": kind, "maxLength": characters}, description)


def without_bounds(schema: Mapping[str, Any]) -> Schema:
    """The same schema for lists and texts of any length."""
    return {
        name: without_bounds(value) if isinstance(value, Mapping) else value
        for name, value in schema.items()
        if name not in _BOUNDS
    }


def _described(schema: Schema, description: str | None) -> Schema:
    return schema if description is None else schema | {"description": description}
