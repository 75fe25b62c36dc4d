import pytest

from bot.places import site_url
from bot.settings import Settings


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, None),
        ({"site": True}, "http://127.0.0.1:8080/"),
        ({"site": True, "site_host": "::1", "site_port": 81}, "http://[::1]:81/"),
        ({"site": True, "site_host": "0.0.0.0"}, None),
        ({"site": True, "site_host": "::"}, None),
        ({"site_url": "https://papers.example.org/sub"}, "https://papers.example.org/sub/"),
        ({"site": True, "site_url": "https://papers.example.org"}, "https://papers.example.org/"),
    ],
)
def test_the_pages_have_the_address_that_was_said_or_where_they_are_served(
    given: dict[str, object], address: str | None
) -> None:
    assert site_url(Settings.model_validate(given)) == address
