"""Time zones by their IANA names, as far as this machine has them: found, corrected, suggested."""

import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.errors import InputError, echoed
from bot.texts.folding import folded_but_hyphens

_OF_ONE_MACHINE = {"localtime", "posixrules"}
"""Names of zones that each machine defines for itself."""
_CONTINENTS = (
    *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/"),
    *("Indian/", "Pacific/"),
)
"""And oceans. Other names have no cities: `Brazil/East`, `Etc/GMT+2`."""
_OFFSET = re.compile(r"(?:utc|gmt)?\s*[+\-\u2212]\s*\d{1,2}(?::?\d\d)?", re.IGNORECASE)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        InputError: no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _no_zone(name) from None


def canonical_zone(text: str) -> str:
    """The proper spelling of an IANA name typed in any case, or the one zone with a city of this name.

    Raises:
        InputError: no such zone, several, or one that differs between machines, such as `localtime`.
    """
    typed = _folded(text)
    named = _zone_names().get(typed)
    if named is not None:
        return named
    of_city = sorted(name for name in _places() if _city(name) == typed)
    if len(of_city) > 1:
        echo = echoed(text)
        raise InputError(f"“{echo}” may be {' or '.join(of_city)}: choose one.", echo=echo)
    if not of_city:
        raise _no_zone(text)
    return of_city[0]


def _no_zone(text: str) -> InputError:
    echo = echoed(text)
    advice = "choose a city in your zone, such as Europe/Berlin"
    if not _OFFSET.fullmatch(text.strip()):
        advice = "use a name such as Europe/Berlin or UTC"
    return InputError(f"“{echo}” is not a time zone: {advice}.", echo=echo)


@cache
def _zone_names() -> dict[str, str]:
    """All zones that are the same on every machine, by their names in lower case."""
    return {name.lower(): name for name in available_timezones() - _OF_ONE_MACHINE}


@cache
def _places() -> tuple[str, ...]:
    """The zones of places."""
    return tuple(name for name in _zone_names().values() if name.startswith(_CONTINENTS))


def _city(name: str) -> str:
    return name.lower().rsplit("/", 1)[-1]


def _folded(text: str) -> str:
    return folded_but_hyphens(text.strip().replace("_", " ")).replace(" ", "_")


def suggested_zones(fragment: str, limit: int = 25) -> list[str]:
    """Zone names that contain `fragment`, those that start with it (or whose city does) first.

    Offsets are left out: `Etc/GMT+2` is two hours *behind* UTC.
    """
    wanted = _folded(fragment)
    found = [name for name in (*_places(), "UTC", "Etc/UTC") if wanted in name.lower()]

    def order(name: str) -> tuple[bool, bool, str]:
        starts = name.lower().startswith(wanted) or _city(name).startswith(wanted)
        return (not starts, name == "Etc/UTC", name)

    return sorted(found, key=order)[:limit]
