"""Proxies that the environment names."""

import logging
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord.http import Route

from bot.client import BroadsheetClient
from bot.errors import SettingsError
from bot.logs import incident, to_file
from bot.proxies import proxy_for

ARXIV = "https://export.arxiv.org/api/query"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("value", ["http://proxy.example.edu:3128", "proxy.example.edu:3128"])
def test_the_proxy_of_the_environment_is_used(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    assert proxy_for(ARXIV) == "http://proxy.example.edu:3128"


async def test_discord_is_reached_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.edu:3128")

    client = BroadsheetClient(cast("Any", SimpleNamespace()))

    assert client.http.proxy == "http://proxy.example.edu:3128"


@pytest.mark.usefixtures("restored_logging")
def test_its_password_is_in_no_log(tmp_path: Path) -> None:
    to_file("WARNING", tmp_path / "log")
    error = OSError("407, url='http://ada:love@proxy.example.edu:3128'")

    incident(logging.getLogger(__name__), f"the connection ended ({error})", error)

    written = (tmp_path / "log").read_text(encoding="utf-8")
    assert written.count("http://(hidden)@proxy.example.edu:3128") == 2
    assert "love" not in written


@pytest.mark.parametrize("except_for", ["arxiv.org", ".arxiv.org", "*"])
def test_what_no_proxy_names_is_asked_directly(except_for: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.edu:3128")
    monkeypatch.setenv("NO_PROXY", except_for)

    assert proxy_for(ARXIV) is None
    assert (proxy_for("https://discord.com/api") is None) == (except_for == "*")


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/"])
def test_loopback_is_reached_directly(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example.edu:3128")

    assert proxy_for(address) is None


def test_a_proxy_of_another_kind_is_not_passed_by_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5h://ada:love@proxy.example.edu:1080")

    with pytest.raises(SettingsError, match=r"only HTTP.* socks5h\. .*NO_PROXY=\S+ to do") as caught:
        proxy_for(ARXIV)
    assert "love" not in str(caught.value)

    advised = re.search(r"NO_PROXY=(\S+)", str(caught.value))
    assert advised is not None
    monkeypatch.setenv("NO_PROXY", advised[1])
    for address in (ARXIV, "https://arxiv.org/pdf/2404.01234", "https://rss.arxiv.org", Route.BASE):
        assert proxy_for(address) is None


def test_a_proxy_that_is_no_address_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ada:love@proxy.example.edu:port")

    with pytest.raises(SettingsError, match="HTTPS_PROXY or ALL_PROXY is not a valid address") as caught:
        proxy_for(ARXIV)
    assert "love" not in str(caught.value)
