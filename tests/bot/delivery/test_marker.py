"""Nonces and markers."""

from typing import Any

import pytest

from bot.delivery.marker import nonce, shows, visible_marker
from bot.rendering.discord import payload, text_view

KEY = "1-2-2026-W47-1"
MARKER = {"type": 10, "content": visible_marker(KEY)}


def test_a_nonce_fits_and_belongs_to_its_key() -> None:
    assert len(nonce("1-2-2026-W47-0")) <= 25
    assert nonce("1-2-2026-W47-0") != nonce("1-3-2026-W47-0")


def test_a_marker_is_a_small_line_that_ends_in_the_key() -> None:
    assert visible_marker(KEY).startswith("-# ")
    assert visible_marker(KEY).split()[-1] == KEY


def test_the_last_component_is_the_marker() -> None:
    assert shows({"components": [{"type": 17, "components": []}, MARKER]}, KEY)


@pytest.mark.parametrize("key", [f"{KEY}0", f"1{KEY}", KEY[:-1], ""])
def test_the_marker_of_another_key_is_not_taken_for_it(key: str) -> None:
    assert not shows({"components": [MARKER]}, key)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"content": visible_marker(KEY), "components": None},
        {"components": [{"type": 17, "components": [MARKER]}]},
        {"components": [MARKER, {"type": 10, "content": "and more"}]},
        {"components": [{"type": 10, "content": f"In short:\n{visible_marker(KEY)}"}]},
    ],
)
def test_a_key_elsewhere_in_a_message_is_no_marker(message: dict[str, Any]) -> None:
    assert not shows(message, KEY)


@pytest.mark.parametrize("before", ["", "\n", "In short: ", "In short:\n"])
def test_text_from_elsewhere_cannot_pass_for_the_marker(before: str) -> None:
    assert not shows(payload(text_view(before + visible_marker(KEY))), KEY)
