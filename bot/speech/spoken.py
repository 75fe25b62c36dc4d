"""Text for listening (pure): what a narrator would say where a page shows symbols.

The result has only Latin letters, digits, spaces and punctuation that voices pause at.
"""

import re
import unicodedata

from bot.speech import bars, names, quantities, scripts, symbols
from bot.speech.references import without_markdown, without_references
from bot.texts.latex import plain

_ROUNDS = 6
"""At most: one rewrite can uncover another, as in `**e.g.**`."""
_SINGLE_QUOTED = re.compile(r"‘([^‘’]*)’(?!\w)|(?<![\w'])'([^']*)'(?![\w'])")
_QUOTES = str.maketrans({**dict.fromkeys('“”„‟«»"″', " "), **dict.fromkeys("‘’‚‛′´ʹʻʼʽʾʿ", "'")})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒﹣－\u00ad", "-"))
_SIGNS = {
    "<->": "↔", "<=>": "⇔", "->": "→", "=>": "⇒", "<=": "≤", ">=": "≥", "!=": "≠", "+/-": "±", "+-": "±",
    ">>": "≫", "<<": "≪",
}  # fmt: skip
_TYPED = re.compile(
    r"<->|<=>|[-=]>|[<>]=|(?<![<>])(?:<<|>>)(?![<>=])|(?<=\s)!=(?=\s)|\+/-|(?<!\+)\+-(?=\s?\.?\d)"
)
"""Symbols typed as several characters; the != of 5!=120 and the +- of C++-based are not among them."""
_PRODUCT = re.compile(r"(?:(?<=[\d)])|(?<=\b[^\W\d_])(?!\*\([^\W\d_][,;|)]))( ?)\*\1(?=[\d(]|[^\W\d_]\b)")
_STARRED = re.compile(r"(?<!\w)([^\W\d_])\*(?![\w*])")
"""The stars that are said, as in 2*n and as in θ*, Q*(s, a) or C*-algebra; others belong to footnotes."""
_WORD_SLASH = re.compile(r"(?<=\w)\s?/\s?(?=\w)")
_LONG_DASH = re.compile(r"\s*[—―]\s*|\s+[–-]+\s+|\s*--+\s*")
_DOTS = re.compile(r"\s*(?:…|\.{2,})")
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]")
_DIGIT = re.compile(r"(?![0-9])\d")
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPT_AGAIN = re.compile(r"(words in \w+ script)(?:[\s'-]+\1)+")
_KEPT = re.compile(r"[^\w\s.,;:!?'()-]|_")
_STRAY = re.compile(r"(?<!\w)['-]+(?!\w)|(?<=\s)-+(?=\w)|-+(?=\s|$)|(?<!\w)'(?=\w)(?=.*')")
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:!?)])")
_REPEATED = re.compile(r"([,;:])(?:\s*[,;:])*(?=\s*([.!?])|\s|$)")
_ENDS = re.compile(r"([.!?])(?:\s*[.,;:])+")
_HOLLOW = re.compile(r"\(\s*[.,;:!?]*\s*\)")
_OPENING = re.compile(r"\(\s+|(?<=\()[.,;:!?]+\s*")


def spoken(text: str) -> str:
    """The text on one line as a narrator says it; applying this again changes nothing.

    Words in a script other than Latin are replaced by its name, as the voices cannot read them.
    """
    said = _once(text)
    for _ in range(_ROUNDS):
        again = _once(said)
        if again == said:
            break
        said = again
    return said


def _once(text: str) -> str:
    text = scripts.in_line(plain(text))
    text = _DIGIT.sub(_digit, unicodedata.normalize("NFKC", text.translate(_DASHES))).replace("⁄", "/")
    text = _SINGLE_QUOTED.sub(lambda match: f" {match[1] or match[2] or ''} ", text).translate(_QUOTES)
    text = without_references(without_markdown(bars.in_words(text)))
    text = _TYPED.sub(lambda match: _SIGNS[match[0]], text)
    text = _STARRED.sub(r"\1 ⋆ ", _PRODUCT.sub("∗", text))
    text = quantities.in_words(names.in_words(text))
    text = _LONG_DASH.sub(", ", _DOTS.sub(", ", text)).replace("–", "-")
    text = symbols.in_words(_WORD_SLASH.sub(" ", text))
    text = _WORD.sub(_named, unicodedata.normalize("NFC", text))
    return _tidy(_SCRIPT_AGAIN.sub(r"\1", _KEPT.sub(" ", text)))


def _named(match: re.Match[str]) -> str:
    """A Latin word itself; any other is replaced by the name of its script."""
    script = _script(match[0])
    return match[0] if script is None else f" words in {script} script "


def _script(word: str) -> str | None:
    """The script of a word's first letter that is not Latin; None for Latin words."""
    for letter in word:
        if _LATIN.fullmatch(letter):
            continue
        first = unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0]
        return {"CJK": "Chinese", "LATIN": "phonetic"}.get(first, first.capitalize())
    return None


def _digit(match: re.Match[str]) -> str:
    return str(unicodedata.decimal(match[0]))


def _tidy(text: str) -> str:
    """The text with its spaces and punctuation tidied."""
    text = " ".join(_HOLLOW.sub(" ", _STRAY.sub(" ", text)).split())
    text = _OPENING.sub("(", _SPACE_BEFORE.sub("", text))
    text = _REPEATED.sub(lambda match: "" if match[2] else match[1], text)
    text = _ENDS.sub(r"\1", text)
    return " ".join(text.split()).lstrip(".,;:!?)-' ").strip()
