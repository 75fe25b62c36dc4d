"""Interests in plain words, as the topics they name (pure)."""

import re

MOST_TOPICS = 24
_LONGEST_TOPIC = 200
_SEPARATOR = re.compile(r"[;\n•|]+|,(?!\d)|(?<=[\w)][.!?])\s+|[.!?]+$")
_OPENING = re.compile(
    r"""^(?:[-*–—\s]+
        | (?:and|or|also|but|plus|especially|particularly|mainly|mostly|maybe|perhaps)\b\s*
        | (?:i|we|our\s+(?:group|team|community|members))\s?['’]?(?:m|re|am|are|is)?\b\s*
          (?:(?:very|really|also|most(?:ly)?|mainly)\s+)?
          (?:interested\s+in|like|love|care\s+about|follow|work(?:ing)?\s+on|study|want|enjoy)\b\s*
        | (?:interested\s+in|anything|everything|all|any|papers?|work|research|things?|stuff)\b\s*
          (?=about|on|in|around|with|related|to|papers?|work|research)
        | (?:about|on|in|around|related\s+to|to\s+do\s+with|the\s+topics?\s+of)\b\s+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_UNWANTED = re.compile(
    r"^(?:(?:not?|nothing|never|except|without)\b(?![-\u2010\u2011])|(?:\w+\s+){0,2}(?:don['’]?t|do\s+not)\b)",
    re.IGNORECASE,
)
"""Not "no-regret learning", which is a topic."""


def topics(interests: str) -> tuple[str, ...]:
    """The topics named in `interests`: one for each sentence, line or piece between commas and semicolons.

    Openings such as "we are interested in" are left out, and so is what is *not* wanted ("no surveys"): a
    match would be the opposite of the wish, and words to leave out have a setting of their own. At most 24,
    in order, each once.
    """
    found: dict[str, str] = {}
    for piece in _SEPARATOR.split(interests):
        topic = _bare(piece)
        if any(character.isalnum() for character in topic) and not _UNWANTED.match(topic):
            found.setdefault(topic.casefold(), topic[:_LONGEST_TOPIC])
    return tuple(found.values())[:MOST_TOPICS]


def _bare(piece: str) -> str:
    topic = " ".join(piece.split())
    while match := _OPENING.match(topic):
        topic = topic[match.end() :]
    return topic.strip(" .:!?\"'")
