"""Texts made comparable, however they are typed (pure).

Titles and abstracts come with their authors' TeX, and people write what they are shown. `bot.texts.latex`
shows TeX as it was meant, but takes some milliseconds for an abstract; a week's papers are compared by what
is made here, a hundred times as fast, of what TeX puts inside of words.
"""

import re
import string
import unicodedata
from itertools import filterfalse

from storage.letters import PLAIN_LETTERS, UNSEEN

_HYPHENS = re.compile("[-\u2010-\u2013]+")
"""Also those that do not break, and the short dashes of "Kullback–Leibler"."""
# fmt: off
_PLAIN = str.maketrans({
    # Telephones write curly apostrophes, and most titles have straight ones.
    "\u2018": "'", "\u2019": "'", "\u02bc": "'",
    **PLAIN_LETTERS, "Ø": "O", "Ł": "L", "Đ": "D", "Æ": "AE", "Œ": "OE",
    **dict.fromkeys(UNSEEN, ""),
})
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "i", "j": "j", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "ell": "ℓ", "lambda": "λ", "Lambda": "Λ",
}
# fmt: on
_NARROW = {ord(sign) + 0xFEE0: sign for sign in f".{string.digits}{string.ascii_letters}"}
"""What is typed between Chinese characters as wide as they are, by code point."""
_MACRO = re.compile(
    r"\\(?:(?P<accent>[\"'`^~=.]|[uvHckrdb](?![a-zA-Z]))\s*\{?\s*\\?(?P<letter>[^\W\d_])\}?"
    r"|(?P<name>[a-zA-Z]+)\s*)"
)
_SCRIPTS = re.compile(r"[_^](?=[\w{])")
_MARKS = re.compile(rf"[\\{{}}$]|{_SCRIPTS.pattern}")


def in_plain_signs(text: str) -> str:
    """What somebody typed or copied: each dash as a hyphen, no wide signs, and none that cannot be seen."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def narrow(text: str) -> str:
    """A text with its wide digits, Latin letters and full stops as ASCII has them; its length stays."""
    return text.translate(_NARROW)


def spelled_out(text: str) -> str:
    r"""A text without the marks of TeX: `Schr\"odinger` as "Schrödinger", `$k$-means` as "k-means".

    Macros that are no letters are left out.
    """
    if "\\" not in text and "$" not in text:
        return text
    return _MARKS.sub("", _MACRO.sub(_unicode, text))


def folded(text: str) -> str:
    """A name or a text for comparing: no TeX, accents or case, apostrophes straight, hyphens as spaces.

    `attention_mask` is the same in a text with TeX and in one without.
    """
    text = spelled_out(text)
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).translate(_PLAIN)
        # Together again are Korean syllables, lest one be the beginning of another.
        text = unicodedata.normalize("NFC", "".join(filterfalse(unicodedata.combining, plain)))
    return " ".join(_HYPHENS.sub(" ", _SCRIPTS.sub("", text.casefold())).split())


def _unicode(macro: re.Match[str]) -> str:
    if macro["accent"]:
        return unicodedata.normalize("NFC", macro["letter"] + _ACCENTS[macro["accent"]])
    return _LETTERS.get(macro["name"]) or _greek(macro["name"])


def _greek(name: str) -> str:
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.removeprefix('var').upper()}")
    except KeyError:
        return ""
