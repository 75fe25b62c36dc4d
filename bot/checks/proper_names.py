"""Finds names of methods, data sets and models in sentences, by their capitals and digits (pure).

"Foldcache beats GPT-4 on CoQA" has gpt4 and coqa; Foldcache is one too where it is known, as a capital at
the start of a sentence proves nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.checks.metric_names import METRICS
from bot.checks.numbers import names
from bot.checks.units import unit_of
from bot.dates import MONTHS, WEEKDAYS

OURSELVES = "we"
"""The key of a paper's own method, whatever its name."""

_WORD = re.compile(r"[^\W\d_]\w*(?:[-/][^\W_]\w*)*(?:(?<=\d)\.\d+)?|[^\W_]\w*(?:[-/][^\W_]\w*)*")
_HYPHEN_BEFORE_FIGURES = re.compile(r"(?<=[^\W\d_])-(?=\d)")
_QUANTITY = re.compile(r"\d+[A-Za-z]+")
_WORDS_THAT_ARE_NO_NAMES = """
table tables figure figures fig section sections appendix equation algorithm theorem lemma i
a an the and or but if in on at to for from with by of as is are was were it its this that these those
they their there when while yes no not each both all most some many only more than such we our he she
"""
_NOT_NAMES = frozenset(_WORDS_THAT_ARE_NO_NAMES.split()).union(map(str.lower, (*MONTHS, *WEEKDAYS)))
_WE = re.compile(
    r"\b(?:we|our|ours|us)\b|\bthe proposed \w+|\b(?:our|this) (?:method|model|approach)\b", re.IGNORECASE
)
_OWNED = re.compile(
    r"\b(?:propos\w+|introduc\w+|present\w*|call(?:ed)?|name[ds]?|dub(?:bed)?|term(?:ed)?|develop\w*)\b"
    r"(?: [a-z][\w-]*| an?| the| it| called| named| this| our){0,3} [\"'(]?(?P<name>[A-Z][\w-]*)"
)
_OURS = re.compile(r"\b[Oo]ur (?P<name>[A-Z][\w-]*)")
_VALUE = re.compile(r"\d ?$")
_SHORTEST = 2
_NEAR_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Name:
    """A name at one place in a text."""

    key: str
    """The name regardless of case, plural and a hyphen before digits: `llm` for LLMs, `gpt4` for GPT-4."""
    start: int
    end: int


class NameReader:
    """Reads names, knowing what the paper calls its own method, and which names it has elsewhere."""

    def __init__(self, own: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self.own = frozenset(map(_key, own))
        """As keys."""
        self._known = self.own | frozenset(map(_key, known))

    def read(self, text: str, *, with_we: bool = False, with_counted: bool = False) -> tuple[Name, ...]:
        """The names in `text`, in order.

        Args:
            text: In plain characters.
            with_we: Whether "we" and "our method" count, and share the key `OURSELVES` with the paper's own
                names.
            with_counted: Whether metrics and what a value counts ("a BLEU of 76.9", "5 LSTM layers") count.
        """
        taken = [match.span() for match in _WE.finditer(text)] if with_we else []
        found = [Name(OURSELVES, start, end) for start, end in taken]
        for position, match in enumerate(_WORD.finditer(text)):
            if any(start <= match.start() < end for start, end in taken):
                continue
            is_counted = match[0].casefold() in METRICS or _VALUE.search(text_before(text, match.start()))
            if is_counted and not (with_counted and not unit_of(match[0])):
                continue
            if _is_name(match[0], first=position == 0) or (position == 0 and _key(match[0]) in self._known):
                key = _key(match[0])
                found.append(
                    Name(OURSELVES if with_we and key in self.own else key, match.start(), match.end())
                )
        return tuple(sorted(found, key=lambda name: name.start))


def names_in(text: str) -> set[str]:
    """The names inside sentences, where a capital means something."""
    return {text[name.start : name.end] for name in NameReader().read(text)}


def own_names(title: str, texts: Iterable[str]) -> set[str]:
    """What a paper calls its own method: the word before its title's colon, and what it says it proposes."""
    head, colon, _ = title.partition(":")
    found = {head.strip()} if colon and len(head.split()) == 1 else set()
    for text in texts:
        flowing = " ".join(text.split())
        found |= {match["name"] for pattern in (_OWNED, _OURS) for match in pattern.finditer(flowing)}
    return {name for name in found if _key(name) not in _NOT_NAMES}


def text_before(text: str, end: int) -> str:
    """The text just before `end`: at most 40 characters, so that long texts take no longer."""
    return text[max(0, end - _NEAR_CHARACTERS) : end]


def _is_name(word: str, *, first: bool) -> bool:
    if len(word) < _SHORTEST or word.casefold() in _NOT_NAMES:
        return False
    if _QUANTITY.fullmatch(word) and not names(word):
        return False  # 40GB and 7B are numbers
    if any(character.isupper() for character in word[1:]):
        return True
    return word[0].isupper() and not first


def _key(name: str) -> str:
    """As `Name.key` has it."""
    folded = name.casefold().removesuffix("'s")
    folded = _HYPHEN_BEFORE_FIGURES.sub("", folded)
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") else folded  # noqa: PLR2004 - LLMs, not BERTs
