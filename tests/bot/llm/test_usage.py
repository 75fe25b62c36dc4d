"""What calls cost."""

import pytest

from bot.llm.port import Reply
from bot.llm.usage import Prices, UsageTally


def test_tallies_add_up() -> None:
    reply = Reply(data={}, prompt_tokens=100, completion_tokens=10)

    total = UsageTally.of(reply) + UsageTally.of(reply) + UsageTally()

    assert total == UsageTally(calls=2, prompt_tokens=200, completion_tokens=20)


def test_the_cost_is_in_dollars_for_a_million_tokens() -> None:
    tally = UsageTally(calls=1, prompt_tokens=2_000_000, completion_tokens=500_000)

    assert tally.cost_usd(Prices(prompt_usd=0.25, completion_usd=2.0)) == pytest.approx(1.5)


@pytest.mark.parametrize("prices", [Prices(), Prices(prompt_usd=1.0), Prices(completion_usd=1.0)])
def test_half_a_price_is_none(prices: Prices) -> None:
    assert UsageTally(prompt_tokens=5).cost_usd(prices) is None
