"""How a delivery is recognised in its channel (pure)."""

import hashlib
from collections.abc import Mapping
from typing import Any


def nonce(key: str) -> str:
    """The nonce of a delivery: 24 hexadecimal digits, as Discord allows at most 25 characters.

    Discord compares nonces per author, not per channel, so the key must include the channel.
    """
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def visible_marker(key: str) -> str:
    """The last component's text, a small line, by which a message is found again."""
    return f"-# broadsheet {key}"


def shows(message: Mapping[str, Any], key: str) -> bool:
    """Whether a message, in the form of Discord's API, ends with the marker of `key`, as a component alone.

    Its other texts quote what people write, and they may know the key; a component that starts with a quoted
    `-#` has it escaped.
    """
    *_, last = message.get("components") or [{}]
    return bool(last.get("content") == visible_marker(key))
