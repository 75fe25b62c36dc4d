"""Statements turned into their opposite: a `not` added or dropped, `increases` for `reduces` (pure).

What can be told from words alone is a negation with the words it governs, the direction of a change, words
that are contraries, such as "before" and "after", and a supposition told as a fact. Irony and double
conditions cannot.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.checks.contraries import is_contrary
from bot.checks.stemming import content_words, stems
from bot.checks.vocabulary import DIRECTIONS, NOT

_NEGATOR = re.compile(
    rf"\b(?:{NOT}|no|without|none of|fail(?:s|ed|ing)? to"
    r"|lack(?:s|ed|ing)?|unable to|(?:instead of|rather than)(?! [\d$€£]| (?-i:[A-Z]))"
    r"|unlike|hardly|absen(?:t|ce))\b",
    re.IGNORECASE,
)
_OF_A_PHRASE = re.compile(r"without|no\b|nor|neither|none|lack|instead|rather|unlike|absen", re.IGNORECASE)
"""How those negators start that negate what follows them and nothing else in the sentence."""
_CLAUSE_BREAK = re.compile(
    r"[,;:]|\b(?:and|but|while|whereas|although|though|which|because)\b", re.IGNORECASE
)
_CONTRAST = re.compile(
    r"[,;] (?:while |whereas |but |and )?| (?:while|whereas|but|although|though) ", re.IGNORECASE
)
_MOST_PARTS = 6
_DIGITS = re.compile(r"\d+")
_PRONOUN = re.compile(r"(?:it|they) ", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:(?-i:may)|might|perhaps|possibl[ey]|probably|potentially|presumably|hypothes[ie]\w*|conjectur\w*"
    r"|speculat\w*|suspect\w*|(?:in )?future (?:work|research|stud\w+)|in (?:the )?future"
    r"|planned|plan(?:s|ning)? to|(?:intend|hope)(?:s|d|ed)? to|would like to)\b,?",
    re.IGNORECASE,
)
"""Words of what is only supposed, or planned; with its comma "in future work" is of the clause after it."""
_GOVERNED = re.compile(r"(?:\s+[\w'%-]+){1,7}")
_MIN_ALIKE = 0.5
_SAME = 0.75
"""Sentences with this share in common say the same, so their negations can be counted."""


def is_turned(claim: str, statement: str) -> bool:
    """Whether `claim` says the opposite of the paper's sentence that is most like it."""
    if _is_negated_otherwise(claim, statement) or _is_surer(claim, statement):
        return True
    words = content_words(claim)
    if len(words & content_words(statement)) < _MIN_ALIKE * len(words):
        return False
    return _goes_otherwise(claim, statement) or is_contrary(claim, statement)


def _is_negated_otherwise(claim: str, statement: str) -> bool:
    claimed, stated = content_words(claim), content_words(statement)
    shared = claimed & stated
    if len(shared) >= _SAME * max(len(claimed), len(stated)):
        turning = sum(_turns(negator, shared) for negator in _NEGATOR.finditer(statement))
        return (len(_NEGATOR.findall(claim)) - turning) % 2 == 1
    in_claim, in_statement = _governed(claim), _governed(statement)
    if in_claim is None and in_statement is not None:
        return bool(shared) and 2 * len(shared & in_statement) >= len(shared)
    if in_claim is not None and in_statement is None:
        return bool(shared & in_claim)
    return False


def _turns(negator: re.Match[str], shared: frozenset[str]) -> bool:
    """Whether a negation in the paper's sentence is about what a claim shares with it.

    "Foldcache keeps 12 % of the memory, without any retraining" does not deny its first half.
    """
    governed = _governed_by(negator)
    if not governed or governed & shared:
        return True
    if _OF_A_PHRASE.match(negator[0]):
        return False
    return 2 * len(content_words(_clause(negator)) & shared) > len(shared)


def _is_surer(claim: str, statement: str) -> bool:
    """Whether the claim tells as a fact what the paper only supposes or plans."""
    claimed = content_words(claim)
    if len(claimed & content_words(statement)) < _SAME * len(claimed) or _SUPPOSED.search(claim):
        return False
    clauses = (content_words(_clause(found)) for found in _SUPPOSED.finditer(statement))
    return any(words and len(words & claimed) >= _SAME * len(words) for words in clauses)


def _clause(found: re.Match[str]) -> str:
    """The clause of a sentence in which something was found."""
    text = found.string
    breaks = [0, *(one.start() for one in _CLAUSE_BREAK.finditer(text)), len(text)]
    start = max(place for place in breaks if place <= found.start())
    end = min(place for place in breaks if place >= found.end())
    return text[start:end]


def _governed(text: str) -> frozenset[str] | None:
    """The content words that negations govern; None where there is no negation."""
    negators = [*_NEGATOR.finditer(text)]
    return frozenset[str]().union(*map(_governed_by, negators)) if negators else None


def _governed_by(negator: re.Match[str]) -> frozenset[str]:
    after = _GOVERNED.match(negator.string, negator.end())
    return frozenset[str]() if after is None else content_words(after[0])


def _goes_otherwise(claim: str, statement: str) -> bool:
    only_here, only_there = _directions(claim, statement), _directions(statement, claim)
    if only_here and not only_here & only_there and _are_opposite(only_here, only_there):
        return True
    parts = _parts(statement)
    return len(parts) > 1 and any(_goes_otherwise_in(part, parts) for part in _parts(claim))


def _goes_otherwise_in(claim: str, parts: Sequence[str]) -> bool:
    """Whether the part of a sentence that the claim is about goes another way.

    "Folding helps recall but hurts precision" has all words of "folding hurts recall", but in two parts.
    """
    part = _part_about(claim, parts)
    if part is None or _NEGATOR.search(claim) or _NEGATOR.search(part):
        return False
    ours, theirs = _directions(claim), _directions(part)
    return not ours & theirs and _are_opposite(ours, theirs)


def _part_about(claim: str, parts: Sequence[str]) -> str | None:
    """The only part with a word of its own that the claim has too: before the word of change, else after.

    None if the claim says its subject of another part's: "folding raises recall" is not about the first part
    of "folding cuts memory, but recall rises".
    """
    cut = [_around_change(part) for part in parts]
    sides_of_claim = _around_change(claim)
    for side, said in enumerate(sides_of_claim):
        of_parts = Counter(stem for sides in cut for stem in sides[side])
        own = {stem for stem in said if of_parts[stem] == 1}
        found = [part for part, sides in zip(parts, cut, strict=True) if not own.isdisjoint(sides[side])]
        if found:
            rest = sides_of_claim[1] if side == 0 else frozenset[str]()
            is_of_another = any(not rest.isdisjoint(subject) for subject, _ in cut)
            is_about = not is_of_another or not rest.isdisjoint(content_words(found[0]))
            return found[0] if len(found) == 1 and is_about else None
    return None


def _around_change(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The content words and numbers, such as years, before the first word of change, and those after it."""
    start, end = min((found.span() for found in _changes(text)), default=(len(text), len(text)))
    before, after = text[:start], text[end:]
    return content_words(before).union(_DIGITS.findall(before)), content_words(after).union(
        _DIGITS.findall(after)
    )


def _parts(text: str) -> list[str]:
    """What a sentence contrasts; a part that begins with its verb gets the words before the first one's.

    So does one that begins with "it": "recall fell on code, but it rose on prose".
    """
    said = _CONTRAST.split(text)
    if len(said) > _MOST_PARTS:
        return [text]
    said = [part[found.end() :] if (found := _PRONOUN.match(part)) else part for part in said]
    subject = said[0][: min((found.start() for found in _changes(said[0])), default=0)]
    return [said[0], *(subject + part if _starts_with_change(part) else part for part in said[1:])]


def _starts_with_change(part: str) -> bool:
    return any(found.start() == 0 for found in _changes(part))


def _changes(text: str) -> Iterator[re.Match[str]]:
    return (found for pattern, _, _ in DIRECTIONS for found in pattern.finditer(text))


def _are_opposite(ours: set[tuple[int, int]], theirs: set[tuple[int, int]]) -> bool:
    return any((-amount, -worth) in theirs for amount, worth in ours)


def _directions(text: str, other: str = "") -> set[tuple[int, int]]:
    """The directions, as (amount, worth), of words that `text` has and `other` has not."""
    known = stems(other)
    return {
        (amount, worth)
        for pattern, amount, worth in DIRECTIONS
        for word in set(pattern.findall(text))
        if not other or not stems(word) <= known
    }
