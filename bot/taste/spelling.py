"""Names of people and topics made comparable, however they are spelled (pure)."""

import re

from bot.texts.folding import folded

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
