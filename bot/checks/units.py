"""The units that are told apart, with all their spellings, and conversions between them (pure).

`milliseconds` and `msec` are `ms`, and 1.5 kg are 1500 g. Case matters in symbols (5 MeV is not 5 meV, 100
Gb not 100 GB), not in words.
"""

import re
from decimal import Decimal

_PLAIN_UNITS = {
    "%": "% percent percents",
    "points": "point points pp pps pt pts ppt percentage-point percentage-points",
    "x": "x × times fold",
    "token": "token tokens",
    "parameter": "parameter parameters params",
}
_OTHER_UNITS = {
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years yr yrs",
    "s": "sec secs",
    "ms": "msec msecs",
    "dB": "dB decibel decibels",
    "dBm": "dBm",
    "bit": "bit bits",
    "B": "byte bytes",
    "°C": "°C celsius degreecelsius degreescelsius",
    "°F": "°F fahrenheit degreefahrenheit degreesfahrenheit",
    "°": "° degree degrees",
    "Å": "Å angstrom angstroms",
    "mile": "mile miles",
    "t": "ton tons tonne tonnes",
    "$": "$ USD dollar dollars",
    "€": "€ EUR euro euros",
    "£": "£ GBP",
    "¥": "¥ yen JPY yuan CNY RMB",
    "₹": "₹ INR rupee rupees",
    "μm": "um micron microns",
    "μs": "us",
    "M⊙": "M⊙ M☉ M⨀ Msun solarmass solarmasses",
    "M⊕": "M⊕",
    "R⊕": "R⊕",
    "L⊙": "L⊙ L☉ L⨀ Lsun solarluminosity solarluminosities",
    "R⊙": "R⊙ R☉ R⨀ Rsun solarradius solarradii",
    "flop": "FLOP FLOPs FLOPS",
}
_PREFIXES = {
    "f": ("femto", -15), "p": ("pico", -12), "n": ("nano", -9), "μ": ("micro", -6), "m": ("milli", -3),
    "c": ("centi", -2), "": ("", 0), "h": ("hecto", 2), "k": ("kilo", 3), "M": ("mega", 6), "G": ("giga", 9),
    "T": ("tera", 12), "P": ("peta", 15),
}  # fmt: skip
"""The name and the power of ten of each."""
_PREFIXED = (
    # (symbol, its names, the prefixes it takes)
    ("m", "meter metre", "fpnμmck"),
    ("s", "second", "fpnμm"),
    ("g", "gram", "nμmk"),
    ("eV", "electronvolt electron-volt", "mkMGTP"),
    ("J", "joule", "fpnμmkMGT"),
    ("W", "watt", "nμmkMGT"),
    ("Wh", "watthour watt-hour", "kMGT"),
    ("Hz", "hertz", "mkMGT"),
    ("V", "volt", "nμmkM"),
    ("A", "ampere amp", "nμmk"),
    ("K", "kelvin", "nμm"),
    ("T", "", "nμm"),
    ("N", "newton", "pnμmkM"),
    ("Pa", "pascal", "hkMG"),
    ("L", "liter litre", "μm"),
    ("mol", "mole", "nμm"),
    ("Ω", "ohm", "mkM"),
    ("pc", "parsec", "kMG"),
)


def _spellings() -> dict[str, str]:
    """The unit of each spelling."""
    units = {
        word: unit
        for table in (_PLAIN_UNITS, _OTHER_UNITS)
        for unit, words in table.items()
        for word in words.split()
    }
    for symbol, words, prefixes in _PREFIXED:
        for prefix in ("", *prefixes):
            units[prefix + symbol] = prefix + symbol
            for word in words.split():
                name = _PREFIXES[prefix][0] + word
                units |= {name: prefix + symbol, f"{name}s": prefix + symbol}
    for small in "kMGTP":
        prefix, name = small.upper(), _PREFIXES[small][0]
        bits = f"{prefix}bit"
        for word in (f"{prefix}B", f"{small}B", f"{prefix}iB", f"{name}byte", f"{name}bytes"):
            units[word] = f"{prefix}B"
        for word in (f"{small}b", f"{small}bit", f"{prefix}bit", f"{small}bps", f"{name}bit", f"{name}bits"):
            units[word] = bits
    for prefix in "MGTPE":
        units |= dict.fromkeys((f"{prefix}FLOP", f"{prefix}FLOPs", f"{prefix}FLOPS"), f"{prefix}flop")
    return units


_UNIT_OF = _spellings()
"""The unit of each spelling: `milliseconds` -> `ms`."""
UNITS = frozenset(_UNIT_OF.values())
MEASURED_UNITS = UNITS - frozenset(_PLAIN_UNITS)
"""Physical units, amounts of data, and currencies."""
_QUANTITIES = (
    {
        prefix + symbol: (symbol, Decimal(1).scaleb(_PREFIXES[prefix][1]))
        for symbol, _, prefixes in _PREFIXED
        for prefix in ("", *prefixes)
    }
    | {f"{prefix.upper()}B": ("B", Decimal(1).scaleb(_PREFIXES[prefix][1])) for prefix in "kMGTP"}
    | {
        "B": ("B", Decimal(1)),
        "min": ("s", Decimal(60)),
        "h": ("s", Decimal(3600)),
        "day": ("s", Decimal(86400)),
    }
    | {"%": ("", Decimal("0.01")), "": ("", Decimal(1))}
)
"""The base unit of each convertible unit, and how much of the base it is: `ms` -> (`s`, 0.001)."""
CURRENCY_BEFORE = re.compile(r"(?P<unit>[$€£¥₹]|\b(?:USD|EUR|GBP|JPY|CNY|INR))\s?$")
_WORD = re.compile(r"(?<![\w'])(?<!\d[\s-])(?:°[CF]|[^\W\d_]+|[%×$€£¥₹°])")
_LETTERS_OF_NAMES = frozenset("mKTANL")
"""Directly after digits these are scales (5K) or parts of names (7A)."""
_SYMBOL_LENGTH = 3
"""Longer units are words, and case does not matter: GHz is not ghz, but Seconds are seconds."""


def unit_of(word: str) -> str:
    """The unit that a word after a number stands for; empty if none."""
    return _UNIT_OF.get(word) or (_UNIT_OF.get(word.lower(), "") if len(word) > _SYMBOL_LENGTH else "")


def unit_glued(suffix: str) -> str:
    """The unit that a suffix without a space after the digits stands for; empty if none."""
    return "" if suffix in _LETTERS_OF_NAMES else _UNIT_OF.get(suffix, "")


def in_unit(value: Decimal, unit: str, other: str) -> Decimal | None:
    """The value in another unit: 1.5 kg are 1500 g, 81.2 % are 0.812; None if the units don't convert."""
    base, factor = _QUANTITIES.get(unit, (unit, Decimal(1)))
    other_base, other_factor = _QUANTITIES.get(other, (other, Decimal(1)))
    return value * factor / other_factor if base == other_base else None


def in_all_units(value: Decimal, unit: str) -> set[Decimal]:
    """The value in its own unit and in every unit it converts to."""
    return {value} | {found for other in _QUANTITIES if (found := in_unit(value, unit, other)) is not None}


def mentions_unit(text: str, unit: str) -> bool:
    """Whether `text` has the unit as a word of its own, not after a number, as in a table's header."""
    return any(unit_of(word) == unit for word in _WORD.findall(text))
