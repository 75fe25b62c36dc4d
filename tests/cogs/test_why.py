"""/why, and how many commands of one person are served at a time."""

import asyncio

from bot.answering import MAX_COMMANDS_PER_PERSON
from tests.cogs.lab import Lab, is_private, shown


async def test_who_has_enough_commands_under_way_is_told_so_alone(lab: Lab) -> None:
    over = asyncio.Event()

    async def another() -> None:
        lab.client.answering.register_command(lab.admin.id)
        await over.wait()

    others = [asyncio.create_task(another()) for _ in range(MAX_COMMANDS_PER_PERSON)]
    await asyncio.sleep(0)
    refused = await lab.run("why", paper="2611.54321")
    of_another = await lab.member.slash(lab.channel, "why", paper="2611.54321")
    over.set()
    await asyncio.gather(*others)
    again = await lab.run("why", paper="2611.54321")

    assert is_private(refused)
    assert shown(refused) == "You have 5 commands running. Try again when one is answered."
    assert shown(of_another) == shown(again) == "There is no digest yet, so nothing was picked."


async def test_in_direct_messages_it_says_whose_digest_it_is_about_before_arxiv_is_asked(lab: Lab) -> None:
    eve = lab.env.create_user("eve")

    told = await eve.slash("why", paper="2611.54321")

    assert "Here `/why` explains your personal digest, and you have none yet." in shown(told)
    assert "in that server" in shown(told)
    assert lab.desk.arxiv.named == []
