"""👍 and 👎: on highlights, from the menu of the other papers, under a summary, and in direct messages."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
import simcord

from bot.rendering.discord_components import Component
from bot.summaries.on_demand import SummarizedPaper
from bot.taste.votes import MOST_VOTES_AN_HOUR
from storage.model import Paper, Vote
from tests.bot.summaries.papers import paper
from tests.cogs.lab import DIGEST, NOW, WEEK, Lab, components, is_private, shown

FIRST, SECOND = (highlight.pick.paper for highlight in DIGEST.highlights)
NOTED = DIGEST.noted[0].pick.paper


def labels(message: Any) -> list[str]:
    """What the two buttons say."""
    parts = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    return [
        each["label"]
        for each in components(parts)
        if str(each.get("custom_id")).startswith((Component.UP.prefix, Component.DOWN.prefix))
    ]


async def posted(lab: Lab, *, style: str = "full") -> None:
    """Have the digest's papers stored and its messages in the channel."""
    async with lab.database.begin() as tx:
        await tx.papers.save([FIRST, SECOND, NOTED])
    await lab.set_up(style=style)
    await lab.run("digest now")


def current(lab: Lab, message: discord.Message) -> discord.Message:
    """The message as it is now."""
    return next(each for each in lab.messages() if each.id == message.id)


async def stored(lab: Lab, server_id: int | None = None) -> list[Vote]:
    """The votes of a server."""
    async with lab.database.begin() as tx:
        return await tx.tastes.votes(lab.guild.id if server_id is None else server_id)


async def press(lab: Lab, who: simcord.MemberActor, message: discord.Message, prefix: str) -> None:
    """Press one of the two buttons of the first highlight."""
    await who.click(current(lab, message), custom_id=prefix + FIRST.id)


async def test_a_vote_is_kept_and_counted_on_the_button(lab: Lab) -> None:
    await posted(lab)
    message = lab.messages()[1]
    assert labels(message) == ["👍 0", "👎 0"]

    await press(lab, lab.member, message, Component.UP.prefix)

    assert labels(current(lab, message)) == ["👍 1", "👎 0"]
    vote = Vote(server_id=lab.guild.id, user_id=lab.member.id, paper_id=FIRST.id, liked=True, at=NOW)
    assert await stored(lab) == [vote]


async def test_only_the_counts_change_on_the_message(lab: Lab) -> None:
    await posted(lab)
    message = lab.messages()[1]
    before = [part.to_dict() for part in message.components]

    await press(lab, lab.member, message, Component.UP.prefix)

    after = str([part.to_dict() for part in current(lab, message).components])
    assert after.replace("👍 1", "👍 0") == str(before)


async def test_another_vote_takes_the_place_of_the_first(lab: Lab) -> None:
    await posted(lab)
    message = lab.messages()[1]

    await press(lab, lab.member, message, Component.UP.prefix)
    await press(lab, lab.admin, message, Component.UP.prefix)
    await press(lab, lab.member, message, Component.DOWN.prefix)

    assert labels(current(lab, message)) == ["👍 1", "👎 1"]
    assert {vote.user_id: vote.liked for vote in await stored(lab)} == {
        lab.admin.id: True,
        lab.member.id: False,
    }


class Press:
    """One press of a button of a message, which Discord takes when it likes."""

    def __init__(self, lab: Lab) -> None:
        self.guild_id = lab.guild.id
        self.user = SimpleNamespace(id=5)
        self.context = discord.app_commands.AppCommandContext(guild=True)
        self.message = SimpleNamespace(id=9, flags=discord.MessageFlags(), components=[])
        self.response = self
        self.taken = asyncio.Event()

    async def defer(self, **_: bool) -> None:
        await self.taken.wait()

    async def edit_original_response(self, *, view: object) -> None:
        """Show nothing."""


async def test_of_two_quick_presses_the_later_counts_though_discord_takes_it_first(lab: Lab) -> None:
    await posted(lab)
    up, down = Press(lab), Press(lab)
    pressed = [
        asyncio.ensure_future(lab.client.components[component](cast("Any", press), FIRST.id, ()))
        for component, press in ((Component.UP, up), (Component.DOWN, down))
    ]
    await asyncio.sleep(0)
    down.taken.set()
    await asyncio.sleep(0.1)  # the time for a vote that does not wait for its turn
    up.taken.set()
    await asyncio.gather(*pressed)

    assert [vote.liked for vote in await stored(lab)] == [False]


async def test_the_same_button_again_takes_the_vote_back(lab: Lab) -> None:
    await posted(lab)
    message = lab.messages()[1]

    await press(lab, lab.member, message, Component.UP.prefix)
    await press(lab, lab.member, message, Component.UP.prefix)

    assert labels(current(lab, message)) == ["👍 0", "👎 0"]
    assert await stored(lab) == []


async def voted_often(lab: Lab, *, minutes_ago: int) -> None:
    """Have the member's votes for one paper less than may count of an hour."""
    papers = [replace(FIRST, id=f"2609.{number:05}") for number in range(1, MOST_VOTES_AN_HOUR)]
    at = NOW - timedelta(minutes=minutes_ago)
    async with lab.database.begin() as tx:
        await tx.papers.save(papers)
        await tx.tastes.save_votes(
            [
                Vote(server_id=lab.guild.id, user_id=lab.member.id, paper_id=one.id, liked=True, at=at)
                for one in papers
            ]
        )


async def test_a_flood_of_votes_is_told_to_the_voter_before_and_when_it_counts_for_nothing(lab: Lab) -> None:
    await posted(lab)
    await voted_often(lab, minutes_ago=59)
    _, first, second = lab.messages()

    as_many_as_count = await lab.member.click(first, custom_id=Component.UP.custom_id(FIRST.id))
    one_more = await lab.member.click(second, custom_id=Component.UP.custom_id(SECOND.id))
    taken_back = await lab.member.click(current(lab, second), custom_id=Component.UP.custom_id(SECOND.id))

    assert all(told.followups[0].ephemeral for told in (as_many_as_count, one_more))
    assert "With one more, none of them would count" in shown(as_many_as_count)
    assert "so none of them count. Take the extra ones back" in shown(one_more)
    assert not taken_back.followups


async def test_votes_of_more_than_an_hour_ago_are_no_flood(lab: Lab) -> None:
    await posted(lab)
    await voted_often(lab, minutes_ago=60)

    told = await lab.member.click(lab.messages()[1], custom_id=Component.UP.custom_id(FIRST.id))

    assert not told.followups


async def test_votes_of_another_message_are_shown_by_the_next_digest(lab: Lab) -> None:
    async with lab.database.begin() as tx:
        await tx.papers.save([FIRST])
        vote = Vote(server_id=lab.guild.id, user_id=5, paper_id=FIRST.id, liked=True, at=NOW)
        await tx.tastes.save_votes([vote])

    await posted(lab)

    assert labels(lab.messages()[1]) == ["👍 1", "👎 0"]


async def test_a_paper_that_is_only_noted_is_chosen_from_the_menu_and_voted_on_in_private(lab: Lab) -> None:
    await posted(lab)
    head = lab.messages()[0]
    before = lab.posted()

    answer = await lab.member.select(
        head, [NOTED.id], custom_id=Component.VOTE.custom_id(f"digest:{lab.guild.id}:{WEEK}")
    )
    assert is_private(answer)
    assert NOTED.title in shown(answer)
    assert answer.response is not None
    voted = await lab.member.click(answer.response, custom_id=Component.UP.custom_id(NOTED.id))

    assert voted.response is not None
    assert labels(voted.response) == ["👍 1", "👎 0"]
    assert [vote.paper_id for vote in await stored(lab)] == [NOTED.id]
    assert lab.posted() == before


async def test_the_highlights_of_a_compact_digest_are_in_the_menu(lab: Lab) -> None:
    await posted(lab, style="compact")
    (head,) = lab.messages()

    answer = await lab.member.select(
        head, [SECOND.id], custom_id=Component.VOTE.custom_id(f"digest:{lab.guild.id}:{WEEK}")
    )

    assert SECOND.key in str([m.components for m in (answer.response, *answer.followups) if m])


async def test_a_summary_is_voted_on_where_it_was_asked_for(lab: Lab) -> None:
    lab.desk.lists(paper())
    answer = await lab.member.slash(lab.channel, "summarize", paper=paper().id)
    assert answer.response is not None
    assert labels(answer.response) == ["👍 0", "👎 0"]

    voted = await lab.admin.click(answer.response, custom_id=Component.DOWN.custom_id(paper().id))

    assert voted.response is not None
    assert labels(voted.response) == ["👍 0", "👎 1"]


async def test_votes_that_came_while_arxiv_was_asked_for_a_newer_version_stay_on_the_buttons(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def newest_after_a_vote(made: SummarizedPaper) -> Paper:
        await lab.client.services.ballots.press(lab.guild.id, lab.member.id, made.paper.id, liked=True)
        return replace(made.newest, version=made.newest.version + 1)

    lab.desk.lists(paper())
    monkeypatch.setattr(lab.desk.on_demand, "newest", newest_after_a_vote)

    await lab.member.slash(lab.channel, "summarize", paper=paper().id)

    assert "This is v1; the newest version is v2." in lab.posted()[-1]
    assert labels(lab.messages()[-1]) == ["👍 1", "👎 0"]


async def test_in_direct_messages_a_vote_counts_for_the_person_alone(lab: Lab) -> None:
    lab.desk.lists(paper())
    ada, bob = lab.env.create_user("eve"), lab.env.create_user("mallory")
    for person in (ada, bob):
        answer = await person.slash("summarize", paper=paper().id)
        assert answer.response is not None
        assert labels(answer.response) == ["👍 0", "👎 0"]

        voted = await person.click(answer.response, custom_id=Component.UP.custom_id(paper().id))

        assert voted.response is not None
        assert labels(voted.response) == ["👍 1", "👎 0"]
    assert {vote.user_id for vote in await stored(lab, 0)} == {ada.id, bob.id}
    assert await stored(lab) == []


@pytest.mark.usefixtures("direct_messages_are_a_groups")
async def test_among_others_outside_of_servers_no_own_vote_is_shown(lab: Lab) -> None:
    lab.desk.lists(paper())
    eve = lab.env.create_user("eve")

    public = await eve.slash("summarize", paper=paper().id)
    private = await eve.slash("summarize", paper=paper().id, private=True)

    assert public.response is not None
    assert labels(public.response) == []
    assert private.response is not None
    assert labels(private.response) == ["👍 0", "👎 0"]


async def test_a_vote_among_others_outside_of_servers_is_refused_to_the_person_alone(
    lab: Lab, request: pytest.FixtureRequest
) -> None:
    lab.desk.lists(paper())
    eve = lab.env.create_user("eve")
    older = await eve.slash("summarize", paper=paper().id)
    assert older.response is not None
    request.getfixturevalue("direct_messages_are_a_groups")

    refused = await eve.click(older.response, custom_id=Component.UP.custom_id(paper().id))

    assert is_private(refused)
    assert "Everyone here would see your vote" in shown(refused)
    assert await stored(lab, 0) == []


@pytest.mark.usefixtures("direct_messages_are_a_groups")
async def test_what_only_the_person_sees_is_voted_on_there_too(lab: Lab) -> None:
    lab.desk.lists(paper())
    eve = lab.env.create_user("eve")
    private = await eve.slash("summarize", paper=paper().id, private=True)
    assert private.response is not None

    voted = await eve.click(private.response, custom_id=Component.UP.custom_id(paper().id))

    assert voted.response is not None
    assert labels(voted.response) == ["👍 1", "👎 0"]


async def test_a_paper_that_is_not_stored_any_more_is_told(lab: Lab) -> None:
    await lab.set_up(style="full")
    await lab.run("digest now")

    answer = await lab.member.click(lab.messages()[1], custom_id=Component.UP.custom_id(FIRST.id))

    assert "I have no record of this paper" in shown(answer)
    assert f"Run `/summarize paper:{FIRST.id}` first, then vote again." in shown(answer)


async def test_no_view_is_kept_for_a_vote(lab: Lab) -> None:
    await posted(lab)
    message = lab.messages()[1]

    for _ in range(3):
        await press(lab, lab.member, message, Component.UP.prefix)

    kept = lab.client._connection._view_store._synced_message_views
    assert message.id not in kept
