"""Puts superscripts and subscripts in line, where voices and the other rules can read them (pure).

Titles and summaries have their TeX converted to Unicode, such as `2ᵏ` and `xₜ₋₁`. Folded to plain letters
these would be `2k`, which is two thousand, and `xt-1`.
"""

import re
import unicodedata
from collections.abc import Mapping

_LAST = 0x3000
"""Beyond it the only superscripts are annotation marks for Chinese texts."""
_PLAIN = {"−": "-", "ɑ": "α", "ɛ": "ε"}
"""Unicode treats some superscript Greek letters as phonetic ones."""
_NO_EXPONENTS = ("ª", "º")


def _signs(kind: str) -> Mapping[str, str]:
    """The superscript (`<super>`) or subscript (`<sub>`) characters, each with its plain one."""
    found = {}
    for sign in map(chr, range(_LAST)):
        form, _, point = unicodedata.decomposition(sign).partition(" ")
        if form == kind and " " not in point and sign not in _NO_EXPONENTS:
            plain = chr(int(point, 16))
            found[sign] = _PLAIN.get(plain, plain)
    return found


def _run(signs: Mapping[str, str]) -> str:
    return f"[{''.join(signs)}]+"


_RAISED, _LOWERED = _signs("<super>"), _signs("<sub>")
_TO_LINE = str.maketrans({**_RAISED, **_LOWERED})
_CHARGE = re.compile(f"([⁰¹²³⁴-⁹]*)([⁺⁻])(?!{_run(_RAISED)})")
_SPAN = re.compile(f"([∑∏∫])({_run(_LOWERED)})({_run(_RAISED)})")
_SPANNED = {"∑": "the sum", "∏": "the product", "∫": "the integral"}
_BOTH = re.compile(f"({_run(_RAISED)})({_run(_LOWERED)})")
_STAR = re.compile(r"⁽\*⁾|\^[*∗⋆]")
_RAISED_RUN, _LOWERED_RUN = re.compile(_run(_RAISED)), re.compile(_run(_LOWERED))
_SUN = re.compile(r"_[⊙☉]|(?<=[MLRZ])\s?[⊙☉](?!\w)")
_ORDINALS = {"st", "nd", "rd", "th"}
_TYPED_ORDINAL = re.compile(r"(?<=\w)\^\{?(st|nd|rd|th)\b\}?")
_TRANSPOSED = re.compile(r"\s?\^\s?[{(]?\s?⊤\s?[)}]?")
_MARKED = re.compile(r"(?<![^\W_])([^\W\d_][\u0302-\u0305]?)(?![^\W_])")
"""A single letter with a mark, such as an estimate's hat; in words the marks belong to the spelling."""
_MARKS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar"}
_BASELESS = frozenset('([{<>,;:=+-–—−/→×·~∼≈≤≥“"')
_MIXED_FRACTION = re.compile("(?<=[0-9])(?=[¼½¾⅐-⅞])")


def in_line(text: str) -> str:
    """Superscripts as `^4` and subscripts as `_2`, so that 10⁻⁴ and 10^{-4} are alike; charges in words."""
    text = _MIXED_FRACTION.sub(" and ", _STAR.sub(" star ", text).replace("^†", " dagger "))
    text = _TRANSPOSED.sub(" transpose ", text)
    text = _SUN.sub(" sun ", _CHARGE.sub(_charge, _SPAN.sub(_span, text)))
    text = _BOTH.sub(r"\2\1", text).replace("³√", " the cube root of ")
    text = _LOWERED_RUN.sub(_lowered, _RAISED_RUN.sub(_raised, text))
    return _MARKED.sub(_named_mark, _TYPED_ORDINAL.sub(r"\1", text))


def _named_mark(match: re.Match[str]) -> str:
    parts = unicodedata.normalize("NFD", match[0])
    mark = _MARKS.get(parts[1:])
    return f"{parts[0]} {mark} " if mark else match[0]


def _charge(match: re.Match[str]) -> str:
    """Such as `²⁺` of Ca²⁺, and the signs of e⁺e⁻."""
    return f" {match[1].translate(_TO_LINE)} {'plus' if match[2] == '⁺' else 'minus'} "


def _span(match: re.Match[str]) -> str:
    """Such as `∑ᵢ₌₁ⁿ`, where the n is not a power."""
    first, last = match[2].translate(_TO_LINE), match[3].translate(_TO_LINE)
    return f"{_SPANNED[match[1]]} from {first} to {last} of "


def _raised(match: re.Match[str]) -> str:
    said, before = match[0].translate(_TO_LINE), match.string[: match.start()][-1:]
    if said in _ORDINALS:
        return said
    # With nothing before it that it could be a power of, it belongs to what follows, as in ¹³C.
    mark = "" if not before or before.isspace() or before in _BASELESS else "^"
    return f"{mark}{said}{_apart(match)}"


def _lowered(match: re.Match[str]) -> str:
    said = match[0].translate(_TO_LINE).replace("-", " minus ").replace("+", " plus ")
    return f"_{said}{_apart(match)}"


def _apart(match: re.Match[str]) -> str:
    """A space if the next character would seem to belong to the run."""
    return " " if match.string[match.end() : match.end() + 1].isalnum() else ""
