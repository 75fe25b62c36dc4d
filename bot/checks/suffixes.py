"""The unit and the scale that follow the digits of a number: 12.5 %, 2.7B, 5 million tokens (pure).

"5 million tokens" has the scale 6 and the unit `token`; "3D" is a name and no number at all.
"""

import re

from bot.checks.number_words import SCALES
from bot.checks.units import unit_glued, unit_of

POWERS = {"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12} | SCALES
"""The power of ten of each suffix, in lower case."""
GLUED_WORD = re.compile(
    r"(?:of|by|to|is|at|in|and|from|with|than|the|for|on|are|was|about|over|only)(?=\d)", re.IGNORECASE
)
"""Extraction loses spaces: "accuracy of81.2" has a number."""
_POINTS = re.compile(
    r"[\s-]?(?:%|per\s?cent(?:age)?)[\s-]?(?:absolute|points?|pts?|pp?)\b|[\s-]absolute\spoints?"
)
_SOLAR = r"[MLR]_?\{?(?:\s?[⊙☉⨀⊕]|sun\b)\}?"
_SUFFIX = re.compile(rf"{_SOLAR}|%|×|°\s?[CF]\b|[°$€£¥₹]|[A-Za-zμÅΩ]+")
_SPACED = re.compile(
    rf"(?:\s|-)(?P<word>{_SOLAR}|solar\s(?:mass|luminosit|radi)\w*"
    r"|%|×|per\s?cent|°\s?[CF]\b|[°$€£¥₹](?!\d)|degrees?\s(?:celsius|fahrenheit)|kelvins?"
    r"|\w*(?:watt|electron)-\w+|[^\W\d_]+(?=[23]?(?!\w)))",
    re.IGNORECASE,
)
_MULTIPLIED = re.compile(r"\s?(?:\d|(?:N(?:VIDIA|vidia) )?(?:[ABHKLPTV]\d|[GR]TX\b|[GT]PU))")
"""What follows the x where it is no factor, as in 3x3 and 8×A100, unlike "a 3x F1 gain"."""
_UNIT_JOINTS = re.compile(r"[\s_{}]")


def unit_after(text: str, end: int) -> tuple[str | None, int, int]:
    """(unit, scale as a power of ten, end); the unit is None where the digits start a name such as 3D."""
    scale = 0
    if (points := _POINTS.match(text, end)) is not None:
        return "points", 0, points.end()
    attached = _SUFFIX.match(text, end)
    if attached is not None:
        suffix, end = attached[0], attached.end()
        if suffix in {"x", "X", "×"} and _MULTIPLIED.match(text, end):
            return "", 0, end - 1  # 3x3 is a shape, 8×A100 a count
        unit = "x" if suffix == "X" else unit_glued(_UNIT_JOINTS.sub("", suffix))
        if unit:
            return unit, 0, end
        if suffix.lower() not in POWERS:
            # "3D" and "2nd" are names; "81.2on" lost its space.
            return ("", 0, end - len(suffix)) if GLUED_WORD.match(suffix + "0") else (None, 0, end)
        scale = POWERS[suffix.lower()]
    spaced = _SPACED.match(text, end)
    if spaced is not None and not scale and (exponent := _spaced_scale(spaced["word"])):
        end, scale = spaced.end(), exponent
        spaced = _SPACED.match(text, end)
    if spaced is None:
        return "", scale, end
    unit = _spaced_unit(spaced["word"], text, spaced.end())
    return (unit, scale, spaced.end()) if unit else ("", scale, end)


def _spaced_scale(word: str) -> int:
    """The power of ten of a word such as `million`, or of a capital M or B; else 0."""
    return POWERS.get(word.lower(), 0) if len(word) > 1 or word in "BM" else 0


def _spaced_unit(word: str, text: str, end: int) -> str:
    if word in {"x", "×"} and _MULTIPLIED.match(text, end):
        return ""
    return unit_of(_UNIT_JOINTS.sub("", word))
