"""/ask, the buttons that ask, and replies."""

from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest
import simcord

from bot.answers.question import Answered, Question
from bot.errors import ServiceError
from bot.llm.port import Prompt, Reply
from bot.progress import Progress
from bot.rendering.answer_words import NOT_IN_PAPERS, OFF_TOPIC
from bot.rendering.discord_components import Component
from storage.model import Reader
from tests.bot.answers.room import FOLD, MEMORY, TIDE, saying
from tests.bot.rendering.examples import example_digest, example_paper
from tests.cogs.lab import DIGEST, NOW, WEEK, Lab, is_private, shown, texts
from tests.storage.records import digest

KEEPS = saying("Foldcache keeps 12.5 % of the key-value memory.", "12.5 %")
ACCURATE = saying("It reaches an accuracy of 81.2 % on LongQuiz.", "81.2")
TESTED = saying("Tidepool was evaluated with 14 volunteers.", "14 volunteers")


@pytest.fixture
async def papers(lab: Lab) -> Lab:
    """A server that has seen both invented papers."""
    await lab.room.has_read(FOLD, TIDE, reader=Reader(server_id=lab.guild.id))
    return lab


async def ask(lab: Lab, question: str = MEMORY, **options: Any) -> simcord.InteractionResult:
    return await lab.member.slash(lab.channel, "ask", question=question, **options)


def button(result: simcord.InteractionResult) -> str:
    """The custom id of "Ask more"."""
    found = list[str]()

    def walk(components: list[Any]) -> None:
        for component in components:
            if component["type"] == 2:
                found.append(component["custom_id"])
            walk(component.get("components", []))

    assert result.response is not None
    walk(result.response.components)
    (custom_id,) = found
    assert custom_id.startswith(Component.MORE.prefix)
    return custom_id


async def test_an_answer_shows_the_question_the_sentence_and_the_page(papers: Lab) -> None:
    papers.asked.then(KEEPS)

    answer = await ask(papers)

    assert f"> “{MEMORY}”" in shown(answer)
    assert "Foldcache keeps 12.5 % of the key-value memory." in shown(answer)
    assert "https://arxiv.org/pdf/2611.00001v1#page=2" in shown(answer)
    assert not is_private(answer)


async def test_private_is_for_the_person_alone(papers: Lab) -> None:
    papers.asked.then(KEEPS)

    assert is_private(await ask(papers, private=True))


async def test_a_paper_nobody_has_read_is_fetched_and_counts_as_seen(lab: Lab) -> None:
    lab.asked.then(KEEPS)

    answer = await ask(lab, paper="https://arxiv.org/abs/2611.00001")

    assert "12.5 %" in shown(answer)
    assert await lab.seen(Reader(server_id=lab.guild.id)) == [FOLD.key]


async def test_a_paper_in_which_nothing_was_looked_up_does_not_count_as_seen(papers: Lab) -> None:
    answer = await ask(papers, "Hello!", paper=FOLD.id, private=True)

    assert OFF_TOPIC in shown(answer)
    assert await papers.seen(Reader(user_id=papers.member.id)) == []


async def test_part_of_a_title_names_the_only_paper_that_has_it(papers: Lab) -> None:
    papers.asked.then(KEEPS)

    answer = await ask(papers, paper="folding key")

    assert "12.5 %" in shown(answer)


@pytest.mark.parametrize("part", ["-1", "on", "\u200b", "-"])
async def test_what_stands_in_one_title_by_chance_names_no_paper(lab: Lab, part: str) -> None:
    async with lab.database.begin() as tx:
        await tx.papers.save([example_paper(title="1 step on")])

    answer = await ask(lab, paper=part)

    assert "is not an arXiv id or link" in shown(answer)


async def test_part_of_several_titles_is_to_be_chosen_from_the_list(papers: Lab) -> None:
    answer = await ask(papers, paper="ing")

    assert "“ing” matches several titles. Choose one from the list" in shown(answer)
    assert is_private(answer)


async def test_what_is_no_paper_is_explained(lab: Lab) -> None:
    answer = await ask(lab, paper="the one about cats")

    assert "is not an arXiv id or link" in shown(answer)


async def test_a_failure_of_a_public_question_is_told_to_the_person_alone(lab: Lab) -> None:
    answer = await ask(lab, paper="the one about cats")

    assert is_private(answer)
    assert lab.messages() == []


async def test_a_failure_of_a_private_question_takes_the_place_of_its_wait(lab: Lab) -> None:
    answer = await ask(lab, paper="the one about cats", private=True)

    assert is_private(answer)
    assert answer.followups == []


async def test_a_failure_after_the_answer_leaves_the_answer_there(
    papers: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> None:
        raise ServiceError("The disk is full.")

    papers.asked.then(KEEPS)
    monkeypatch.setattr(papers.room.answers, "record_message", failing)

    answer = await ask(papers)

    (posted,) = papers.posted()
    assert "Foldcache keeps 12.5 %" in posted
    (told,) = answer.followups
    assert told.content == f"The disk is full.\n\nYour question was: {MEMORY}"
    assert told.ephemeral


async def test_a_wait_that_somebody_deletes_is_no_incident(
    papers: Lab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    channel = papers.client.get_channel(papers.channel.id)
    assert isinstance(channel, discord.TextChannel)
    asking = papers.room.answers.ask

    async def deleted_meanwhile(question: Question, *, progress: Progress) -> Answered:
        (wait,) = papers.messages()
        await (await channel.fetch_message(wait.id)).delete()
        return await asking(question, progress=progress)

    papers.asked.then(KEEPS)
    monkeypatch.setattr(papers.room.answers, "ask", deleted_meanwhile)

    await ask(papers)

    assert papers.messages() == []
    assert not any("incident" in record.getMessage() for record in caplog.records)


async def test_markup_repeated_from_a_question_does_nothing_in_a_failures_words(papers: Lab) -> None:
    echoed = await ask(papers, paper="[free nitro](https://evil.example/x)")
    own = await ask(papers, scope="paper")

    assert r"“\[free nitro\]\(https\://evil.example/x)” is not an arXiv id" in shown(echoed)
    assert "https://arxiv.org/abs/2404.12345" in shown(echoed)
    assert "with the option `paper`" in shown(own)


async def test_a_failure_of_many_words_is_cut_to_what_discord_takes(lab: Lab) -> None:
    async def failing(*_: object) -> None:
        raise ServiceError("many words " * 500)

    lab.desk.lists(TIDE)
    summary = await lab.member.slash(lab.channel, "summarize", paper=TIDE.id)
    assert summary.response is not None
    lab.client.components[Component.ASK] = failing

    answer = await lab.member.click(summary.response, custom_id=f"broadsheet:ask:{TIDE.key}")

    assert shown(answer).startswith("many words many words")
    assert len(shown(answer)) <= 2_000


async def test_this_paper_outside_of_a_thread_is_explained(papers: Lab) -> None:
    answer = await ask(papers, scope="paper")

    assert "option `paper`" in shown(answer)


async def test_this_paper_outside_of_a_thread_is_the_one_that_the_question_links_to(papers: Lab) -> None:
    papers.asked.then(KEEPS)

    answer = await ask(papers, f"{MEMORY} {FOLD.abs_url}", scope="paper")

    assert "12.5 %" in shown(answer)
    assert f"Looked in: {FOLD.title}" in shown(answer)


async def test_in_a_highlights_thread_that_paper_is_asked(lab: Lab) -> None:
    lab.room.lists((DIGEST.highlights[0].pick.paper, ("We charge every draft token at its latency.",)))
    lab.asked.then(saying("Every draft token is charged at its latency.", "draft token"))
    await lab.set_up(threads="each")
    await lab.run("digest now")
    thread = next(one for one in lab.channel.threads if "Counting" in str(one.name))

    answer = await lab.member.slash(thread, "ask", question="What is charged?")

    assert "Every draft token is charged at its latency." in shown(answer)
    assert DIGEST.highlights[0].pick.paper.key in shown(answer)


async def test_who_is_forgotten_while_the_model_writes_stays_so(
    papers: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = papers.asked.complete

    async def forgotten_meanwhile(prompt: Prompt, *, max_tokens: int) -> Reply:
        await papers.client.services.privacy.delete(papers.member.id)
        return await complete(prompt, max_tokens=max_tokens)

    monkeypatch.setattr(papers.asked, "complete", forgotten_meanwhile)
    papers.asked.then(KEEPS)

    answer = await ask(papers, paper=FOLD.id, private=True)

    assert "Foldcache keeps 12.5 % of the key-value memory." in shown(answer)
    async with papers.database.begin() as tx:
        assert await tx.conversations.count_of_user(papers.member.id) == 0
        assert await tx.seen.count_of_user(papers.member.id) == 0


async def test_a_thread_under_a_compact_digest_is_about_no_one_paper(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list goes on in further messages, as many as a full digest of few highlights has."""
    long = example_digest()
    monkeypatch.setattr("tests.cogs.lab.DIGEST", long)
    await lab.set_up(style="compact")
    await lab.run("digest now")
    channel = lab.client.get_channel(lab.channel.id)
    assert isinstance(channel, discord.TextChannel)
    last = lab.messages()[-1]
    opened = await (await channel.fetch_message(last.id)).create_thread(name="About this")
    thread = next(one for one in lab.channel.threads if one.id == opened.id)

    answer = await lab.member.slash(thread, "ask", question="What is charged?", scope="paper")

    assert len(lab.messages()) > 1
    assert "This isn't a paper's thread" in shown(answer)


async def opened_under(lab: Lab, answer: simcord.InteractionResult) -> simcord.ChannelHandle:
    """The thread that somebody opens under a message of the bot's."""
    assert answer.response is not None
    channel = lab.client.get_channel(lab.channel.id)
    assert isinstance(channel, discord.TextChannel)
    opened = await (await channel.fetch_message(answer.response.id)).create_thread(name="About this")
    return next(one for one in lab.channel.threads if one.id == opened.id)


async def test_in_a_thread_under_a_summary_that_paper_is_asked(papers: Lab) -> None:
    papers.asked.then(TESTED)
    papers.desk.lists(TIDE)
    thread = await opened_under(papers, await papers.member.slash(papers.channel, "summarize", paper=TIDE.id))

    answer = await papers.member.slash(thread, "ask", question="How was it evaluated?")

    assert f"Looked in: {TIDE.title}" in shown(answer)


async def test_in_a_thread_under_an_answer_its_papers_are_asked(papers: Lab) -> None:
    papers.asked.then(KEEPS, ACCURATE)
    thread = await opened_under(papers, await ask(papers, paper=FOLD.id))

    answer = await papers.member.slash(thread, "ask", question="How accurate is it?")

    assert f"Looked in: {FOLD.title}" in shown(answer)


async def test_a_thread_whose_message_is_closed_to_the_bot_is_about_the_week(
    papers: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise refused(403, {"code": 50001, "message": "Missing Access"})

    papers.asked.then(KEEPS)
    papers.desk.lists(TIDE)
    thread = await opened_under(papers, await papers.member.slash(papers.channel, "summarize", paper=TIDE.id))
    monkeypatch.setattr(discord.Thread, "starter_message", None)
    monkeypatch.setattr(papers.client.http, "get_message", refuse)

    answer = await papers.member.slash(thread, "ask", question=MEMORY)

    assert "Looked in: everything seen here" in shown(answer)


async def test_ask_more_opens_a_window_and_carries_the_turns(papers: Lab) -> None:
    papers.asked.then(KEEPS, ACCURATE)
    first = await ask(papers)
    assert first.response is not None

    window = await papers.admin.click(first.response, custom_id=button(first))
    answer = await papers.admin.submit_modal(window, {"question": "And how accurate is it?"})

    assert "It reaches an accuracy of 81.2 % on LongQuiz." in shown(answer)
    assert MEMORY in papers.asked.prompts[1].user


async def test_a_private_answer_is_gone_on_from_in_private(papers: Lab) -> None:
    papers.asked.then(KEEPS, ACCURATE)
    first = await ask(papers, private=True)
    assert first.response is not None

    window = await papers.member.click(first.response, custom_id=button(first))
    answer = await papers.member.submit_modal(window, {"question": "And how accurate is it?"})

    assert is_private(answer)


async def test_after_a_day_the_button_says_that_all_is_forgotten(papers: Lab) -> None:
    papers.asked.then(KEEPS)
    first = await ask(papers)
    assert first.response is not None
    papers.clock.move_to(NOW + timedelta(hours=25))

    window = await papers.member.click(first.response, custom_id=button(first))
    answer = await papers.member.submit_modal(window, {"question": "And how accurate is it?"})

    assert "I forget conversations after a day" in shown(answer)
    assert len(papers.asked.prompts) == 1


async def test_ask_about_this_asks_the_paper_of_the_summary(lab: Lab) -> None:
    lab.desk.lists(TIDE)
    lab.asked.then(TESTED)
    summary = await lab.member.slash(lab.channel, "summarize", paper=TIDE.id)
    assert summary.response is not None

    window = await lab.admin.click(summary.response, custom_id=f"broadsheet:ask:{TIDE.key}")
    async with lab.database.begin() as tx:
        stored = await tx.papers.text(TIDE.id, 1)
    assert stored is not None
    answer = await lab.admin.submit_modal(window, {"question": "With how many volunteers was it evaluated?"})

    assert NOT_IN_PAPERS in shown(answer)  # this copy of the paper has another text
    assert TIDE.key in shown(answer)


async def reply(lab: Lab, to: simcord.InteractionResult, words: str) -> None:
    assert to.response is not None
    await lab.admin.send(lab.channel, words, reply_to=to.response)


def newest(lab: Lab) -> discord.Message:
    return lab.messages()[-1]


async def test_a_reply_that_mentions_the_bot_goes_on(papers: Lab) -> None:
    papers.asked.then(KEEPS, ACCURATE)
    first = await ask(papers)
    assert papers.client.user is not None

    await reply(papers, first, f"{papers.client.user.mention} and how accurate is it?")

    answer = newest(papers)
    assert answer.author.id == papers.client.user.id
    assert "accuracy of 81.2 %" in "\n".join(texts(part.to_dict() for part in answer.components))
    assert answer.mentions == []
    assert MEMORY in papers.asked.prompts[1].user
    assert papers.client.user.mention not in papers.asked.prompts[1].user


async def test_a_paper_that_a_reply_names_counts_as_seen_by_the_server(lab: Lab) -> None:
    lab.asked.then(KEEPS, TESTED)
    first = await ask(lab, paper=FOLD.id)
    assert lab.client.user is not None

    await reply(lab, first, f"{lab.client.user.mention} with how many volunteers was {TIDE.abs_url} tested?")

    assert set(await lab.seen(Reader(server_id=lab.guild.id))) == {FOLD.key, TIDE.key}


async def test_all_papers_that_a_question_names_count_as_seen(lab: Lab) -> None:
    lab.asked.then(KEEPS)

    await ask(lab, f"How does {FOLD.abs_url} compare with {TIDE.abs_url}?")

    assert set(await lab.seen(Reader(server_id=lab.guild.id))) == {FOLD.key, TIDE.key}


async def test_a_paper_that_a_reply_names_in_direct_messages_counts_as_seen_by_the_person(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.asked.then(KEEPS, TESTED)
    first = await eve.slash("ask", question=MEMORY, paper=FOLD.id)
    assert first.response is not None
    assert lab.client.user is not None

    await eve.send_dm(
        f"{lab.client.user.mention} with how many volunteers was {TIDE.abs_url} tested?",
        reference={"channel_id": str(eve.dm_channel.id), "message_id": str(first.response.id)},
    )

    assert set(await lab.seen(Reader(user_id=eve.id))) == {FOLD.key, TIDE.key}


async def test_a_reply_to_the_reply_goes_on_further(papers: Lab) -> None:
    papers.asked.then(KEEPS, ACCURATE, KEEPS)
    first = await ask(papers)
    assert papers.client.user is not None
    await reply(papers, first, f"{papers.client.user.mention} and how accurate is it?")

    await papers.member.send(
        papers.channel, f"{papers.client.user.mention} say that again", reply_to=newest(papers)
    )

    assert "And how accurate is it?".lower() in papers.asked.prompts[2].user.lower()


async def test_a_typed_mention_of_the_bots_own_role_counts_as_one_of_the_bot(
    papers: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord suggests both under the same name."""
    role = papers.guild.create_role("Broadsheet")
    monkeypatch.setattr(discord.Guild, "self_role", property(lambda guild: guild.get_role(role.id)))
    papers.asked.then(KEEPS)
    first = await summary(papers)
    assert first.response is not None
    asks = await papers.admin.send(papers.channel, f"<@&{role.id}> {MEMORY}", reply_to=first.response)
    assert papers.client.user is not None
    asks.mentions.append(cast("Any", papers.client.user))  # as Discord mentions whom one replies to

    await papers.client.on_message(asks)

    assert FOLD.key in str([part.to_dict() for part in newest(papers).components])
    assert str(role.id) not in papers.asked.prompts[0].user


async def test_where_the_bot_may_not_read_earlier_messages_it_answers_below(
    papers: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise refused(400, {"code": 160002, "message": "Cannot reply without permission"})

    papers.asked.then(KEEPS, ACCURATE)
    first = await ask(papers)
    assert papers.client.user is not None
    monkeypatch.setattr(discord.Message, "reply", refuse)

    await reply(papers, first, f"{papers.client.user.mention} and how accurate is it?")
    answered = newest(papers)
    await reply(papers, first, f"{papers.client.user.mention} ?!")

    assert "81.2 %" in "\n".join(texts(part.to_dict() for part in answered.components))
    assert "Please ask a question" in newest(papers).content


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (401, 50027)])
async def test_an_answer_that_comes_too_late_for_discord_is_no_incident(
    papers: Lab,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise refused(status, {"code": code, "message": "Too late"})

    monkeypatch.setattr(papers.room.answers, "ask", refuse)

    answer = await ask(papers)

    assert "Discord did not accept my answer." in shown(answer)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("words", ["and how accurate is it?", "<@1> and how accurate is it?"])
async def test_a_reply_that_does_not_mention_the_bot_is_not_for_it(papers: Lab, words: str) -> None:
    papers.asked.then(KEEPS)
    first = await ask(papers)

    await reply(papers, first, words)

    assert newest(papers).content == words
    assert len(papers.asked.prompts) == 1


async def test_a_mention_that_replies_to_nothing_of_ours_is_left_alone(papers: Lab) -> None:
    assert papers.client.user is not None
    said = await papers.member.send(papers.channel, "Lunch?")

    await papers.admin.send(papers.channel, f"{papers.client.user.mention} lunch?", reply_to=said)
    await papers.admin.send(papers.channel, f"{papers.client.user.mention} lunch?")

    assert len(papers.messages()) == 3
    assert papers.asked.prompts == []


async def test_a_reply_after_a_day_is_told_that_all_is_forgotten(papers: Lab) -> None:
    papers.asked.then(KEEPS)
    first = await ask(papers)
    papers.clock.move_to(NOW + timedelta(hours=25))
    assert papers.client.user is not None

    await reply(papers, first, f"{papers.client.user.mention} and how accurate is it?")

    assert "I forget conversations after a day" in newest(papers).content
    assert len(papers.asked.prompts) == 1


async def summary(lab: Lab) -> simcord.InteractionResult:
    lab.desk.lists(FOLD)
    return await lab.member.slash(lab.channel, "summarize", paper=FOLD.id)


async def test_a_reply_to_a_summary_that_mentions_the_bot_asks_its_paper(lab: Lab) -> None:
    lab.asked.then(KEEPS)
    first = await summary(lab)
    assert lab.client.user is not None

    await reply(lab, first, f"{lab.client.user.mention} {MEMORY}")

    assert newest(lab).author.id == lab.client.user.id
    assert FOLD.key in str([part.to_dict() for part in newest(lab).components])


async def test_a_reply_to_a_digests_highlight_that_mentions_the_bot_asks_its_paper(lab: Lab) -> None:
    paper = DIGEST.highlights[0].pick.paper
    lab.room.lists((paper, ("We charge every draft token at its latency.",)))
    lab.asked.then(saying("Every draft token is charged at its latency.", "draft token"))
    await lab.set_up()
    await lab.run("digest now")
    _, highlight, _ = lab.messages()
    assert lab.client.user is not None

    await lab.member.send(lab.channel, f"{lab.client.user.mention} What is charged?", reply_to=highlight)

    assert paper.key in str([part.to_dict() for part in newest(lab).components])


async def test_a_reply_to_a_digest_as_a_whole_and_a_question_in_its_thread_ask_that_week(lab: Lab) -> None:
    paper = DIGEST.highlights[0].pick.paper
    lab.room.lists((paper, ("We charge every draft token at its latency.",)))
    lab.asked.then(*[saying("Every draft token is charged at its latency.", "draft token")] * 2)
    await lab.room.has_read(paper, reader=Reader(server_id=lab.guild.id))
    await lab.set_up(threads="digest")
    await lab.run("digest now")
    head, (thread,) = lab.messages()[0], lab.channel.threads
    lab.clock.move_to(NOW + timedelta(days=7))
    await lab.run("digest now")
    assert lab.client.user is not None

    await lab.member.send(lab.channel, f"{lab.client.user.mention} What is charged?", reply_to=head)
    asked = await lab.member.slash(thread, "ask", question="What is charged?")

    assert f"Looked in: highlights of {WEEK}" in lab.posted()[-1]
    assert "Every draft token is charged at its latency." in lab.posted()[-1]
    assert f"Looked in: highlights of {WEEK}" in shown(asked)


async def test_a_reply_in_direct_messages_needs_no_mention(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.desk.lists(FOLD)
    lab.asked.then(KEEPS)
    first = await eve.slash("summarize", paper=FOLD.id)
    assert first.response is not None
    place = {"channel_id": str(eve.dm_channel.id), "message_id": str(first.response.id)}

    await eve.send_dm(MEMORY, reference=place)

    answer = eve.dm_channel.history()[-1]
    assert "12.5 %" in "\n".join(texts(part.to_dict() for part in answer.components))


async def test_a_direct_message_that_replies_to_nothing_asks_like_the_command(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.asked.then(KEEPS)

    await eve.send_dm(MEMORY)
    told = eve.dm_channel.history()[-1]
    await eve.send_dm(f"{MEMORY} {FOLD.abs_url}")
    answer = eve.dm_channel.history()[-1]

    assert "Name a paper in your question by its arXiv id or link" in told.content
    assert "option" not in told.content
    assert "12.5 %" in "\n".join(texts(part.to_dict() for part in answer.components))
    assert await lab.seen(Reader(user_id=eve.id)) == [FOLD.key]


@pytest.mark.parametrize("words", ["How accurate is it on LongQuiz?", "and its accuracy?"])
async def test_a_direct_message_that_leans_on_the_answer_above_goes_on_from_it(lab: Lab, words: str) -> None:
    eve = lab.env.create_user("eve")
    lab.asked.then(KEEPS, ACCURATE)
    await eve.send_dm(f"{MEMORY} {FOLD.abs_url}")

    await eve.send_dm(words)

    answer = eve.dm_channel.history()[-1]
    assert "81.2 %" in "\n".join(texts(part.to_dict() for part in answer.components))
    assert MEMORY in lab.asked.prompts[1].user


async def test_a_direct_message_that_leans_on_the_summary_above_asks_its_paper(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.desk.lists(FOLD)
    lab.asked.then(KEEPS)
    await eve.slash("summarize", paper=FOLD.id)

    await eve.send_dm("How much memory does it keep?")

    answer = eve.dm_channel.history()[-1]
    assert f"Looked in: {FOLD.title}" in "\n".join(texts(part.to_dict() for part in answer.components))


async def test_a_direct_message_below_a_summary_may_name_another_paper_by_its_title(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    await lab.room.has_read(FOLD, TIDE, reader=Reader(user_id=eve.id))
    lab.desk.lists(FOLD)
    lab.asked.then(TESTED, TESTED)
    await eve.slash("summarize", paper=FOLD.id)
    summary = eve.dm_channel.history()[-1]

    await eve.send_dm(f"How does it differ from what “{TIDE.title}” says?")
    compared = eve.dm_channel.history()[-1]
    replied = await reply_directly(lab, eve, f"How was “{TIDE.title}” evaluated?", to=summary.id)

    told = "\n".join(texts(part.to_dict() for part in compared.components))
    assert f"Looked in: {FOLD.title}; {TIDE.title}" in told
    assert f"Looked in: {TIDE.title}" in replied


async def test_after_a_day_a_direct_message_that_leans_on_an_answer_asks_like_the_command(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.asked.then(KEEPS, ACCURATE)
    await eve.send_dm(f"{MEMORY} {FOLD.abs_url}")
    lab.clock.move_to(NOW + timedelta(hours=25))

    await eve.send_dm("How accurate is it?")

    answer = eve.dm_channel.history()[-1]
    assert "Looked in: everything seen here" in "\n".join(texts(part.to_dict() for part in answer.components))


async def test_a_direct_message_of_its_own_does_not_go_on_from_the_answer_above(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    await lab.room.has_read(FOLD, TIDE, reader=Reader(user_id=eve.id))
    lab.asked.then(KEEPS, TESTED)
    await eve.send_dm(f"{MEMORY} {FOLD.abs_url}")

    await eve.send_dm("How many volunteers was Tidepool evaluated with?")

    answer = eve.dm_channel.history()[-1]
    assert "Looked in: everything seen here" in "\n".join(texts(part.to_dict() for part in answer.components))
    assert MEMORY not in lab.asked.prompts[1].user


async def reply_directly(lab: Lab, eve: simcord.UserHandle, words: str, *, to: int) -> str:
    """What the bot says to a direct message that replies to this one."""
    place = {"channel_id": str(eve.dm_channel.id), "message_id": str(to)}
    said = await eve.send_dm(words, reference=place)
    newest = eve.dm_channel.history()[-1]
    assert newest.id != said.id, "it is answered"
    return newest.content + "\n".join(texts(part.to_dict() for part in newest.components))


async def test_a_direct_message_that_replies_to_ones_own_asks_like_the_command(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.asked.then(KEEPS)
    own = await eve.send_dm("Thank you.")

    assert "12.5 %" in await reply_directly(lab, eve, f"{MEMORY} {FOLD.abs_url}", to=own.id)


async def test_a_direct_message_that_replies_to_a_deleted_one_asks_like_the_command(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.desk.lists(FOLD)
    lab.asked.then(KEEPS)
    await eve.slash("summarize", paper=FOLD.id)
    summary = eve.dm_channel.history()[-1]
    await summary.delete()

    assert "12.5 %" in await reply_directly(lab, eve, f"{MEMORY} {FOLD.abs_url}", to=summary.id)


async def test_a_direct_message_that_replies_to_a_request_for_a_paper_can_name_it(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.asked.then(KEEPS)
    await eve.send_dm(MEMORY)
    told = eve.dm_channel.history()[-1]

    assert "12.5 %" in await reply_directly(lab, eve, f"{MEMORY} {FOLD.abs_url}", to=told.id)


async def test_what_is_said_in_a_server_without_a_reply_is_not_for_the_bot(papers: Lab) -> None:
    assert papers.client.user is not None

    remark = await papers.member.send(papers.channel, f"{papers.client.user.mention} {MEMORY}")

    assert newest(papers).id == remark.id


async def test_a_remark_on_a_summary_is_not_for_the_bot(lab: Lab) -> None:
    """Discord mentions whom one replies to, so that these words come to the bot too."""
    first = await summary(lab)
    assert first.response is not None
    remark = await lab.admin.send(lab.channel, "Read this, all of you!", reply_to=first.response)

    answered = [await handler(remark, remark.content) for handler in lab.client.replies]

    assert not any(answered)
    assert newest(lab).id == remark.id


async def test_a_reply_to_the_bots_other_words_is_told_how_to_ask(papers: Lab) -> None:
    papers.asked.then(KEEPS)
    first = await ask(papers)
    assert papers.client.user is not None
    await reply(papers, first, f"{papers.client.user.mention} ?!")

    await papers.member.send(
        papers.channel, f"{papers.client.user.mention} how accurate is it?", reply_to=newest(papers)
    )

    assert newest(papers).content.endswith("Use `/ask` instead.")


async def test_a_reply_that_cannot_be_answered_is_told_why(papers: Lab) -> None:
    papers.asked.then(KEEPS)
    first = await ask(papers)
    assert papers.client.user is not None

    await reply(papers, first, f"{papers.client.user.mention} ?!")

    assert "Please ask a question" in newest(papers).content
    assert newest(papers).mentions == []


def refused(status: int, body: dict[str, Any]) -> discord.HTTPException:
    """What discord.py raises for an answer of Discord's."""
    kind = discord.Forbidden if status == HTTPStatus.FORBIDDEN else discord.HTTPException
    return kind(SimpleNamespace(status=status, reason="no"), body)  # type: ignore[arg-type]


UNKNOWN = {
    "message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
}


@pytest.mark.parametrize(
    "error",
    [
        refused(400, {"code": 50035, "message": "Invalid Form Body", "errors": UNKNOWN}),
        refused(403, {"code": 50013, "message": "Missing Permissions"}),
    ],
)
async def test_a_reply_that_its_author_deletes_or_that_we_may_not_answer_is_no_incident(
    papers: Lab,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: discord.HTTPException,
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise error

    papers.asked.then(KEEPS, ACCURATE)
    first = await ask(papers)
    assert papers.client.user is not None
    monkeypatch.setattr(discord.Message, "reply", refuse)

    await reply(papers, first, f"{papers.client.user.mention} and how accurate is it?")

    assert len(papers.asked.prompts) == 2
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


BROKEN = [
    discord.DiscordServerError(SimpleNamespace(status=503, reason="no"), "upstream connect error"),  # type: ignore[arg-type]
    aiohttp.ClientOSError(104, "Connection reset by peer"),
    discord.RateLimited(61.0),
]


@pytest.mark.parametrize("error", BROKEN)
async def test_a_reply_is_answered_although_discord_does_not_show_that_it_is_written(
    papers: Lab, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise error

    papers.asked.then(KEEPS, ACCURATE)
    first = await ask(papers)
    assert papers.client.user is not None
    monkeypatch.setattr(papers.client.http, "send_typing", fail)

    await reply(papers, first, f"{papers.client.user.mention} and how accurate is it?")

    assert len(papers.asked.prompts) == 2
    assert newest(papers).content == ""
    assert "Something unexpected" not in papers.posted()[-1]


@pytest.mark.parametrize("error", BROKEN)
async def test_a_broken_connection_to_discord_is_no_incident(
    papers: Lab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise error

    papers.asked.then(KEEPS, ACCURATE)
    first = await ask(papers)
    assert papers.client.user is not None
    with monkeypatch.context() as broken:
        broken.setattr(discord.Message, "reply", fail)
        await reply(papers, first, f"{papers.client.user.mention} and how accurate is it?")
    monkeypatch.setattr(discord.Interaction, "edit_original_response", fail)
    answer = await ask(papers)

    assert "Discord did not accept my answer." in shown(answer)
    levels = [record.levelname for record in caplog.records if record.name == "bot.failures"]
    assert levels == ["WARNING", "WARNING", "WARNING"]
    assert not any(record.levelname == "ERROR" for record in caplog.records)


async def test_small_talk_and_unanswered_questions_get_their_words(papers: Lab) -> None:
    papers.asked.then(saying("Paris.", "12.5 %", answered=False))

    hello = await ask(papers, "Hello!")
    unanswered = await ask(papers, "Which newspapers was Foldcache trained on?")

    assert OFF_TOPIC in shown(hello)
    assert NOT_IN_PAPERS in shown(unanswered)
    assert "https://arxiv.org/abs/2611.00001v1" in shown(unanswered)
    assert "#page=" not in shown(unanswered)


async def test_papers_are_offered_by_title(papers: Lab) -> None:
    offered = await papers.member.autocomplete(papers.channel, "ask", "paper", "tidepool", question="x")

    assert [choice["value"] for choice in offered] == [TIDE.id]


@pytest.mark.usefixtures("direct_messages_are_a_groups")
async def test_among_others_outside_of_servers_own_papers_are_told_to_the_person_alone(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    await lab.room.has_read(FOLD, reader=Reader(user_id=eve.id))
    lab.asked.then(KEEPS, KEEPS, KEEPS)

    own = await eve.slash("ask", question=MEMORY)
    named = await eve.slash("ask", question=f"{MEMORY} {FOLD.abs_url}")
    chosen = await eve.slash("ask", question=MEMORY, paper=FOLD.id)

    assert all("12.5 %" in shown(answer) for answer in (own, named, chosen))
    assert [is_private(answer) for answer in (own, named, chosen)] == [True, False, False]


@pytest.mark.usefixtures("direct_messages_are_a_groups")
@pytest.mark.parametrize("scope", [None, "week", "everything"])
async def test_among_others_a_digest_of_ones_own_is_told_to_the_person_alone(
    lab: Lab, scope: str | None
) -> None:
    eve, bob = lab.env.create_user("eve"), lab.env.create_user("bob")
    await lab.room.has_read(FOLD, reader=Reader(server_id=lab.guild.id))
    async with lab.database.begin() as tx:
        await tx.digests.save(digest(server_id=eve.id, highlights=(FOLD.id,)))
    lab.asked.then(KEEPS)
    options = {} if scope is None else {"scope": scope}

    own = await eve.slash("ask", question=MEMORY, **options)
    of_bob = await bob.slash("ask", question=MEMORY, **options)

    assert "12.5 %" in shown(own)
    assert is_private(own)
    assert "no papers to search" in shown(of_bob)


async def test_what_was_asked_of_own_papers_is_not_gone_on_from_among_others(
    lab: Lab, request: pytest.FixtureRequest
) -> None:
    eve = lab.env.create_user("eve")
    await lab.room.has_read(FOLD, reader=Reader(user_id=eve.id))
    lab.asked.then(KEEPS, ACCURATE)
    first = await eve.slash("ask", question=MEMORY)
    assert first.response is not None
    request.getfixturevalue("direct_messages_are_a_groups")

    window = await eve.click(first.response, custom_id=button(first))
    refused = await eve.submit_modal(window, {"question": "And how accurate is it?"})

    assert is_private(refused)
    assert "Use `/ask`" in shown(refused)
    assert len(lab.asked.prompts) == 1


@pytest.mark.usefixtures("direct_messages_are_a_groups")
async def test_what_was_asked_of_one_paper_is_gone_on_from_among_others(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    lab.asked.then(KEEPS, ACCURATE)
    first = await eve.slash("ask", question=MEMORY, paper=FOLD.id)
    assert first.response is not None

    window = await eve.click(first.response, custom_id=button(first))
    answer = await eve.submit_modal(window, {"question": "And how accurate is it?"})

    assert "accuracy of 81.2 %" in shown(answer)


@pytest.mark.usefixtures("direct_messages_are_a_groups")
async def test_among_others_a_title_does_not_tell_what_else_somebody_has_read(lab: Lab) -> None:
    eve = lab.env.create_user("eve")
    await lab.room.has_read(TIDE, reader=Reader(user_id=eve.id))
    lab.asked.then(KEEPS, TESTED)
    first = await eve.slash("ask", question=MEMORY, paper=FOLD.id)
    assert first.response is not None

    window = await eve.click(first.response, custom_id=button(first))
    answer = await eve.submit_modal(window, {"question": f"And what does “{TIDE.title}” say about it?"})

    assert not is_private(answer)
    assert f"Paper: {TIDE.title}" not in lab.asked.prompts[1].user
