"""Numbers and what belongs to them in words: units, powers, ranges, versions (pure).

Voices read plain numbers well: `80.1` and `32,768` stay as they are. They misread what is attached to
numbers: hibari says “one e four” for 1e-4, takes 12/14 for a day in December and drops the point of Qwen2.5.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from bot.dates import MONTHS
from bot.texts.patterns import any_of

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_MAGNITUDES = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "T": "trillion"}
_OF_MONEY = {**_MAGNITUDES, "m": "million", "bn": "billion"}
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound"}
_UNITS = {
    "ms": "millisecond", "µs": "microsecond", "μs": "microsecond", "ns": "nanosecond", "sec": "second",
    "min": "minute", "hrs": "hour", "kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte",
    "TB": "terabyte", "PB": "petabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte",
    "TiB": "tebibyte", "kbit": "kilobit", "Mbit": "megabit", "Gbit": "gigabit", "kW": "kilowatt",
    "MW": "megawatt", "mW": "milliwatt", "kWh": "kilowatt hour", "MWh": "megawatt hour", "kJ": "kilojoule",
    "MJ": "megajoule", "mm": "millimetre", "cm": "centimetre", "km": "kilometre", "µm": "micrometre",
    "μm": "micrometre", "nm": "nanometre", "kg": "kilogram", "mg": "milligram", "mV": "millivolt",
    "eV": "electronvolt", "keV": "kiloelectronvolt", "MeV": "megaelectronvolt", "GeV": "gigaelectronvolt",
    "TeV": "teraelectronvolt", "px": "pixel", "μW": "microwatt", "μJ": "microjoule", "μg": "microgram",
    "μL": "microlitre", "μA": "microampere", "μV": "microvolt", "Å": "angstrom", "Ω": "ohm", "kΩ": "kilohm",
    "MΩ": "megohm",
}  # fmt: skip
_UNITS_WITHOUT_PLURAL = {
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "dB": "decibels",
    "fps": "frames per second", "pp": "percentage points", "bp": "basis points", "GFLOPs": "gigaflops",
    "GFLOPS": "gigaflops", "TFLOPs": "teraflops", "TFLOPS": "teraflops", "PFLOPs": "petaflops",
    "PFLOPS": "petaflops",
}  # fmt: skip
_LETTER_UNITS = {
    "s": "second",
    "h": "hour",
    "m": "metre",
    "g": "gram",
    "W": "watt",
    "J": "joule",
    "V": "volt",
}
"""Only after a space: 1990s and 4h mean something else."""
_PER = {
    "s": "second",
    "sec": "second",
    "h": "hour",
    "min": "minute",
    "day": "day",
    "token": "token",
    "GPU": "GPU",
    "m": "metre",
    "cm": "centimetre",
    "kg": "kilogram",
    "K": "kelvin",
}
_DIGITS_SAID_AS_ONE = 21
"""Longer numbers are said digit by digit."""


def in_words(text: str) -> str:
    """The text with what is attached to numbers in words."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _power(match: re.Match[str]) -> str:
    base, exponent = match["base"], match["exponent"].strip("{}() ")
    exponent = exponent.replace("−", "-")
    if exponent == "T" and base.isascii() and base.isalpha():
        return f"{base} transpose "
    if exponent in {"2", "3"}:
        return f"{base} {'squared' if exponent == '2' else 'cubed'} "
    sign = "minus " if exponent.startswith("-") else ""
    return f"{base} to the power of {sign}{exponent.lstrip('+-')} "


def _scientific(match: re.Match[str]) -> str:
    sign = "minus " if match["sign"] in {"-", "−"} else ""
    return f"{match['number']} times 10 to the power of {sign}{int(match['exponent'])}"


def _with_unit(match: re.Match[str]) -> str:
    number, unit = match["number"], match["unit"]
    if unit in _UNITS_WITHOUT_PLURAL:
        name = _UNITS_WITHOUT_PLURAL[unit]
    else:
        name = _UNITS.get(unit) or _LETTER_UNITS[unit]
        name += "" if number == "1" else "s"
    per = match["per"]
    return f"{number} {name}" + (f" per {_PER[per]}" if per else "")


def _money(match: re.Match[str]) -> str:
    number, more = match["number"], match["more"]
    magnitude = f" {_OF_MONEY.get(more, more)}" if more else ""
    plural = "" if number == "1" and not more else "s"
    return f"{number}{magnitude} {_CURRENCIES[match['currency']]}{plural}{' per ' if match['per'] else ''}"


def _date(match: re.Match[str]) -> str:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not (1 <= month <= len(MONTHS) and 1 <= day <= 31):  # noqa: PLR2004
        return match[0]
    return f"{day} {MONTHS[month - 1]} {year}"


def _digit_by_digit(match: re.Match[str]) -> str:
    return " ".join(match[0].replace(",", ""))


def _ratio(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    is_time = len(match[2]) == 2 and hour < 24 and minute < 60  # noqa: PLR2004 - a clock's
    return match[0] if is_time else f"{hour} to {minute}"


_Replacement: TypeAlias = str | Callable[[re.Match[str]], str]

_PER_TIME = rf"(?:/(?P<per>{any_of(_PER)}))?"
_UNIT = rf"(?:{any_of(_UNITS | _UNITS_WITHOUT_PLURAL | _LETTER_UNITS)}|°\s?C)(?:/\w{{1,5}})?"
_TERM = r"(?:\d+(?:\.\d+)?|[^\W\d_](?:_\w+)?|\))"
_TIMES_LETTER = (
    r"(?:\s?[+=]|\s(?:plus|minus|equals|squared|cubed|to the power)\b|\s[-−]\s(?!\d+(?:\.\d+)?[x×]))"
)
"""After the x of `2x + 1`, which does not mean "two times"."""
_NO_GROUPS = r"(?![A-Z] [-−] [A-Z]\b)"
"""In "Groups A - D" the dash is a range."""
_DIVISOR = r"(?:d?[a-z]|\d+)(?![A-Za-z\d/])|[α-ω](?![\w/-])"
_NO_PANEL = "(?<!Figure )(?<!Figures )(?<!Table )"
"""In "Figure 3B" the B is a panel, not a billion."""
_FLAG_DASHES = re.compile(r"(?<!\S)--?(?=[A-Za-z])")
_FLAGS = (
    r"\b(?:flags?|options?|switch(?:es)?):?(?:(?: and|,| or)? --?[A-Za-z][\w-]*)+"
    r"|(?<!\S)--?[A-Za-z][\w-]*(?=(?:(?: and|,| or) --?[A-Za-z][\w-]*)* (?:flags?|options?|switch(?:es)?)\b)"
)
"""Command-line flags, whose dashes are not minus signs."""
_COUNTED = "tokens?|words|frames|images|requests|queries|samples|pages|bytes|questions|steps"

_RULES: tuple[tuple[re.Pattern[str], _Replacement], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])", _date),
        # Nobody has a word for such numbers, and hibari breaks down at 37 digits.
        (
            rf"\d{{{_DIGITS_SAID_AS_ONE + 1},}}|\d{{1,3}}(?:,\d{{3}}){{{_DIGITS_SAID_AS_ONE // 3},}}",
            _digit_by_digit,
        ),
        (r"(?<=\w)\*\*(?=[\d({−-])", "^"),
        # Thousands separated by a space.
        (
            r"(?<![\d.,])(?<!\d )(\d{1,3})((?: 000)+)(?![.,]?\d| \d)",
            lambda match: match[1] + match[2].replace(" ", ","),
        ),
        # From one measure to another in the same unit; a long dash is a pause.
        (
            rf"(?<=\d)(\s?{_UNIT})\s?[-−–]{{1,2}}\s?(?=[-−]?{_NUMBER}\1(?!\w))",
            r"\1 to ",
        ),
        # A subtraction of numbers or single letters, with spaces; any other dash is a pause or a range.
        (rf"(?<![\w-]){_NO_GROUPS}({_TERM}) [-−] (?=[^\W\d_]\b)(?![aI]\b)", r"\1 minus "),
        (rf"(?<![\w-]){_NO_GROUPS}([^\W\d_](?:_\w+)?|\)) [-−] (?={_TERM}\b)(?![aI]\b)", r"\1 minus "),
        # LaTeX's dash between numbers is a range, and after a word a pause; neither is a minus sign.
        (r"(?<=[\d%°)}α-ω])--(?=\.?\d)", " to "),
        (r"(?<=\w)--(?=\.?\d)", "—"),
        (r"(?<=[%°])\s?[-−–—]+\s?(?=\d)", " to "),
        (_FLAGS, lambda match: _FLAG_DASHES.sub("dash ", match[0])),
        # The negative sign of a letter, a function or a symbol; log-likelihood has a hyphen.
        (
            (
                r"(?<![\w)\]}'’.-])-(?=(?:[^\W\d_](?:_\w{1,4})?|[Δδ]_?\w{1,3}|log|ln|exp|sin|cos|min|max)"
                r"(?![\w'’.-])|[∞√∑∏∫∂∇])(?![aI]\b)|(?<=[=(])-(?=\()|(?<=[=,<>≤≥] )-(?=\()"
            ),
            "minus ",
        ),
        # A subtraction from a power, or a range if a power follows too; a long dash is never a minus.
        (r"(\^(?:\{[^{}]{1,20}\}|\d+))\s?[-−](?=\d+(?![\d.,]*\s?\^))", r"\1 minus "),
        (r"(\^(?:\{[^{}]{1,20}\}|\d+))\s?[-−–—]\s?(?=\d)", r"\1 to "),
        (r"(?<=\))/(?=[\w(])", " over "),
        (r"(?<=\S)/(?=[√∂])", " over "),
        # Such as Qwen2.5-72B: not a range from 2.5 to 72.
        (r"(?<=[A-Za-z])(\d+\.\d+)-(?=\d)", r" \1 "),
        (r"(?<![\w.])\.(?=\d)", "0."),
        # An interval; citations, which are whole numbers from 1, are gone by now.
        (rf"\[\s*([-−]?{_NUMBER})\s*,\s*([-−]?{_NUMBER})\s*\]", r"\1 to \2"),
        (rf"(?<![\w.])(?P<number>{_NUMBER})[eE](?P<sign>[-−+]?)(?P<exponent>\d{{1,3}})(?!\w)", _scientific),
        (r"(?P<base>\w)\s?\^\s?(?P<exponent>\{[^{}]{1,20}\}|\([^()]{1,20}\)|[-−+]?\w+)\s?", _power),
        (
            rf"([$€£])\s?({_NUMBER}(?:\s?(?:[kKmMBT]|bn)\b)?)\s?[-–—]\s?\1?(?=\d)",
            r"\2 to \1",
        ),
        (
            (
                rf"(?:\bUS)?(?P<currency>[$€£])\s?(?P<number>{_NUMBER})"
                r"(?:\s?(?P<more>(?:[kKmMBT]|bn)(?!\w)|(?:million|billion|trillion|thousand)\b))?"
                r"(?P<per>\s?/\s?(?=\w))?"
            ),
            _money,
        ),
        (rf"(?<![\w.])({_NUMBER})\s?°\s?C(?!\w)", r"\1 degrees Celsius"),
        (
            (
                rf"(?<![\w.])(?P<number>{_NUMBER})[\s-]?"
                rf"(?P<unit>{any_of(_UNITS | _UNITS_WITHOUT_PLURAL)}){_PER_TIME}(?!\w)"
            ),
            _with_unit,
        ),
        (
            (
                rf"(?<![\w.])(?P<number>{_NUMBER})\s"
                rf"(?P<unit>{any_of(_LETTER_UNITS)}){_PER_TIME}(?![\w'’.-]\w|\w)"
            ),
            _with_unit,
        ),
        (
            rf"(\b(?:{_COUNTED})|(?<=\d)\s?[A-Za-z]{{2,8}})/({any_of(_PER)})(?!\w)",
            lambda match: f"{match[1]} per {_PER[match[2]]}",
        ),
        (
            rf"{_NO_PANEL}(?<![\w.])({_NUMBER})([kKMBT])(?!\w)(?! (?:MRI|[Vv]ideo))",
            lambda match: f"{match[1]} {_MAGNITUDES[match[2]]}",
        ),
        (
            rf"(?<![\w.])(?<!\+ )(?<!\+)(?<!plus )({_NUMBER})\s?[x×](?![\w×])(?!\s?\d)(?!{_TIMES_LETTER})",
            r"\1 times",
        ),
        (rf"\b({'|'.join(dict.fromkeys(_MAGNITUDES.values()))}|times)[-–](?=\d)", r"\1 to "),
        (r"(?<=\d)\s?×\s?(?=10\b)|(?<=\d)\s?x\s?(?=10 to the power)", " times "),
        (r"(?<=\d)\s?[x×]\s?(?=\d)", " by "),
        (r"(?<=\d)\s?[–—]\s?(?=\d)|(?<=\d)(?:\.{2,3}|[~∼])(?=\d)", " to "),
        (r"\b([IVX]{1,5})–(?=[IVX]{1,5}\b)", r"\1 to "),
        (r"(?<![\w.-])(\d+(?:\.\d+)?)-(?=\d+(?:\.\d+)?(?![\w-]))", r"\1 to "),
        (r"(?<![\w.)\]])[-−–](?=\d)", "minus "),
        (r"(?<![\w:.])(\d{1,4}):(\d{1,4})(?![\w:.])", _ratio),
        (rf"(?<![A-Za-z\d/])(d?[a-z]|\d+)/(?={_DIVISOR}|√|\()", r"\1 over "),
        (rf"( squared| cubed| transpose| to the power of (?:minus )?\w+) /(?={_DIVISOR}|√|\()", r"\1 over "),
        (r"\bv(?=\d)|\bV(?=\d+\.\d)", "version "),
        (r"(?<=[A-Za-z])(?=\d+\.\d)", " "),
        (r"(?<![\w.])O\(([^()]{1,40})\)", r"O of \1"),
    )
)
