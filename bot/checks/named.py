"""Which of a sentence's numbers belong to which of its names, and who beats whom (pure).

"Foldcache reaches 81.2 % and H2O 76.9 %" does not support "H2O reaches 81.2 %", nor does "Foldcache
outperforms H2O" support "H2O outperforms Foldcache", though every word and number is there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from bot.checks.comparisons import OVERTAKES, comparisons
from bot.checks.evidence import Occurrence
from bot.checks.numbers import Number, Role, numbers
from bot.checks.proper_names import OURSELVES, Name, NameReader, names_in, own_names, text_before
from bot.checks.spelling import has_name, respellings
from bot.checks.stemming import content_words

_BESIDE = r"versus|vs\.?|against|compared (?:with|to)"
_FOR_AFTER = re.compile(
    r"(?:(?!(?:compar\w*|than|against|versus|followed|instead|together)\b)[^.,;\d]){0,16}?"
    r"\b(?:for|by|with) (?:the )?"
)
_BRACKETED_AFTER = re.compile(r" ?[^\W\d]{0,6}%? ?\((?:with |for )?")
_ON_AFTER = re.compile(r"(?:(?!and (?:on|in)\b)[^.,;\d]){0,16}?\b(?:on|in) (?:the |an? )?")
_LIKEWISE = re.compile(r"(?:,? and|,) (?:an? |the )?(?:[\w@-]+ ){1,3}of (?:about )?")
_LISTED = re.compile(r"(?:,? and|,) (?:the |for |on )?")
_NOT_SUBJECT = re.compile(
    rf"\b(?:for|(?<!followed )by|with|on|in|at|to|of|over|than|{OVERTAKES}) (?:the |an? )?$", re.IGNORECASE
)
_COMPARED_WITH_BEFORE = re.compile(rf"\b(?:{_BESIDE}) [^\w\s]{{0,2}}$")
"""What follows belongs to another, who need not be named."""
_COMPARED_BEFORE = re.compile(rf"\b(?:than|{_BESIDE}|{OVERTAKES}) (?:the |an? )?$", re.IGNORECASE)
_ON_BEFORE = re.compile(r"\bon (?:the )?$", re.IGNORECASE)
_BY_BEFORE = re.compile(r"\bby (?:(?:about|almost|at|least|more|most|nearly|over|roughly|than|to|up) ){0,3}$")
_APPLIED_BEFORE = re.compile(r"\b(?:after|by|through|under|using|via|with) (?:the )?$", re.IGNORECASE)
_CONTRAST = re.compile(r"; |\b(?:while|whereas) ")
_SUBJECT = re.compile(r"(?:^|[,;(] |\b(?:while|whereas|and|but|than) )(?:the )?$", re.IGNORECASE)
_NEXT_CLAUSE = re.compile(r"[,;:(] |\b(?:and|but|while|whereas|although|which|that|than) ")
_SUBJECT_WORDS, _CLAUSE_WORDS = 4, 12
_SENTENCE_CHARACTERS = 1500
_TEXTS = 256


@dataclass(frozen=True, slots=True)
class _Owned:
    """A number, and the keys of the names it belongs to in its sentence."""

    number: Number
    owners: frozenset[str]
    receiver: str
    """The owner in "76.9 for H2O" or "76.9 (H2O)"; else empty."""
    place: str
    """What it was measured `on`; else empty."""
    has_subject: bool
    """Whether its clause starts with a name just before it: `..., while H2O reaches 76.9`."""
    is_of_clause: bool
    """Whether its clause starts with a name at all: `H2O raises the accuracy on CoQA from 71.2 to 76.9`."""

    def renamed(self, keys: Mapping[str, str]) -> "_Owned":
        """The same with other keys for some names."""
        return replace(
            self,
            owners=frozenset(keys.get(owner, owner) for owner in self.owners),
            receiver=keys.get(self.receiver, self.receiver),
            place=keys.get(self.place, self.place),
        )


@dataclass(frozen=True, slots=True)
class _Compared:
    """A comparison with the content words of both sides."""

    ahead: frozenset[str]
    behind: frozenset[str]
    respects: frozenset[str]


class Names:
    """Tells what belongs to which name, knowing what the paper calls its own method."""

    def __init__(self, own: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self._reader = NameReader(own, known)
        # The same sentence is read for each of its numbers and for each claim.
        self._names = lru_cache(maxsize=_TEXTS)(self._reader.read)
        self._owned = lru_cache(maxsize=_TEXTS)(self._read_owned)
        self._compared = lru_cache(maxsize=_TEXTS)(self._read_compared)

    @classmethod
    def of_paper(cls, title: str, texts: Sequence[str]) -> "Names":
        """The names of one paper, from its title and sentences."""
        return cls(own_names(title, texts), set().union(*map(names_in, (title, *texts))))

    def unknown(self, text: str, where: str) -> list[str]:
        """The names in `text` that `where` does not have."""
        flowing = " ".join(where.split())
        found = [(name.key, text[name.start : name.end]) for name in self._names(text, with_counted=True)]
        return [word for key, word in found if key not in self._reader.own and not has_name(flowing, word)]

    def admits(self, claim: str, number: Number, place: Occurrence) -> bool:
        """Whether the paper gives the number to the same thing there as the claim."""
        return not self.belongs_elsewhere(claim, number, place.sentence.text, place.number)

    def belongs_elsewhere(self, claim: str, claimed: Number, statement: str, stated: Number) -> bool:
        """Whether the paper's sentence gives the number to a name other than the claim's.

        A number of two names, as in "Foldcache beats H2O by 4.3 points", is given to them in this order.
        """
        if len(statement) > _SENTENCE_CHARACTERS:
            return False  # a table
        if self.compares_otherwise(claim, statement):
            return True
        wanted, found = self._owned(claim).get(claimed.start), self._owned(statement).get(stated.start)
        if wanted is None or found is None:
            return False
        named = {name.key for name in self._names(statement, with_we=True)}
        ours = {name.key: claim[name.start : name.end] for name in self._names(claim)}
        theirs = {name.key: statement[name.start : name.end] for name in self._names(statement)}
        wanted = wanted.renamed(respellings(claim, ours, statement, theirs))
        others = [other for other in self._owned(statement).values() if other.number.value != stated.value]
        if wanted.place and found.place and wanted.place != found.place:
            is_others_place = any(other.place == wanted.place for other in others)
            if is_others_place or wanted.place not in named:
                return True
        whose = found.owners - {found.place}
        if wanted.place == found.place and self._is_told_as_passive(claim, claimed, statement, whose):
            return False
        if not whose.isdisjoint(self._applied(claim)):
            found = replace(found, is_of_clause=False)
        compared = {
            name.key
            for name in self._names(statement, with_we=True)
            if _COMPARED_BEFORE.search(text_before(statement, name.start))
        }
        return _is_of_another(wanted, found, others, named - compared)

    def belongs_to_named(self, named: str, statement: str, stated: Number) -> bool:
        """Whether a number of the paper's sentence belongs to a name in `named`, except the paper's own."""
        others = {name.key for name in self._names(named, with_we=True)} - {OURSELVES}
        found = self._owned(statement).get(stated.start)
        return found is not None and not others.isdisjoint(found.owners)

    def compares_otherwise(self, claim: str, statement: str) -> bool:
        """Whether the paper's sentence compares the same two the other way round, and never this way."""
        stated = self._compared(statement)
        return any(
            any(_is_turned(one, other) for other in stated)
            and not any(_may_be_same(one, other) for other in stated)
            for one in (self._compared(claim) if stated else ())
        )

    def _is_told_as_passive(self, claim: str, claimed: Number, statement: str, whose: frozenset[str]) -> bool:
        """Whether a lead is told of the other: "A beats B by 4 points", "B is beaten by A by 4 points"."""
        named = {name.key for name in self._names(claim, with_we=True)}
        stated = self._compared(statement)
        return (
            whose <= named
            and _BY_BEFORE.search(text_before(claim, claimed.start)) is not None
            and any(_may_be_same(one, other) for one in self._compared(claim) for other in stated)
        )

    def _applied(self, claim: str) -> set[str]:
        """The methods that a claim applies to something: Foldcache in "with Foldcache, Gull-9o is fast"."""
        return {
            name.key
            for name in self._names(claim, with_we=True)
            if _APPLIED_BEFORE.search(text_before(claim, name.start))
        }

    def _read_compared(self, text: str) -> tuple[_Compared, ...]:
        return tuple(
            _Compared(self._side(found.ahead), self._side(found.behind), found.respects)
            for found in comparisons(text)
        )

    def _side(self, text: str) -> frozenset[str]:
        ours = any(name.key == OURSELVES for name in self._names(f"- {text}", with_we=True))
        return content_words(text) | ({OURSELVES} if ours else frozenset())

    def _read_owned(self, text: str) -> dict[int, _Owned]:
        """Each measured number with its owners, by where it starts."""
        measured = [number for number in numbers(text) if number.role is Role.MEASURE]
        in_turn = self._in_turn(text, len(measured))
        owned = {}
        for position, number in enumerate(measured):
            receiver = in_turn[position].key if in_turn else self._for_whom(text, number)
            owned[number.start] = self._read_one(text, number, receiver, measured[position + 1 :])
        return owned

    def _in_turn(self, text: str, count: int) -> Sequence[Name]:
        """The names of a list as long as the numbers, if the text says "respectively"; else empty."""
        if count < 2 or re.search(r"\brespectively\b", text) is None:  # noqa: PLR2004 - one is no list
            return ()
        names = self._names(text, with_we=True)
        for start in range(len(names) - count + 1):
            listed = names[start : start + count]
            joints = [text[one.end : other.start] for one, other in pairwise(listed)]
            if all(map(_LISTED.fullmatch, joints)) and "and" in joints[-1]:
                return listed
        return ()

    def _read_one(self, text: str, number: Number, receiver: str, following: Sequence[Number]) -> _Owned:
        """A number belongs to what it is `for`, or else to the last name before it and to what it is `on`."""
        place = self._place(text, number, following)
        before = [name for name in self._names(text, with_we=True) if name.end <= number.start]
        places = [name.key for name in before if _ON_BEFORE.search(text_before(text, name.start))]
        clause = max((match.end() for match in _CONTRAST.finditer(text, 0, number.start)), default=0)
        subjects = [
            name.key
            for name in before
            if name.start >= clause and not _NOT_SUBJECT.search(text_before(text, name.start))
        ]
        if receiver:
            owners = [receiver]
        else:
            is_anothers = _COMPARED_WITH_BEFORE.search(text_before(text, number.start))
            owners = [*([place.key] if place else []), *([] if is_anothers else subjects[-1:])]
        held_on = place.key if place else "".join(places[-1:])
        return _Owned(
            number,
            frozenset(owners),
            receiver,
            held_on,
            has_subject=self._has_subject(text, number),
            is_of_clause=self._is_of_clause(text, number),
        )

    def _place(self, text: str, number: Number, following: Sequence[Number]) -> Name | None:
        """What a number is `on`: in "an accuracy of 81.2 and an F1 of 76.9 on CoQA" both are on CoQA."""
        for other in following:
            place = self._next(text, number, _ON_AFTER)
            if place is not None or not _LIKEWISE.fullmatch(text[number.end : other.start]):
                return place
            number = other
        return self._next(text, number, _ON_AFTER)

    def _for_whom(self, text: str, number: Number) -> str:
        """The name in "76.9 for H2O" or "76.9 (H2O)"; else empty."""
        name = self._next(text, number, _FOR_AFTER)
        if name is None:
            name = self._next(text, number, _BRACKETED_AFTER)
            if name is not None and text[name.end : name.end + 1] not in {")", ","}:
                return ""
        return name.key if name else ""

    def _next(self, text: str, number: Number, joint: re.Pattern[str]) -> Name | None:
        """The next name after a number, if `joint` matches all that is between."""
        name = next((name for name in self._names(text, with_we=True) if name.start >= number.end), None)
        return name if name and joint.fullmatch(text[number.end : name.start]) else None

    def _has_subject(self, text: str, number: Number) -> bool:
        before = [name for name in self._names(text) if name.end <= number.start]
        if not before:
            return False
        between = text[before[-1].end : number.start].split()
        return (
            len(between) <= _SUBJECT_WORDS
            and _SUBJECT.search(text_before(text, before[-1].start)) is not None
        )

    def _is_of_clause(self, text: str, number: Number) -> bool:
        """Whether the last name before a number that may be a subject is one, and not of another clause."""
        before = [name for name in self._names(text) if name.end <= number.start]
        may_be_subject = (
            name for name in reversed(before) if not _NOT_SUBJECT.search(text_before(text, name.start))
        )
        last = next(may_be_subject, None)
        if last is None or _SUBJECT.search(text_before(text, last.start)) is None:
            return False
        between = text[last.end : number.start]
        return len(between.split()) <= _CLAUSE_WORDS and _NEXT_CLAUSE.search(between) is None


def _is_turned(one: _Compared, other: _Compared) -> bool:
    """Whether both are about the same two in the same respect, with the other one ahead."""
    if one.respects.isdisjoint(other.respects) or one.ahead & other.ahead or one.behind & other.behind:
        return False
    return bool(one.ahead & other.behind) and bool(one.behind & other.ahead)


def _may_be_same(one: _Compared, other: _Compared) -> bool:
    """Whether both are about the same two in the same order, as far as `other` says more than "it"."""
    sides = ((one.ahead, other.ahead), (one.behind, other.behind))
    return bool(one.respects & other.respects) and all(not theirs or ours & theirs for ours, theirs in sides)


def _is_of_another(wanted: _Owned, found: _Owned, others: Sequence[_Owned], named: set[str]) -> bool:
    """Whether an owner in the claim (`wanted`) is not the number's in the paper (`found`), but another's.

    If the number's clause has a subject, an owner that the sentence does not name (`named`) counts too;
    farther from it, only the system of others, as sentences say less often that something is ours, or where
    it was measured. It is the claim's own number, though, where both agree on all its owners but the place:
    "Foldcache reaches 81.2 on CoQA" has the number of "Foldcache reaches 81.2 and 76.9 on CoQA".
    """
    wanted_of = wanted.owners - {wanted.place}
    if wanted.place == found.place and wanted_of and wanted_of <= found.owners:
        return False
    for owner in wanted.owners - found.owners:
        if found.owners and any(owner in other.owners for other in others):
            return True
        if not found.owners and any(other.receiver == owner for other in others):
            return True
        is_others = owner not in {OURSELVES, wanted.place}
        if owner not in named and (found.has_subject or (found.is_of_clause and is_others)):
            return True
    return False
