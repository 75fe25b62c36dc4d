"""The proxy that the environment names for an address, as networks of universities and companies need it.

`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are for all programs, so they are not in our settings.
The openai and Chroma clients read them by themselves; aiohttp's own support would also send passwords from
`~/.netrc`.
"""

from urllib.request import getproxies_environment, proxy_bypass

from yarl import URL

from bot.errors import SettingsError
from bot.settings import LOOPBACK_HOSTS

_ALL_HOSTS = "discord.com,discord.gg,arxiv.org"
"""What is reached through `proxy_for`, told at once; a name stands for those below it too."""


def proxy_for(address: URL | str) -> str | None:
    """The proxy for an address, perhaps with a password; None for a direct connection.

    Loopback is always reached directly.

    Raises:
        SettingsError: what is named is not an address, or is of a kind that aiohttp cannot use (SOCKS).
    """
    url, proxies = URL(address), getproxies_environment()
    named = proxies.get(url.scheme) or proxies.get("all")
    if not named or url.host is None or url.host in LOOPBACK_HOSTS:
        return None
    if proxy_bypass(url.host):
        return None
    try:
        proxy = URL(named if "://" in named else f"http://{named}")
    except ValueError:
        raise SettingsError("The proxy in HTTPS_PROXY or ALL_PROXY is not a valid address.") from None
    if proxy.scheme not in {"http", "https"}:
        raise SettingsError(
            f"{url.host} cannot be reached: only HTTP proxies can be used, and HTTPS_PROXY or ALL_PROXY "
            f"names one for {proxy.scheme}. Name an HTTP proxy in HTTPS_PROXY, or set "
            f"NO_PROXY={_ALL_HOSTS} to do without one."
        )
    return str(proxy)
