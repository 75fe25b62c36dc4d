"""Nonces and markers."""

import pytest

from bot.delivery.marker import nonce, shows, visible_marker

KEY = "1-2-2026-W47-1"


def test_a_nonce_fits_and_belongs_to_its_key() -> None:
    assert len(nonce("1-2-2026-W47-0")) <= 25
    assert nonce("1-2-2026-W47-0") != nonce("1-3-2026-W47-0")


def test_the_marker_ends_in_the_key() -> None:
    assert visible_marker("1-2-2026-W47-0").split()[-1] == "1-2-2026-W47-0"


def test_a_marker_is_found_at_any_depth() -> None:
    message = {"components": [{"type": 17, "components": [{"type": 10, "content": visible_marker(KEY)}]}]}

    assert shows(message, KEY)


@pytest.mark.parametrize("text", [f"{KEY}0", f"1{KEY}", KEY[:-1], f"({KEY})", ""])
def test_other_text_is_not_taken_for_the_marker(text: str) -> None:
    assert not shows({"content": text, "components": None}, KEY)
