"""Splits interests in plain words into topics (pure)."""

import re
import unicodedata
from collections.abc import Iterator

from bot.texts.separators import OTHER_COMMAS, OTHER_SEMICOLONS

MOST_TOPICS = 24
_LONGEST_TOPIC = 200
_SEPARATOR = re.compile(
    rf"""(?:^|(?<=\s))\(?\d\d?[.)]\s+  # the number of a list's line
        | (?i:\b(?:e\.\s?g|i\.\s?e|esp|etc)\.[,:]?\s*)  # neither the end of a sentence nor part of a topic
        | [;\n•|{OTHER_COMMAS}{OTHER_SEMICOLONS}\u3002]+ | ,(?!\d)
        | (?<!\b[A-Z]\.)(?<=[\w)][.!?])\s+ | (?<=\b[A-Z]\.)\s+(?![a-z])  # but not within "C. elegans"
        | [.!?]+$
    """,
    re.VERBOSE,
)
_OPENING = re.compile(
    r"""^(?:[-*–—\s]+
        | (?:and|or|also|but|plus|especially|particularly|mainly|mostly|maybe|perhaps)\b\s*
        | (?:i|we|our\s+(?:group|team|community|members))\s?['’]?(?:m|re|am|are|is)?\b\s*
          (?:(?:very|really|also|most(?:ly)?|mainly)\s+)?
          (?:interested\s+in|like|love|care\s+about|follow|work(?:ing)?\s+on|study|want|enjoy)\b\s*
        | including(?:\s+but\s+not\s+limited\s+to)?\b[\s:]*
        | (?:(?:mainly|mostly)\s+)?(?:interested\s+in|looking\s+for|focus(?:ed|ing)?\s+on)\b[\s:]*
        | (?:(?:my|our|the|main|research)\s+)*(?:interests?|topics?|keywords?)\s*
          (?::|\b(?:are|is|includes?|including)\b)[\s:]*
        | (?:anything|everything|all|any|papers?|work|research|things?|stuff)\b\s*
          (?=about|on|in|around|with|related|to|papers?|work|research)
        | (?:about|on|in|around|related\s+to|to\s+do\s+with|the\s+topics?\s+of)\b\s+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ENDING = re.compile(
    r"""(?:^|[\s,]+)(?:etc|et\s+cetera|(?:and|or)\s+(?:so\s+on|so\s+forth|more|others?|the\s+like|the\s+rest))\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Not part of a topic."""
_EXCEPTION = re.compile(
    r"""(?:^|\s+)(?:except|excluding|but\s+not?(?!\s+(?:only|limited))|and\s+not)\b(?![-\u2010\u2011]).*$""",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"""^(?:(?:not?|nothing|never|except|without)\b(?![-\u2010\u2011]|\s+only\b)
        | (?:\w+\s+){0,2}(?:don['’]?t|do\s+not)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Not "no-regret learning", which is a topic."""
_NO_TOPIC = re.compile("(?:anything|everything|all|please|thanks|thank you)$", re.IGNORECASE)
_AROUND = " .:!?\"'"
_STRAY_BRACKET = re.compile(r"\s*[()]\s*")


def topics(interests: str) -> tuple[str, ...]:
    """The topics named in `interests`: one for each sentence, line or piece between commas and semicolons.

    Openings such as "we are interested in" are left out, and so is what is *not* wanted ("no surveys", "but
    not games"): matching it would do the opposite, and words to exclude have a setting of their own. So are
    "e.g.", "etc." and the numbers of a list. At most 24, in order, each once.
    """
    found: dict[str, str] = {}
    for piece in _pieces(interests):
        topic = _bare(piece)
        is_word = any(character.isalnum() for character in topic)
        if is_word and not _UNWANTED.match(topic) and not _NO_TOPIC.match(topic):
            found.setdefault(topic.casefold(), topic[:_LONGEST_TOPIC])
    return tuple(found.values())[:MOST_TOPICS]


def unwanted(interests: str) -> tuple[str, ...]:
    """What `topics` leaves out because it is not wanted: "no surveys", "but not games"."""
    found = []
    for piece in _pieces(interests):
        if exception := _EXCEPTION.search(piece):
            found.append(exception[0].strip(_AROUND))
        elif _UNWANTED.match(topic := _bare(piece)):
            found.append(topic)
    return tuple(found)


def in_other_scripts(interests: str) -> tuple[str, ...]:
    """The topics with at least as many letters of other scripts as Latin ones, which are not English.

    One letter is none, as in "β decay". None of 42,000 phrases from titles on arXiv is such a topic.
    """
    return tuple(topic for topic in topics(interests) if _is_in_another_script(topic))


def _is_in_another_script(topic: str) -> bool:
    letters = [sign for sign in unicodedata.normalize("NFKC", topic) if sign.isalpha()]
    others = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return others > 1 and 2 * others >= len(letters)


def _pieces(interests: str) -> Iterator[str]:
    """The pieces of the text, each on one line."""
    return (" ".join(piece.split()) for piece in _SEPARATOR.split(interests))


def _bare(piece: str) -> str:
    topic = _ENDING.sub("", _EXCEPTION.sub("", piece))
    while match := _OPENING.match(topic):
        topic = topic[match.end() :]
    if topic.count("(") != topic.count(")"):  # a list in brackets was split
        topic = _STRAY_BRACKET.sub(" ", topic)
    return topic.strip(_AROUND)
