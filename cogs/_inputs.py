"""What people type into commands, turned into what services take."""

from collections.abc import Collection, Sequence

import discord
from discord import app_commands

from bot.client import BroadsheetClient
from bot.digest.weeks import suggested_zones
from bot.languages import suggested_languages
from bot.papers import taxonomy
from bot.rendering import wording
from bot.rendering.limits import length, shorten
from bot.taste.ballots import PERSONAL
from storage.apostrophes import straightened
from storage.model import Asker, Paper, Reader

WEEKDAYS = [
    app_commands.Choice(name=name, value=number)
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    )
]
CHOICE_CHARACTERS = 100
"""Discord's limit for the name and the value of a choice."""
CHOICES = 25
"""Discord's limit for their number."""


def reader(interaction: discord.Interaction, *, private: bool = False) -> Reader:
    """Who sees an answer: the server, or the person alone where it is private or outside of one."""
    return Reader(user_id=interaction.user.id) if private else asker(interaction).reader


def place(interaction: discord.Interaction) -> int:
    """Where a vote belongs: to the server, or outside of one to the person alone."""
    return interaction.guild_id or PERSONAL


def is_among_others(interaction: discord.Interaction) -> bool:
    """Whether it comes from a conversation of people outside of servers, where others read what is public.

    There as in direct messages with the bot, votes and papers read are the person's own.
    """
    return interaction.context.private_channel


def is_under_private(interaction: discord.Interaction) -> bool:
    """Whether what was pressed stands under a message that only one person sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def server_of(interaction: discord.Interaction) -> int:
    """The server of a command that exists in servers only."""
    assert interaction.guild_id is not None
    return interaction.guild_id


def manages(interaction: discord.Interaction, *, unless: Collection[str] = ()) -> bool:
    """True where the person may change the server, or the command's name is among those for everybody.

    Discord's own check is a default that admins can change; this one holds.

    Raises:
        MissingPermissions: they may not.
    """
    command = interaction.command.name if interaction.command is not None else ""
    if command not in unless and not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return True


def comma_separated(text: str) -> tuple[str, ...]:
    """The parts between commas, without white space and empty ones, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def categories(text: str) -> tuple[str, ...]:
    """The arXiv categories named in a comma-separated text.

    Raises:
        InputError: one does not exist; the nearest is named.
    """
    return taxonomy.check(comma_separated(text.replace(" ", ",") if "," not in text else text))


async def suggest_zones(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Autocomplete for time zones."""
    return [app_commands.Choice(name=name, value=name) for name in suggested_zones(current)]


async def suggest_categories(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Autocomplete for the last category of a comma-separated list."""
    *before_last, fragment = current.split(",")
    chosen = ",".join(before_last)
    before = "".join(f"{part}," for part in comma_separated(chosen))
    choices = []
    for category in taxonomy.suggest(fragment.strip()):
        value = before + category.code
        if len(value) <= CHOICE_CHARACTERS and category.code not in comma_separated(chosen):
            name = f"{value} ({category.name})"
            choices.append(app_commands.Choice(name=name[:CHOICE_CHARACTERS], value=value))
    return choices


async def suggest_languages(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Autocomplete for languages."""
    return [
        app_commands.Choice(name=f"{known.name} · {known.own_name}", value=known.code)
        for known in suggested_languages(current, limit=CHOICES)
    ]


async def suggest_papers(
    interaction: discord.Interaction[BroadsheetClient], current: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete for papers: the highlights of the latest digest here, then stored ones, by title."""
    async with interaction.client.services.database.begin() as tx:
        digest = await tx.digests.latest(reader(interaction).owner_id)
        stored = await tx.papers.find_titles(current.strip()[:CHOICE_CHARACTERS], CHOICES)
    highlights = [highlight.pick.paper for highlight in digest.highlights] if digest is not None else []
    return paper_choices(current, highlights, stored)


def paper_choices(
    current: str, highlights: Sequence[Paper], stored: Sequence[Paper]
) -> list[app_commands.Choice[str]]:
    """The highlights whose titles hold `current`, as the version they showed, then the stored papers."""
    wanted = straightened(current.strip()).casefold()
    fitting = [paper for paper in highlights if wanted in straightened(wording.title(paper)).casefold()]
    choices = {paper.id: _paper_choice(paper, paper.key) for paper in fitting}
    for paper in stored:
        choices.setdefault(paper.id, _paper_choice(paper, paper.id))
    return list(choices.values())[:CHOICES]


def _paper_choice(paper: Paper, value: str) -> app_commands.Choice[str]:
    number = f" · {paper.id}"
    title = shorten(wording.title(paper), CHOICE_CHARACTERS - length(number))
    return app_commands.Choice(name=f"{title}{number}", value=value)


def asker(interaction: discord.Interaction) -> Asker:
    """Whose share a request is counted on."""
    return Asker(user_id=interaction.user.id, server_id=interaction.guild_id)
