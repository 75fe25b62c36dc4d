"""/taste: what everybody sees of it, and what admins teach."""

import json
from typing import Any

import pytest

from bot.taste import transfer
from storage.model import Preference, PreferenceKind, Seed, Subject, Vote
from tests.bot.examples import paper
from tests.cogs.lab import NOW, Lab, is_private, shown

LIKED = paper("2611.00001", title="Folding keys of long contexts", authors=("Ada Example", "Bo Sample"))
OTHER = paper("2611.00002", title="Folding values of long contexts", authors=("Ada Example",))

NO_PAPERS = "I found no arXiv ids or links. Give me some, or attach a file that has them."
SPELLINGS = [
    ("topic", "Naïve-Bayes", "naive bayes"),
    ("topic", "naive bayes", "Naïve-Bayes"),
    ("topic", "Parkinson\u2019s", "Parkinson's"),
    ("author", "José Ñandú", "Jose Nandu"),
]


async def voted(lab: Lab, *, liked: bool = True) -> None:
    """Have the member's vote for one paper, which is stored with another one."""
    async with lab.database.begin() as tx:
        await tx.papers.save([LIKED, OTHER])
        vote = Vote(server_id=lab.guild.id, user_id=lab.member.id, paper_id=LIKED.id, liked=liked, at=NOW)
        await tx.tastes.save_votes([vote])


async def examples(lab: Lab) -> list[Seed]:
    async with lab.database.begin() as tx:
        return await tx.tastes.seeds(lab.guild.id)


async def preferences(lab: Lab) -> list[Preference]:
    async with lab.database.begin() as tx:
        return await tx.tastes.preferences(lab.guild.id)


async def exported(lab: Lab) -> bytes:
    """The file that the admin gets."""
    answer = await lab.run("taste export")
    assert is_private(answer)
    _, content = await lab.attached(answer)
    return content


async def test_a_server_without_votes_is_told_what_decides(lab: Lab) -> None:
    answer = await lab.member.slash(lab.channel, "taste show")

    assert "No votes yet, so papers are chosen by the interests" in shown(answer)
    assert is_private(answer)


async def test_everybody_sees_what_the_server_likes(lab: Lab) -> None:
    await voted(lab)
    await lab.run("taste follow", kind="author", value="Ada Example")
    await lab.run("taste mute", kind="word", value="survey")

    answer = shown(await lab.member.slash(lab.channel, "taste show"))

    assert "1 paper liked, 0 disliked (votes of 1 person" in answer
    assert "Folding keys of long contexts" in answer
    assert "**Categories**: cs.CL" in answer
    assert "**Followed**: Ada Example (author)" in answer
    assert "**Muted**: survey (word)" in answer


async def test_votes_that_cancel_each_other_out_still_count_as_votes(lab: Lab) -> None:
    await voted(lab)
    async with lab.database.begin() as tx:
        against = Vote(server_id=lab.guild.id, user_id=lab.admin.id, paper_id=LIKED.id, liked=False, at=NOW)
        await tx.tastes.save_votes([against])

    answer = shown(await lab.run("taste show"))

    assert "0 papers liked, 0 disliked (votes of 2 people" in answer
    assert "No votes yet" not in answer


async def test_a_file_is_no_person_who_votes(lab: Lab) -> None:
    await voted(lab, liked=False)
    content = await exported(lab)
    async with lab.database.begin() as tx:
        await tx.tastes.reset(lab.guild.id)
    await lab.run("taste import", file=("taste.json", content))

    answer = shown(await lab.run("taste show"))

    assert "0 papers liked, 1 disliked (votes of 0 people, seeds and imported files)." in answer


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("follow", {"kind": "author", "value": "Ada"}),
        ("mute", {"kind": "word", "value": "survey"}),
        ("forget", {"kind": "word", "value": "survey"}),
        ("seed", {"papers": "2611.00001"}),
        ("export", {}),
        ("import", {"file": ("taste.json", b"{}")}),
        ("reset", {}),
    ],
)
async def test_only_those_who_manage_the_server_may_change_it(
    lab: Lab, command: str, options: dict[str, Any]
) -> None:
    answer = await lab.member.slash(lab.channel, f"taste {command}", **options)

    assert shown(answer) == "You need the Manage Server permission for this."
    assert is_private(answer)
    assert (await examples(lab), await preferences(lab)) == ([], [])


async def test_a_category_is_followed_as_arxiv_spells_it(lab: Lab) -> None:
    answer = await lab.run("taste follow", kind="category", value="CS.cl")

    assert shown(answer) == "Followed: cs.CL (category)."
    (stored,) = await preferences(lab)
    assert (stored.kind, stored.subject, stored.value) == (
        PreferenceKind.FOLLOW,
        Subject.CATEGORY,
        "cs.CL",
    )


@pytest.mark.parametrize(("category", "is_told"), [("cs.RO", True), ("cs.CL", False)])
async def test_who_follows_a_category_that_the_digest_does_not_look_at_is_told(
    lab: Lab, category: str, is_told: bool
) -> None:
    await lab.set_up(arxiv_categories="cs.CL,cs.LG")

    followed = await lab.run("taste follow", kind="category", value=category)

    words = "The digest only looks at papers in cs.CL, cs.LG; /setup changes that."
    assert (words in shown(followed)) is is_told


@pytest.mark.parametrize(
    ("category", "covered", "told"),
    [
        ("cs.RO", "cs.CL,cs.LG", ""),
        ("cs.CL", "cs.CL", " The digest covers nothing else, so it will be empty."),
        (
            "cs.CL",
            "cs.CL,cs.IR,cs.LG",
            " now leaves out its papers, even those that are in cs.IR or cs.LG too.",
        ),
    ],
)
async def test_who_mutes_a_category_that_the_digest_covers_is_told_what_that_means(
    lab: Lab, category: str, covered: str, told: str
) -> None:
    await lab.set_up(arxiv_categories=covered)

    answer = shown(await lab.run("taste mute", kind="category", value=category))

    assert answer.startswith(f"Muted: {category} (category).")
    assert told in answer if told else answer == f"Muted: {category} (category)."


@pytest.mark.parametrize(
    ("name", "is_told"),
    [("Hinton", True), ("G. Hinton", True), ("Geoffrey Hinton", False), ("Hinton, Geoffrey", False)],
)
async def test_who_names_an_author_by_the_last_name_is_told_what_it_finds(
    lab: Lab, name: str, is_told: bool
) -> None:
    answer = shown(await lab.run("taste follow", kind="author", value=name))

    assert ("this only finds authors listed under exactly this name" in answer) is is_told
    assert [one.value for one in await preferences(lab)] == [name]


async def test_a_category_that_does_not_exist_is_explained(lab: Lab) -> None:
    answer = await lab.run("taste follow", kind="category", value="cs.XX")

    assert "“cs.XX” is not an arXiv category" in shown(answer)
    assert await preferences(lab) == []


async def test_muting_what_was_followed_takes_its_place(lab: Lab) -> None:
    await lab.run("taste follow", kind="author", value="Ada Example")

    await lab.run("taste mute", kind="author", value="Ada Example")

    assert [one.kind for one in await preferences(lab)] == [PreferenceKind.MUTE]


@pytest.mark.parametrize(("kind", "value", "other"), SPELLINGS)
async def test_muting_what_was_followed_in_another_spelling_takes_its_place(
    lab: Lab, kind: str, value: str, other: str
) -> None:
    await lab.run("taste follow", kind=kind, value=value)

    await lab.run("taste mute", kind=kind, value=other)

    assert [(one.kind, one.value) for one in await preferences(lab)] == [(PreferenceKind.MUTE, other)]


@pytest.mark.parametrize(("kind", "value", "other"), SPELLINGS)
async def test_what_is_muted_is_forgotten_in_any_spelling_that_it_mutes(
    lab: Lab, kind: str, value: str, other: str
) -> None:
    await lab.run("taste mute", kind=kind, value=value)
    await lab.run("taste mute", kind="word", value="survey")

    answer = await lab.run("taste forget", kind=kind, value=other)

    assert shown(answer) == "It is no longer followed or muted."
    assert [one.value for one in await preferences(lab)] == ["survey"]


async def test_what_is_forgotten_is_neither_followed_nor_muted(lab: Lab) -> None:
    await lab.run("taste mute", kind="topic", value="Graph networks")

    await lab.run("taste forget", kind="topic", value="graph networks")
    again = await lab.run("taste forget", kind="topic", value="graph networks")

    assert await preferences(lab) == []
    assert "That is neither followed nor muted." in shown(again)


async def test_values_are_suggested_by_kind(lab: Lab) -> None:
    await voted(lab)
    await lab.run("taste mute", kind="word", value="survey")
    await lab.run("taste mute", kind="word", value="Naïve-Bayes")

    async def suggested(command: str, kind: str, typed: str) -> list[str]:
        choices = await lab.admin.autocomplete(lab.channel, f"taste {command}", "value", typed, kind=kind)
        return [choice["value"] for choice in choices]

    assert await suggested("follow", "author", "samp") == ["Bo Sample"]
    assert await suggested("follow", "author", "EXÀMPLE") == ["Ada Example"]
    assert (await suggested("mute", "category", "cs.cl"))[0] == "cs.CL"
    assert await suggested("follow", "topic", "any") == []
    assert await suggested("forget", "word", "SUR") == ["survey"]
    assert await suggested("forget", "word", "naive b") == ["Naïve-Bayes"]
    assert await suggested("forget", "author", "") == []


async def test_seeds_are_found_in_text_and_in_a_bibliography(lab: Lab) -> None:
    lab.desk.lists(LIKED, OTHER)
    bib = b"@article{a, eprint = {2611.00002}, doi={10.48550/arXiv.2611.00002}, journal={arXiv:2611.09999}}"

    answer = await lab.run("taste seed", papers="https://arxiv.org/abs/2611.00001v3", file=("mine.bib", bib))

    assert "I added 2 papers to this server's taste." in shown(answer)
    assert "arXiv does not know 2611.09999." in shown(answer)
    assert {one.paper_id for one in await examples(lab)} == {LIKED.id, OTHER.id}
    assert lab.desk.arxiv.named == ["2611.00001", "2611.00002", "2611.09999"]


async def test_seeds_are_found_as_chinese_keyboards_type_them(lab: Lab) -> None:
    lab.desk.lists(LIKED)

    await lab.run("taste seed", papers="２６１１．００００１，")

    assert [one.paper_id for one in await examples(lab)] == [LIKED.id]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_a_list_is_read_as_programs_write_it(lab: Lab, encoding: str) -> None:
    lab.desk.lists(LIKED)

    await lab.run("taste seed", file=("mine.txt", f"Título\t{LIKED.id}\r\n".encode(encoding)))

    assert [one.paper_id for one in await examples(lab)] == [LIKED.id]


async def test_a_library_of_more_than_a_megabyte_is_read(lab: Lab) -> None:
    lab.desk.lists(LIKED)
    library = b"@article{a, abstract = {" + b"We fold keys. " * 80_000 + b"}, eprint = {2611.00001}}"

    await lab.run("taste seed", file=("My Library.bib", library))

    assert [one.paper_id for one in await examples(lab)] == [LIKED.id]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"papers": "nothing here"}, NO_PAPERS),
        ({}, NO_PAPERS),
        ({"file": ("a.pdf", b"2611.00001")}, "Attach a .bib, .csv or .txt file."),
        ({"file": ("a.txt", b" " * 10_000_001)}, "The file is too large: the limit is 10 MB."),
    ],
)
async def test_a_list_that_cannot_be_taken_is_explained(
    lab: Lab, options: dict[str, Any], words: str
) -> None:
    answer = await lab.run("taste seed", **options)

    assert shown(answer) == words
    assert await examples(lab) == []


async def test_an_export_holds_everything_but_who_it_was(lab: Lab) -> None:
    await voted(lab)
    lab.desk.lists(OTHER)
    await lab.run("taste seed", papers=OTHER.id)
    await lab.run("taste follow", kind="topic", value="long contexts")

    content = await exported(lab)

    data = json.loads(content)
    assert str(lab.member.id) not in content.decode()
    (vote,) = data["votes"]
    assert (vote["paper"], vote["liked"]) == (LIKED.id, True)
    assert [one["paper"] for one in data["examples"]] == [OTHER.id]
    assert data["preferences"] == [{"kind": "follow", "subject": "topic", "value": "long contexts"}]


async def test_an_export_can_be_imported_again(lab: Lab) -> None:
    await voted(lab)
    await lab.run("taste follow", kind="topic", value="long contexts")
    content = await exported(lab)
    async with lab.database.begin() as tx:
        await tx.tastes.reset(lab.guild.id)

    answer = await lab.run("taste import", file=("taste.json", content))

    assert "I added 1 paper and 1 follow or mute to this server's taste." in shown(answer)
    assert [one.paper_id for one in await examples(lab)] == [LIKED.id]
    assert [one.value for one in await preferences(lab)] == ["long contexts"]


async def test_an_import_tells_what_was_disliked(lab: Lab) -> None:
    await voted(lab, liked=False)
    async with lab.database.begin() as tx:
        await tx.tastes.save_seeds([Seed(server_id=lab.guild.id, paper_id=OTHER.id, at=NOW)])
    content = await exported(lab)

    answer = shown(await lab.run("taste import", file=("taste.json", content)))

    assert "I added 2 papers (1 of them as disliked) to this server's taste." in answer
    assert [line.endswith(" 👎") for line in answer.splitlines()[1:]] == [
        LIKED.id in line for line in answer.splitlines()[1:]
    ]


async def test_an_export_that_lacks_something_says_so(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "MOST_PREFERENCES", 1)
    await lab.run("taste follow", kind="topic", value="long contexts")
    whole = await lab.run("taste export")
    await lab.run("taste follow", kind="topic", value="short contexts")

    cut = await lab.run("taste export")

    assert shown(whole) == ""
    assert "Not in this file: 1 of the votes, seeds, follows and mutes." in shown(cut)


async def test_a_file_that_is_no_export_is_explained(lab: Lab) -> None:
    answer = await lab.run("taste import", file=("taste.json", b"not json"))

    assert shown(answer) == "This is not a file from `/taste export`: it is not JSON."


async def test_a_reset_asks_once_more_and_forgets_everything(lab: Lab) -> None:
    await voted(lab)
    await lab.run("taste mute", kind="word", value="survey")

    answer = await lab.run("taste reset")
    assert is_private(answer)
    assert "Personal digests lose what they learned from the votes cast here." in shown(answer)
    async with lab.database.begin() as tx:
        assert len(await tx.tastes.votes(lab.guild.id)) == 1
    assert answer.response is not None
    done = await lab.admin.click(answer.response, label="Delete them")

    assert "This server's taste is deleted." in shown(done)
    async with lab.database.begin() as tx:
        assert await tx.tastes.votes(lab.guild.id) == []
    assert await preferences(lab) == []


async def test_who_no_longer_manages_the_server_cannot_confirm_a_reset(lab: Lab) -> None:
    await voted(lab)
    answer = await lab.run("taste reset")
    assert answer.response is not None
    lab.env.backend.remove_member_role(lab.guild.id, lab.admin.id, lab.guild.roles["admins"].id)

    refused = await lab.admin.click(answer.response, label="Delete them")

    assert "You need the Manage Server permission for this." in shown(refused)
    async with lab.database.begin() as tx:
        assert len(await tx.tastes.votes(lab.guild.id)) == 1
