"""What custom ids are for."""

import pytest

from bot.rendering.discord_components import Component


@pytest.mark.parametrize("component", Component)
def test_a_custom_id_tells_what_it_is_for_and_its_argument(component: Component) -> None:
    assert Component.of(component.custom_id("digest:7:2026-W47/1")) == (component, "digest:7:2026-W47/1")


@pytest.mark.parametrize("custom_id", ["", "up", "another:up:1", "broadsheet:upper:1", "broadsheet"])
def test_what_is_none_of_ours_is_for_nothing(custom_id: str) -> None:
    assert Component.of(custom_id) is None


def test_messages_that_were_posted_keep_their_buttons() -> None:
    assert {component.value for component in Component} >= {
        *("up", "down", "vote", "open", "full", "summarize", "results"),
        *("ask", "asked", "more", "asked-more", "forget", "reset"),
    }
