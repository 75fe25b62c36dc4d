"""Asks whether an invented page holds a statement's numbers."""

from bot.summaries.evidence import Evidence
from bot.summaries.sentences import plain
from bot.summaries.support import supports
from tests.bot.summaries.papers import text_of


def holds(page: str, statement: str) -> bool:
    return supports(Evidence.of(text_of(page)), plain(statement)) is not None
