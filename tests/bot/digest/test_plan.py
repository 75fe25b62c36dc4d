"""What a digest's run passes between its steps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.digest.plan import (
    COMMAND_LINE,
    REQUEST,
    anonymous,
    is_over,
    weekly_request,
    weekly_runs,
)
from bot.weeks import Week, deadline
from storage.model import Subscription

WEEK = Week(2026, 53)
SERVER = Subscription(server_id=42, channel_id=7, admin_id=9, categories=("cs.CL",))
PERSONAL = Subscription(server_id=9, channel_id=7, admin_id=9, categories=("cs.CL",))


def test_a_weekly_request_is_for_a_published_digest_and_names_no_admin() -> None:
    request = weekly_request(SERVER, WEEK)

    assert (request.run_id, request.week, request.published) == ("digest:42:2026-W53", "2026-W53", True)
    assert request.subscription.admin_id is None
    assert request.run_id.startswith(weekly_runs(42))
    assert not request.run_id.startswith(weekly_runs(4))


def test_a_personal_subscription_keeps_its_owner() -> None:
    assert PERSONAL.is_personal
    assert anonymous(PERSONAL) == PERSONAL


def test_a_request_survives_json() -> None:
    request = weekly_request(SERVER, WEEK)
    stored = REQUEST.dump(request)

    assert isinstance(stored["subscription"]["created_at"], str | None)
    assert REQUEST.load(stored) == request


def test_a_digest_is_over_when_the_next_one_is_due_but_a_preview_never_is() -> None:
    request = weekly_request(SERVER, WEEK)
    end = deadline(WEEK, SERVER)
    preview = REQUEST.load(REQUEST.dump(request) | {"published": False})

    assert [is_over(request, end - timedelta(seconds=1)), is_over(request, end)] == [False, True]
    assert not is_over(preview, datetime(2100, 1, 1, tzinfo=UTC))


def test_only_a_servers_unpublished_digest_is_a_preview() -> None:
    weekly = weekly_request(SERVER, WEEK)

    assert not weekly.is_preview
    assert replace(weekly, published=False).is_preview
    of_command_line = replace(SERVER, server_id=COMMAND_LINE)
    assert not replace(weekly, published=False, subscription=of_command_line).is_preview
