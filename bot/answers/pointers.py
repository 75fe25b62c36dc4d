"""Finds what a model writes into its sentences to point at sources: "(passage 2, p. 3)", "[^2]" (pure).

Only `[2]` alone is left to `bot.checks.cleaning`, which tells it from an interval.
"""

import re
import unicodedata

_NUMBER = r"(?:#?\d{1,4}(?:\.\d{1,2}){0,3}[a-z]?|(?-i:[A-Z](?:\.?\d{1,2}){0,3}|[IVX]{1,5}))(?!\w)"
_NUMBERS = rf"{_NUMBER}(?:\s?(?:[-–,;&]|and|to)\s?{_NUMBER}){{0,8}}"
_PASSAGE = rf"(?:passages?|excerpts?|snippets?|sources?|references?|refs?\.?):?\s?{_NUMBERS}"
_PAGE = rf"(?:pages?|pgs?\.?|pp?\.)\s?{_NUMBERS}"
_PART = (
    r"(?:(?:(?:sec(?:tion)?|tab(?:le)?|fig(?:ure)?|eq(?:uation)?|alg(?:orithm)?|chapter|theorem|lemma|line)s?"
    rf"|app(?:endix|endices|\.))\.?|§§?)\s?\(?{_NUMBERS}\)?"
)
_WORK = r"arXiv:\s?\d{4}\.\d{4,5}(?:v\d{1,2})?|[^\W\d_][\w'’-]{0,40} et al\.?,? (?:19|20)\d\d[a-z]?"
_WORKS = rf"(?:{_WORK})(?:;\s(?:{_WORK})){{0,8}}"
_PLACE = rf"(?:{_PASSAGE}|{_PAGE}|{_PART})"
_PLACES = (
    rf"(?:(?:see|also|cf\.?|e\.g\.,?|sources?:|from|in|on)\s)*{_PLACE}"
    rf"(?:(?:[,;]|\sand|\son|\sin)\s{_PLACE}){{0,8}}"
)
_RAISED = (
    r"(?:(?<=[.!?,;:])|\s)(?:<sup>\s?\d{1,2}(?:\s?,\s?\d{1,2})*\s?</sup>|[⁰¹²³⁴-⁹]{1,3})"
    r"(?=[\s.,;:!?]|$)"
)
"""A footnote's number; right behind a letter, a digit or a bracket it would be an exponent."""
_ON_PAGE = (
    rf"\s(?-i:(?:on|at) (?:pages?|pp?\.))\s?{_NUMBERS}"
    rf"(?!(?:\s?(?:[-–,;&]|and|to)\s?{_NUMBER}){{0,8}} of\b)"
)
"""Within a sentence; "PG19" is a data set, and "pages 3 and 4 of the manual" are not the paper's."""
_MARK = rf"\[[#^P]\d{{1,3}}(?:\s?[,;]\s?[#^P]?\d{{1,3}})*\]|【\d[^【】\n]{{0,60}}】|{_RAISED}"
"""As chat models write them: [^2], [P2], 【2†source】."""
_SAYING = r"(?:according to|based on|as (?:stated|reported|shown|described|noted) (?:in|by))"
_POINTER = re.compile(
    rf"[(\[【]\s?(?:{_WORKS}(?:[,;]\s{_PLACES})?|{_PLACES})\s?[)\]】]|[,;]\s{_PLACES}(?=\s?[)\]])|{_MARK}"
    rf"|,?\s{_SAYING} {_PASSAGE}(?=[.,;:!?]|\s*$)|{_ON_PAGE}"
    r"|(?:^|(?<=[.!?]\s))\W{0,4}(?:sources?|references?|citations?)\W{0,3}:.*",
    re.IGNORECASE | re.MULTILINE,
)
_OPENING = re.compile(
    rf"\A(?:(?:{_SAYING}|in) {_PASSAGE},?|{_PASSAGE}(?::| (?:say|state|report|show|note|mention)s? that))\s",
    re.IGNORECASE,
)
_CITED = re.compile(rf"\[\d{{1,3}}(?:\s?[,;]\s?\d{{1,3}})*\]|{_MARK}|\b{_PASSAGE}", re.IGNORECASE)


def passages_cited(text: str) -> list[int]:
    """The numbers of passages that a text points at, in order."""
    places = (unicodedata.normalize("NFKC", match[0]) for match in _CITED.finditer(text))
    return [int(number) for place in places for number in re.findall(r"\d{1,4}", place)]


def without_pointers(text: str) -> str:
    """The text without its pointers in brackets and between its words, and without a list of its sources."""
    return _POINTER.sub("", text)


def without_opening(sentence: str) -> str:
    """The sentence without an opening such as "According to passage 2,"."""
    return _OPENING.sub("", sentence)
