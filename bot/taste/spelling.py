"""Names and texts made comparable, however they are spelled (pure).

Titles and abstracts come with their authors' TeX, and people write what they are shown. `bot.texts.latex`
shows TeX as it was meant, but takes some milliseconds for an abstract; a week's papers are compared by what
is made here, a hundred times as fast, of what TeX puts inside of words.
"""

import re
import unicodedata
from itertools import filterfalse

_HYPHENS = re.compile("[-\u2010-\u2013]+")
"""Also those that do not break, and the short dashes of "Kullback–Leibler"."""
# fmt: off
_PLAIN = str.maketrans({
    # Telephones write curly apostrophes, and most titles have straight ones.
    "\u2018": "'", "\u2019": "'", "\u02bc": "'",
    # Unicode does not take these for letters with an accent.
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "ı": "i", "æ": "ae", "Æ": "AE",
    "œ": "oe", "Œ": "OE",
    # Copied along with words, and not to be seen.
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
})
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
_MACRO = re.compile(
    r"\\(?:(?P<accent>[\"'`^~=.]|[uvHckrdb](?![a-zA-Z]))\s*\{?\s*\\?(?P<letter>[^\W\d_])\}?"
    r"|(?P<name>[a-zA-Z]+)\s*)"
)
_NO_PLURALS = frozenset(
    {"aids", "atlas", "bias", "canvas", "chaos", "cosmos", "lens", "means", "news", "series", "species"}
)
_WITHOUT_PLURAL_S = ("ss", "us", "is", "ics")
"""Of loss, corpus, analysis and dynamics, which are no plurals: "dynamic" is another word."""
_PLURALS_WITH_E = ("sses", "xes", "shes", "ches")
_NO_E_MORE = frozenset({"caches", "niches"})
_SHORTEST_PLURAL = 4
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_CONSONANT_Y = re.compile(r"[^aeiou]y\Z")
_SCRIPTS = re.compile(r"[_^](?=[\w{])")
_MARKS = re.compile(rf"[\\{{}}$]|{_SCRIPTS.pattern}")


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
        text = "".join(filterfalse(unicodedata.combining, plain))
    return " ".join(_HYPHENS.sub(" ", _SCRIPTS.sub("", text.casefold())).split())


def folded_topic(phrase: str) -> str:
    """A topic for comparing: folded, and its last word in the singular where that is plain to see."""
    before, last = _parted(folded(phrase))
    # A capital S is none of a plural: SARS is no SAR, and LLMs are LLM.
    return before + (last if phrase.rstrip().endswith("S") else _singular(last))


def folded_forms(phrase: str) -> tuple[str, ...]:
    """A topic as papers may name it, folded: as it stands, in the singular and in the plural."""
    before, last = _parted(folded_topic(phrase))
    return tuple(dict.fromkeys((folded(phrase), before + last, before + _plural(last))))


def folded_author(name: str) -> str:
    """A person's name for comparing: "Hinton, G.E." is "G. E. Hinton", "Griffey, Jr." is "Griffey Jr."."""
    last, comma, first = name.partition(",")
    turned = f"{first} {last}" if comma and "," not in first else name
    if is_suffix(first):
        turned = f"{last} {first}"
    return folded(turned.replace(".", " "))


def is_suffix(part: str) -> bool:
    """Whether what stands behind a comma belongs behind the name."""
    return part.strip().rstrip(".").casefold() in _SUFFIXES


def without_initials(plain: str) -> str:
    """A folded name without the initials in the middle; behind a mere "J." they tell people apart."""
    first, *others = plain.split()
    if len(first) == 1 or not others:
        return plain
    *middle, last = others
    return " ".join((first, *(name for name in middle if len(name) > 1), last))


def _parted(plain: str) -> tuple[str, str]:
    """What stands before the last word, and the word."""
    *before, last = plain.rpartition(" ")
    return "".join(before), last


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or word in _NO_PLURALS or word.endswith(_WITHOUT_PLURAL_S):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(_PLURALS_WITH_E) and word not in _NO_E_MORE:
        return word[:-2]
    return word.removesuffix("s")


def _plural(word: str) -> str:
    if _CONSONANT_Y.search(word):
        return f"{word[:-1]}ies"
    if word.endswith("is"):
        return f"{word[:-2]}es"
    return f"{word}es" if word.endswith(("s", "x", "sh", "ch")) else f"{word}s"


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
