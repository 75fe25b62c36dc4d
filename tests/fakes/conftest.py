"""A fake Discord that this process's discord.py is pointed at, and a server in it."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import FakeDiscord, Guild


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        with fake.patch():
            yield fake


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    guild = fake.add_guild("Lab")
    fake.add_channel(guild, "papers")
    return guild
