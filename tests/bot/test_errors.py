"""What messages repeat of people's words."""

from collections.abc import Callable

import pytest

from bot.errors import InputError
from bot.languages import parse_language
from bot.papers import taxonomy
from bot.papers.ids import parse
from bot.weeks import parse_week
from bot.zones import canonical_zone


@pytest.mark.parametrize(
    "read",
    [parse, parse_week, canonical_zone, parse_language, lambda text: taxonomy.check((text,))],
    ids=["paper", "week", "zone", "language", "category"],
)
def test_what_cannot_be_read_is_repeated_on_one_line_and_cut(read: Callable[[str], object]) -> None:
    with pytest.raises(InputError) as refused:
        read("a long\ntext " * 200)

    assert f"“{refused.value.echo}”" in str(refused.value)
    assert refused.value.echo.startswith("a long text a long text")
    assert refused.value.echo.endswith("…")
    assert len(refused.value.echo) == 61
