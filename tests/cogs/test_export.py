"""/digest export: the digest as a file, for everybody."""

import csv
import io
import json
import zipfile
from typing import Any

import discord
import pytest

from tests.cogs.lab import DIGEST, WEEK, Lab, is_private, shown


@pytest.fixture
async def posted(lab: Lab) -> Lab:
    await lab.set_up()
    await lab.run("digest now")
    return lab


async def test_everybody_gets_the_latest_digest_as_a_file_of_their_own(posted: Lab) -> None:
    answer = await posted.member.slash(posted.channel, "digest export", format="json")

    name, content = await posted.attached(answer)
    assert is_private(answer)
    assert name == f"broadsheet-{WEEK}.json"
    assert len(json.loads(content)["highlights"]) == len(DIGEST.highlights)


@pytest.mark.parametrize(
    ("command", "typed"), [("digest export", ""), ("digest listen", "2026-w4"), ("why", "november 2026")]
)
async def test_weeks_that_have_a_digest_are_suggested(posted: Lab, command: str, typed: str) -> None:
    choices = await posted.member.autocomplete(posted.channel, command, "week", typed)

    assert choices == [{"name": f"{WEEK} (16–22 November 2026)", "value": WEEK}]


async def test_weeks_without_a_digest_are_not_suggested(posted: Lab) -> None:
    assert await posted.member.autocomplete(posted.channel, "digest export", "week", "2025") == []


@pytest.mark.parametrize(
    ("form", "suffix"), [("md", "md"), ("html", "html"), ("bibtex", "bib"), ("csv", "csv")]
)
async def test_a_file_is_named_after_its_week_and_kind(posted: Lab, form: str, suffix: str) -> None:
    answer = await posted.run("digest export", format=form, week=WEEK)

    name, content = await posted.attached(answer)
    assert name == f"broadsheet-{WEEK}.{suffix}"
    assert b"Counting Tokens Twice" in content


async def test_the_table_keeps_its_line_ends(posted: Lab) -> None:
    _, content = await posted.attached(await posted.run("digest export", format="csv"))

    assert (
        content.count(b"\r\n") == content.count(b"\n") == len(list(csv.reader(io.StringIO(content.decode()))))
    )


async def test_notes_come_as_a_folder_in_a_zip(posted: Lab) -> None:
    name, content = await posted.attached(await posted.run("digest export", format="obsidian"))

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        assert {each.compress_type for each in packed.infolist()} == {zipfile.ZIP_DEFLATED}
        names = packed.namelist()
    assert name == f"broadsheet-{WEEK}.zip"
    assert names[0] == f"Broadsheet {WEEK}/Broadsheet {WEEK}.md"
    assert len(names) == 1 + len(DIGEST.highlights)


async def test_a_file_that_discord_would_refuse_is_not_sent(
    posted: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    took: Any = discord.Interaction._from_data

    def cramped(interaction: discord.Interaction, data: dict[str, Any]) -> None:
        took(interaction, data | {"attachment_size_limit": 100})

    monkeypatch.setattr(discord.Interaction, "_from_data", cramped)

    answer = await posted.run("digest export", format="md")

    assert shown(answer) == "The file is over Discord's limit here (100 bytes). Choose another `format`."


async def test_what_is_not_there_is_said(lab: Lab) -> None:
    await lab.set_up()

    latest = await lab.run("digest export", format="md")
    week = await lab.run("digest export", format="md", week="2026-W40")
    wrong = await lab.run("digest export", format="md", week="soon")

    assert shown(latest) == (
        "There is no digest yet. `/digest now` posts one; `/digest preview` shows one only to you."
    )
    assert shown(week) == "This server has no digest of 2026-W40."
    assert "write it like 2026-W47" in shown(wrong)
