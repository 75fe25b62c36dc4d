"""JSON schemas of what a language model is asked for, as OpenAI's strict mode takes them (pure).

It wants every property to be required and no others allowed:
https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]


def object_of(properties: dict[str, Schema]) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def list_of(items: Schema, description: str | None = None) -> Schema:
    """A list of any length."""
    told = {} if description is None else {"description": description}
    return {"type": "array", "items": items, **told}
