"""Whether a message goes on from the one above it, though it does not reply to it (pure)."""

import re

from bot.answers.asked import is_small_talk
from bot.answers.overview import QUOTED
from storage.letters import straightened

_ASKS_ON = re.compile(r"(?:(?:and|but|so) )?(?:why|how)(?: (?:so|not|come))?\W*", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:and|(?:but )?(?:what|how) about)\b(?!.*\bpapers\b)", re.IGNORECASE)
"""How a part of a longer question begins; one about papers is whole without the rest."""
_POINTLESS = re.compile(
    r"\bit (?=(?:clear|common|known|likely|possible|true) (?:for|how|that|to|whether|why)\b)", re.IGNORECASE
)
_NEXT_CLAUSE = re.compile(
    r"^(?:hm+|no|oh|wait|well|wow|yes)\b|[,;:.?!…]+(?:\s+|$)"
    r"|(?:^|\s+)(?:and|but|or|so|then|also|which|who|when|where|while|whether|if|because"
    r"|that(?!'s\b| (?:is|was|mean|work)\b|\W*$))\b\s*",
    re.IGNORECASE,
)
_AUXILIARY = (
    r"(?:am|are|is|was|were|can|could|did|do|does|had|has|have|may|might|must|shall|should|will|would)"
)
_WORK = (
    r"(?:algorithm|approach|article|authors?|baselines?|code|conclusions?|data ?sets?|experiments?|findings"
    r"|limitations?|method|model|paper|preprint|results?|study|system|technique|work)"
)
_POINTS = re.compile(
    r"\b(?:[Ii]t|[Tt]hey|them)\b|\b[Tt]hat(?:'s| is| was)\b"
    rf"|\b(?i:this|that|these|those|the) {_WORK}\b"
    r"(?! (?:about|at|behind|by|called|for|from|in|named|of|on|with)\b)(?! [A-Z\"])"
    rf"|\b(?i:{_AUXILIARY}|about|by|explain|in|of) (?:this|that|these|those)(?= mean| work|$)"
)
"""What points at something that was spoken of: "the method", but not "the method of ..."; nor "IT"."""
_OWNS = re.compile(r"\b(?:[Ii]ts|[Tt]heir)\b(?! own\b)")
_OF_ITS_SUBJECT = re.compile(
    rf"\b{_AUXILIARY} (?!(?:its?|there|they|their|this|that|the {_WORK})\b).*\b(?:its|their)\b", re.IGNORECASE
)
""" "Do models know their limits?" """


def leans_back(message: str) -> bool:
    """Whether it most likely goes on from what was said before it: "how fast is it?", "and why?".

    In "what is pruning, and how does it work?" it is the first clause that "it" points at.
    """
    words = _POINTLESS.sub("", " ".join(straightened(QUOTED.sub(' "" ', message)).split()))
    if _ASKS_ON.fullmatch(words) or _GOES_ON.match(words):
        return True
    clauses = (clause for clause in _NEXT_CLAUSE.split(words) if clause and not is_small_talk(clause))
    first = next(clauses, "")
    is_owner_open = _OWNS.search(first) is not None and _OF_ITS_SUBJECT.search(first) is None
    return is_owner_open or _POINTS.search(first) is not None
