"""Discord on loopback: REST and gateway over real sockets, with state, limits, permissions and faults.

    async with FakeDiscord() as fake:
        guild = fake.add_guild("Lab")
        papers, ada = fake.add_channel(guild, "papers"), fake.add_member(guild, "ada", manage_guild=True)
        with fake.patch():
            async with fake.running(SomeClient()):
                exchange = await fake.slash(ada, "digest latest", {"week": "2026-W47"}, channel=papers)
                assert (await exchange.message())["content"] == "..."

A bot in a process of its own: `python -m tests.fakes.discord <fake.base_url> <module> <arguments>`.
"""

from tests.fakes.discord.interactions import Exchange
from tests.fakes.discord.server import EVERYONE, FakeDiscord, point_discord_at
from tests.fakes.discord.world import ANNOUNCEMENT, FORUM, TEXT, Channel, Guild, Json, Member, User

__all__ = [
    "ANNOUNCEMENT",
    "EVERYONE",
    "FORUM",
    "TEXT",
    "Channel",
    "Exchange",
    "FakeDiscord",
    "Guild",
    "Json",
    "Member",
    "User",
    "point_discord_at",
]
