"""/usage: what admins are told."""

from bot.llm.budget import UsageTally
from storage.model import WorkKind
from tests.bot.limits.doors import asker
from tests.cogs.lab import Lab, is_private, shown


async def test_an_admin_sees_what_was_used_and_the_limits(lab: Lab) -> None:
    door = lab.client.services.admission
    for user in (1, 2):
        async with door.turn(asker(user, lab.guild.id), WorkKind.QUESTION) as bill:
            bill.add(UsageTally(calls=1, prompt_tokens=1_000_000))

    answer = await lab.run("usage")

    assert is_private(answer)
    assert "2 questions by 2 people, 2,000,000 tokens, about $2.00" in shown(answer)
    assert "a person: any number an hour" in shown(answer)


async def test_a_server_that_asked_nothing_is_told_so(lab: Lab) -> None:
    async with lab.client.services.admission.turn(asker(1, lab.guild.id + 1), WorkKind.SUMMARY):
        pass

    assert "nothing was asked" in shown(await lab.run("usage"))
