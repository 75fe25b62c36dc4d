r"""Makes texts comparable, however they were typed (pure).

Titles and abstracts come with their authors' TeX, and people write what they see: `Schr\"odinger` and
"Schrödinger" are both folded to "schrodinger". `bot.texts.latex` shows TeX as it was meant, but takes some
milliseconds for an abstract; comparing a week's papers only needs the TeX inside words, which is resolved
here a hundred times as fast.
"""

import re
import string
import unicodedata
from itertools import filterfalse

from storage.letters import PLAIN_LETTERS, UNSEEN

_HYPHENS = re.compile("[-\u2010-\u2013]+")
"""Including non-breaking hyphens, and the short dash of "Kullback–Leibler"."""
_HYPHEN_IN_WORD = re.compile(rf"(?<=\w){_HYPHENS.pattern}(?=\w)")
# fmt: off
_PLAIN = str.maketrans({
    # Phones type curly apostrophes, and most titles have straight ones.
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
    "OE": "Œ", "aa": "å", "AA": "Å", "ell": "ℓ",
}
# fmt: on
GREEK = {
    unicodedata.name(letter).rpartition(" ")[2].lower(): letter for letter in "αβγδεζηθικλμνξοπρστυφχψω"
} | {"lambda": "λ"}
"""Greek small letters by name; Unicode calls one of them "lamda"."""
_NARROW = {ord(sign) + 0xFEE0: sign for sign in f".{string.digits}{string.ascii_letters}"}
"""ASCII for the full-width characters that are typed between Chinese ones, by code point."""
_MACRO = re.compile(
    r"\\(?:(?P<accent>[\"'`^~=.]|[uvHckrdb](?![a-zA-Z]))\s*(?:\{\s*)?\\?(?P<letter>[^\W\d_])\}?"
    r"|(?P<name>[a-zA-Z]+)\s*)"
)
_SCRIPTS = re.compile(r"[_^](?=[\w{])")
_MARKS = re.compile(rf"[\\{{}}$]|{_SCRIPTS.pattern}")


def in_plain_characters(text: str) -> str:
    """Typed or copied text with dashes as hyphens, and without full-width or invisible characters."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def narrow(text: str) -> str:
    """`text` with full-width digits, Latin letters and full stops as ASCII; its length stays the same."""
    return text.translate(_NARROW)


def spelled_out(text: str) -> str:
    r"""`text` without TeX: `Schr\"odinger` as "Schrödinger", `$k$-means` as "k-means".

    Macros that don't stand for a letter are dropped.
    """
    if "\\" not in text and "$" not in text:
        return text
    return _MARKS.sub("", _MACRO.sub(_unicode, text))


def folded(text: str) -> str:
    """A name or text for comparing: without TeX, accents and case, apostrophes straight, hyphens as spaces.

    `attention_mask` gives the same in a text with TeX and in one without.
    """
    return hyphens_as_spaces(folded_but_hyphens(text))


def folded_but_hyphens(text: str) -> str:
    """The same with its hyphens; `hyphens_as_spaces` does the rest. TeX's ties (`dark~matter`) are spaces."""
    text = spelled_out(text)
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).translate(_PLAIN)
        # NFC joins Korean syllables again, so that one is not a prefix of another.
        text = unicodedata.normalize("NFC", "".join(filterfalse(unicodedata.combining, plain)))
    return _SCRIPTS.sub("", text.casefold()).replace("~", " ")


def hyphens_as_spaces(text: str) -> str:
    """`text` without hyphens, and with single spaces: "multi-modal" as "multi modal"."""
    return " ".join(_HYPHENS.sub(" ", text).split())


def compounds_joined(text: str) -> str:
    """`text` with no hyphens inside words: "multi-modal" as "multimodal"."""
    return _HYPHEN_IN_WORD.sub("", text)


def compounds(text: str) -> str:
    """The same of all words that may have hyphens inside them, without the others."""
    return compounds_joined(" ".join(part for part in text.split() if "-" in part or not part.isascii()))


def _unicode(macro: re.Match[str]) -> str:
    if macro["accent"]:
        return unicodedata.normalize("NFC", macro["letter"] + _ACCENTS[macro["accent"]])
    return _LETTERS.get(macro["name"]) or _greek(macro["name"])


def _greek(name: str) -> str:
    letter = GREEK.get(name.removeprefix("var").lower(), "")
    return letter.upper() if name[0].isupper() else letter
