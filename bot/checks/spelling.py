"""Finds a name in a text even if its parts are joined in another way (pure).

GPT-4, GPT 4 and GPT4 are one name; "GPT-40" does not have it. Texts must be on one line and in plain
characters (`bot.checks.sentences.plain`).
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

_LATIN = "0-9A-Za-zªµºÀ-ÖØ-öø-ɏ"
"""Other scripts are written beside a name without a space, so their letters do not lengthen it, nor does a
symbol, as in 8×A100."""
_PART = re.compile(r"[A-Z]*[^\W\d_A-Z]+|[A-Z]+|\d+|[^\w\s./-]")
"""Letters up to the next capital, digits, or another character; what joins these parts is left out."""
_JOINTS = r"[-‐‑–] ?|[_/.]"
"""A name broken at a line end keeps a hyphen and a space."""
_YEAR = re.compile(r"(?:20)?(?P<short>[0-2]\d)")
_ENDS_IN_FIGURES = re.compile(r"(?P<word>.*[^\W\d_])[-v]?\d+(?:\.\d+)*", re.IGNORECASE)
_FIGURES = r"\d+(?:\.\d+)*"
_NUMBER = re.compile(rf"(?<!\S){_FIGURES}(?!\S)")
"""A number that is a word of its own in a name."""
_MIN_WORD = 2
_MIN_PLURAL = 3


def has_name(text: str, name: str) -> bool:
    """Whether `text` has `name` as a word of its own, perhaps in the plural.

    Its words and digits may be joined by nothing, a hyphen or the like, or a space: "GPT 4" is GPT-4. A
    single letter takes no space, so "a 100" is not A100, and "to T" is not ToT. SQuAD 2.0 is SQuAD v2.0, and
    WMT14 is WMT'14 and WMT 2014.
    """
    pattern = _pattern(name)
    return pattern is not None and pattern.search(text) is not None


def respellings(
    text: str, names: Mapping[str, str], other: str, other_names: Mapping[str, str]
) -> dict[str, str]:
    """Match the names that one text writes with a space before the digits and the other without.

    Args:
        text: The text; a name with a space before its digits has the key of its word alone.
        names: Its names as written, by their keys (`proper_names.Name.key`).
        other: The other text.
        other_names: Its names, likewise.

    Returns:
        The other text's keys by this text's: {"wmt": "wmt14"} if this one has "WMT 14" and the other "WMT14".
    """
    together = {
        known: word
        for known, name in names.items()
        if (word := _word_of(known)) in other_names and has_name(other, name)
    }
    apart = {
        word: known
        for known, name in other_names.items()
        if (word := _word_of(known)) in names and has_name(text, name)
    }
    return {known: found for known, found in (together | apart).items() if known not in other_names}


def _word_of(known: str) -> str:
    """The key without the digits at its end: squad for squad2.0; empty if there are none."""
    found = _ENDS_IN_FIGURES.fullmatch(known)
    return found["word"] if found else ""


def has_sibling(text: str, name: str) -> bool:
    """Whether `text` has a name that differs from `name` only in separate numbers: "WMT 16" for "WMT 14"."""
    parts = _NUMBER.split(name)
    siblings = re.compile(rf"(?<!\w){_FIGURES.join(map(re.escape, parts))}(?!\w)", re.IGNORECASE)
    return any(found.casefold() != name.casefold() for found in siblings.findall(text))


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str] | None:
    parts = list(_PART.finditer(_singular(name)))
    if not parts:
        return None
    spelled = "".join(_pieces(name, parts))
    longer = rf"[{_LATIN}]|\.\d" if parts[-1][0].isdigit() else f"[{_LATIN}]"
    return re.compile(rf"(?<![{_LATIN}]){spelled}(?:e?s|'s)?(?!{longer})", re.IGNORECASE)


def _singular(name: str) -> str:
    return name[:-1] if len(name) > _MIN_PLURAL and name.endswith("s") else name


def _pieces(name: str, parts: list[re.Match[str]]) -> Iterator[str]:
    yield _broken(parts[0][0])
    for part, following in pairwise(parts):
        yield _joint(part[0], following[0], name[part.end() : following.start()])
        year = _YEAR.fullmatch(following[0]) if _is_acronym(part[0]) else None
        yield f"(?:20)?{year['short']}" if year else _broken(following[0])


def _broken(part: str) -> str:
    """A pattern for the part, which a line end may break."""
    return "(?:- )?".join(map(re.escape, part))


def _joint(part: str, following: str, written: str) -> str:
    """A pattern for what may stand between two parts, joined by `written` in the name."""
    if part.isdigit() and following.isdigit():
        return re.escape(written) if written == "." else f"(?:{_JOINTS}| )"  # 2.5 is not 25
    is_word = part.isalpha() and len(part) >= _MIN_WORD
    is_one_word = part.isalpha() and following.isalpha() and not written
    is_symbol = not (part.isalnum() and following.isalnum())
    is_numbered = is_word and following.isdigit()
    takes_space = is_symbol or (is_word and not is_one_word) or (part.isdigit() and written)
    others = [sign for sign, fits in ((" ", takes_space), ("'", _is_acronym(part))) if fits]
    joint = f"(?:{'|'.join((_JOINTS, *others))})?"
    return f"{joint}v?" if is_numbered else joint


def _is_acronym(part: str) -> bool:
    return part.isupper() and len(part) >= _MIN_WORD
