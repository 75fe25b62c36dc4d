"""/digest mine: one person's own digest, and what everybody may do of /digest."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import ChannelRefusedError
from bot.limits.rules import MAX_PERSONAL_DIGESTS
from tests.cogs.lab import DIGEST, NOW, WEEK, Lab, is_private, shown


async def test_it_comes_by_direct_message_with_the_servers_categories_and_interests(lab: Lab) -> None:
    await lab.set_up(arxiv_categories="cs.CL,cs.LG", interests="retrieval")

    answer = await lab.member.slash(lab.channel, "digest mine")

    (request,) = lab.runs.started
    wish = request.subscription
    assert is_private(answer)
    assert f"Your personal digest of {WEEK} will arrive by direct message in a few minutes." in shown(answer)
    assert (request.published, request.week) == (True, WEEK)
    assert (wish.server_id, wish.categories, wish.interests) == (
        lab.member.id,
        ("cs.CL", "cs.LG"),
        "retrieval",
    )
    assert wish.is_personal
    assert lab.posted() == []
    async with lab.database.begin() as tx:
        sent = await tx.deliveries.of(lab.member.id, WEEK)
    assert len(sent) == 3
    assert all(delivery.message_id for delivery in sent)


async def test_once_is_not_every_week(lab: Lab) -> None:
    await lab.set_up()

    await lab.member.slash(lab.channel, "digest mine")

    async with lab.database.begin() as tx:
        assert [wish.server_id for wish in await tx.subscriptions.active()] == [lab.guild.id]


async def test_every_week_until_it_is_stopped(lab: Lab) -> None:
    await lab.set_up(interests="retrieval")

    answer = await lab.member.slash(lab.channel, "digest mine", every_week=True)
    async with lab.database.begin() as tx:
        wished = [wish.server_id for wish in await tx.subscriptions.active()]
    await lab.member.slash(lab.channel, "digest mine", every_week=False)

    # The next Friday at 9:00 UTC.
    assert "The next one arrives on <t:1795770000:F>." in shown(answer)
    assert "**When**: Friday 09:00, UTC" in shown(answer)
    assert "**Categories**: cs.CL" in shown(answer)
    assert "**Interests**: retrieval" in shown(answer)
    assert is_private(answer)
    assert sorted(wished) == sorted([lab.guild.id, lab.member.id])
    async with lab.database.begin() as tx:
        assert [wish.server_id for wish in await tx.subscriptions.active()] == [lab.guild.id]


async def test_what_is_stopped_while_it_is_asked_for_does_not_come_next_week(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up()
    await lab.member.slash(lab.channel, "digest mine", every_week=True)
    direct_channel = lab.client.messenger.direct_channel

    async def stopped_meanwhile(user_id: int) -> int:
        await lab.client.services.personal.stop(lab.member.id)
        return await direct_channel(user_id)

    monkeypatch.setattr(lab.client.messenger, "direct_channel", stopped_meanwhile)

    answer = await lab.member.slash(lab.channel, "digest mine", every_week=True)

    assert f"Your personal digest of {WEEK}" in shown(answer)
    assert "The next one" not in shown(answer)


@pytest.mark.parametrize(
    "words",
    [
        "stop",
        "Unsubscribe!",
        "“stop”",
        "Please stop.",
        "stop sending me this",
        "Stop the weekly digest, please",
    ],
)
async def test_a_weekly_digest_is_stopped_where_it_arrives(lab: Lab, words: str) -> None:
    await lab.set_up()
    await lab.member.slash(lab.channel, "digest mine", every_week=True)

    await lab.member.user.send_dm(words)

    async with lab.database.begin() as tx:
        assert [wish.server_id for wish in await tx.subscriptions.active()] == [lab.guild.id]
    newest = lab.member.user.dm_channel.history()[-1]
    assert newest.content.startswith("Your weekly personal digest is off.")
    assert lab.asked.prompts == []


@pytest.mark.parametrize(
    "words", ["Please don't stop.", "Does the cache stop growing?", "this digest, please"]
)
async def test_other_words_do_not_stop_it(lab: Lab, words: str) -> None:
    await lab.set_up()
    await lab.member.slash(lab.channel, "digest mine", every_week=True)

    await lab.member.user.send_dm(words)

    async with lab.database.begin() as tx:
        assert lab.member.id in [wish.server_id for wish in await tx.subscriptions.active()]


async def test_a_stop_that_fails_is_not_taken_for_a_question(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: int) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(lab.client.services.personal, "stop", fail)

    await lab.member.user.send_dm("stop")

    _, *replies = lab.member.user.dm_channel.history()
    assert len(replies) == 1
    assert "unexpected" in replies[0].content


async def test_who_asks_in_another_server_is_told_what_the_weeks_digest_covers(lab: Lab) -> None:
    await lab.set_up(arxiv_categories=",".join(DIGEST.categories))
    once = await lab.member.slash(lab.channel, "digest mine")
    await lab.set_up(arxiv_categories="hep-th")

    again = await lab.member.slash(lab.channel, "digest mine")

    assert "one personal digest" not in shown(once)
    assert f"covers {', '.join(DIGEST.categories)}, not hep-th as this server's does." in shown(again)


async def test_a_second_time_it_links_to_what_is_there(lab: Lab) -> None:
    await lab.set_up()
    await lab.member.slash(lab.channel, "digest mine")

    answer = await lab.member.slash(lab.channel, "digest mine")

    assert f"Your personal digest of {WEEK} is here: https://discord.com/channels/@me/" in shown(answer)


async def test_a_personal_digest_under_way_is_not_started_again(lab: Lab) -> None:
    await lab.set_up()
    lab.runs.is_under_way = True

    answer = await lab.member.slash(lab.channel, "digest mine")

    assert f"Your personal digest of {WEEK} is already being made or posted" in shown(answer)
    assert lab.runs.started == []


async def test_a_person_who_asks_again_is_told_again_that_it_is_refused(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lab.set_up()
    told = list[str]()

    async def refuse(_: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        if "components" in payload:
            raise ChannelRefusedError(f"You take no messages like {nonce}.")
        return 1  # the greeting

    async def tell(*words: object) -> bool:
        told.append(str(words[-1]))
        return True

    monkeypatch.setattr(lab.client.messenger, "post", refuse)
    monkeypatch.setattr(lab.client.messenger, "tell_admin", tell)
    await lab.member.slash(lab.channel, "digest mine")

    await lab.member.slash(lab.channel, "digest mine")

    assert len(told) == 2


async def forgotten(lab: Lab) -> None:
    """Let the member have everything deleted, and a minute pass."""
    question = await lab.member.slash(lab.channel, "privacy delete")
    assert question.response is not None
    await lab.member.click(question.response, label="Delete my data")
    lab.clock.move_to(lab.clock.now() + timedelta(minutes=1))


async def test_after_a_deletion_it_is_made_anew(lab: Lab) -> None:
    await lab.set_up()
    await lab.member.slash(lab.channel, "digest mine")
    await forgotten(lab)

    answer = await lab.member.slash(lab.channel, "digest mine")

    assert "in a few minutes" in shown(answer)
    async with lab.database.begin() as tx:
        sent = await tx.deliveries.of(lab.member.id, WEEK)
    assert len(sent) == 3
    assert all(delivery.message_id for delivery in sent)


async def use_up_personal_digests(lab: Lab) -> None:
    for _ in range(MAX_PERSONAL_DIGESTS):
        await lab.member.slash(lab.channel, "digest mine")
        await forgotten(lab)


async def test_deleting_everything_does_not_lift_the_limit_on_personal_digests(lab: Lab) -> None:
    await lab.set_up()
    await use_up_personal_digests(lab)

    refused = await lab.member.slash(lab.channel, "digest mine")

    again = int((NOW + timedelta(days=1)).timestamp()) + 1
    assert "You have had 3 personal digests made within 24 hours, which is the limit" in shown(refused)
    assert f"Try again <t:{again}:R>" in shown(refused)
    assert len(lab.runs.started) == MAX_PERSONAL_DIGESTS
    lab.clock.move_to(NOW + timedelta(days=1, seconds=1))
    assert "in a few minutes" in shown(await lab.member.slash(lab.channel, "digest mine"))


async def test_a_refusal_says_that_the_weekly_digest_it_was_asked_with_is_on(lab: Lab) -> None:
    await lab.set_up()
    await use_up_personal_digests(lab)

    once = await lab.member.slash(lab.channel, "digest mine")
    weekly = await lab.member.slash(lab.channel, "digest mine", every_week=True)

    assert "weekly" not in shown(once)
    assert "which is the limit" in shown(weekly)
    assert shown(weekly).endswith("Your weekly digest is on and not affected.")


async def test_without_a_digest_in_the_server_there_is_nothing_to_go_by(lab: Lab) -> None:
    answer = await lab.member.slash(lab.channel, "digest mine")

    assert "This server has no digest yet" in shown(answer)
    assert lab.runs.started == []


async def test_the_latest_digest_is_for_everybody(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")

    answer = await lab.member.slash(lab.channel, "digest latest")

    assert "Counting Tokens Twice" in shown(answer)


@pytest.mark.parametrize("command", ["preview", "now", "status", "pause", "resume"])
async def test_digest_commands_for_admins_need_the_permission(lab: Lab, command: str) -> None:
    await lab.set_up()

    answer = await lab.member.slash(lab.channel, f"digest {command}")

    assert shown(answer) == "You need the Manage Server permission for this."
    assert is_private(answer)
    assert lab.runs.started == []
