"""Admissions with test limits, and people who ask."""

from dataclasses import replace

from bot.clock import Clock
from bot.limits.admission import Admission
from bot.limits.rules import Limits, Share
from bot.llm.usage import Prices
from storage.database import Database
from storage.model import Asker

AT_A_TIME = 4
NO_LIMITS = Limits(
    user=Share(questions_per_hour=0, tokens_per_day=0), server=Share(questions_per_hour=0, tokens_per_day=0)
)
ONE_TOKEN = replace(NO_LIMITS, server=Share(questions_per_hour=0, tokens_per_day=1))
"""Used up as soon as a server has used anything."""


def admission(
    database: Database, clock: Clock, *, limits: Limits = NO_LIMITS, at_a_time: int = AT_A_TIME
) -> Admission:
    return Admission(
        database=database,
        clock=clock,
        writing_at_a_time=at_a_time,
        limits=limits,
        prices=Prices(prompt_usd=1.0, completion_usd=2.0),
    )


def asker(user_id: int, server_id: int | None = 7) -> Asker:
    return Asker(user_id=user_id, server_id=server_id)
