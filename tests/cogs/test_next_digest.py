"""Which digest the commands promise next: the one that the schedule then starts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.digest.plan import weekly_run_id
from bot.rendering.status import moment
from bot.weeks import parse_week
from tests.cogs.lab import NOW, WEEK, Lab, shown

THIS_EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)
"""When the digest of 2026-W47 is due by the wish below; it is noon."""
A_WEEK_LATER = THIS_EVENING + timedelta(days=7)
NEXT_FRIDAY = datetime(2026, 11, 27, 9, tzinfo=UTC)
BEING_MADE = f"{WEEK} is being made. If something holds it up, the bot tries again"


async def set_up_for_mondays(lab: Lab, *, since: datetime = NOW) -> None:
    lab.clock.move_to(since)
    await lab.set_up(weekday=0, hour=18)
    lab.clock.move_to(NOW)


async def promised(lab: Lab) -> str:
    """What `/digest status` says first."""
    return shown(await lab.run("digest status")).splitlines()[0].removeprefix("**Next digest**: ")


def at(when: datetime, lab: Lab, days: str) -> str:
    """What is promised of a digest that is not due yet, of a week of these days."""
    return f"{moment(when)} in {lab.channel.mention}, with the papers of {days}"


async def started_at(lab: Lab, when: datetime) -> list[str]:
    """The weeks whose digests a tick starts then."""
    lab.clock.move_to(when)
    before = len(lab.runs.started)
    await lab.client.schedule.tick()
    return [request.week for request in lab.runs.started[before:]]


async def test_it_comes_at_its_usual_time(lab: Lab) -> None:
    await set_up_for_mondays(lab)

    assert await promised(lab) == at(THIS_EVENING, lab, "16–22 November 2026")
    assert await started_at(lab, THIS_EVENING) == [WEEK]


async def test_one_that_was_posted_before_its_time_does_not_come_again(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    await lab.run("digest now")

    assert await promised(lab) == at(A_WEEK_LATER, lab, "23–29 November 2026")
    assert await started_at(lab, THIS_EVENING) == []
    assert await started_at(lab, A_WEEK_LATER) == ["2026-W48"]


async def test_one_that_a_run_is_at_does_not_come_again(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    lab.runs.known.add(weekly_run_id(lab.guild.id, parse_week(WEEK)))

    assert await promised(lab) == at(A_WEEK_LATER, lab, "23–29 November 2026")
    assert await started_at(lab, THIS_EVENING) == []


async def test_one_whose_run_broke_off_is_promised_and_started_again_an_hour_later(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    assert await started_at(lab, THIS_EVENING) == [WEEK]
    lab.runs.known.clear()
    async with lab.database.begin() as tx:
        await tx.digests.forget_owner(lab.guild.id)

    assert await promised(lab) == f"{WEEK}, in a few minutes, in {lab.channel.mention}"
    assert await started_at(lab, THIS_EVENING + timedelta(minutes=59)) == []
    assert await started_at(lab, THIS_EVENING + timedelta(hours=1)) == [WEEK]


async def test_one_that_is_due_comes_in_a_few_minutes(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    lab.clock.move_to(THIS_EVENING)

    assert await promised(lab) == f"{WEEK}, in a few minutes, in {lab.channel.mention}"
    assert await started_at(lab, THIS_EVENING) == [WEEK]


async def test_resuming_promises_the_same_as_the_status(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    await lab.run("digest now")
    await lab.run("digest pause")

    answer = shown(await lab.run("digest resume"))

    assert answer == f"The weekly digest is on again. **Next digest**: {await promised(lab)}"
    assert moment(A_WEEK_LATER) in answer


async def test_resuming_what_is_not_paused_leaves_what_is_due(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    after_it = THIS_EVENING + timedelta(seconds=10)
    lab.clock.move_to(after_it)

    answer = shown(await lab.run("digest resume"))

    assert f"{WEEK}, in a few minutes" in answer
    assert await started_at(lab, after_it) == [WEEK]


async def test_a_personal_digest_that_was_asked_for_does_not_come_again(lab: Lab) -> None:
    await set_up_for_mondays(lab)

    answer = await lab.member.slash(lab.channel, "digest mine", every_week=True)
    await lab.run("digest pause")

    assert f"The next one arrives on {moment(A_WEEK_LATER)}." in shown(answer)
    assert await started_at(lab, THIS_EVENING) == []
    assert await started_at(lab, A_WEEK_LATER) == ["2026-W48"]


async def test_a_new_setup_says_when_the_first_one_comes(lab: Lab) -> None:
    answer = await lab.set_up(weekday=4, hour=9)

    # 2026-W47 was due last Friday, before anybody wanted it.
    assert f"gets its next digest on {moment(NEXT_FRIDAY)}, with the papers of 23–29 November 2026." in shown(
        answer
    )
    assert await started_at(lab, NOW) == []


async def test_a_setup_that_makes_one_due_says_that_it_comes_now(lab: Lab) -> None:
    await set_up_for_mondays(lab, since=NOW - timedelta(days=4))

    answer = await lab.set_up(weekday=4, hour=9)

    words = f"The digest of {WEEK} comes to {lab.channel.mention} in a few minutes, the next one on"
    assert f"{words} {moment(NEXT_FRIDAY)}." in shown(answer)
    assert await started_at(lab, NOW) == [WEEK]
    assert await started_at(lab, NEXT_FRIDAY) == ["2026-W48"]


async def test_a_setup_does_not_promise_what_was_posted_before_its_time(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    await lab.run("digest now")

    answer = await lab.set_up(weekday=0, hour=20)

    later = A_WEEK_LATER + timedelta(hours=2)
    assert f"gets its next digest on {moment(later)}, with the papers of 23–29 November 2026." in shown(
        answer
    )
    assert await started_at(lab, later) == ["2026-W48"]


async def test_one_that_waits_is_named_beside_the_next(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    lab.clock.move_to(THIS_EVENING + timedelta(hours=1))
    lab.runs.waiting.add(weekly_run_id(lab.guild.id, parse_week(WEEK)))

    status = shown(await lab.run("digest status"))
    setup = shown(await lab.set_up(weekday=0, hour=18))
    resumed = shown(await lab.run("digest resume"))

    assert moment(A_WEEK_LATER) in status
    assert [BEING_MADE in answer for answer in (status, setup, resumed)] == [True, True, True]


async def test_one_that_waits_before_its_time_is_named_too(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    lab.runs.waiting.add(weekly_run_id(lab.guild.id, parse_week(WEEK)))

    assert BEING_MADE in shown(await lab.run("digest status"))


async def test_one_that_is_made_or_given_up_is_not_called_under_way(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    run_id = weekly_run_id(lab.guild.id, parse_week(WEEK))
    lab.runs.known.add(run_id)
    given_up = shown(await lab.run("digest status"))
    lab.runs.known.clear()
    await lab.run("digest now")
    lab.runs.waiting.add(run_id)
    made = shown(await lab.run("digest status"))

    assert "is being made" not in given_up + made


async def test_none_is_made_for_a_server_that_the_bot_was_taken_out_of_while_it_was_away(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    wish = await lab.wish()
    assert wish is not None
    async with lab.database.begin() as tx:
        await tx.subscriptions.save(replace(wish, server_id=404))

    lab.clock.move_to(THIS_EVENING)
    await lab.client.schedule.tick()

    assert [request.subscription.server_id for request in lab.runs.started] == [lab.guild.id]


async def test_one_of_a_server_that_is_unavailable_is_made_all_the_same(lab: Lab) -> None:
    await set_up_for_mondays(lab)
    lab.env.backend.emit("GUILD_DELETE", {"id": str(lab.guild.id), "unavailable": True})
    await lab.env.settle()

    assert await started_at(lab, THIS_EVENING) == [WEEK]
