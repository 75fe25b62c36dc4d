"""A taste as a file: what leaves a server, and what is taken from one (pure)."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import InputError
from bot.papers.ids import parse
from bot.taste.wishing import check_preference
from storage.model import Example, Preference, PreferenceKind, Subject, Vote

MOST_PAPERS = 500
"""That a file may name."""
MOST_BYTES = 1_000_000

_Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Vote(_Part):
    person: _Text
    paper: _Text
    liked: bool
    at: AwareDatetime


class _Example(_Part):
    paper: _Text
    at: AwareDatetime


class _Preference(_Part):
    kind: PreferenceKind
    subject: Subject
    value: _Text


class _File(_Part):
    format: Literal["broadsheet taste"] = "broadsheet taste"
    version: Literal[1] = 1
    exported_at: AwareDatetime
    votes: list[_Vote] = Field(default=[], max_length=20_000)
    examples: list[_Example] = Field(default=[], max_length=MOST_PAPERS)
    preferences: list[_Preference] = Field(default=[], max_length=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file says, as far as it may count."""

    liked: tuple[str, ...]
    """Versionless ids: papers named as liked, and those that most of the file's people like."""
    disliked: tuple[str, ...]
    preferences: tuple[tuple[PreferenceKind, Subject, str], ...]


def exported(
    votes: Sequence[Vote], examples: Sequence[Example], preferences: Sequence[Preference], at: datetime
) -> str:
    """The taste as JSON; people are random labels, new in each file, that only tell them apart."""
    labels = {user_id: secrets.token_hex(4) for user_id in {vote.user_id for vote in votes}}
    file = _File(
        exported_at=at,
        votes=[
            _Vote(person=labels[vote.user_id], paper=vote.paper_id, liked=vote.liked, at=vote.at)
            for vote in votes
        ],
        examples=[_Example(paper=example.paper_id, at=example.at) for example in examples[:MOST_PAPERS]],
        preferences=[_Preference(kind=one.kind, subject=one.subject, value=one.value) for one in preferences],
    )
    return file.model_dump_json(indent=1)


def imported(text: str) -> Imported:
    """What a file says.

    So that a file with invented people has no more power than an admin has anyway, each paper's votes in it
    become one: what most like counts as named by an admin, what most dislike as the 👎 of one person.

    Raises:
        InputError: it is not such a file; the words say where it is wrong.
    """
    try:
        file = _File.model_validate_json(text)
    except ValidationError as error:
        raise InputError(_words(error)) from None
    latest = {(vote.person, _id(vote.paper)): vote.liked for vote in sorted(file.votes, key=_moment)}
    balance = Counter[str]()
    for (_, paper_id), liked in latest.items():
        balance[paper_id] += 1 if liked else -1
    named = dict.fromkeys(_id(example.paper) for example in file.examples)
    liked_ids = named | dict.fromkeys(paper_id for paper_id, total in balance.items() if total > 0)
    disliked = tuple(
        paper_id for paper_id, total in balance.items() if total < 0 and paper_id not in liked_ids
    )
    if len(liked_ids) + len(disliked) > MOST_PAPERS:
        raise InputError(f"The file names more than {MOST_PAPERS} papers.")
    return Imported(
        liked=tuple(liked_ids),
        disliked=disliked,
        preferences=tuple(
            (one.kind, one.subject, check_preference(one.kind, one.subject, one.value))
            for one in file.preferences
        ),
    )


def _moment(vote: _Vote) -> datetime:
    return vote.at


def _id(text: str) -> str:
    return parse(text).paper_id


def _words(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "json_invalid":
        return "This is not a file of `/taste export`: it is not JSON."
    return f"This is not a file of `/taste export`: {place}: {problem['msg']}."
