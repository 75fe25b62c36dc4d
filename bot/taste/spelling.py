"""Normalises names of people and topics, so that different spellings compare equal (pure)."""

import re
from collections.abc import Iterable

from bot.texts.folding import compounds_joined, folded

_NO_PLURALS = frozenset(
    {"aids", "atlas", "bias", "canvas", "chaos", "cosmos", "lens", "means", "news", "series", "species"}
)
_WITHOUT_PLURAL_S = ("ss", "us", "is", "ics")
"""Endings of loss, corpus, analysis and dynamics, which are not plurals: "dynamic" is another word."""
_PLURALS_WITH_E = ("sses", "xes", "shes", "ches")
_NO_E_MORE = frozenset({"caches", "niches"})
_SHORTEST_PLURAL = 4
_LAST_AND_FIRST = 2
"""So many parts between commas are one name, its last part first."""
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BEFORE_GROUP = re.compile(
    r"\A(?:(?:on behalf of|for) )?(?:the )?"
    r"(?=.{1,100} (?:collaboration|consortium|group|team|network|community)\Z)"
)
"""What stands before the name of a group: "The" is a given name, too."""
_CONSONANT_Y = re.compile(r"[^aeiou]y\Z")


def word_ways(phrase: str) -> tuple[str, ...]:
    """A phrase folded, and with hyphenated words as one, as "multi-modal"; no ways of an empty phrase."""
    ways = dict.fromkeys((folded(phrase), folded(compounds_joined(phrase))))
    return tuple(filter(None, ways))


def topic_ways(phrase: str) -> tuple[str, ...]:
    """The same, each as written, in the singular and in the plural."""
    # A capital S is not a plural's: SARS is not SAR, but LLMs are LLM.
    has_capital_s = phrase.rstrip().endswith("S")
    return tuple(
        dict.fromkeys(way for one in word_ways(phrase) for way in _numbers(one, is_singular=has_capital_s))
    )


def folded_author(name: str) -> str:
    """An author's name for comparison: "Hinton, G.E." is "G. E. Hinton".

    "Griffey, Jr., Ken" is "Ken Griffey Jr.", "on behalf of the ATLAS Collaboration" is "ATLAS Collaboration".
    """
    parts = name.split(",")
    names = [part for part in parts if not is_suffix(part)]
    turned = (
        " ".join((*reversed(names), *filter(is_suffix, parts))) if len(names) <= _LAST_AND_FIRST else name
    )
    return _BEFORE_GROUP.sub("", folded(turned.replace(".", " ")))


def author_ways(name: str) -> tuple[str, ...]:
    """The same, also with hyphenated names as one word: "Fei-Fei" as "Feifei"; none of an empty name."""
    ways = dict.fromkeys((folded_author(name), folded_author(compounds_joined(name))))
    return tuple(filter(None, ways))


class Authors:
    """Names of authors, to be found in other spellings.

    Different middle initials mean two people; without any on one side, it may be the same person.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._full: dict[str, str] = {}
        self._shorter: dict[str, str] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add one; of several that are spelled alike, the last is found."""
        for way in author_ways(name):
            self._full[way] = self._shorter[without_initials(way)] = name

    def find(self, author: str) -> str | None:
        """The name that may be this author's, as it was added."""
        found = (
            self._full.get(way) or self._shorter.get(way) or self._full.get(without_initials(way))
            for way in author_ways(author)
        )
        return next(filter(None, found), None)


def is_suffix(part: str) -> bool:
    """Whether what follows the comma is a suffix such as "Jr.", which belongs after the name."""
    return part.strip().rstrip(".").casefold() in _SUFFIXES


def without_initials(plain: str) -> str:
    """A folded name without middle initials, unless the first name is only one: they tell people apart."""
    first, *others = plain.split()
    if len(first) == 1 or not others:
        return plain
    *middle, last = others
    return " ".join((first, *(name for name in middle if len(name) > 1), last))


def _numbers(plain: str, *, is_singular: bool) -> tuple[str, ...]:
    *before, last = plain.rpartition(" ")
    singular = last if is_singular else _singular(last)
    return tuple("".join((*before, word)) for word in (last, singular, _plural(singular)))


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
