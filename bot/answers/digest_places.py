"""Papers that a question names by their place in a digest: "the second paper", "papers 1 and 3" (pure)."""

import re
from collections.abc import Sequence

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SHORT = ("1st", "2nd", "3rd", *(f"{number}th" for number in range(4, 11)))
_LAST = "last"
_ORDINAL = rf"(?:{'|'.join((*_ORDINALS, *_SHORT, _LAST))})"
_FIGURE = r"#?[1-9]\d?"
_AND = r"(?:,? (?:and|or|&) |, )"
_PAPER = r"(?:papers?|articles?|highlights?|picks?)"
_OF_THE_DIGEST = (
    r"(?: (?:of|in|from|on) (?:the|this|last)(?: (?:weekly|latest|week's))? (?:digest|week|list))?"
)
_OTHERWISE = r"(?! (?:to|that|which|who|on|about|ever|for|with|by|using)\b)"
"""Rules out what is first in another sense: "the first paper to prove it"."""
_COUNTED = re.compile(
    rf"\b(?:the )?(?P<ordinals>{_ORDINAL}(?:{_AND}(?:the )?{_ORDINAL})*) (?P<noun>{_PAPER}|ones?)\b"
    rf"{_OF_THE_DIGEST}{_OTHERWISE}"
    rf"|\b(?:the )?{_PAPER} (?:no\.? ?|number )?(?P<figures>{_FIGURE}(?:{_AND}{_FIGURE})*)(?![\w.%]*\w)"
    rf"{_OF_THE_DIGEST}"
    rf"|(?P<before>\b(?:and|or|about|than|with|to|from) )the (?P<next>{_ORDINAL})(?=\W*$)",
    re.IGNORECASE,
)


class NoSuchPlaceError(LookupError):
    """A place beyond the last paper; its argument is the place, from 1."""


def with_keys(question: str, keys: Sequence[str], *, is_follow_up: bool) -> str:
    """The question with keys in place of "the second paper" and the like; unchanged if there are none.

    Args:
        question: In the user's words, without ids and links.
        keys: Those of a digest's highlights, in order.
        is_follow_up: Then "the second one" more likely means something said before.

    Raises:
        NoSuchPlaceError: a place has no paper.
    """

    def named(match: re.Match[str]) -> str:
        if is_follow_up and (match["noun"] or "").lower().startswith("one"):
            return match[0]
        return (match["before"] or "") + " and ".join(_key(place, keys) for place in _places(match))

    return _COUNTED.sub(named, question)


def _places(match: re.Match[str]) -> list[str]:
    places = match["ordinals"] or match["figures"] or match["next"]
    return re.findall(rf"{_ORDINAL}|\d+", places.lower())


def _key(place: str, keys: Sequence[str]) -> str:
    if place == _LAST:
        return keys[-1]
    names = _ORDINALS if place in _ORDINALS else _SHORT
    number = names.index(place) + 1 if place in names else int(place)
    if number > len(keys):
        raise NoSuchPlaceError(number)
    return keys[number - 1]
