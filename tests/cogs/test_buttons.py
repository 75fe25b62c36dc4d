"""Buttons, menus and windows: they cost nothing while nobody uses them, and outlive a restart."""

import discord.ui.view
import pytest
import simcord

from bot.errors import ServiceError
from bot.rendering.discord_components import Component
from storage.model import Reader
from tests.bot.answers.room import FOLD, MEMORY, TIDE, saying
from tests.cogs.lab import Lab, components, shown

KEEPS = saying("Foldcache keeps 12.5 % of the key-value memory.", "12.5 %")


def store(lab: Lab) -> discord.ui.view.ViewStore:
    """Where discord.py keeps what it waits for."""
    return lab.client._connection._view_store


def kept(lab: Lab) -> list[object]:
    return [*store(lab)._views, *store(lab)._synced_message_views, *store(lab)._modals]


async def asked(lab: Lab) -> simcord.InteractionResult:
    """An answer with its button "Ask more"."""
    await lab.room.has_read(FOLD, reader=Reader(server_id=lab.guild.id))
    return await lab.member.slash(lab.channel, "ask", question=MEMORY, scope="everything")


def custom_id(result: simcord.InteractionResult, prefix: str) -> str:
    """Of the button whose custom id begins so."""
    assert result.response is not None
    ids = [str(each.get("custom_id")) for each in components(result.response.components)]
    return next(each for each in ids if each.startswith(prefix))


async def test_no_message_is_kept_in_memory_for_its_buttons(lab: Lab) -> None:
    lab.desk.lists(TIDE)
    lab.asked.then(KEEPS, KEEPS)
    await lab.set_up()
    await lab.run("digest now")

    await lab.run("digest latest")
    await lab.run("privacy delete")
    await lab.run("taste reset")
    await lab.member.slash(lab.channel, "summarize", paper=TIDE.id)
    await lab.member.slash(lab.channel, "summarize", paper=TIDE.id, private=True)
    answer = await asked(lab)
    assert answer.response is not None
    assert lab.client.user is not None
    await lab.member.send(lab.channel, f"{lab.client.user.mention} say it again", reply_to=answer.response)

    assert len(lab.asked.prompts) == 2
    assert kept(lab) == []


async def test_a_window_that_nobody_sends_is_not_kept(lab: Lab) -> None:
    lab.asked.then(KEEPS)
    answer = await asked(lab)
    assert answer.response is not None

    for _ in range(3):
        await lab.member.click(answer.response, custom_id=custom_id(answer, Component.MORE.prefix))

    assert kept(lab) == []


async def test_a_window_from_before_a_restart_is_answered(lab: Lab) -> None:
    lab.desk.lists(TIDE)
    lab.asked.then(KEEPS, KEEPS, KEEPS)
    answer = await asked(lab)
    summary = await lab.member.slash(lab.channel, "summarize", paper=TIDE.id)
    assert answer.response is not None
    assert summary.response is not None
    more = await lab.member.click(answer.response, custom_id=custom_id(answer, Component.MORE.prefix))
    about = await lab.member.click(summary.response, custom_id=custom_id(summary, Component.ASK.prefix))
    store(lab)._modals.clear()  # all that another process would not know

    gone_on = await lab.member.submit_modal(more, {"question": "And how much memory?"})
    told = await lab.member.submit_modal(about, {"question": "How much memory does it keep?"})

    assert "12.5 %" in shown(gone_on)
    assert f"Looked in: {TIDE.title}" in shown(told)


async def test_a_question_typed_into_a_window_that_fails_is_told(lab: Lab) -> None:
    lab.asked.then(KEEPS)
    answer = await asked(lab)
    assert answer.response is not None
    window = await lab.member.click(answer.response, custom_id=custom_id(answer, Component.MORE.prefix))

    refused = await lab.member.submit_modal(window, {"question": "?!"})

    assert "Please ask a question" in shown(refused)


async def test_a_question_that_fails_is_given_back(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ServiceError("arXiv did not answer in time.")

    lab.asked.then(KEEPS)
    answer = await asked(lab)
    assert answer.response is not None
    window = await lab.member.click(answer.response, custom_id=custom_id(answer, Component.MORE.prefix))
    monkeypatch.setattr(lab.room.answers, "ask", fail)

    in_window = await lab.member.submit_modal(window, {"question": "Is *that* all?"})
    as_command = await lab.member.slash(lab.channel, "ask", question="Is *that* all?")

    told = "arXiv did not answer in time.\n\nYour question was: Is \\*that\\* all?"
    assert shown(in_window) == shown(as_command) == told
