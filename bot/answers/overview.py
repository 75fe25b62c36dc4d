"""Questions that ask what a paper is about, which its abstract answers (pure)."""

import re

from storage.apostrophes import straightened

_WORD = re.compile(r"[^\W_]+")
_ASKING = frozenset(
    _WORD.findall(
        "about contribution contributions describe explain find finding findings found gist idea ideas "
        "message new novel novelty outline overview point points propose proposes proposed say says "
        "summarise summarize summary takeaway takeaways thesis tldr topic"
    )
)
_BESIDE = frozenset(
    _WORD.findall(
        "a again all am an and are article author authors brief briefly bullet by can central core could "
        "did do does five for give here i im in is it its key like main me most my now of ok okay one "
        "or paper papers plain please preprint quick quickly really research s sentence sentences short "
        "shortly simple simply so study tell that the their them these they this those three to two us "
        "want was were what whats which words work would you your"
    )
)
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]*[\"”“»]")
_ABOUT_ANOTHER_THING = re.compile(r"\b(?:what|how) about\b")


def asks_for_overview(question: str) -> bool:
    """Whether it asks what a paper is about, as "tl;dr" does: none of its words says where in it to look."""
    spoken = straightened(_QUOTED.sub(" ", question)).casefold().replace("'", "").replace("tl;dr", "tldr")
    words = set(_WORD.findall(spoken))
    return bool(words & _ASKING) and words <= _ASKING | _BESIDE and not _ABOUT_ANOTHER_THING.search(spoken)
