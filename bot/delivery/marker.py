"""How a delivery is recognised in its channel (pure)."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any


def nonce(key: str) -> str:
    """The nonce of a delivery: 24 hexadecimal digits, as Discord takes at most 25 characters.

    It knows a nonce by author and not by channel, so the key has to hold the channel.
    """
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def visible_marker(key: str) -> str:
    """The words of a message's last small line, by which it is found again."""
    return f"broadsheet {key}"


def shows(message: Mapping[str, Any], marker: str) -> bool:
    """Whether a message, as Discord's API takes and gives it, has `marker` as a whole word in its text."""
    return any(marker in text.split() for text in _texts(message))


def _texts(thing: Mapping[str, Any]) -> Iterator[str]:
    """All texts of a message or a component, whatever they are nested in."""
    yield thing.get("content") or ""
    for inner in thing.get("components") or []:
        yield from _texts(inner)
