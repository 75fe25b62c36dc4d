"""What a digest's run passes from step to step, as JSON: the request, the plan, each paper's outcome."""

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
"""What the names of the facts begin with that say which missed runs were told of; the run follows."""

COMMAND_LINE = 0
"""The command line's place where Discord's server ids stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRequest:
    """One subscription's wish for one week, as it was when the run began."""

    run_id: str
    subscription: Subscription
    """As `anonymous` leaves it."""
    week: str
    published: bool
    """Whether the digest counts: it is posted, and its papers won't be shown again."""

    @property
    def is_preview(self) -> bool:
        """Whether it is made for a server beside its weekly one."""
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
    """The recipe its summaries are wished by."""
    day: str
    """The UTC day the plan was made, ISO format: a paper that failed is tried again on another day."""
    chosen_at: datetime | None = None
    """When its papers were chosen; None in the plans of earlier versions."""
    ordering: UsageTally = field(default_factory=UsageTally)
    """What the language model used to order its papers."""
    ordering_usd: float | None = None
    """None where no prices were set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOutcome:
    """What became of one highlight."""

    paper_key: str
    recipe: str | None
    """The recipe of the stored summary; None when there is none."""
    read_in_full: bool = False
    problem: str | None = None
    """Why the paper was not read in full, or not at all."""
    model_problem: str | None = None
    """Why the summary is an extract although there is a language model."""
    model_passes: bool = False
    """Whether the model failed for a reason that may pass within minutes, as an outage of its server does."""
    hidden_characters: int = 0
    used: UsageTally = field(default_factory=UsageTally)
    """What all calls to the language model used; nothing where the summary was stored already."""
    wasted: UsageTally = field(default_factory=UsageTally)
    """What calls to the language model used of which no summary came; an extract stands in for it."""
    wasted_usd: float | None = None
    """None where no prices were set."""
    passes: bool = False
    """Whether the paper was not read in full for a reason that passes within hours."""
    made_at: datetime | None = None
    """None in the outcomes of earlier versions."""


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
    """What was used for this digest, without the work on papers that was done before for another."""
    own = [
        outcome.used
        for outcome in outcomes
        if outcome.made_at is None or plan.chosen_at is None or outcome.made_at >= plan.chosen_at
    ]
    return sum(own, plan.ordering)


def weekly_request(wish: Subscription, week: Week) -> DigestRequest:
    """The wish for the digest that counts."""
    return DigestRequest(
        run_id=weekly_run_id(wish.server_id, week),
        subscription=anonymous(wish),
        week=str(week),
        published=True,
    )


def anonymous(wish: Subscription) -> Subscription:
    """The wish without who set it up: runs are kept for weeks, and no deletion of a person looks there.

    A person's own wish says whose it is; its runs are deleted with it.
    """
    return wish if wish.is_personal else replace(wish, admin_id=None)


def weekly_run_id(server_id: int, week: Week) -> str:
    """The durable run's id: starting it twice is harmless."""
    return f"{weekly_runs(server_id)}{week}"


def weekly_runs(server_id: int) -> str:
    """What the ids of all weekly runs of a server (or a person) begin with."""
    return f"digest:{server_id}:"


def is_over(request: DigestRequest, now: datetime) -> bool:
    """Whether it is too late to post the digest; a preview can be made at any time."""
    return request.published and now >= deadline(parse_week(request.week), request.subscription)
