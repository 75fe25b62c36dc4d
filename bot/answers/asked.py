"""What a question's own words tell: small talk, comparisons, whether it needs earlier turns (pure)."""

import re
from collections.abc import Sequence

from bot.answers.overview import asks_for_overview
from bot.errors import InputError
from storage.letters import straightened
from storage.model import Turn

QUESTION_CHARACTERS = 1_000
TURNS = 4
"""How many turns a conversation remembers."""

_PHRASE = (
    r"(?:hi|hello|hey|yo|good (?:morning|evening|afternoon|night)"
    r"|(?:no )?thanks?(?: you)?(?: (?:so|very) much| a lot)?"
    r"|that(?: really)? (?:helps|helped)(?: a lot)?|that(?:'s| is| was)(?: very)? helpful"
    r"|thx|bye|goodbye|great|nice|cool|perfect|got it|ok(?:ay)?"
    r"|how are you(?: doing)?(?: today)?|what'?s up|who are you|what are you"
    r"|are you (?:a )?(?:bot|human|ai|real)"
    r"|help(?: me)?(?:,? please)?|what (?:can|do) you do(?: for me| here)?|what can i ask(?: you)?(?: here)?"
    r"|how (?:do you|does this bot) work|how do i use (?:you|this bot)"
    r"|tell me a joke|sing(?: me)? a song|i love you|good bot|lol|test|ping)"
    r"(?:[ ,]+(?:there|bot|broadsheet|everyone|all|friend|again))*"
)
_SMALL_TALK = re.compile(rf"{_PHRASE}(?:[ .!?…,:;)(–-]+{_PHRASE})*", re.IGNORECASE)
_EMOJI = re.compile(r"<a?:\w+:\d+>|[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]")
"""Discord's own, and Unicode's with what joins them."""
_REFERS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|this(?! week)|that|these|those|he|she|here|there"
    r"|the (?:same|former|latter|other|second|first|authors?|paper|method|model|approach|results?))\b"
    r"|^(?:and|but|so|why|how so|what about|or)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"\b(?:it|its|this|that|they|them|their)\b", re.IGNORECASE)
_OF_A_WEEK = re.compile(
    r"\b(?:this|the) week\b|\b(?:the|this|that|last|your) (?:weekly )?digest\b(?! (?:of|size|length)\b)",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(
    r"\b(?:papers|articles|highlights|ones|else|anything|what(?:['’]s| is| was) in \w+ (?:weekly )?digest)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"(?<!from )(?<!in )(?<!than )(?<!to )(?<!with )\b"
    r"(?:other (?:\w+ )?(?:papers|articles|highlights)|another (?:paper|article))\b",
    re.IGNORECASE,
)
_OF_ITS_OWN = re.compile(
    r"\b(?:it|its|they|their|authors?)\b.*\b(?:an)?other\b"
    r"|\bother\b.*\b(?:(?:do|does|did) (?:it|they|the authors)"
    r"|(?:(?:do|does|did) the|in (?:its|the|their)) (?:data ?set|corpus))\b"
    r"|\b(?:cit(?:e|es|ed|ing)|compar\w+)\b|\boutperform\w*\b.*\bother\b",
    re.IGNORECASE,
)
"""What a paper says of other papers itself: "which other papers does it build on?"."""
_SHORT_WORDS = 6
_ASKS_WHETHER = re.compile(
    r"(?:^|[,:;.!?]\s)\s*(?:(?:and|but|so|or|then|also),? )?(?:am|are|is|was|were|can|could|did|do|does|had"
    r"|has|have|may|might|must|shall|should|will|would)(?:n't)?\b|\bwhether\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\b(?:compar\w+|differ\w*|than|versus|vs|unlike|similar\w*|both)\b", re.IGNORECASE)


def cleaned_question(text: str) -> str:
    """The question on one line.

    Raises:
        InputError: it is empty or too long.
    """
    question = " ".join(text.split())
    if not any(map(str.isalnum, question)):
        raise InputError("Please ask a question, such as: how much memory does it save?")
    if len(question) > QUESTION_CHARACTERS:
        raise InputError(
            f"A question can have at most {QUESTION_CHARACTERS:,} characters; this one is longer."
        )
    return question


def is_small_talk(question: str) -> bool:
    """Whether it is only a greeting, a call for help or the like, for which nothing is searched."""
    words = _EMOJI.sub(" ", straightened(question))
    return _SMALL_TALK.fullmatch(" ".join(words.split()).strip(" .!?…,:;)(")) is not None


def asks_whether(question: str) -> bool:
    """Whether yes or no would answer it, so that a full answer repeats it."""
    return _ASKS_WHETHER.search(straightened(question)) is not None


def compares(question: str) -> bool:
    """Whether it compares: a paper it names then joins the one discussed before, instead of replacing it."""
    return _COMPARES.search(question) is not None


def points_back(words: str) -> bool:
    """Whether words before a name, as in "compare it with ...", point at what was spoken of before."""
    return _POINTS_BACK.search(words) is not None


def asks_of_week(question: str) -> bool:
    """Whether it asks about a week's papers: "which papers this week ...", "what's new in the digest?"."""
    return _OF_A_WEEK.search(question) is not None and (
        _OF_PAPERS.search(question) is not None or asks_for_overview(question)
    )


def asks_of_others(question: str) -> bool:
    """Whether it asks which other papers there are, and not what a paper says of them."""
    return _OF_OTHERS.search(question) is not None and _OF_ITS_OWN.search(question) is None


def searched_for(question: str, turns: Sequence[Turn]) -> str:
    """The words to search for: a question that needs the one before it is preceded by that one, and so on."""
    words = [question]
    for turn in reversed(turns):
        if not _needs_previous(words[0]):
            break
        words.insert(0, turn.question)
    return " ".join(words)


def remembered(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The last `TURNS` turns of a conversation; a first one that all the others need stays among them."""
    kept = list(turns)
    while len(kept) > TURNS:
        holds_the_others = not _needs_previous(kept[0].question) and all(
            _needs_previous(turn.question) for turn in kept[1:]
        )
        del kept[1 if holds_the_others else 0]
    return tuple(kept)


def _needs_previous(question: str) -> bool:
    """Whether it cannot be understood without the question before it."""
    return len(question.split()) <= _SHORT_WORDS or _REFERS_BACK.search(question) is not None
