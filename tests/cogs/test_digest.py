"""/digest and the menus and buttons under a digest."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.delivery.marker import shows
from bot.delivery.moving import moved
from bot.errors import ChannelRefusedError, ServiceError
from bot.llm.usage import UsageTally
from bot.rendering.discord_components import Component
from bot.weeks import parse_week
from storage.failures import StorageFailure
from storage.model import Delivery, DeliveryState
from tests.bot.limits.doors import ONE_TOKEN, admission
from tests.cogs.lab import DIGEST, NOW, WEEK, Lab, is_private, shown
from tests.storage.records import delivery

LONG = DIGEST.highlights[1].pick.paper
"""Its summary does not fit into one message."""
THURSDAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
"""When 2026-W47 is due by Thursdays; 2026-W48 is complete a day later."""
MESSAGES = 3
"""A head and two highlights."""


async def test_a_preview_is_seen_by_the_admin_alone_and_nothing_is_posted(lab: Lab) -> None:
    await lab.set_up()

    answer = await lab.run("digest preview")

    assert is_private(answer)
    assert len(answer.followups) == MESSAGES - 1
    assert LONG.key in shown(answer)
    assert lab.posted() == []


async def test_a_preview_does_not_count_as_shown(lab: Lab) -> None:
    await lab.set_up()

    await lab.run("digest preview", week="2026-W46")

    (request,) = lab.runs.started
    assert (request.week, request.published) == ("2026-W46", False)
    assert request.subscription.admin_id is None  # the engine's records do not tell who asked
    assert await lab.latest() is None
    async with lab.database.begin() as tx:
        assert await tx.digests.already_shown(lab.guild.id, except_week=WEEK) == set()
        assert await tx.deliveries.of(lab.guild.id, "2026-W46") == []


async def test_two_previews_are_two_runs(lab: Lab) -> None:
    await lab.set_up()

    await lab.run("digest preview")
    await lab.run("digest preview")

    assert len({request.run_id for request in lab.runs.started}) == 2


async def test_a_week_that_does_not_exist_is_explained(lab: Lab) -> None:
    await lab.set_up()

    unknown = await lab.run("digest preview", week="2025-W53")
    garbled = await lab.run("digest preview", week="last week")

    assert "There is no week 2025-W53" in shown(unknown)
    assert "write it like 2026-W47" in shown(garbled)
    assert is_private(garbled)


async def test_now_posts_the_last_complete_week(lab: Lab) -> None:
    await lab.set_up(threads="none")

    answer = await lab.run("digest now")

    assert f"The digest of {WEEK} is on its way to {lab.channel.mention}" in shown(answer)
    assert is_private(answer)
    assert len(lab.posted()) == MESSAGES
    latest = await lab.latest()
    assert latest is not None
    assert latest.id == f"digest:{lab.guild.id}:{WEEK}"


async def test_now_is_refused_while_digests_beside_the_weekly_ones_have_used_the_servers_share(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up()
    door = admission(lab.database, lab.clock, limits=ONE_TOKEN)
    monkeypatch.setattr(lab.client.services, "admission", door)
    async with lab.database.begin() as tx:
        await door.note_digest(tx, lab.guild.id, UsageTally(calls=1, prompt_tokens=1))

    refused = await lab.run("digest now")

    again = int((NOW + timedelta(days=1)).timestamp()) + 1
    assert f"Try again <t:{again}:R>" in shown(refused)
    assert is_private(refused)
    assert lab.runs.started == []
    lab.clock.move_to(NOW + timedelta(days=1, seconds=1))
    assert "is on its way" in shown(await lab.run("digest now"))


async def _set_up_in_a_closed_channel(lab: Lab) -> str:
    closed = discord.PermissionOverwrite(send_messages=False)
    channel = lab.guild.create_text_channel("digests", overwrites={lab.guild.default_role: closed})
    await lab.set_up(channel=channel)
    return "lacks permissions in #digests: Send Messages."


async def _set_up_in_a_deleted_channel(lab: Lab) -> str:
    channel = lab.guild.create_text_channel("digests")
    await lab.set_up(channel=channel)
    lab.env.backend.delete_channel(channel.id)
    await lab.env.settle()
    return f"I cannot find {channel.mention}. If it was deleted, choose another with `/setup channel:`."


unusable = pytest.mark.parametrize(
    "set_up", [_set_up_in_a_closed_channel, _set_up_in_a_deleted_channel], ids=["closed", "deleted"]
)
SetUp = Callable[[Lab], Awaitable[str]]
"""Sets up a digest and returns why it cannot be posted."""


@unusable
async def test_now_makes_no_digest_that_cannot_be_posted_and_says_why(lab: Lab, set_up: SetUp) -> None:
    why = await set_up(lab)

    answer = await lab.run("digest now")

    assert shown(answer).startswith(f"The digest of {WEEK} cannot be posted.")
    assert why in shown(answer)
    assert lab.runs.started == []


@unusable
async def test_status_says_why_the_channel_cannot_be_used(lab: Lab, set_up: SetUp) -> None:
    why = await set_up(lab)

    (line,) = [
        line for line in shown(await lab.run("digest status")).splitlines() if "**Cannot be posted**" in line
    ]

    assert why in line


@unusable
async def test_resume_warns_of_a_channel_that_cannot_be_used(lab: Lab, set_up: SetUp) -> None:
    await set_up(lab)

    answer = shown(await lab.run("digest resume"))

    assert "The weekly digest is on again." in answer
    assert "⚠️ I need more permissions" in answer or "⚠️ I cannot find" in answer


async def test_now_links_to_a_posted_digest_whose_channel_was_closed_since(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up()
    await lab.run("digest now")
    monkeypatch.setattr(lab.client.messenger, "refusal", lambda _: "The bot lacks permissions.")

    assert "has already been made: https://" in shown(await lab.run("digest now"))


async def test_now_a_second_time_links_to_what_was_posted(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    (head, *_) = lab.messages()

    answer = await lab.run("digest now")

    link = f"https://discord.com/channels/{lab.guild.id}/{lab.channel.id}/{head.id}"
    assert shown(answer) == f"The digest of {WEEK} has already been made: {link}"
    assert len(lab.runs.started) == 1


async def test_now_posts_what_was_made_and_not_posted(lab: Lab) -> None:
    await lab.set_up(threads="none")
    await lab.run("digest now")
    wish = lab.runs.started[0].subscription
    async with lab.database.begin() as tx:
        (*_, last) = await tx.deliveries.of(wish.server_id, WEEK)
        await tx.deliveries.forget_owner(wish.server_id)
        await tx.deliveries.plan([replace(last, state=DeliveryState.PLANNED, message_id=None)])

    answer = await lab.run("digest now")

    assert "is on its way" in shown(answer)
    assert len(lab.runs.started) == 1
    async with lab.database.begin() as tx:
        (posted,) = await tx.deliveries.of(wish.server_id, WEEK)
    assert posted.state is DeliveryState.SENT


async def test_now_posts_to_the_new_channel_what_the_old_one_refused(lab: Lab) -> None:
    await lab.set_up(threads="none")
    await lab.run("digest now")
    async with lab.database.begin() as tx:
        planned = await tx.deliveries.of(lab.guild.id, WEEK)
        other = planned[0].channel_id + 1
        await tx.deliveries.replace(planned, _refused_in(other, planned))

    answer = await lab.run("digest now")

    assert f"is on its way to {lab.channel.mention}" in shown(answer)
    async with lab.database.begin() as tx:
        posted = await tx.deliveries.of(lab.guild.id, WEEK)
    assert [delivery.state for delivery in posted] == [DeliveryState.SENT] * MESSAGES
    assert {delivery.channel_id for delivery in posted} == {lab.channel.id}
    assert all(shows(delivery.payload, delivery.key) for delivery in posted)


def _refused_in(channel_id: int, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The same, as if they had been planned for another channel that then refused them."""
    failed = [replace(one, state=DeliveryState.FAILED, message_id=None) for one in deliveries]
    return [replace(one, state=DeliveryState.FAILED, error="no") for one in moved(failed, channel_id)]


async def test_now_posts_a_digest_whole_whose_channel_was_deleted_after_its_first_message(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up(weekday=0)
    post, new = lab.client.messenger.post, lab.guild.create_text_channel("new")

    async def deleted_meanwhile(channel_id: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        message_id = await post(channel_id, payload, nonce=nonce)
        lab.env.backend.delete_channel(channel_id)
        return message_id

    with monkeypatch.context() as patched:
        patched.setattr(lab.client.messenger, "post", deleted_meanwhile)
        await lab.admin.slash(new, "digest now")
    await lab.admin.slash(new, "setup", channel=new)
    lab.clock.move_to(NOW + timedelta(days=4))

    answers = [shown(await lab.admin.slash(new, "digest now")) for _ in range(2)]

    assert answers[0] == f"The digest of {WEEK} is on its way to {new.mention}. This takes a few minutes."
    assert answers[1].startswith(f"The digest of 2026-W48 is on its way to {new.mention}")
    assert len([message for message in new.history() if not message.flags.ephemeral]) == 2 * MESSAGES


async def test_now_names_the_channel_that_gets_what_was_planned_for_another(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    new = lab.guild.create_text_channel("new")
    await lab.set_up(channel=new)
    async with lab.database.begin() as tx:
        posted = await tx.deliveries.of(lab.guild.id, WEEK)
        planned = [replace(one, state=DeliveryState.PLANNED, message_id=None) for one in posted]
        await tx.deliveries.replace(posted, [replace(one, first_try_at=None) for one in planned])

    answer = await lab.run("digest now")

    assert f"is on its way to {new.mention}" in shown(answer)
    assert len(new.history()) == MESSAGES


async def test_now_that_is_refused_again_is_told_again_with_the_new_reason(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up(threads="none")
    told, reasons = list[str](), ["View Channel, Send Messages", "Send Messages"]

    async def refuse(*_: object, **__: object) -> int:
        raise ChannelRefusedError(f"It lacks {reasons.pop(0)}.")

    async def tell(*words: object) -> bool:
        told.append(str(words[-1]))
        return True

    monkeypatch.setattr(lab.client.messenger, "post", refuse)
    monkeypatch.setattr(lab.client.messenger, "tell_admin", tell)
    await lab.run("digest now")

    await lab.run("digest now")

    first, second = told
    assert "It lacks View Channel, Send Messages." in first
    assert "It lacks Send Messages." in second


async def test_now_first_posts_what_was_refused_in_an_earlier_week_that_is_not_over(lab: Lab) -> None:
    lab.clock.move_to(THURSDAY - timedelta(days=2))
    await lab.set_up(weekday=3, hour=9, threads="none")
    lab.clock.move_to(THURSDAY)
    await lab.client.schedule.tick()
    async with lab.database.begin() as tx:
        posted = await tx.deliveries.of(lab.guild.id, WEEK)
        refused = [replace(one, state=DeliveryState.FAILED, message_id=None, error="no") for one in posted]
        await tx.deliveries.replace(posted, refused)
    lab.clock.move_to(THURSDAY + timedelta(days=1))

    status = shown(await lab.run("digest status"))
    answers = [shown(await lab.run("digest now")) for _ in range(2)]

    assert "`/digest now` posts the rest" in status
    assert answers[0].startswith(f"The digest of {WEEK} is on its way")
    assert answers[1].startswith("The digest of 2026-W48 is on its way")
    async with lab.database.begin() as tx:
        states = [one.state for one in await tx.deliveries.of(lab.guild.id, WEEK)]
    assert states == [DeliveryState.SENT] * MESSAGES


async def test_status_names_an_earlier_week_that_can_be_tried_again(lab: Lab) -> None:
    lab.clock.move_to(THURSDAY + timedelta(days=1))
    await lab.set_up(weekday=3, hour=9, threads="none")
    await lab.run("digest now")
    refused = delivery(
        server_id=lab.guild.id,
        week=WEEK,
        state=DeliveryState.FAILED,
        deadline=THURSDAY + timedelta(days=7),
    )
    async with lab.database.begin() as tx:
        await tx.deliveries.plan([refused])

    status = shown(await lab.run("digest status"))

    assert "**Last digest**: 2026-W48" in status
    assert f"**Incomplete**: {WEEK}." in status


async def test_now_opens_the_threads_that_could_not_be_opened(lab: Lab) -> None:
    await lab.set_up(threads="none")
    await lab.run("digest now")
    async with lab.database.begin() as tx:
        posted = await tx.deliveries.of(lab.guild.id, WEEK)
        named = [replace(one, thread_name=f"About {one.part}" if one.part else None) for one in posted]
        await tx.deliveries.replace(posted, named)

    answer = await lab.run("digest now")

    assert "its threads will follow" in shown(answer)
    assert [thread.name for thread in lab.channel.threads] == ["About 1", "About 2"]
    assert "has already been made" in shown(await lab.run("digest now"))


async def test_threads_that_setup_wants_no_more_do_not_keep_now_from_the_next_week(lab: Lab) -> None:
    await lab.set_up(weekday=3, hour=9, threads="none")
    await lab.run("digest now")
    async with lab.database.begin() as tx:
        posted = await tx.deliveries.of(lab.guild.id, WEEK)
        await tx.deliveries.replace(posted, [replace(one, thread_name="About it") for one in posted])
    lab.clock.move_to(THURSDAY + timedelta(days=1))

    await lab.set_up(threads="none")
    status, answer = await lab.run("digest status"), await lab.run("digest now")

    assert "Threads" not in shown(status)
    assert shown(answer).startswith("The digest of 2026-W48 is on its way")
    assert lab.channel.threads == []


async def test_now_says_that_a_run_is_at_it(lab: Lab) -> None:
    await lab.set_up()
    lab.runs.is_under_way = True

    answer = await lab.run("digest now")

    assert f"The digest of {WEEK} is already being made or posted" in shown(answer)
    assert lab.posted() == []


@pytest.mark.parametrize("command", ["preview", "now", "status", "pause", "resume"])
async def test_without_a_setup_every_command_points_there(lab: Lab, command: str) -> None:
    answer = await lab.run(f"digest {command}")

    assert shown(answer) == "This server has no digest yet. Set one up with `/setup`."
    assert is_private(answer)


async def test_latest_shows_the_digest_to_the_admin_alone(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    posted = lab.posted()

    answer = await lab.run("digest latest")

    assert is_private(answer)
    assert "Counting Tokens Twice" in shown(answer)
    assert lab.posted() == posted


async def test_latest_before_the_first_digest_says_what_to_do(lab: Lab) -> None:
    await lab.run("digest preview")

    assert "There is no digest yet" in shown(await lab.run("digest latest"))


async def test_latest_before_the_first_digest_sends_nobody_to_a_command_that_is_refused(lab: Lab) -> None:
    async def told(who: simcord.MemberActor) -> str:
        return shown(await who.slash(lab.channel, "digest latest"))

    assert await told(lab.admin) == "There is no digest yet. Set one up with `/setup`."
    assert "Someone who manages this server can set one up" in await told(lab.member)
    await lab.set_up()
    assert "`/digest preview` shows one" in await told(lab.admin)
    assert await told(lab.member) == (
        f"There is no digest yet. **Next digest**: <t:1795770000:F> in {lab.channel.mention}, "
        "with the papers of 23–29 November 2026"
    )
    await lab.run("digest pause")
    assert "the weekly digest is paused. Someone who manages this server can" in await told(lab.member)


async def test_status_shows_next_run_settings_receipt_and_messages(lab: Lab) -> None:
    await lab.set_up(interests="retrieval")
    await lab.run("digest now")

    answer = shown(await lab.run("digest status"))

    # The next Friday at 9:00 UTC.
    assert f"**Next digest**: <t:1795770000:F> in {lab.channel.mention}" in answer
    assert "**Interests**: retrieval" in answer
    assert f"**Last digest**: {WEEK}" in answer
    assert "212" in answer
    assert f"**Messages**: {MESSAGES} sent" in answer


async def test_status_says_that_the_channel_is_closed_to_the_bot(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up()
    assert "annot be posted" not in shown(await lab.run("digest status"))
    monkeypatch.setattr(lab.client.messenger, "refusal", lambda _: "The bot lacks permissions in #papers.")

    assert "**Cannot be posted**: The bot lacks permissions in #papers." in shown(
        await lab.run("digest status")
    ).replace("\\", "")


async def test_status_says_why_there_is_no_digest(lab: Lab) -> None:
    await lab.set_up()
    lab.runs.week_in_vain = (parse_week(WEEK), "arXiv *did not* accept the question.")

    answer = shown(await lab.run("digest status"))

    assert rf"**No digest for {WEEK}**: arXiv \*did not\* accept the question." in answer


async def test_a_paused_digest_is_not_active_and_its_status_says_so(lab: Lab) -> None:
    await lab.set_up()

    answer = await lab.run("digest pause")

    assert "paused" in shown(answer)
    assert "**Next digest**: paused" in shown(await lab.run("digest status"))
    async with lab.database.begin() as tx:
        assert await tx.subscriptions.active() == []


async def test_resume_goes_on_from_now(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest pause")
    lab.clock.move_to(NOW.replace(day=28))

    answer = await lab.run("digest resume")

    wish = await lab.wish()
    assert wish is not None
    assert (wish.paused, wish.created_at) == (False, NOW.replace(day=28))
    assert "on again" in shown(answer)


async def test_the_menu_of_a_compact_digest_opens_a_summary_for_the_reader_alone(lab: Lab) -> None:
    await lab.set_up(style="compact")
    await lab.run("digest now")
    (head,) = lab.messages()
    before = lab.posted()

    answer = await lab.member.select(
        head, [LONG.key], custom_id=Component.OPEN.custom_id(f"digest:{lab.guild.id}:{WEEK}")
    )

    assert is_private(answer)
    assert LONG.pdf_url in str([m.components for m in (answer.response, *answer.followups) if m])
    assert "LongInvented" in shown(answer)
    assert lab.posted() == before


async def test_a_summary_opened_from_a_digest_can_be_voted_on_and_asked_about(lab: Lab) -> None:
    async with lab.database.begin() as tx:
        await tx.papers.save([LONG])
    await lab.set_up(style="compact")
    await lab.run("digest now")
    (head,) = lab.messages()
    menu = Component.OPEN.custom_id(f"digest:{lab.guild.id}:{WEEK}")
    opened = await lab.member.select(head, [LONG.key], custom_id=menu)
    last = [*filter(None, (opened.response, *opened.followups))][-1]

    await lab.member.click(last, custom_id=Component.UP.custom_id(LONG.id))
    window = await lab.member.click(last, custom_id=Component.ASK.custom_id(LONG.key))

    async with lab.database.begin() as tx:
        counts = await tx.tastes.counts(lab.guild.id, [LONG.id])
    assert counts[LONG.id].up == 1
    assert window.modal is not None


async def test_the_button_opens_what_the_message_had_to_shorten(lab: Lab) -> None:
    await lab.set_up(style="full")
    await lab.run("digest now")
    message = lab.messages()[2]

    answer = await lab.member.click(message, label="Full summary")

    assert is_private(answer)
    assert f"{LONG.pdf_url}#page=11" in shown(answer)
    assert len(shown(answer)) > len(lab.posted()[2])


async def test_a_preview_has_working_menus_too(lab: Lab) -> None:
    await lab.set_up(style="compact")
    preview = await lab.run("digest preview")
    assert preview.response is not None
    custom_id = Component.OPEN.custom_id(lab.runs.started[0].run_id)

    answer = await lab.admin.select(preview.response, [LONG.key], custom_id=custom_id)

    assert is_private(answer)
    assert "LongInvented" in shown(answer)


async def test_a_button_of_a_digest_that_is_gone_says_so(lab: Lab) -> None:
    place = lab.client.get_channel(lab.channel.id)
    assert isinstance(place, discord.TextChannel)
    view = discord.ui.View()
    custom_id = Component.FULL.custom_id(f"digest:1:2020-W01/{LONG.key}")
    view.add_item(discord.ui.Button(label="Full summary", custom_id=custom_id))
    message = await place.send("old", view=view)

    answer = await lab.member.click(message, label="Full summary")

    assert shown(answer).startswith("I no longer have this digest.")
    assert f"`/summarize paper:{LONG.key}`" in shown(answer)
    assert is_private(answer)


@pytest.mark.parametrize(
    "failure",
    [ServiceError("arXiv does not answer. Try again later."), StorageFailure("The disk is full.")],
)
async def test_a_failing_service_speaks_for_itself_and_privately(
    lab: Lab, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    await lab.set_up()
    lab.runs.failure = failure

    answer = await lab.run("digest preview")

    assert shown(answer) == str(failure)
    assert is_private(answer)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_command_of_an_earlier_version_is_said_to_be_one(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    await lab.set_up()
    group = lab.client.tree.get_command("digest")
    assert isinstance(group, discord.app_commands.Group)
    group.remove_command("latest")  # what Discord still shows

    answer = await lab.run("digest latest")

    assert "Reload Discord" in shown(answer)
    assert is_private(answer)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_an_unexpected_error_is_logged_once_and_the_admin_gets_its_number(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    await lab.set_up()
    lab.runs.failure = RuntimeError("a secret detail")

    answer = await lab.run("digest preview")

    number = re.search(r"incident ([0-9a-f]{8})", shown(answer))
    assert number is not None
    assert "secret" not in shown(answer)
    assert is_private(answer)
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert number[1] in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is lab.runs.failure


async def test_an_unexpected_error_of_a_button_is_an_incident_too(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    await lab.set_up(style="full")
    await lab.run("digest now")

    async def broken(*_: object) -> None:
        raise RuntimeError

    lab.client.components[Component.FULL] = broken
    answer = await lab.member.click(lab.messages()[2], label="Full summary")

    assert "incident" in shown(answer)
    assert is_private(answer)
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1
