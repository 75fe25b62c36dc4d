"""Normalises names of people and topics, so that different spellings compare equal (pure)."""

import re

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


def folded_topic(phrase: str) -> str:
    """A topic for comparison: folded, and its last word in the singular where that is clear."""
    before, last = _parted(folded(phrase))
    # A capital S is not a plural's: SARS is not SAR, but LLMs are LLM.
    return before + (last if phrase.rstrip().endswith("S") else _singular(last))


def folded_forms(phrase: str) -> tuple[str, ...]:
    """A topic as papers may name it, folded: as written, in the singular and in the plural."""
    before, last = _parted(folded_topic(phrase))
    return tuple(dict.fromkeys((folded(phrase), before + last, before + _plural(last))))


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


def _parted(plain: str) -> tuple[str, str]:
    """What comes before the last word, and that word."""
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
