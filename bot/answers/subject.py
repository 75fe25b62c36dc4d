"""Which paper a question names by its title, and the question without the name (pure).

Searching everything for title and question finds the right paper nearly always but the right passage far less
often (QASPER, recall@5 .21) than searching that paper for the bare question (.565).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.naming import is_name_alone
from bot.answers.overview import asks_for_overview
from bot.answers.terms import stems
from bot.papers.ids import UNSPACED, mentions
from bot.texts.folding import folded
from bot.texts.latex import plain_line

_QUOTED = re.compile(r"[\"“„«']([^\"“”„«»']{8,300})[\"”“»']")
_MIN_TITLE_STEMS = 3
"""A title of one or two words is too easily a phrase of the question."""
_MOST_OF_A_TITLE = 0.8
"""Less of it is too easily a term that several papers use and a title merely contains."""
_WORD = re.compile(rf"(?=[^\W_])[{UNSPACED}]|[^\W_{UNSPACED}]+")
_PART = re.compile(r"[^\W\d]+|\d+")
_MAY_BE_TEX = re.compile(r"[$\\{}~]|``|''|--")
_PREPOSITIONS = r"(?:in|of|from|by|about|does|do|according to|regarding|on)"
_DANGLING = re.compile(
    rf"(?:\b(?:{_PREPOSITIONS} )?(?:the )?(?:paper|article|work|preprint)\s*|\b{_PREPOSITIONS}\s*)?\0"
    r"(?:\s*,)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a question is about."""

    question: str
    """Without the paper's id, link or title; perhaps without any word that carries meaning."""
    paper_key: str | None = None
    """The paper named by its title, among those it was looked for in."""


def subject(question: str, titles: Mapping[str, str]) -> Subject:
    """The paper that a question names by its title; an id or a link is only taken out of the question.

    A title counts if it is quoted, or occurs in the question word for word, however the words are joined, and
    has at least three words that carry meaning; the longest wins. If quoted, most of it is enough, or all
    before or after its colon; all before its colon also where nothing but an overview is asked of it.

    Args:
        question: In the user's words.
        titles: The titles of the papers in scope by their keys.
    """
    mention = next(mentions(question), None)
    if mention is not None:
        return Subject(question=_without(question, mention.start, mention.end))
    for match in _QUOTED.finditer(question):
        key = _quoted(match[1], titles)
        if key is not None:
            return Subject(question=_without(question, match.start(), match.end()), paper_key=key)
    named = _word_for_word(question, titles)
    return named if named.paper_key is not None else _by_head(question, titles)


def titled(question: str, titles: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The keys of all papers that a question names by their titles, and what else it says."""
    keys, others = list[str](), dict(titles)
    named = subject(question, others)
    while named.paper_key is not None:
        keys.append(named.paper_key)
        del others[named.paper_key]
        named = subject(named.question, others)
    return tuple(keys), named.question


def _quoted(quoted: str, titles: Mapping[str, str]) -> str | None:
    wanted = tuple(stems(_as_shown(quoted)))
    if not wanted:
        return None
    equal = [key for key, title in titles.items() if _parts(title)[0] == wanted]
    within = [key for key, title in titles.items() if _is_most(wanted, title)]
    found = equal or (within if len(wanted) >= _MIN_TITLE_STEMS else [])
    return found[0] if len(found) == 1 else None


def _word_for_word(question: str, titles: Mapping[str, str]) -> Subject:
    spoken, starts, ends = "", dict[int, int](), dict[int, int]()
    for part, (start, end) in _spelt(question):
        starts[len(spoken)] = start
        spoken += part
        ends[len(spoken)] = end
    found = [
        (len(joined), key, place)
        for key, title in titles.items()
        for form, joined in _forms(title)
        if joined in spoken and len(stems(form)) >= _MIN_TITLE_STEMS
        for place in starts
        if spoken.startswith(joined, place) and place + len(joined) in ends
    ]
    if not found:
        return Subject(question=question)
    length, key, place = max(found)
    return Subject(question=_without(question, starts[place], ends[place + length]), paper_key=key)


def _by_head(question: str, titles: Mapping[str, str]) -> Subject:
    """The paper whose title begins so before its colon; of several none.

    That is often the name of a method, which other papers use, so the question may only ask what it is about.
    """
    heads = {key: head for key, title in titles.items() if (head := _head(title)) and head in question}
    longest = max(heads.values(), key=len, default="")
    keys = [key for key, head in heads.items() if head == longest]
    if len(keys) != 1:
        return Subject(question=question)
    start = question.index(longest)
    end = start + len(longest)
    asked = f"{question[:start]} {question[end:]}"
    if not (is_name_alone(asked) or asks_for_overview(asked)):
        return Subject(question=question)
    return Subject(question=_without(question, start, end), paper_key=keys[0])


@lru_cache(maxsize=65_536)
def _head(title: str) -> str:
    """What stands before its colon, if that is written as a name of at least three words; else empty."""
    head, colon, _ = _as_shown(title).partition(":")
    words = [word for word in head.split() if stems(word)]
    is_name = len(words) >= _MIN_TITLE_STEMS and not any(word[0].islower() for word in words)
    return head.strip() if colon and is_name else ""


@lru_cache(maxsize=65_536)
def _forms(title: str) -> tuple[tuple[str, str], ...]:
    """The ways to write a title, each with what is looked for; cached, as each question meets each title."""
    forms = {title, _as_shown(title)}
    return tuple((form, "".join(part for part, _ in _spelt(form))) for form in forms)


def _spelt(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The runs of letters and of digits, folded, each with the span of its word.

    Put together they are the same however words are joined: `$k$-NN` and kNN, low-resource and low resource.
    """
    words = _WORD.finditer(text)
    return [(part, word.span()) for word in words for part in _PART.findall(folded(word[0]))]


def _as_shown(title: str) -> str:
    """The title as people see and retype it, if it is stored with TeX."""
    return plain_line(title) if _MAY_BE_TEX.search(title) else title


def _is_most(wanted: tuple[str, ...], title: str) -> bool:
    """Whether these stems, in this order, are most of a title, or all before or after its colon."""
    whole, *sides = _parts(title)
    if wanted in sides:
        return True
    if len(wanted) < _MOST_OF_A_TITLE * len(whole):
        return False
    starts = range(len(whole) - len(wanted) + 1)
    return any(whole[start : start + len(wanted)] == wanted for start in starts)


@lru_cache(maxsize=65_536)
def _parts(title: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The stems of a title, of what stands before its colon, and of what stands after it.

    Cached: a question may have eighty quotations, each of which is compared with thousands of titles.
    """
    whole = _as_shown(title)
    before, _, after = whole.partition(":")
    return tuple(stems(whole)), tuple(stems(before)), tuple(stems(after))


def _without(question: str, start: int, end: int) -> str:
    marked = f"{question[:start]}\0{question[end:]}"
    return " ".join(_DANGLING.sub(" ", marked).split()).strip(" ,;:-")
