"""What a server's members like: votes, papers named as examples, and what is followed or muted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

IMPORTED = -1
"""The user id of votes imported from files, which count as one person's. Discord's ids are positive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's 👍 or 👎 for a paper in one server; another vote by the same person replaces it."""

    server_id: int
    """Discord's guild id; 0 for a vote in direct messages, which counts for that person alone."""
    user_id: int
    """Discord's, or `IMPORTED`."""
    paper_id: str
    liked: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCount:
    """How many people like a paper and how many don't."""

    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A paper that an admin named as one the server likes."""

    server_id: int
    paper_id: str
    at: datetime


class PreferenceKind(StrEnum):
    """Whether something is always shown or never."""

    FOLLOW = "follow"
    MUTE = "mute"


class Subject(StrEnum):
    """What is followed or muted."""

    AUTHOR = "author"
    TOPIC = "topic"
    CATEGORY = "category"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Something a server follows or mutes."""

    server_id: int
    kind: PreferenceKind
    subject: Subject
    value: str
    """An author's name, a topic in plain words, a category's code, or a word."""
