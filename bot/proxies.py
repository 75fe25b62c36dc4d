"""Which proxy the environment names for an address, as networks of universities and companies need it.

The `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` of all programs are no settings of ours. The
openai and the Chroma client find theirs themselves. aiohttp's own way would send passwords of `~/.netrc`.
"""

from urllib.request import getproxies_environment, proxy_bypass

from yarl import URL

from bot.errors import SettingsError
from bot.settings import LOOPBACK_HOSTS


def proxy_for(address: URL | str) -> str | None:
    """The proxy for an address, perhaps with a password; None where it is asked directly.

    That is also so on loopback, and where the proxy is of a kind that aiohttp cannot use (SOCKS).

    Raises:
        SettingsError: what is named is no address.
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
        raise SettingsError("The proxy that HTTPS_PROXY or ALL_PROXY names is no address.") from None
    return str(proxy) if proxy.scheme in {"http", "https"} else None
