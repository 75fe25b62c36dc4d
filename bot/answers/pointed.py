"""The parts of a paper that a question points at: "figure 3", "section 4.2", "the conclusion" (pure).

Such a question shares hardly a word with what it asks for, so similarity does not find it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.terms import stems
from storage.model import Passage

_KINDS = {
    "fig": r"fig(?:ure)?",
    "tab": r"tab(?:le)?",
    "alg": r"alg(?:orithm)?",
    "the": r"theorem",
    "lem": r"lemma",
    "def": r"definition",
    "pro": r"proposition",
    "equ": r"eq(?:uation|n)?",
    "sec": r"(?:sec(?:tion)?|chapter)",
    "app": r"app(?:endix|endices|\.)",
}
"""What papers call numbered things, by the first three letters of what questions call them."""
_EQUATION, _PAGE, _HEADED = "equ", "pag", frozenset({"sec", "app"})
_SHORT = {"eq": "equ", "eqn": "equ", "§": "sec", "cha": "sec", "pg": "pag", "p": "pag"}
_NAMED = re.compile(
    r"(?:\b(?P<kind>fig(?:ure)?|tab(?:le)?|alg(?:orithm)?|theorem|lemma|definition|proposition|eq(?:uation|n)?"
    r"|sec(?:tion)?|chapter|appendix|page|pg|p(?=\.))s?|(?P<sign>§))\.?\s*(?:no\.?\s*|number\s+|#\s*)?"
    r"\(?(?P<number>\d{1,3}(?:\.\d{1,2})*|(?-i:[IVX]{1,5}|[A-Z](?:\.?\d{1,2})*)(?![\w']))",
    re.IGNORECASE,
)
_ORDINALS = {"first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "fourth": "4"}
_ORDINAL = re.compile(
    rf"\b(?P<number>{'|'.join(_ORDINALS)})\s+(?P<kind>figure|table|algorithm|theorem|equation|section|page)\b",
    re.IGNORECASE,
)
_MOST_PLACES = 4
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_GOES_ON = re.compile(r"-[^\W\d]|\*")
"""Follows what is part of a name: "the algorithm V-trace"."""
_CAPTION_ENDS = r"(?:\s*[:.|(—–-]|\s+[A-Z]|\s*(?:\n|\Z))"
_HEADING_NUMBER = re.compile(r"(?:[A-Z\d]{1,2}(?:\.\d{1,2})*|[IVX]+)[.:]?\s+")
_SAYS_NOTHING = frozenset(
    stems("author describe discuss explain paper part say section summarise tell whats")
)
"""Words that may be asked about any part of a paper."""
_BY_WHOM = re.compile(
    r"\bwho (?:wrote|published|made|did) (?:this|it|that|the)\b|\bby whom\b|\baffiliat|\bauthors?'? names?\b"
    r"|(?:^|[,.;:?!] )(?:and )?who (?:(?:wrote|authored)\b|(?:published|made)\W*$)"
    r"|\b(?:who|where) (?:are|is|were|was) (?:the|its|their|they|these)(?: \w+)? ?(?:authors?|from)\b"
    r"|\b(?:authors? of|(?:list|name) the authors|(?:first|last|senior|corresponding) author)\b"
    r"|\b(?:which|what) (?:universit|institut|labs?\b|compan)|^(?:the )?authors?\W*$",
    re.IGNORECASE,
)
_FOR_CODE = re.compile(
    r"\b(?:where|link|url|there|have|has|publish\w*|releas\w*|share\w*|find|get|available|public(?:ly)?)\b"
    r".{0,50}\b(?:code|github|repo(?:sitory)?|implementation|project page)\b"
    r"|^(?:the )?(?:code|github|repo)\W*$"
    r"|\b(?:code|implementation|repo(?:sitory)?)\b.{0,30}\b(?:available|public|released|open|online|link|url)\b",
    re.IGNORECASE,
)
_CODE_AT = re.compile(
    r"\b(?:github|gitlab|bitbucket|huggingface|zenodo)\s?\.\s?(?:com|org|co|io)\b"
    r"|\b(?:code|implementation)s?\b[^.]{0,60}\b(?:available|released|open[- ]sourced?|at https?:)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Place:
    kind: str
    number: str


def pointed_at(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that a question points at: for each place its caption or heading, then mentions of it.

    Args:
        question: In the user's words.
        passages: Those of one paper, in order.
    """
    places = _places(question)[:_MOST_PLACES]
    found = [passage for place in places for passage in _at(place, passages)]
    if asks_by_whom(question):
        found += [one for one in passages[:1] if not one.heading]
    if asks_for_code(question):
        found += [one for one in passages if _CODE_AT.search(one.text)]
    asked = set(stems(question)) - _SAYS_NOTHING
    found += [one for one in passages if _names_heading(asked, one.heading)]
    return list({passage.ordinal: passage for passage in found}.values())


def has_places(statement: str, passages: Sequence[Passage]) -> bool:
    """Whether every table, section, page and the like that `statement` names is here or is mentioned here.

    Equations are not looked for: papers mention them by their number alone, which a PDF's text may lack. Nor
    is what may be a name: "the algorithm C4.5", "the memory table T".
    """
    text = " ".join(part for one in passages for part in one.text.split()).casefold()
    return all(
        named[0].casefold() in text or any(_at(place, passages) for place in _places(named[0]))
        for named in _NAMED.finditer(statement)
        if _is_surely_a_place(named)
    )


def asks_by_whom(question: str) -> bool:
    """Whether it asks who the authors are, or where they work."""
    return _BY_WHOM.search(question) is not None


def asks_for_code(question: str) -> bool:
    """Whether it asks where the code is, or whether there is any."""
    return _FOR_CODE.search(question) is not None


def _places(question: str) -> list[_Place]:
    ordinals = _ORDINAL.finditer(question)
    places = [_Place(_kind(one["kind"]), _ORDINALS[one["number"].lower()]) for one in ordinals]
    named = _NAMED.finditer(question)
    places += [_Place(_kind(one["kind"] or one["sign"]), one["number"]) for one in named]
    return [place for place in places if place.kind != _PAGE or place.number.isdigit()]


def _is_surely_a_place(named: re.Match[str]) -> bool:
    """Whether it has a place's number, is no equation, and no duration such as "2 sec. 40 ms"."""
    kind, number = _kind(named["kind"] or named["sign"]), named["number"]
    if kind == _EQUATION or _GOES_ON.match(named.string, named.end()):
        return False
    if kind == "sec" and named.string[: named.start()].rstrip()[-1:].isdigit():
        return False
    return number[0].isdigit() or (kind in {"tab", "sec"} and number in _ROMAN)


def _kind(word: str) -> str:
    lowered = word.lower()
    return _SHORT.get(lowered, _SHORT.get(lowered[:3], lowered[:3]))


def _at(place: _Place, passages: Sequence[Passage]) -> list[Passage]:
    if place.kind == _PAGE:
        return [one for one in passages if one.first_page <= int(place.number) <= one.last_page]
    word, number = f"(?i:{_KINDS[place.kind]})", _as_written(place.number)
    heading = re.compile(rf"(?:{word} )?{number}(?:\.\d+)*[.:]?(?:\s|\Z)")
    begins = re.compile(
        {
            "sec": rf"(?:\A|\n)(?:{word} )?{number}[.:]? +[A-Z]",
            "equ": rf"\({number}\)\s*(?:\n|\Z)",
        }.get(place.kind, rf"(?:\A|\n)\s*{word}\.? ?{number}{_CAPTION_ENDS}")
    )
    mentions = re.compile(rf"\b{word}s?\.?\s*(?:\d+[a-z]?\s*(?:,|and|&|–|-)\s*)*\(?{number}(?!\.?\d|[IVX])")
    places = [
        at
        for at, one in enumerate(passages)
        if begins.search(one.text) or (place.kind in _HEADED and heading.match(one.heading))
    ]
    if place.kind == "tab":  # its rows are mostly before or after the caption
        places += [beside for at in places for beside in (at + 1, at - 1) if 0 <= beside < len(passages)]
    return [
        *(passages[at] for at in dict.fromkeys(places)),
        *(one for one in passages if mentions.search(one.text)),
    ]


def _as_written(number: str) -> str:
    """A pattern for the number as papers may write it, in Arabic or Roman numerals."""
    if number in _ROMAN:
        return f"(?:{number}|{_ROMAN.index(number)})"
    roman = _ROMAN[int(number)] if number.isdigit() and int(number) < len(_ROMAN) else ""
    return f"(?:{re.escape(number)}|{roman})" if roman else re.escape(number)


def _names_heading(asked: set[str], heading: str) -> bool:
    """Whether a question has all words of a heading, and fewer other words."""
    wanted = set(stems(_HEADING_NUMBER.sub("", heading, count=1)))
    return bool(wanted) and wanted <= asked and 2 * len(wanted) > len(asked)
