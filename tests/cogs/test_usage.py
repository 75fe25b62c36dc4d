"""/usage: what admins are told."""

from datetime import timedelta

from bot.llm.usage import UsageTally
from storage.model import WorkKind
from tests.bot.limits.doors import asker
from tests.cogs.lab import NOW, Lab, is_private, shown


async def test_an_admin_sees_what_was_used_and_the_limits(lab: Lab) -> None:
    door = lab.client.services.admission
    for user in (1, 2):
        async with door.admitted(asker(user, lab.guild.id), WorkKind.QUESTION) as work:
            work.bill.add(UsageTally(calls=1, prompt_tokens=1_000_000))

    answer = await lab.run("usage")

    assert is_private(answer)
    assert "2 questions by 2 people, 2,000,000 tokens, about $2.00" in shown(answer)
    assert "each person: no limit on requests, no limit on tokens" in shown(answer)


async def test_digests_beside_the_weekly_ones_are_told_without_anybody(lab: Lab) -> None:
    async with lab.database.begin() as tx:
        await lab.client.services.admission.note_digest(
            tx, lab.guild.id, UsageTally(calls=9, prompt_tokens=200_000)
        )

    answer = await lab.run("usage")

    assert "- 1 extra digest, 200,000 tokens, about $0.20\n" in shown(answer)


async def test_what_cost_little_or_has_no_known_cost_is_told_as_it_is(lab: Lab) -> None:
    async with lab.database.begin() as tx:
        for ago, kind, tokens, cost_usd in (
            (timedelta(days=20), WorkKind.QUESTION, 1_000_000, None),  # before the prices were set
            (timedelta(days=10), WorkKind.QUESTION, 1_000_000, 1.0),
            (timedelta(hours=1), WorkKind.SUMMARY, 4_500, 0.002),
        ):
            await tx.usage.save(
                asker(1, lab.guild.id),
                kind,
                at=NOW - ago,
                prompt_tokens=tokens,
                completion_tokens=0,
                cost_usd=cost_usd,
            )

    answer = await lab.run("usage")

    assert "2 questions by 1 person, 2,000,000 tokens, about $1.00 for 1 of 2\n" in shown(answer)
    assert "1 summary by 1 person, 4,500 tokens, about $0.0020\n" in shown(answer)


async def test_a_server_that_asked_nothing_is_told_so(lab: Lab) -> None:
    async with lab.client.services.admission.admitted(asker(1, lab.guild.id + 1), WorkKind.SUMMARY):
        pass

    assert "no requests" in shown(await lab.run("usage"))
