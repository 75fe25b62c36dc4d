"""How a delivery is recognised in its channel (pure)."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any


def nonce(key: str) -> str:
    """The nonce of a delivery: 24 hexadecimal digits, as Discord allows at most 25 characters.

    Discord compares nonces per author, not per channel, so the key must include the channel.
    """
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def visible_marker(key: str) -> str:
    """The text of a message's last small line, by which it is found again."""
    return f"broadsheet {key}"


def shows(message: Mapping[str, Any], marker: str) -> bool:
    """Whether a message, in the form of Discord's API, contains `marker` as a whole word in its text."""
    return any(marker in text.split() for text in _texts(message))


def _texts(thing: Mapping[str, Any]) -> Iterator[str]:
    """All texts of a message or component, at any depth."""
    yield thing.get("content") or ""
    for inner in thing.get("components") or []:
        yield from _texts(inner)
