"""Checks a statement's numbers against an invented page."""

from bot.checks.evidence import Evidence
from bot.checks.sentences import plain
from bot.checks.support import supports
from tests.bot.summaries.papers import text_of


def holds(page: str, statement: str) -> bool:
    return supports(Evidence.of(text_of(page)), plain(statement)) is not None
