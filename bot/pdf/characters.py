"""Cleans the characters extracted from PDFs (pure)."""

import re
import unicodedata
from collections.abc import Iterable

# NFKC is applied to these alone: elsewhere it would turn 10² into 102 and ½ into 1⁄2, and numbers are what
# summaries are checked by.
_COMPATIBLE = re.compile(
    "[\u00a0\u2000-\u200a\u202f\u205f\u3000"  # spaces of all widths
    "\ufb00-\ufb4f"  # ligatures and presentation forms: ﬁ, ﬄ
    "\uff01-\uff5e"  # full-width Latin
    "\U0001d400-\U0001d7ff"  # letters and digits set for formulas: 𝑥
    "\u2126\u212a\u212b\u2026]"  # Ohm, Kelvin, Ångström, …
)
_REMOVED = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f"  # control characters; the database takes no NUL
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"  # invisible: direction, joiners
    "\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]"  # private use: glyphs without a known meaning
)
_UNREADABLE = re.compile(r"[\ue000-\uf8e4\uf8ff](?=\.?\d)")
"""Private use where a minus sign may stand; from U+F8E5 on Adobe has parts of large brackets."""
_QUARTZ_FF = re.compile(
    r"\b(?P<start>(?:in)?(?:di|e)|a|bu|o|sca|shu|su)\u21b5(?=[a-z])|\b(?P<end>(?:cut|pay|trade-?)?o|sta|stu)\u21b5",
    re.IGNORECASE | re.ASCII,
)
_QUARTZ_FFI = re.compile(
    r"\b(?P<start>(?:in|un)?(?:a|coe|di|e|gra|o|ra|su|tra))\0(?=[cdlnrtx])", re.IGNORECASE | re.ASCII
)
"""Where macOS wrote a TeX font, its ligature ff is an arrow and its ffi a NUL. Elsewhere a NUL may be any
glyph, and the arrow the end of a line in a prompt, so both count only after what begins words with these
ligatures: different, effect, offer, suffer; difficult, efficient, office, traffic."""
_SOFT_HYPHEN = "\u00ad"
_ACCENTS = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "˚": "\u030a",
    "˘": "\u0306",
}
_ACCENT = re.compile(
    r"(?P<accent>[´¨ˆ˜ˇ˘]|(?<=[A-Za-z])˚) ?(?P<letter>[A-Za-zı])"
    # Elsewhere a backtick opens or closes code or a quotation, and a ring means degrees.
    r"|(?P<sign>(?<=[A-Za-z])`|(?<!\d)˚)(?P<next>[A-Za-zı])"
)
_RAISED_POINT = re.compile(r"(?<=\d)·(?!10[⁰¹²³⁴-⁹⁻^])(?=\d)")
_PART_OF_ONE = re.compile(r"(?<![\d·.])0·\d")
_MIN_RAISED_POINTS = 3
_SPACES = re.compile(r"[ \t]+")


def clean_line(text: str) -> str:
    """One line of a PDF in plain, storable Unicode: no control characters, ligatures or lone surrogates.

    A soft hyphen becomes a hyphen at the line's end, and is removed elsewhere. A character without a meaning
    becomes U+FFFD where it may be the sign of a number, and is removed elsewhere.
    """
    # Joins surrogates that were extracted separately, and drops lone ones.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = text.replace("\t", " ").rstrip()
    if text.endswith(_SOFT_HYPHEN):
        text = text[:-1] + "-"
    text = _UNREADABLE.sub("\ufffd", text.replace(_SOFT_HYPHEN, ""))
    text = _QUARTZ_FFI.sub(r"\g<start>ffi", _QUARTZ_FF.sub(_with_ff, text))
    text = _REMOVED.sub("", text)
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _ACCENT.sub(_accented, text)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def with_decimal_points(lines: Iterable[str]) -> list[str]:
    """The lines of a paper, with full stops for decimal points if it raises them, as The Lancet does.

    It does if numbers like `0·5` occur three times: such a dot may also multiply, but rarely 0.
    """
    lines = list(lines)
    if sum(len(_PART_OF_ONE.findall(line)) for line in lines) < _MIN_RAISED_POINTS:
        return lines
    return [_RAISED_POINT.sub(".", line) for line in lines]


def _with_ff(match: re.Match[str]) -> str:
    return f"{match['start'] or match['end']}ff"


def _accented(match: re.Match[str]) -> str:
    """One character for an accent and its letter, which TeX's old fonts set separately: G¨odel."""
    letter = (match["letter"] or match["next"]).replace("ı", "i")
    composed = unicodedata.normalize("NFC", letter + _ACCENTS[match["accent"] or match["sign"]])
    return composed if len(composed) == 1 else match[0]
