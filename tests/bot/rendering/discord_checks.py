"""Checks a message's payload for what Discord would refuse or act on."""

import re
from collections.abc import Iterator
from typing import Any

from bot.rendering.limits import length

_ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
_OUR_LINK = re.compile(r"\[([^\[\]\n]+)\]\(https://arxiv\.org/(?:abs|pdf)/[\w./-]+v\d+(?:#page=\d+)?\)")
_OUR_LINE = re.compile(r"^(?:### |## |-# |> (?=“)|- )", re.MULTILINE)
_ACTIVE = re.compile(
    r"[`|<\]\[_]|~~|://|@everyone|@here|:[\w~+-]+:|^\s*(?:[#>]|-#|[-+]\s|\d+[.)]\s)",
    re.IGNORECASE | re.MULTILINE,
)


def components(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All components at every depth, from top to bottom."""
    for component in payload["components"]:
        yield component
        if "components" in component:
            yield from components(component)


def texts(payload: dict[str, Any]) -> list[str]:
    """The contents of the text components."""
    return [component["content"] for component in components(payload) if component["type"] == 10]


def assert_within_limits(payload: dict[str, Any]) -> None:
    everything = list(components(payload))
    counted = [text for component in everything for text in _texts(component)]
    assert len(everything) <= 40
    assert sum(map(length, counted)) <= 4_000
    assert all(texts(payload))
    for component in everything:
        _assert_component(component)


def _texts(component: dict[str, Any]) -> Iterator[str]:
    yield from (component[name] for name in ("content", "label", "placeholder") if component.get(name))
    for option in component.get("options", []):
        yield option["label"]


def _assert_component(component: dict[str, Any]) -> None:
    assert length(component.get("custom_id") or "") <= 100
    assert length(component.get("label") or "") <= 80
    assert length(component.get("placeholder") or "") <= 150
    assert component["type"] != 1 or 1 <= len(component["components"]) <= 5
    assert component["type"] != 3 or 1 <= len(component["options"]) <= 25
    for option in component.get("options", []):
        assert 1 <= length(option["label"]) <= 100
        assert 1 <= length(option["value"]) <= 100


def assert_inert(payload: dict[str, Any]) -> None:
    """Once escapes and our own links are removed, nothing that Discord acts on may be left."""
    for text in texts(payload):
        bare = _OUR_LINK.sub("x", _ESCAPED.sub("·", text))  # not a letter, as ":\\[:" is not an emoji
        found = _ACTIVE.search(_OUR_LINE.sub("x", bare))
        assert found is None, f"{found} in {text!r}"
