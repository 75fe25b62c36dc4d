"""Normalises names of people and topics, so that different spellings compare equal (pure)."""

import re
from collections.abc import Iterable, Iterator

from bot.texts.folding import GREEK, compounds_joined, folded

_NO_PLURALS = frozenset(
    {"aids", "atlas", "bias", "canvas", "chaos", "cosmos", "lens", "means", "news", "series", "species"}
    | {"theses"}  # of "these", which is in every abstract
)
_WITHOUT_PLURAL_S = ("ss", "us", "is", "ics")
"""Endings of loss, corpus, analysis and dynamics, which are not plurals: "dynamic" is another word."""
_PLURALS_IN_ICS = frozenset(
    {"characteristics", "critics", "epidemics", "harmonics", "heuristics", "logics", "metrics", "topics"}
)
_ENDINGS = (
    ("s", ""),
    ("ies", "y"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("ases", "as"),
    ("nses", "ns"),
    ("sses", "ss"),
    ("uses", "us"),
    ("ses", "sis"),
    ("xes", "xis"),
    ("ices", "ix"),
    ("ices", "ex"),
)
"""Of plurals and their singulars. All that fit are tried: most forms that are no word are found nowhere."""
_RARE_PLURALS = frozenset({"ases", "ices"})
_WITH_RARE_PLURALS = frozenset(
    {
        "alias",
        "apex",
        "appendix",
        "atlas",
        "bias",
        "canvas",
        "codex",
        "cortex",
        "gas",
        "helix",
        "index",
        "matrix",
    }
    | {"radix", "simplex", "submatrix", "vertex", "vortex"}
)
"""The singulars of these: "cases" are not "Cas", nor "prices" a "prix"."""
_GREEK_NAMES = {letter: name for name, letter in GREEK.items()}
_SHORTEST_PLURAL, _SHORTEST_SINGULAR = 4, 3
_LAST_AND_FIRST = 2
"""So many parts between commas are one name, its last part first."""
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BEFORE_GROUP = re.compile(
    r"\A(?:(?:on behalf of|for) )?(?:the )?"
    r"(?=.{1,100} (?:collaboration|consortium|group|team|network|community)\Z)"
)
"""What stands before the name of a group: "The" is a given name, too."""


def word_ways(phrase: str) -> tuple[str, ...]:
    """A phrase folded, and with hyphenated words as one, as "multi-modal"; no ways of an empty phrase.

    In "gamma-ray" and "γ-ray" the Greek letter is spelled both ways.
    """
    ways = dict.fromkeys((folded(phrase), folded(compounds_joined(phrase))))
    return tuple(dict.fromkeys(spelled for way in ways if way for spelled in _in_either_alphabet(way)))


def topic_ways(phrase: str) -> tuple[str, ...]:
    """The same, each as written, and with its last word in the singular and in the plural."""
    # The capital S of a single word is not a plural's: SARS is not SAR, but LLMs are LLM.
    is_plural = " " in phrase.strip() or not phrase.rstrip().endswith("S")
    return tuple(
        dict.fromkeys(way for one in word_ways(phrase) for way in _numbers(one, may_be_plural=is_plural))
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


def _in_either_alphabet(plain: str) -> Iterator[str]:
    yield plain
    words = plain.split()
    # A single word stays as it is: whoever writes PSI seldom means ψ, which is in many abstracts.
    if len(words) > 1:
        yield from (" ".join(table.get(word, word) for word in words) for table in (GREEK, _GREEK_NAMES))


def _numbers(plain: str, *, may_be_plural: bool) -> Iterator[str]:
    *before, last = plain.rpartition(" ")
    singulars = _singulars(last) if may_be_plural else []
    plurals = [plural for word in singulars or [last] for plural in _plurals(word)]
    yield from ("".join((*before, word)) for word in (last, *singulars, *plurals))


def _singulars(word: str) -> list[str]:
    no_plural = word in _NO_PLURALS or (word.endswith(_WITHOUT_PLURAL_S) and word not in _PLURALS_IN_ICS)
    if no_plural or len(word) < _SHORTEST_PLURAL:
        return []
    found = (word.removesuffix(plural) + singular for plural, singular in _ENDINGS if word.endswith(plural))
    return [one for one in found if len(one) >= _SHORTEST_SINGULAR and word in {*_plurals(one)}]


def _plurals(word: str) -> list[str]:
    return [
        word.removesuffix(singular) + plural
        for plural, singular in _ENDINGS
        if word.endswith(singular) and (plural not in _RARE_PLURALS or word in _WITH_RARE_PLURALS)
    ]
