"""What a digest's run passes between its steps as JSON: the request, the plan, each paper's outcome."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from bot.llm.usage import UsageTally
from bot.weeks import Week, deadline, parse_week
from storage.model import Pick, Subscription

Record = TypeVar("Record")

MISSED = "missed:"
"""Key prefix of the notices about weeks without a digest, sent or not; the run's id follows."""

COMMAND_LINE = 0
"""The command line's stand-in for a server id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRequest:
    """A request for one subscription's digest of one week, as of the run's start."""

    run_id: str
    subscription: Subscription
    """Without its admin; see `anonymous`."""
    week: str
    published: bool
    """Whether the digest is posted and its papers won't be shown again; False for a preview."""

    @property
    def is_preview(self) -> bool:
        """Whether it is a server's preview, not the command line's digest."""
        return not self.published and self.subscription.server_id != COMMAND_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which papers the digest will hold."""

    request: DigestRequest
    highlights: tuple[Pick, ...]
    noted: tuple[Pick, ...]
    announced: int
    considered: int
    remarks: tuple[str, ...]
    recipe: str
    """The recipe its summaries should be made by."""
    chosen_at: datetime
    """When its papers were chosen, in UTC."""
    ordering: UsageTally = field(default_factory=UsageTally)
    """The usage of the language model that ordered its papers."""
    ordering_usd: float | None = None
    """None where no prices were set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOutcome:
    """What became of one highlight."""

    paper_key: str
    recipe: str | None
    """The recipe of the stored summary; None when there is none."""
    made_at: datetime
    read_in_full: bool = False
    problem: str | None = None
    """Why the paper was not read in full, or not at all."""
    model_problem: str | None = None
    """Why the summary is an extract despite a language model."""
    model_passes: bool = False
    """Whether the model failed for a reason that may pass within minutes, such as an outage."""
    hidden_characters: int = 0
    used: UsageTally = field(default_factory=UsageTally)
    """Usage of all calls to the language model; none if the summary was already stored."""
    wasted: UsageTally = field(default_factory=UsageTally)
    """Usage of calls to the language model that led to no summary, only to an extract."""
    wasted_usd: float | None = None
    """None where no prices were set."""
    passes: bool = False
    """Whether the paper was not read in full for a reason that may pass within hours."""


class Json(Generic[Record]):
    """Turns one type of record into JSON-able data and back."""

    def __init__(self, record: type[Record]) -> None:
        self._adapter = TypeAdapter(record)

    def dump(self, record: Record) -> dict[str, Any]:
        """The record as a dictionary of JSON types."""
        data: dict[str, Any] = self._adapter.dump_python(record, mode="json")
        return data

    def load(self, data: Any) -> Record:  # noqa: ANN401 - whatever JSON gave
        """The record again.

        Raises:
            pydantic.ValidationError: the data is not of this type.
        """
        return self._adapter.validate_python(data)


REQUEST = Json(DigestRequest)
PLAN = Json(Plan)
OUTCOME = Json(PaperOutcome)


def own_usage(plan: Plan, outcomes: Iterable[PaperOutcome]) -> UsageTally:
    """The usage of this digest, without work on papers done earlier for another digest."""
    own = [outcome.used for outcome in outcomes if outcome.made_at >= plan.chosen_at]
    return sum(own, plan.ordering)


def weekly_request(subscription: Subscription, week: Week) -> DigestRequest:
    """The request for a subscription's weekly digest."""
    return DigestRequest(
        run_id=weekly_run_id(subscription.server_id, week),
        subscription=anonymous(subscription),
        week=str(week),
        published=True,
    )


def anonymous(subscription: Subscription) -> Subscription:
    """The subscription without its admin: runs are kept for weeks, and deleting a person does not look there.

    A personal subscription keeps its owner; its runs are deleted with it.
    """
    return subscription if subscription.is_personal else replace(subscription, admin_id=None)


def weekly_run_id(server_id: int, week: Week) -> str:
    """The durable run's id: starting it twice is harmless."""
    return f"{weekly_runs(server_id)}{week}"


def weekly_runs(server_id: int) -> str:
    """The prefix of the ids of all weekly runs of a server or person."""
    return f"digest:{server_id}:"


def is_over(request: DigestRequest, now: datetime) -> bool:
    """Whether it is too late to post the digest; a preview can be made at any time."""
    return request.published and now >= deadline(parse_week(request.week), request.subscription)
