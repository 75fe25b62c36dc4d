"""What people do in the fake Discord, answered by a real discord.py client."""

import pytest

from tests.fakes.discord import FakeDiscord, Guild
from tests.fakes.discord_bot import connected


async def test_a_deferred_command_shows_its_answer_to_one_person(fake: FakeDiscord, guild: Guild) -> None:
    ada, papers = fake.add_member(guild, "ada"), next(fake.world.channels_of(guild))

    async with connected(fake):
        exchange = await fake.slash(ada, "digest show", {"week": "2026-W47", "channel": papers})
        second = await exchange.message(1)

    assert exchange.deferred
    assert exchange.ephemeral
    assert exchange.messages[0]["components"] == [{"type": 10, "content": "2026-W47 in papers"}]
    assert second["content"] == "and more"
    assert fake.messages(papers) == [second]


async def test_autocompletion_sees_what_is_typed(fake: FakeDiscord, guild: Guild) -> None:
    ada = fake.add_member(guild, "ada")

    async with connected(fake):
        choices = await fake.autocomplete(ada, "digest show", "week", "2026")

    assert [choice["value"] for choice in choices] == ["2026-W47"]


async def test_buttons_menus_and_forms_lead_on(fake: FakeDiscord, guild: Guild) -> None:
    ada = fake.add_member(guild, "ada")

    async with connected(fake):
        card = await (await fake.slash(ada, "digest card")).message()
        form = await fake.click(ada, card, "more")
        submitted = await fake.submit_modal(ada, form, {"words": "attention"})
        chosen = await fake.select(ada, card, "which", "two")
        told = await chosen.message()

    assert form.modal["title"] == "Interests"
    assert submitted.messages[0]["content"] == "noted: attention"
    assert told["content"] == "chosen: two"


async def test_a_menu_command_gets_the_message(fake: FakeDiscord, guild: Guild) -> None:
    ada, papers = fake.add_member(guild, "ada"), next(fake.world.channels_of(guild))
    said = await fake.say(ada, papers, "look at 2404.12345")

    async with connected(fake):
        exchange = await fake.context_menu(ada, "Summarise", said)

    assert (await exchange.message())["content"] == "about: look at 2404.12345"


async def test_commands_that_the_app_would_not_send_are_refused(fake: FakeDiscord, guild: Guild) -> None:
    ada = fake.add_member(guild, "ada")

    async with connected(fake):
        with pytest.raises(ValueError, match="required options are missing"):
            await fake.slash(ada, "digest show")
        with pytest.raises(ValueError, match="no command setup"):
            await fake.slash(ada, "setup")
