"""Turns what people type into commands into what services take."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeAlias

import discord
from discord import app_commands

from bot.client import BroadsheetClient
from bot.dates import WEEKDAYS
from bot.errors import InputError, echoed
from bot.languages import suggested_languages
from bot.papers import taxonomy
from bot.papers.ids import Reference, parse
from bot.rendering import wording
from bot.rendering.limits import length, shorten
from bot.rendering.status import dates
from bot.texts.folding import folded
from bot.texts.separators import SEPARATOR, items
from bot.weeks import parse_week
from bot.zones import suggested_zones
from cogs._people import reader
from storage.database import Database
from storage.failures import StorageFailure
from storage.model import Paper, Reader

log = logging.getLogger(__name__)

ParametersT = ParamSpec("ParametersT")
Choices: TypeAlias = list[app_commands.Choice[str]]

WEEKDAY_CHOICES = [app_commands.Choice(name=name, value=number) for number, name in enumerate(WEEKDAYS)]
CHOICE_CHARACTERS = 100
"""Discord's limit for the name and the value of a choice."""
CHOICES = 25
"""Discord's limit for the number of choices."""
_MIN_TITLE_CHARACTERS = 3
"""Fewest letters of a title that can name its paper: fewer, as in "-1", match by chance."""


def empty_on_storage_failure(
    suggest: Callable[ParametersT, Awaitable[Choices]],
) -> Callable[ParametersT, Coroutine[Any, Any, Choices]]:
    """Make an autocomplete offer nothing when the database fails.

    Otherwise discord.py would log a traceback for each letter typed.
    """

    @wraps(suggest)
    async def suggested(*args: ParametersT.args, **kwargs: ParametersT.kwargs) -> Choices:
        try:
            return await suggest(*args, **kwargs)
        except StorageFailure as failure:
            log.warning("no suggestions: %s", failure)
            return []

    return suggested


async def suggest_zones(_: discord.Interaction, current: str) -> Choices:
    """Autocomplete for time zones."""
    return [app_commands.Choice(name=name, value=name) for name in suggested_zones(current)]


async def suggest_categories(_: discord.Interaction, current: str) -> Choices:
    """Autocomplete for the last category of a list."""
    *before_last, fragment = SEPARATOR.split(current)
    chosen = ",".join(before_last)
    before = "".join(f"{part}," for part in items(chosen))
    choices = []
    for category in taxonomy.suggest(fragment.strip()):
        value = before + category.code
        if len(value) <= CHOICE_CHARACTERS and category.code not in items(chosen):
            name = f"{value} ({category.name})"
            choices.append(app_commands.Choice(name=name[:CHOICE_CHARACTERS], value=value))
    return choices


async def suggest_languages(_: discord.Interaction, current: str) -> Choices:
    """Autocomplete for languages."""
    return [
        app_commands.Choice(name=f"{known.name} · {known.own_name}", value=known.code)
        for known in suggested_languages(current, limit=CHOICES)
    ]


@empty_on_storage_failure
async def suggest_papers(interaction: discord.Interaction[BroadsheetClient], current: str) -> Choices:
    """Autocomplete for papers by title: highlights of the latest digest here, then stored papers."""
    who = reader(interaction)
    matching = await _papers_of_title(interaction.client.services.database, who, current)
    return [_paper_choice(found, value) for value, found in matching.items()]


@empty_on_storage_failure
async def suggest_weeks(interaction: discord.Interaction[BroadsheetClient], current: str) -> Choices:
    """Autocomplete for weeks that have a digest here, newest first."""
    async with interaction.client.services.database.begin() as tx:
        weeks = await tx.digests.weeks(reader(interaction).owner_id)
    named = [(week, f"{week} ({dates(parse_week(week))})") for week in weeks]
    wanted = current.strip().casefold()
    found = [(week, name) for week, name in named if wanted in name.casefold()]
    return [app_commands.Choice(name=name, value=week) for week, name in found[:CHOICES]]


async def paper_named(database: Database, who: Reader, typed: str) -> Reference:
    """The paper named by an id, a link, or a title that was typed rather than chosen from the list.

    Raises:
        InputError: it is none of these, too short for a title, or part of several titles and none in full.
    """
    try:
        return parse(typed)
    except InputError as error:
        matching, wanted = await _papers_of_title(database, who, typed), _compared(typed)
        whole = [value for value, found in matching.items() if _compared(wording.title(found)) == wanted]
        names = whole or [*matching]
        is_too_short = not whole and len(wanted) < _MIN_TITLE_CHARACTERS
        if not names or is_too_short:
            if "/" in typed or any(map(str.isdigit, typed)):  # meant as an id or a link
                raise
            raise InputError(f"{error} Titles work only for papers that I know.", echo=error.echo) from None
        if len(names) > 1:
            echo = echoed(typed)
            raise InputError(
                f"“{echo}” matches several titles. Choose one from the list as you type, "
                "or give the paper's arXiv id or link.",
                echo=echo,
            ) from None
        return parse(names[0])


async def _papers_of_title(database: Database, who: Reader, typed: str) -> dict[str, Paper]:
    async with database.begin() as tx:
        digest = await tx.digests.latest(who.owner_id)
        stored = await tx.papers.find_titles(typed.strip()[:CHOICE_CHARACTERS], CHOICES)
    highlights = [highlight.pick.paper for highlight in digest.highlights] if digest is not None else []
    return papers_to_choose(typed, highlights, stored)


def papers_to_choose(typed: str, highlights: Sequence[Paper], stored: Sequence[Paper]) -> dict[str, Paper]:
    """Papers by the value of their choice: highlights by the version they showed, then `stored` by id.

    Highlights are those whose titles contain `typed` or, if none does, all its words in any order.
    """
    matching = _with_titles([typed], highlights) or _with_titles(typed.split(), highlights)
    shown = {paper.id for paper in matching}
    found = {paper.key: paper for paper in matching}
    found |= {paper.id: paper for paper in stored if paper.id not in shown}
    return dict([*found.items()][:CHOICES])


def _with_titles(fragments: Sequence[str], papers: Sequence[Paper]) -> list[Paper]:
    titles = ((paper, _compared(wording.title(paper))) for paper in papers)
    return [paper for paper, title in titles if all(_compared(part) in title for part in fragments)]


def _compared(title: str) -> str:
    return folded(title).replace(" ", "")


def _paper_choice(paper: Paper, value: str) -> app_commands.Choice[str]:
    number = f" · {paper.id}"
    title = shorten(wording.title(paper), CHOICE_CHARACTERS - length(number))
    return app_commands.Choice(name=f"{title}{number}", value=value)
