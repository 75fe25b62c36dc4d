"""Papers that a question names by their place in a digest: "the second paper", "papers 1 and 3" (pure)."""

import re
from collections.abc import Sequence

# fmt: off
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth", "twenty-first", "twenty-second", "twenty-third",
    "twenty-fourth", "twenty-fifth",
)
# fmt: on
"""A digest has at most 25 highlights."""
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SHORT = r"[1-9]\d?(?:st|nd|rd|th)"
_LAST = "last"
_FROM_THE_END = r"(?:second|third|2nd|3rd)(?:[ -](?:to|from)[ -]| from the )last"
_ORDINAL = rf"(?!{_FROM_THE_END}\b)(?:{'|'.join((*_ORDINALS, _SHORT, _LAST)).replace('y-', 'y[- ]')})"
_CARDINAL = rf"(?:{'|'.join(_CARDINALS)})"
_FIGURE = r"#?[1-9]\d?"
_AND = r"(?:,? (?:and|or|&) |, )"
_TO = r"(?: (?:to|through|thru) )"
_DASH = r"(?: ?[-–—] ?)"
_PAPER = r"(?:papers?|articles?|highlights?|picks?)"
_OF_THE_DIGEST = (
    r"(?: (?:of|in|from|on) (?:the|this|last|your|our|my|today's)(?: (?:weekly|latest|last|current|week's))?"
    r" (?:digest|week|list|highlights)){0,2}"
)
_OTHERWISE = (
    rf"(?! (?:(?:to|with)(?! the {_ORDINAL}\b)|that|which|who|(?:on|about)(?!\W*$)|ever|for|by|using"
    r"|I|we|you|they|published|written|introducing"
    r"|of(?! (?:them|these|those|both|the (?:two|three|four|five))\b)"
    # "Explain the second paper in detail", or in German, is about the second.
    r"|in (?:(?:the|this|that|our|their|its) )?(?:\w+ )?(?:area|field|domain|line|series|literature|history"
    r"|topic|subject|space|direction|journal|conference|proceedings|world))\b)"
)
"""Rules out what is first in another sense: "the first paper to prove it", "the last paper by Ada Writer"."""
_FIRST_OR_LAST = re.compile(rf"\b(?:first|1st|{_LAST})\b", re.IGNORECASE)
_FIRST_ELSEWHERE = re.compile(
    r" (?:from(?! (?:an?|the|this|your|my) (?:\w+ )?(?:perspective|viewpoint|point|view))"
    r"|in (?-i:[A-Z]{2,10})(?! (?:terms|words|style)\b)|in \d{4})\b",
    re.IGNORECASE,
)
"""After these two alone: "the last paper from DeepMind", "the first paper in NLP"."""
_IS = re.compile(r"(?:^|[.,;:?!] )(?:(?:and|but|so) )?(?:is|was) $", re.IGNORECASE)
_ENDS = re.compile(r"\W*$")
_ORDINALS_IN_A_ROW = (
    rf"(?<![\w-])(?<!second )(?<!third )(?<!2nd )(?<!3rd )"
    r"(?<!second to )(?<!third to )(?<!2nd to )(?<!3rd to )(?<!second from )(?<!third from )(?<!2nd from )"
    r"(?<!3rd from )(?<!second from the )(?<!third from the )(?<!2nd from the )(?<!3rd from the )"
    r"(?<!-to )(?<!-from )(?:the )?"
    rf"(?P<ordinals>{_ORDINAL}(?:(?:{_AND}|{_TO})(?:the )?{_ORDINAL}){{0,19}})"
)
"""Not the last of "the second-to-last", "the second to last" and "the second last"."""
_FIGURES_IN_A_ROW = rf"(?P<figures>{_FIGURE}(?:(?:{_AND}|{_TO}|{_DASH}){_FIGURE}){{0,19}})(?![\w.%#–-]*\w)"
_COUNTED = re.compile(
    rf"{_ORDINALS_IN_A_ROW} (?P<noun>{_PAPER}|ones?)\b{_OF_THE_DIGEST}{_OTHERWISE}"
    rf"|(?<![\w-])(?:the )?(?P<end>first|last) (?P<count>[1-9]\d?|{_CARDINAL}) {_PAPER}\b"
    rf"{_OF_THE_DIGEST}{_OTHERWISE}"
    rf"|\b(?P<article>(?:the|this|that|each|every|per) )?(?P<named>{_PAPER}) "
    rf"(?P<mark>no\.? ?|number )?{_FIGURES_IN_A_ROW}{_OF_THE_DIGEST}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\b(?:the )?(?P<ordinal>{_ORDINAL})\b", re.IGNORECASE)
_BARE_AT_THE_END = re.compile(
    rf" (?:and|or|about|than|with|to|from) the {_ORDINAL}(?:{_AND}(?:the )?{_ORDINAL}){{0,19}}\W*$",
    re.IGNORECASE,
)
_OPENING = (
    r"(?:(?:and|but|so|now),? )?(?:(?:(?:what|how) about|tell me (?:more )?about|explain|summari[sz]e|compare"
    r"|tl;?dr(?: of)?|what(?: is|['’]s)(?: the difference between)?|is|how do(?:es)?"
    r"|which (?:one )?is (?:more )?\w+[,:]) )?"
)
_BETWEEN = (
    rf"(?:{_AND}| (?:compares? )?(?:with|to) | (?:versus|vs\.?) | (?:(?:(?:more|less) )?\w+ )?than "
    r"| (?:differs?|different) from )"
)
_PLACED = rf"{_ORDINAL}(?: (?:{_PAPER}|ones?))?"
_NOTHING_ELSE = re.compile(
    rf"{_OPENING}(?:the |(?=\d)){_PLACED}(?:{_BETWEEN}(?:the )?{_PLACED}){{0,19}}"
    r"(?: differ| compare| about)?\W*",
    re.IGNORECASE,
)
"""Nothing else in such a question could be the first or second: "Is the first better than the second?"."""
_NUMBER = r"(?:#|number |no\. ?)[1-9]\d?"
_NUMBERED = re.compile(
    rf"{_OPENING}{_NUMBER}(?:{_BETWEEN}{_NUMBER}){{0,19}}"
    r"(?=\W*$|[:;,?!]|['’]s\b| (?:about|is|does|do|has|uses?|vs|with|to|and|or)\b"
    r"|(?:(?<=#\d)|(?<=#\d\d)) \w+\W*$)",
    re.IGNORECASE,
)
"""At the start of a question, as elsewhere there may be other things that have numbers; not if it ranks, as
in "#1 reason why folds fail?"."""
_ITS_NUMBER = re.compile(r"(?:#|number |no\. ?)(?P<ordinal>\d+)", re.IGNORECASE)
_PLACE = re.compile(rf"(?P<joint>{_TO}|{_DASH})?(?:the )?#?(?P<place>{_ORDINAL}|\d+)", re.IGNORECASE)
_THINGS = re.compile(
    r" (?!(?:shows|uses|does|has|was|proposes|presents|claims|says|finds|reports|gives|gets|makes|needs|works"
    r"|results|authors|compares|discusses|versus|across|perhaps)\b)[a-z]{3,20}s\b"
)
"""Follows a figure that counts: "in the paper 10 baselines are used"."""


class NoSuchPlaceError(LookupError):
    """A place beyond the last paper; its argument is the place, from 1."""


def with_keys(question: str, keys: Sequence[str], *, is_follow_up: bool) -> str:
    """The question with keys in place of "the second paper" and the like; unchanged if there are none.

    Args:
        question: In the user's words, without ids and links.
        keys: Those of a digest's highlights, in order.
        is_follow_up: Then "the second one", "the second" or "#2" more likely means something said before.

    Raises:
        NoSuchPlaceError: a place has no paper.
    """

    def named(match: re.Match[str]) -> str:
        if is_follow_up and (match["noun"] or "").lower().startswith("one"):
            return match[0]
        if _is_elsewhere(match):
            return match[0]
        places = _places(match, len(keys))
        beyond = [place for place in places if place > len(keys)]
        if _counts(match, beyond=bool(beyond)) or (beyond and match["end"]):
            return match[0]
        if beyond:
            raise NoSuchPlaceError(beyond[-1])
        return " and ".join(keys[place - 1] for place in places)

    def named_bare(match: re.Match[str]) -> str:
        place = _number(match["ordinal"].lower(), len(keys))
        if place > len(keys):
            raise NoSuchPlaceError(place)
        return keys[place - 1]

    told = _COUNTED.sub(named, question)
    beside_a_place = told != question and _ends_bare(told)
    nothing_else = not is_follow_up and _NOTHING_ELSE.fullmatch(question)
    if beside_a_place or nothing_else:
        told = _BARE.sub(named_bare, told)
    numbered = None if is_follow_up else _NUMBERED.match(told)
    if numbered is not None:
        told = _ITS_NUMBER.sub(named_bare, numbered[0]) + told[numbered.end() :]
    return told


def _ends_bare(told: str) -> bool:
    """Whether it ends as "the first paper with the second" does, and has nothing else that is counted."""
    end = _BARE_AT_THE_END.search(told)
    return end is not None and _BARE.search(told[: end.start()]) is None


def _places(match: re.Match[str], last: int) -> list[int]:
    """The places, from 1; those of a range are all between its ends."""
    if match["end"]:
        count = _number(match["count"].lower(), last)
        before = max(0, last - count) if match["end"].lower() == _LAST else 0
        return list(range(before + 1, before + count + 1))
    places = list[int]()
    for found in _PLACE.finditer(match["ordinals"] or match["figures"]):
        place, joint = _number(found["place"].lower(), last), (found["joint"] or "").strip()
        # "Compare paper 1 to 3" is about two papers.
        if joint and (joint.lower() != "to" or _is_plural(match)):
            first, end = sorted((places[-1], place))
            places += range(first + 1, end)
        places.append(place)
    return list(dict.fromkeys(places))


def _is_elsewhere(match: re.Match[str]) -> bool:
    """Whether it is the first or last of other papers; "Was the first paper in 2024?" asks about this one."""
    if match["end"] is None and _FIRST_OR_LAST.search(match["ordinals"] or "") is None:
        return False
    found = _FIRST_ELSEWHERE.match(match.string, match.end())
    if found is None:
        return False
    is_told = _ENDS.match(match.string, found.end()) and _IS.search(match.string[: match.start()])
    return not is_told


def _is_plural(match: re.Match[str]) -> bool:
    return (match["noun"] or match["named"] or "").lower().endswith("s")


def _counts(match: re.Match[str], *, beyond: bool) -> bool:
    """Whether the figure says how many of something there are: "each paper 2 lines", "highlight 3 gaps"."""
    if match["named"] is None or match["mark"] or _is_plural(match) or not match["figures"].isdigit():
        return False
    article, named = (match["article"] or "").strip().lower(), match["named"].lower()
    if article in {"each", "every", "per"}:
        return True
    is_in_doubt = beyond or article or named in {"pick", "highlight"}
    return bool(is_in_doubt) and _THINGS.match(match.string, match.end()) is not None


def _number(place: str, last: int) -> int:
    if place == _LAST:
        return last
    place = place.replace(" ", "-")
    names = _ORDINALS if place in _ORDINALS else _CARDINALS
    return names.index(place) + 1 if place in names else int(place.rstrip("stndrh"))
