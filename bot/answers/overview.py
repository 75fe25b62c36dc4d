"""Questions that ask what a paper is about, which its abstract answers (pure)."""

import re

from storage.letters import straightened

WORD = re.compile(r"[^\W_]+")
_ASKING = frozenset(
    WORD.findall(
        "about contribution contributions describe eli5 explain find finding findings found gist "
        "highlights idea ideas message new novel novelty outline overview point points propose proposes "
        "proposed say says sum summarise summarize summary takeaway takeaways thesis tldr topic"
    )
)
_BESIDE = frozenset(
    WORD.findall(
        "a again all am an and anything are article author authors beginner brief briefly bullet bullets by "
        "can central core could did digest do does each every five for four give here i im in is it its "
        "just key like line lines main me more most my now of ok okay old one or paper papers plain please "
        "pls plz preprint quick quickly really research s sentence sentences short shortly simple simply so "
        "study tell terms that thanks the their them there these they this those three to two up us want "
        "was week weekly weeks were what whats which words work would year you your"
    )
)
_TLDR = re.compile(r"\btl\W{0,2}dr\b")
_SO_MANY = re.compile(r"\b\d+(?=[ -](?:\w+ )?(?:bullet|line|point|sentence|word|year))")
QUOTED = re.compile(r"[\"“„«][^\"“”„«»]*[\"”“»]")
_OF_ALL = re.compile(r"\b(?:articles|digest|each|every|highlights|papers|week)\b", re.IGNORECASE)
_ABOUT_ANOTHER_THING = re.compile(r"\b(?:what|how) about\b")


def asks_for_overview(question: str) -> bool:
    """Whether it asks what a paper is about, like "tl;dr": none of its words says where in it to look."""
    spoken = straightened(QUOTED.sub(" ", question)).casefold().replace("'", "")
    words = set(WORD.findall(_SO_MANY.sub("", _TLDR.sub("tldr", spoken))))
    return bool(words & _ASKING) and words <= _ASKING | _BESIDE and not _ABOUT_ANOTHER_THING.search(spoken)


def asks_of_all(question: str) -> bool:
    """Whether what it asks is meant of all papers of a digest."""
    return _OF_ALL.search(question) is not None
