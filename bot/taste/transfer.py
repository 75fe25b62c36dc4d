"""A taste as a file: writes one for export, and reads one for import (pure)."""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import InputError
from bot.papers.ids import parse
from bot.taste.preference_checks import check_preference
from bot.taste.votes import without_floods
from storage.model import Preference, PreferenceKind, Seed, Subject, Vote

MOST_PAPERS = 5_000
"""How many papers a file may name: if none is stored, arXiv is asked 50 times, three seconds apart."""
MOST_VOTES = 50_000
MOST_PREFERENCES = 1_000
MOST_BYTES = 10_000_000
"""The longest file within these limits has about 7 MB; Discord takes files of 10 MB everywhere."""

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
    votes: list[_Vote] = Field(default=[], max_length=MOST_VOTES)
    examples: list[_Example] = Field(default=[], max_length=MOST_PAPERS)
    preferences: list[_Preference] = Field(default=[], max_length=MOST_PREFERENCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A taste as a file that can be imported again."""

    text: str
    left_out: int = 0
    """How many votes, seeds, follows and mutes were too many for the file; of votes and seeds, the oldest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What of a file counts."""

    liked: tuple[str, ...]
    """Versionless ids: papers that most of the file's people like, and seeds that none of them voted on."""
    disliked: tuple[str, ...]
    preferences: tuple[tuple[PreferenceKind, Subject, str], ...]


def exported(
    votes: Sequence[Vote], seeds: Sequence[Seed], preferences: Sequence[Preference], at: datetime
) -> Exported:
    """The taste as JSON; people are told apart by random labels, new in each file.

    Floods are left out: imported, they would count as seeds. So is whatever is more than `imported` takes, as
    the file has to be importable: after a reset it is the only copy.
    """
    votes = without_floods(votes)
    named = _newest_papers(votes, seeds)
    named_votes = [vote for vote in votes if vote.paper_id in named]
    kept_votes = sorted(named_votes, key=lambda vote: vote.at)[-MOST_VOTES:]
    kept_seeds = [seed for seed in seeds if seed.paper_id in named]
    kept_preferences = preferences[:MOST_PREFERENCES]
    labels = {user_id: secrets.token_hex(4) for user_id in {vote.user_id for vote in kept_votes}}
    file = _File(
        exported_at=at,
        votes=[
            _Vote(person=labels[vote.user_id], paper=vote.paper_id, liked=vote.liked, at=vote.at)
            for vote in kept_votes
        ],
        examples=[_Example(paper=seed.paper_id, at=seed.at) for seed in kept_seeds],
        preferences=[
            _Preference(kind=one.kind, subject=one.subject, value=one.value) for one in kept_preferences
        ],
    )
    given = len(votes) + len(seeds) + len(preferences)
    kept = len(file.votes) + len(file.examples) + len(file.preferences)
    return Exported(text=file.model_dump_json(), left_out=given - kept)


def imported(text: str) -> Imported:
    """Read a file.

    A file with invented people must have no more power than an admin has anyway, so each paper's votes become
    one: a paper that most like counts as named by an admin, one that most dislike as the 👎 of one person. A
    seed counts where the file has no votes on it. The order of the votes does not matter.

    Raises:
        InputError: it is not such a file; the message says where it is wrong.
    """
    try:
        file = _File.model_validate_json(text)
    except ValidationError as error:
        raise InputError(_words(error)) from None
    voted = [_id(vote.paper, f"votes.{place}") for place, vote in enumerate(file.votes)]
    in_time = sorted(zip(file.votes, voted, strict=True), key=lambda pair: (pair[0].at, pair[0].liked))
    latest = {(vote.person, paper_id): vote.liked for vote, paper_id in in_time}
    balance = Counter[str]()
    for (_, paper_id), liked in latest.items():
        balance[paper_id] += 1 if liked else -1
    seeds = dict.fromkeys(
        _id(example.paper, f"examples.{place}") for place, example in enumerate(file.examples)
    )
    unvoted = [paper_id for paper_id in seeds if paper_id not in balance]
    liked_ids = (*unvoted, *(paper_id for paper_id, total in balance.items() if total > 0))
    disliked = tuple(paper_id for paper_id, total in balance.items() if total < 0)
    if len(liked_ids) + len(disliked) > MOST_PAPERS:
        raise InputError(f"The file names more than {MOST_PAPERS:,} papers.")
    return Imported(
        liked=liked_ids,
        disliked=disliked,
        preferences=tuple(
            (one.kind, one.subject, _value(one, f"preferences.{place}"))
            for place, one in enumerate(file.preferences)
        ),
    )


def _newest_papers(votes: Sequence[Vote], seeds: Sequence[Seed]) -> set[str]:
    """The ids of as many papers as a file may name: those voted on or named last."""
    named = [(vote.paper_id, vote.at) for vote in votes] + [(one.paper_id, one.at) for one in seeds]
    last = dict(sorted(named, key=lambda pair: pair[1]))
    return set(sorted(last, key=lambda paper_id: (last[paper_id], paper_id))[-MOST_PAPERS:])


def _id(text: str, where: str) -> str:
    with _in_the_file(f"{where}.paper"):
        return parse(text).paper_id


def _value(preference: _Preference, where: str) -> str:
    with _in_the_file(f"{where}.value"):
        return check_preference(preference.kind, preference.subject, preference.value)


@contextmanager
def _in_the_file(where: str) -> Iterator[None]:
    """Say where in the file a value is that cannot be taken."""
    try:
        yield
    except InputError as error:
        raise InputError(f"The file is wrong at {where}: {error}", echo=error.echo) from None


def _words(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "json_invalid":
        return "This is not a file from `/taste export`: it is not JSON."
    where = f"{place}: " if place else ""
    return f"This is not a file from `/taste export`: {where}{problem['msg']}."
