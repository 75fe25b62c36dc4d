"""What a question says beside the names of papers (pure)."""

from collections.abc import Mapping, Sequence

from bot.answers.digest_places import with_keys
from bot.answers.overview import QUOTED, WORD, asks_for_overview
from bot.papers.ids import Reference, mentions
from storage.model import Turn

_SAYS_NOTHING = frozenset(
    WORD.findall(
        "a about also and article as but do does for from how in is me more now of ok okay on one or paper "
        "papers please pls preprint question same so tell thanks that the then thing this to what with"
    )
)
_ANY_DIGEST = ("",) * 99
"""Keys that cut out every place that a question can name."""


def with_titles(question: str, titles: Mapping[Reference, str]) -> str:
    """The question with titles in place of ids and links, which no passage has."""
    return _renamed(question, {reference: f"“{title}”" for reference, title in titles.items()})


def without_ids(question: str) -> str:
    """The question without ids and links; empty if it has nothing else."""
    return _renamed(question, dict.fromkeys((mention.reference for mention in mentions(question)), ""))


def is_name_alone(question: str) -> bool:
    """Whether a question says no more than a paper's name: "and …?", "what about …?"; the name is cut out."""
    words = WORD.findall(QUOTED.sub(" ", question).casefold())
    return _SAYS_NOTHING.issuperset(words) and not asks_for_overview(question)


def asked_before(turns: Sequence[Turn]) -> str:
    """The latest question that says more than a paper's name, without ids, links and places; else empty."""
    for turn in reversed(turns):
        told = with_keys(without_ids(turn.question), _ANY_DIGEST, is_follow_up=False)
        if not is_name_alone(told):
            return " ".join(told.split())
    return ""


def _renamed(question: str, names: Mapping[Reference, str]) -> str:
    """The question with these names in place of ids and links."""
    told, start = "", 0
    for mention in mentions(question):
        if mention.reference in names:
            told += f"{question[start : mention.start]}{names[mention.reference]} "
            start = mention.end
    return " ".join((told + question[start:]).split())
