"""TeX for letters that pylatexenc does not cover: several or rare accents, superscripts, subscripts (pure).

Left as they are, pdfLaTeX stops at them: “Unicode character ễ not set up for use with LaTeX”. Hooks and horns
(ả, ơ) stay: only LaTeX's encoding for Vietnamese has them.
"""

import re
import unicodedata
from functools import cache

from pylatexenc.latexencode import UnicodeToLatexEncoder

# fmt: off
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0305": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c",
    "\u0328": "k", "\u0331": "b",
}
_MATH_ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar",
    "\u0305": "bar", "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030c": "check",
    "\u20d7": "vec",
}
# fmt: on
_BELOW = {"\u0323", "\u0327", "\u0328", "\u0331"}
_SCRIPTS = {"<super>": "^", "<sub>": "_"}
_GREEK = {"\u0251": "α", "\u025b": "ε"}
"""Latin letters that Unicode names in the decompositions of what are really superscript Greek letters."""


def with_marks(text: str, place: int) -> tuple[int, str] | None:
    """The length of a letter with the combining marks after it, and its TeX; None without marks or TeX."""
    end = place + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    tex = _marked(text[place:end]) if end > place + 1 else None
    return None if tex is None else (end - place, tex)


def alone(text: str, place: int) -> tuple[int, str] | None:
    """The same for one character: an accented letter, or a superscript or subscript."""
    tex = _marked(text[place]) or _script(text[place])
    return None if tex is None else (1, tex)


def _marked(letter: str) -> str | None:
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if marks and base.isascii() and base.isalpha() and _ACCENTS.keys() >= set(marks):
        # An accent above an i or j replaces the dot.
        tex = f"\\{base}" if base in "ij" and not set(marks) <= _BELOW else base
        for mark in marks:
            tex = f"\\{_ACCENTS[mark]}{{{tex}}}"
        return tex
    if len(marks) == 1 and marks[0] in _MATH_ACCENTS and (symbol := _symbol(base)):
        return f"\\ensuremath{{\\{_MATH_ACCENTS[marks[0]]}{{{symbol}}}}}"
    return None


def _script(letter: str) -> str | None:
    kind, _, point = unicodedata.decomposition(letter).partition(" ")
    if kind not in _SCRIPTS or " " in point:
        return None
    plain = chr(int(point, 16))
    symbol = _symbol(_GREEK.get(plain, plain))
    return symbol and f"\\ensuremath{{{_SCRIPTS[kind]}{{{symbol}}}}}"


def _symbol(letter: str) -> str | None:
    """The letter's TeX within a formula; None if pylatexenc does not know it."""
    if letter.isascii() and letter.isalnum():
        return letter
    found = re.fullmatch(r"\\ensuremath\{(.+)\}", _encoder().unicode_to_latex(letter))
    return found and found[1]


@cache
def _encoder() -> UnicodeToLatexEncoder:
    return UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)
