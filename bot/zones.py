"""Time zones by their IANA names, as far as this machine has them: found, corrected, suggested."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.errors import InputError, echoed

_OF_ONE_MACHINE = {"localtime", "posixrules"}
"""Names of zones that each machine defines for itself."""


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
    """The proper spelling of an IANA name typed in any case.

    Raises:
        InputError: no such zone, or one that differs between machines, such as `localtime`.
    """
    name = _zone_names().get(_folded(text))
    if name is None:
        raise _no_zone(text)
    return name


def _no_zone(text: str) -> InputError:
    echo = echoed(text)
    return InputError(f"“{echo}” is not a time zone: use a name such as Europe/Berlin or UTC.", echo=echo)


@cache
def _zone_names() -> dict[str, str]:
    """All zones that are the same on every machine, by their names in lower case."""
    return {name.lower(): name for name in available_timezones() - _OF_ONE_MACHINE}


def _folded(text: str) -> str:
    return text.strip().lower().replace(" ", "_")


def suggested_zones(fragment: str, limit: int = 25) -> list[str]:
    """Zone names that contain `fragment`, those that start with it (or whose city does) first."""
    wanted = _folded(fragment)
    found = [
        name for lower, name in _zone_names().items() if wanted in lower and ("/" in name or name == "UTC")
    ]

    def order(name: str) -> tuple[bool, bool, str]:
        lower = name.lower()
        starts = lower.startswith(wanted) or lower.rsplit("/", 1)[-1].startswith(wanted)
        return (not starts, name.startswith(("Etc/", "SystemV/")), name)

    return sorted(found, key=order)[:limit]
