"""Names in sentences: which there are, and which of a sentence's numbers and wins belong to which (pure).

"Foldcache reaches 81.2 % and H2O 76.9 %" supports neither "H2O reaches 81.2 %" nor "H2O outperforms
Foldcache", though every word and number of these stands in it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.summaries.numbers import Number, Role, names, numbers
from bot.summaries.spelling import has_name
from bot.summaries.units import unit_of
from bot.summaries.wording import content_words

OURSELVES = "we"
"""How a paper's own method is called here, by whatever name."""

_WORD = re.compile(r"[^\W\d_]\w*(?:[-/][^\W_]\w*)*(?:(?<=\d)\.\d+)?|[^\W_]\w*(?:[-/][^\W_]\w*)*")
_QUANTITY = re.compile(r"\d+[A-Za-z]+")
_WORDS_THAT_ARE_NO_NAMES = """
table tables figure figures fig section sections appendix equation algorithm theorem lemma i
a an the and or but if in on at to for from with by of as is are was were it its this that these those
they their there when while yes no not each both all most some many only more than such we our he she
monday tuesday wednesday thursday friday saturday sunday january february march april may june july
august september october november december
"""
_NOT_NAMES = frozenset(_WORDS_THAT_ARE_NO_NAMES.split())
_WE = re.compile(
    r"\b(?:we|our|ours|us)\b|\bthe proposed \w+|\b(?:our|this) (?:method|model|approach)\b", re.IGNORECASE
)
_OWNED = re.compile(
    r"\b(?:propos\w+|introduc\w+|present\w*|call(?:ed)?|name[ds]?|dub(?:bed)?|term(?:ed)?|develop\w*)\b"
    r"(?: [a-z][\w-]*| an?| the| it| called| named| this| our){0,3} [\"'(]?(?P<name>[A-Z][\w-]*)"
)
_OURS = re.compile(r"\b[Oo]ur (?P<name>[A-Z][\w-]*)")
_COMPARED = re.compile(
    r"\b(?:(?P<wins>outperform\w*|surpass\w*|exceed\w*|beats?|improv\w+ (?:up)?on"
    r"|(?:is|are|was|were|performs?) (?:\w+ ){0,2}?(?:better|faster|stronger|larger|higher|more \w+) than)"
    r"|(?P<loses>underperform\w*|trails?|lags? behind|(?:is|are|was|were|performs?) (?:\w+ ){0,2}?"
    r"(?:worse|slower|weaker|smaller|lower|less \w+) than))\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been) (?:\w+ )?$", re.IGNORECASE)
_FOR_AFTER = re.compile(
    r"(?:(?!(?:compar\w*|than|against|versus|followed|instead|together)\b)[^.,;\d]){0,16}?"
    r"\b(?:for|by|with) (?:the )?"
)
_BRACKETED_AFTER = re.compile(r" ?[^\W\d]{0,6}%? ?\((?:with |for )?")
_ON_AFTER = re.compile(r"[^.,;\d]{0,16}?\b(?:on|in) (?:the |an? )?")
_NOT_SUBJECT = re.compile(
    r"\b(?:for|(?<!followed )by|with|on|in|at|to|of|over|than|outperform\w*|surpass\w*|exceed\w*|beats?) "
    r"(?:the |an? )?$",
    re.IGNORECASE,
)
_COMPARED_WITH_BEFORE = re.compile(r"\b(?:versus|vs\.?|against|compared (?:with|to)) [^\w\s]{0,2}$")
"""What follows is of another, who need not be named."""
_ON_BEFORE = re.compile(r"\bon (?:the )?$", re.IGNORECASE)
_CONTRAST = re.compile(r"; |\b(?:while|whereas) ")
_CLAUSE_START = re.compile(r"[;,:] |\b(?:while|whereas|but|that) ")
_CLAUSE_END = re.compile(r"[;,:.] |\b(?:when|if|on|in|at|by|with|while|whereas|but|for) ")
_BETWEEN_CHARACTERS = 24
_VALUE = re.compile(r"\d ?$")
_SUBJECT = re.compile(r"(?:^|[,;(] |\b(?:while|whereas|and|but|than) )(?:the )?$", re.IGNORECASE)
_SUBJECT_WORDS = 4
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class _Name:
    key: str
    start: int
    end: int


class Names:
    """Reads names, knowing which are the paper's own for its method."""

    def __init__(self, own: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self._own = frozenset(map(_key, own))
        self._known = frozenset(map(_key, known))

    @classmethod
    def of_paper(cls, title: str, texts: Sequence[str]) -> "Names":
        """The names of one paper, from its title and sentences."""
        return cls(own_names(title, texts), set().union(*map(names_in, (title, *texts))))

    def strange(self, text: str, where: str) -> list[str]:
        """The names in `text` that don't stand in `where`."""
        flowing = " ".join(where.split())
        found = [(name.key, text[name.start : name.end]) for name in self._names(text, with_counted=True)]
        return [word for key, word in found if key not in self._own and not has_name(flowing, word)]

    def belongs_elsewhere(self, claim: str, claimed: Number, statement: str, stated: Number) -> bool:
        """Whether the paper's sentence gives the number to another name than the claim does."""
        return self._is_of_another(claim, claimed, statement, stated) or self._is_on_another(
            claim, claimed, statement, stated
        )

    def _is_of_another(self, claim: str, claimed: Number, statement: str, stated: Number) -> bool:
        owners = self._owners(statement)
        found = owners.get(stated.start, set())
        named = {name.key for name in self._names(statement, with_we=True)}
        others = [other for other in _measures(statement) if other.value != stated.value]
        for wanted in self._owners(claim).get(claimed.start, set()) - found:
            if found and any(wanted in owners.get(other.start, ()) for other in others):
                return True
            if not found and any(self._for_whom(statement, other) == wanted for other in others):
                return True
            if wanted not in named and self._is_subject(statement, stated):
                return True
        return False

    def _is_on_another(self, claim: str, claimed: Number, statement: str, stated: Number) -> bool:
        """Whether both say on what, and the paper's sentence has it on something else."""
        wanted, found = self._on_what(claim, claimed), self._on_what(statement, stated)
        if not wanted or not found or wanted == found:
            return False
        others = [other for other in _measures(statement) if other.value != stated.value]
        named = {name.key for name in self._names(statement, with_we=True)}
        return wanted not in named or any(self._on_what(statement, other) == wanted for other in others)

    def owns(self, named: str, statement: str, stated: Number) -> bool:
        """Whether a number of the paper's sentence belongs to another's name, one of those in `named`."""
        others = {name.key for name in self._names(named, with_we=True)} - {OURSELVES}
        return not others.isdisjoint(self._owners(statement).get(stated.start, ()))

    def compares_otherwise(self, claim: str, statement: str) -> bool:
        """Whether the paper's sentence has the same two the other way round."""
        claimed, stated = self._comparison(claim), self._comparison(statement)
        if claimed is None or stated is None:
            return False
        (better, worse), (winner, loser) = claimed, stated
        return bool(better & loser) and bool(worse & winner) and not better & winner and not worse & loser

    def _comparison(self, text: str) -> tuple[frozenset[str], frozenset[str]] | None:
        """(the better, the worse), each as the words that name it."""
        match = _COMPARED.search(text)
        if match is None:
            return None
        subject = self._side(_CLAUSE_START.split(text[: match.start()])[-1])
        compared = self._side(_CLAUSE_END.split(text[match.end() :].removeprefix(" by"))[0])
        passive = match["wins"] and match["wins"].endswith("ed") and _PASSIVE.search(text[: match.start()])
        return (subject, compared) if bool(match["wins"]) != bool(passive) else (compared, subject)

    def _side(self, text: str) -> frozenset[str]:
        ours = any(name.key == OURSELVES for name in self._names(f"- {text}", with_we=True))
        return content_words(text) | ({OURSELVES} if ours else frozenset())

    def _owners(self, text: str) -> dict[int, set[str]]:
        measured = _measures(text)
        names = list(self._names(text, with_we=True))
        if re.search(r"\brespectively\b", text) and len(names) == len(measured):
            return {number.start: {name.key} for number, name in zip(measured, names, strict=True)}
        return {number.start: self._owner(text, number) for number in measured}

    def _owner(self, text: str, number: Number) -> set[str]:
        """The names a number belongs to: what it is `for`, else the last before it; and what it is `on`."""
        if receiver := self._for_whom(text, number):
            return {receiver}
        place = self._next(text, number, _ON_AFTER)
        where = {place.key} if place else set[str]()
        if _COMPARED_WITH_BEFORE.search(text[: number.start]):
            return where
        clause = max((match.end() for match in _CONTRAST.finditer(text, 0, number.start)), default=0)
        before = [
            name.key
            for name in self._names(text, with_we=True)
            if clause <= name.start < number.start and not _NOT_SUBJECT.search(text[: name.start])
        ]
        return where.union(before[-1:])

    def _for_whom(self, text: str, number: Number) -> str:
        """The name in "76.9 for H2O" or "76.9 (H2O)"; empty without."""
        name = self._next(text, number, _FOR_AFTER)
        if name is None:
            name = self._next(text, number, _BRACKETED_AFTER)
            if name is not None and text[name.end : name.end + 1] not in {")", ","}:
                return ""
        return name.key if name else ""

    def _on_what(self, text: str, number: Number) -> str:
        """The name in "76.9 on CoQA", else the last one before that is `on`; empty without."""
        name = self._next(text, number, _ON_AFTER)
        before = [
            name.key
            for name in self._names(text)
            if name.end <= number.start and _ON_BEFORE.search(text[: name.start])
        ]
        return name.key if name else "".join(before[-1:])

    def _next(self, text: str, number: Number, joint: re.Pattern[str]) -> _Name | None:
        """The next name behind a number, if they are joined so."""
        name = next((name for name in self._names(text, with_we=True) if name.start >= number.end), None)
        if name is None or name.start - number.end > _BETWEEN_CHARACTERS:
            return None
        return name if joint.fullmatch(text[number.end : name.start]) else None

    def _is_subject(self, text: str, number: Number) -> bool:
        """Whether a name begins the clause that says the number: `..., while H2O reaches 76.9`."""
        before = [name for name in self._names(text) if name.end <= number.start]
        if not before or before[-1].key in self._own:
            return False
        between = text[before[-1].end : number.start].split()
        return len(between) <= _SUBJECT_WORDS and _SUBJECT.search(text[: before[-1].start]) is not None

    def _names(self, text: str, *, with_we: bool = False, with_counted: bool = False) -> Iterator[_Name]:
        """The names in order; what a value is of, as in "76.9 BLEU" and "5 LSTM layers", only if counted."""
        taken = [match.span() for match in _WE.finditer(text)] if with_we else []
        found = [_Name(OURSELVES, start, end) for start, end in taken]
        for position, match in enumerate(_WORD.finditer(text)):
            if any(start <= match.start() < end for start, end in taken):
                continue
            if _VALUE.search(text[: match.start()]) and not (with_counted and not unit_of(match[0])):
                continue
            if _is_name(match[0], first=position == 0) or (
                position == 0 and _key(match[0]) in self._known | self._own
            ):
                key = _key(match[0])
                found.append(
                    _Name(OURSELVES if with_we and key in self._own else key, match.start(), match.end())
                )
        yield from sorted(found, key=lambda name: name.start)


def names_in(text: str) -> set[str]:
    """The names that stand inside sentences, where a capital means something."""
    return {text[name.start : name.end] for name in Names()._names(text)}  # noqa: SLF001 - the same module


def own_names(title: str, texts: Iterable[str]) -> set[str]:
    """What a paper calls its own method: the word before its title's colon, and what it says it proposes."""
    head, colon, _ = title.partition(":")
    found = {head.strip()} if colon and len(head.split()) == 1 else set()
    for text in texts:
        flowing = " ".join(text.split())
        found |= {match["name"] for pattern in (_OWNED, _OURS) for match in pattern.finditer(flowing)}
    return {name for name in found if _key(name) not in _NOT_NAMES}


def _is_name(word: str, *, first: bool) -> bool:
    if len(word) < _SHORTEST or word.casefold() in _NOT_NAMES:
        return False
    if _QUANTITY.fullmatch(word) and not names(word):
        return False  # 40GB and 7B are numbers
    if any(character.isupper() for character in word[1:]):
        return True
    return word[0].isupper() and not first


def _key(name: str) -> str:
    folded = name.casefold().removesuffix("'s")
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") else folded  # noqa: PLR2004 - LLMs, not BERTs


def _measures(text: str) -> list[Number]:
    return [number for number in numbers(text) if number.role is Role.MEASURE]
