"""/setup: what it stores, what it answers, and who may run it."""

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.dates import WEEKDAYS
from storage.model import DigestStyle, Subscription, ThreadPolicy
from tests.cogs.lab import NOW, Lab, is_private, shown


async def test_every_option_is_stored(lab: Lab) -> None:
    answer = await lab.set_up(
        arxiv_categories="cs.cl, cs.LG,cs.CL",
        interests="  long contexts; retrieval ",
        weekday=0,
        hour=18,
        time_zone="Europe/Berlin",
        leave_out="survey, quantum ,",
        highlights=25,
        style="compact",
        threads="digest",
    )

    assert await lab.wish() == Subscription(
        server_id=lab.guild.id,
        channel_id=lab.channel.id,
        weekday=0,
        hour=18,
        zone="Europe/Berlin",
        categories=("cs.CL", "cs.LG"),
        interests="long contexts; retrieval",
        excluded_words=("survey", "quantum"),
        highlights=25,
        style=DigestStyle.COMPACT,
        threads=ThreadPolicy.DIGEST,
        created_at=NOW,
        admin_id=lab.admin.id,
    )
    assert is_private(answer)
    assert lab.posted() == []


async def test_the_commas_of_other_scripts_part_words_and_categories_too(lab: Lab) -> None:
    await lab.set_up(arxiv_categories="cs.CL， cs.LG", leave_out="强化学习、扩散模型，survey")

    wish = await lab.wish()
    assert wish is not None
    assert (wish.categories, wish.excluded_words) == (("cs.CL", "cs.LG"), ("强化学习", "扩散模型", "survey"))


async def test_semicolons_part_words_and_categories_too(lab: Lab) -> None:
    await lab.set_up(arxiv_categories="cs.CL; cs.LG", leave_out="survey; benchmark；position paper;;")

    wish = await lab.wish()
    assert wish is not None
    assert wish.categories == ("cs.CL", "cs.LG")
    assert wish.excluded_words == ("survey", "benchmark", "position paper")


async def test_quotation_marks_around_excluded_words_are_not_part_of_them(lab: Lab) -> None:
    await lab.set_up(leave_out='"survey", “position paper”, "", Parkinson\'s')

    wish = await lab.wish()
    assert wish is not None
    assert wish.excluded_words == ("survey", "position paper", "Parkinson's")


async def test_threads_for_highlights_without_messages_are_refused(lab: Lab) -> None:
    answer = await lab.set_up(style="compact", threads="each")

    assert "Choose the style `full`, or set `threads` to `the digest`" in shown(answer)
    assert is_private(answer)
    assert await lab.wish() is None


async def test_channel_and_categories_are_enough(lab: Lab) -> None:
    await lab.set_up(arxiv_categories="cs.CL")

    assert await lab.wish() == Subscription(
        server_id=lab.guild.id,
        channel_id=lab.channel.id,
        categories=("cs.CL",),
        created_at=NOW,
        admin_id=lab.admin.id,
    )


def test_the_options_say_what_they_start_with_and_what_threads_and_style_offer(lab: Lab) -> None:
    command = lab.client.tree.get_command("setup")
    assert isinstance(command, discord.app_commands.Command)
    options = {option.name: option for option in command.parameters}
    first = Subscription(server_id=1, channel_id=None)

    def start(name: str) -> str:
        return options[name].description.rpartition("; at first ")[2]

    assert start("weekday") == WEEKDAYS[first.weekday]
    assert (start("hour"), start("highlights")) == (str(first.hour), str(first.highlights))
    assert [start(name) for name in ("time_zone", "style", "threads")] == [
        first.zone,
        first.style.value,
        first.threads.value,
    ]
    assert [choice.name for choice in options["threads"].choices] == ["each highlight", "the digest", "none"]
    assert {choice.value for choice in options["threads"].choices} == {*ThreadPolicy}
    assert {choice.value for choice in options["style"].choices} == {*DigestStyle}


async def test_the_answer_says_when_the_next_digest_comes_and_about_what(lab: Lab) -> None:
    answer = await lab.set_up(
        weekday=1, hour=7, time_zone="Asia/Tokyo", interests="*bold* claims", leave_out="survey"
    )

    # Tuesday, 24 November 2026, 07:00 in Tokyo is Monday 22:00 UTC.
    when = "<t:1795471200:F>, with the papers of 16–22 November 2026."
    assert f"{lab.channel.mention} gets its next digest on {when}" in shown(answer)
    assert "**When**: Tuesday 07:00, Asia/Tokyo" in shown(answer)
    assert "**Categories**: cs.CL" in shown(answer)
    assert r"**Interests**: \*bold\* claims" in shown(answer)
    assert "**Excluded words**: survey" in shown(answer)
    assert "**Format**: 8 highlights, full, no threads" in shown(answer)


async def test_the_answer_warns_of_a_time_that_brings_papers_a_week_old(lab: Lab) -> None:
    answer = await lab.set_up(weekday=4, hour=9, time_zone="Asia/Tokyo")

    assert "with the papers of 16–22 November 2026" in shown(answer)
    assert "almost a week before their digest" in shown(answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"arxiv_categories": "cs.CL,cs.XX"}, "“cs.XX” is not an arXiv category. Did you mean"),
        ({"arxiv_categories": "math"}, "It is a whole archive; name its categories"),
        ({"arxiv_categories": " , "}, "Name at least one arXiv category"),
        ({"time_zone": "Atlantis"}, "“Atlantis” is not a time zone: use a name such as Europe/Berlin"),
        ({"time_zone": "localtime"}, "“localtime” is not a time zone"),
    ],
)
async def test_a_wrong_value_is_explained_to_the_admin_alone(
    lab: Lab, wrong: dict[str, str], words: str
) -> None:
    answer = await lab.set_up(**wrong)

    assert words in shown(answer)
    assert is_private(answer)
    assert await lab.wish() is None


async def test_missing_permissions_are_named(lab: Lab) -> None:
    closed = discord.PermissionOverwrite(
        send_messages=False, read_message_history=False, create_public_threads=False
    )
    channel = lab.guild.create_text_channel("closed", overwrites={lab.guild.default_role: closed})

    answer = await lab.set_up(channel=channel, threads="each")

    missing = "Send Messages, Read Message History, Create Public Threads"
    assert f"I need more permissions in {channel.mention}: {missing}." in shown(answer)
    assert await lab.wish() is not None


async def test_missing_permissions_are_named_whatever_the_length_of_the_interests(lab: Lab) -> None:
    closed = discord.PermissionOverwrite(send_messages=False)
    channel = lab.guild.create_text_channel("closed", overwrites={lab.guild.default_role: closed})
    words = {"interests": "*" * 1000, "leave_out": "_" * 1000}  # each letter is escaped

    answer = await lab.set_up(channel=channel, **words)

    assert f"I need more permissions in {channel.mention}: Send Messages." in shown(answer)


async def test_nothing_is_said_of_permissions_that_are_there(lab: Lab) -> None:
    assert "⚠️" not in shown(await lab.set_up(threads="each"))


async def test_what_recordings_lack_is_named(lab: Lab) -> None:
    closed = discord.PermissionOverwrite(attach_files=False)
    channel = lab.guild.create_text_channel("closed", overwrites={lab.guild.default_role: closed})

    answer = await lab.set_up(channel=channel, highlights=1)

    warning = f"⚠️ I cannot attach recordings in {channel.mention} without the Attach Files permission."
    assert warning in shown(answer)
    assert "**Format**: 1 highlight, full" in shown(answer)


async def test_only_those_who_manage_the_server_are_shown_what_changes_it(lab: Lab) -> None:
    offered = lab.member.available_commands(lab.channel)
    assert "summarize" in offered
    assert "setup" not in offered
    assert "setup" in lab.admin.available_commands(lab.channel)


@pytest.mark.parametrize("command", ["setup", "digest now", "usage"])
async def test_the_check_holds_where_a_server_shows_the_commands_to_everybody(lab: Lab, command: str) -> None:
    await lab.set_up()
    before = await lab.wish()
    for registered in await lab.client.tree.fetch_commands():
        lab.guild.set_command_permissions(registered, {lab.member: True})
    options: dict[str, Any] = (
        {"channel": lab.channel, "arxiv_categories": "cs.LG"} if command == "setup" else {}
    )

    answer = await lab.member.slash(lab.channel, command, **options)

    assert shown(answer) == "You need the Manage Server permission for this."
    assert is_private(answer)
    assert await lab.wish() == before
    assert lab.runs.started == []


async def test_a_second_setup_changes_what_it_names_and_leaves_the_rest(lab: Lab) -> None:
    await lab.set_up(
        arxiv_categories="cs.CL, cs.LG",
        interests="retrieval",
        leave_out="survey",
        weekday=0,
        hour=18,
        time_zone="Europe/Berlin",
        highlights=3,
        threads="each",
    )
    before = await lab.wish()
    assert before is not None
    new = lab.guild.create_text_channel("new")

    answer = await lab.run("setup", channel=new, interests="agents")

    assert await lab.wish() == replace(before, channel_id=new.id, interests="agents")
    assert f"{new.mention} gets its next digest" in shown(answer)
    assert "**Format**: 3 highlights, full, a thread for each highlight" in shown(answer)


async def test_interests_that_find_nothing_are_answered_with_what_to_do(lab: Lab) -> None:
    fine = await lab.set_up(interests="retrieval; speech")
    answer = await lab.run("setup", interests="检索，speech，no surveys")

    assert "⚠️" not in shown(fine)
    assert "Please write these interests in English: 检索\n" in shown(answer)
    assert "this is ignored: no surveys. Words that papers must not contain belong in `leave_out`." in shown(
        answer
    )


async def test_excluded_words_that_no_paper_has_are_named(lab: Lab) -> None:
    fine = await lab.set_up(leave_out="survey, β decay")
    answer = await lab.run("setup", leave_out="强化学习、survey")

    assert "⚠️" not in shown(fine)
    assert "⚠️ Papers are in English, so these words leave none out: 强化学习\n" in shown(answer)


async def test_who_ran_setup_last_is_told_when_something_needs_attention(lab: Lab) -> None:
    await lab.set_up()
    managers = lab.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    other = lab.guild.add_member(lab.env.create_user("eve"), roles=[managers])

    await other.slash(lab.channel, "setup", hour=7)

    wish = await lab.wish()
    assert wish is not None
    assert wish.admin_id == other.id


@pytest.mark.parametrize("nothing", ["none", " None ", "-"])
async def test_texts_are_cleared_by_a_word_that_says_so(lab: Lab, nothing: str) -> None:
    await lab.set_up(interests="retrieval", leave_out="survey")

    answer = await lab.run("setup", interests=nothing, leave_out=nothing)

    wish = await lab.wish()
    assert wish is not None
    assert (wish.interests, wish.excluded_words) == ("", ())
    assert "**Interests**: none, for a broad choice" in shown(answer)


@pytest.mark.parametrize("given", ["channel", "arxiv_categories", None])
async def test_the_first_setup_asks_for_what_has_no_default(lab: Lab, given: str | None) -> None:
    options = {"channel": lab.channel, "arxiv_categories": "cs.CL"}

    answer = await lab.run("setup", **({given: options[given]} if given else {}))

    assert "choose a `channel` and `arxiv_categories`" in shown(answer)
    assert is_private(answer)
    assert await lab.wish() is None


async def test_threads_that_do_not_go_with_a_new_style_are_refused_before_anything_is_changed(
    lab: Lab,
) -> None:
    await lab.set_up(threads="each")
    before = await lab.wish()

    answer = await lab.run("setup", style="compact", hour=7)

    assert "Choose the style `full`, or set `threads` to `the digest`" in shown(answer)
    assert await lab.wish() == before


async def test_what_an_earlier_version_stored_does_not_keep_an_admin_from_other_changes(lab: Lab) -> None:
    await lab.set_up(style="compact")
    stored = await lab.wish()
    assert stored is not None
    async with lab.database.begin() as tx:
        await tx.subscriptions.save(replace(stored, threads=ThreadPolicy.EACH))

    await lab.run("setup", hour=7)

    assert await lab.wish() == replace(stored, threads=ThreadPolicy.EACH, hour=7)


async def test_setup_says_that_the_channel_it_leaves_as_it_was_is_gone(lab: Lab) -> None:
    other = lab.guild.create_text_channel("other")
    await lab.set_up(channel=other)
    lab.env.backend.delete_channel(other.id)
    await lab.env.settle()

    answer = await lab.run("setup", hour=7)

    assert f"I cannot find <#{other.id}>. If it was deleted, choose another with `/setup channel:`." in shown(
        answer
    )


async def test_setup_leaves_a_pause_as_it_is_and_says_so(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest pause")

    answer = await lab.set_up(interests="agents")

    wish = await lab.wish()
    assert wish is not None
    assert wish.paused
    assert "paused" in shown(answer)


async def test_setup_leaves_public_pages_public(lab: Lab) -> None:
    await lab.set_up()
    async with lab.database.begin() as tx:
        await tx.subscriptions.set_publication(lab.guild.id, "Papers of the club")

    await lab.set_up(interests="agents")

    wish = await lab.wish()
    assert wish is not None
    assert wish.publication == "Papers of the club"


async def test_a_zone_is_stored_as_it_is_spelt(lab: Lab) -> None:
    await lab.set_up(time_zone="europe/berlin")

    wish = await lab.wish()
    assert wish is not None
    assert wish.zone == "Europe/Berlin"


async def test_zones_are_suggested_by_city(lab: Lab) -> None:
    choices = await lab.admin.autocomplete(lab.channel, "setup", "time_zone", "berl")

    assert choices == [{"name": "Europe/Berlin", "value": "Europe/Berlin"}]


async def test_categories_are_suggested_by_code_and_by_name(lab: Lab) -> None:
    by_code = await lab.admin.autocomplete(lab.channel, "setup", "arxiv_categories", "cs.cl")
    by_name = await lab.admin.autocomplete(lab.channel, "setup", "arxiv_categories", "computation and lang")

    assert by_code[0] == {"name": "cs.CL (Computation and Language)", "value": "cs.CL"}
    assert by_name[0] == by_code[0]


@pytest.mark.parametrize("typed", ["cs.CL, cs.l", "cs.CL，cs.l"])
async def test_the_last_category_of_a_list_is_suggested_and_the_others_are_kept(lab: Lab, typed: str) -> None:
    choices = await lab.admin.autocomplete(lab.channel, "setup", "arxiv_categories", typed)

    values = [choice["value"] for choice in choices]
    assert "cs.CL,cs.LG" in values
    assert all(value.startswith("cs.CL,") for value in values)
    assert "cs.CL,cs.CL" not in values


async def test_a_list_that_no_choice_can_hold_is_left_alone(lab: Lab) -> None:
    typed = "".join(f"astro-ph.{part}," for part in ("CO", "EP", "GA", "HE", "IM", "SR"))
    typed += "cond-mat.mtrl-sci,cond-mat.dis-nn,"

    choices = await lab.admin.autocomplete(lab.channel, "setup", "arxiv_categories", f"{typed}cs.")

    assert choices == []
