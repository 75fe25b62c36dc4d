"""Who waits for an answer when the bot stops."""

import asyncio
from contextlib import suppress

import pytest

from bot.answering import MAX_COMMANDS_PER_PERSON, Answering
from bot.errors import InputError, ServiceError


class Person:
    """Asks the bot for what never comes, and hears what is told."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.heard: list[str] = []
        self.begun = self.ended = False

    async def tell(self, error: ServiceError) -> None:
        self.heard.append(str(error))

    async def ask(self, answer_comes: asyncio.Event) -> None:
        self.answering.register(self.tell)
        self.begun = True
        try:
            await answer_comes.wait()
        finally:
            await asyncio.sleep(0.01)  # such as a transaction that is rolled back
            self.ended = True


class Deaf(Person):
    """Discord does not take what this one is told."""

    async def tell(self, error: ServiceError) -> None:
        await super().tell(error)
        raise OSError


class Unreachable(Person):
    """Discord does not answer when this one is told."""

    async def tell(self, _: ServiceError) -> None:
        await asyncio.Event().wait()


@pytest.fixture
def answering() -> Answering:
    return Answering()


async def test_who_waits_is_told_once_the_work_has_ended_and_who_has_an_answer_is_not(
    answering: Answering,
) -> None:
    waiting, served = Person(answering), Person(answering)
    never, at_once = asyncio.Event(), asyncio.Event()
    at_once.set()
    tasks = [asyncio.create_task(waiting.ask(never)), asyncio.create_task(served.ask(at_once))]
    await tasks[1]

    await answering.stop()
    await answering.stop()

    assert tasks[0].cancelled()
    assert waiting.ended
    assert waiting.heard == ["I am restarting and could not finish this. Try again in a minute."]
    assert served.heard == []


async def test_who_is_told_in_vain_keeps_nobody_else_from_being_told(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering._TELLING_SECONDS", 0.1)
    people = [Deaf(answering), Unreachable(answering), Person(answering)]
    tasks = [asyncio.create_task(person.ask(asyncio.Event())) for person in people]
    await asyncio.sleep(0)

    async with asyncio.timeout(10):
        await answering.stop()

    assert all(task.done() for task in tasks)
    assert [len(person.heard) for person in people] == [1, 0, 1]


async def test_what_nobody_waits_for_is_ended_too(answering: Answering) -> None:
    ended = asyncio.Event()

    async def tidy_up() -> None:
        answering.register()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(tidy_up())
    await asyncio.sleep(0)
    await answering.stop()

    assert task.done()
    assert ended.is_set()


async def test_nothing_begins_once_it_stops(answering: Answering) -> None:
    await answering.stop()
    late = Person(answering)

    with suppress(asyncio.CancelledError):
        await asyncio.create_task(late.ask(asyncio.Event()))

    assert not late.begun


async def test_one_person_has_a_few_commands_under_way_at_most(answering: Answering) -> None:
    over = asyncio.Event()

    async def command(user_id: int) -> None:
        answering.register_command(user_id)
        await over.wait()

    tasks = [asyncio.create_task(command(7)) for _ in range(MAX_COMMANDS_PER_PERSON + 1)]
    tasks.append(asyncio.create_task(command(8)))
    await asyncio.sleep(0)

    assert [task.done() for task in tasks] == [*(False,) * MAX_COMMANDS_PER_PERSON, True, False]
    with pytest.raises(InputError, match="You have 5 commands running"):
        await tasks[MAX_COMMANDS_PER_PERSON]
    over.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.create_task(command(7))
