"""`broadsheet ask`: one question, on the same database as a running bot."""

from rich.console import Console

from bot.answers.asked import cleaned_question
from bot.answers.question import Question
from bot.app import open_services
from bot.clock import Clock
from bot.command_line.watched import Watched
from bot.errors import InputError
from bot.locations import data_folder
from bot.logs import to_data_folder
from bot.papers.ids import Reference
from bot.rendering.terminal_answer import answer_terminal
from bot.settings import Settings
from bot.weeks import Week
from storage.model import AskScope, ScopeKind


def scope_of(paper: Reference | None, week: Week | None) -> AskScope:
    """One paper, a week, or else everything stored.

    Raises:
        InputError: both a paper and a week are given.
    """
    if paper is not None and week is not None:
        raise InputError("Give --paper or --week, not both.")
    if paper is not None:
        return AskScope(kind=ScopeKind.PAPER, paper=paper.key_or_id)
    if week is not None:
        return AskScope(kind=ScopeKind.WEEK, week=str(week))
    return AskScope(kind=ScopeKind.EVERYTHING)


async def answer_question(
    settings: Settings, text: str, scope: AskScope, *, console: Console, clock: Clock
) -> None:
    """Answer the question and print it with its sources.

    Raises:
        InputError: it is not a question, or there is no paper to look in.
        ServiceError: arXiv could not be asked.
    """
    question = Question(text=cleaned_question(text), scope=scope)
    to_data_folder(settings.log_level, data_folder(settings))
    async with open_services(settings, clock=clock) as services:
        with Watched(console) as progress:
            answered = await services.answers.ask(question, progress=progress)
    console.print(answer_terminal(answered.answer))
