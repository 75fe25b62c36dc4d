"""`broadsheet summarize`: one paper's summary, on the same database as a running bot."""

from rich.console import Console
from rich.text import Text

from bot.app import open_services
from bot.clock import Clock
from bot.command_line.watched import Watched
from bot.languages import Language
from bot.locations import data_folder
from bot.logs import to_data_folder
from bot.papers.ids import Reference
from bot.rendering import wording
from bot.rendering.terminal import summary_terminal
from bot.settings import Settings


async def summarize_paper(
    settings: Settings, reference: Reference, language: Language, *, console: Console, clock: Clock
) -> None:
    """Summarise the paper, or find its summary in storage, and print it.

    Raises:
        PaperNotFoundError: arXiv does not know it.
        ServiceError: arXiv could not be asked.
    """
    to_data_folder(settings.log_level, data_folder(settings))
    async with open_services(settings, clock=clock) as services:
        with Watched(console) as progress:
            made = await services.on_demand.summarize(reference, code=language.code, progress=progress)
        notes = wording.about_summary(
            made.paper, made.summary, newest=made.newest, code=made.code, model_problem=made.model_problem
        )
        console.print(summary_terminal(made.paper, made.summary, notes=notes))
        newest = await services.on_demand.newest(made)
    if newest.version > made.newest.version and (newer := wording.newer(made.paper, newest)):
        console.print(Text(newer, style="bold yellow"))
