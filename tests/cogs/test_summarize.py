"""/summarize, its menu on messages, and its buttons."""

import json
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord

from bot.errors import InputError
from bot.llm.port import Prompt
from bot.papers.ids import Reference
from bot.rendering.discord_components import Component
from bot.rendering.discord_votes import recounted
from bot.summaries.on_demand import SummarizedPaper
from cogs._inputs import papers_to_choose
from cogs._replies import defer
from storage.model import Paper, Reader, VoteCount
from tests.bot.summaries.papers import paper
from tests.cogs.lab import DIGEST, NOW, Lab, components, is_private, shown, texts
from tests.fakes.failing_database import FailingDatabase

V1, V2, V3 = (paper(version=version) for version in (1, 2, 3))


async def summarize(lab: Lab, paper: str = V2.id, **options: Any) -> simcord.InteractionResult:
    return await lab.member.slash(lab.channel, "summarize", paper=paper, **options)


def buttons(result: simcord.InteractionResult) -> dict[str, str]:
    """Each button's label with its custom id or link, but for the votes."""
    assert result.response is not None
    found = dict[str, str]()

    def walk(components: list[Any]) -> None:
        for component in components:
            if component["type"] == 2 and component["label"][0] not in "👍👎":
                found[component["label"]] = component.get("custom_id") or component["url"]
            walk(component.get("components", []))

    walk(result.response.components)
    return found


def labels(message: discord.Message) -> list[str]:
    """Of all its buttons, in order."""
    parts = components(part.to_dict() for part in message.components)
    return [part["label"] for part in parts if part["type"] == 2]


async def test_a_new_paper_is_summarised_with_links_to_its_pages(lab: Lab) -> None:
    lab.desk.lists(V2)

    answer = await summarize(lab, "https://arxiv.org/abs/2611.00001")

    assert "Foldcache: folding key-value memory" in shown(answer)
    assert f"{V2.pdf_url}#page=1" in shown(answer)
    assert "PDF, 2 pages" in shown(answer)
    assert not is_private(answer)
    assert buttons(answer) == {"Ask about this": f"broadsheet:ask:{V2.key}", "arXiv": V2.abs_url}


async def test_a_stored_summary_costs_nothing(lab: Lab) -> None:
    lab.desk.lists(V2)
    await summarize(lab)
    asked = list(lab.desk.arxiv.named)

    await summarize(lab)

    assert (lab.desk.arxiv.named, len(lab.desk.model.prompts)) == (asked, 1)


async def test_private_is_for_the_person_alone(lab: Lab) -> None:
    lab.desk.lists(V2)

    answer = await summarize(lab, private=True)

    assert is_private(answer)
    assert await lab.seen(Reader(user_id=lab.member.id)) == [V2.key]
    assert await lab.seen(Reader(server_id=lab.guild.id)) == []


async def test_who_is_forgotten_while_a_paper_is_read_stays_so(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.desk.lists(V2)
    fetch = lab.desk.pdfs.fetch

    async def forgotten_meanwhile(paper: Paper) -> bytes:
        await lab.client.services.privacy.delete(lab.member.id)
        return await fetch(paper)

    monkeypatch.setattr(lab.desk.pdfs, "fetch", forgotten_meanwhile)

    answer = await summarize(lab, private=True)

    assert "Foldcache: folding key-value memory" in shown(answer)
    assert await lab.seen(Reader(user_id=lab.member.id)) == []


async def test_what_was_summarised_in_a_server_is_seen_there(lab: Lab) -> None:
    lab.desk.lists(V2)

    await summarize(lab)

    assert await lab.seen(Reader(server_id=lab.guild.id)) == [V2.key]


async def test_what_is_no_paper_is_refused_privately(lab: Lab) -> None:
    garbled, unknown = await summarize(lab, "attention"), await summarize(lab, V1.id, private=True)

    assert "“attention” is not an arXiv id or link" in shown(garbled)
    assert shown(garbled).endswith(" Titles work only for papers that I know.")
    assert is_private(garbled)
    assert f"arXiv has no paper {V1.id}" in shown(unknown)


async def test_a_title_that_was_typed_and_not_chosen_names_its_paper(lab: Lab) -> None:
    lab.desk.lists(V2)
    others = [
        paper(id="2611.00777", title=f"{V2.title}, revisited"),
        paper(id="2611.00778", title="Cats, revisited"),
    ]
    async with lab.database.begin() as tx:
        await tx.papers.save([V2, *others])

    whole, part, several = [
        await summarize(lab, typed) for typed in (f" {V2.title.upper()} ", "foldcache: FOLDING", "revisited")
    ]

    assert f"{V2.pdf_url}#page=1" in shown(whole)
    assert "matches several titles" in shown(part)
    assert "matches several titles" in shown(several)


@pytest.mark.parametrize("typed", ["-1", "GA"])
async def test_a_part_of_a_title_that_is_too_short_names_no_paper(lab: Lab, typed: str) -> None:
    async with lab.database.begin() as tx:
        await tx.papers.save([paper(id="2611.00777", title="Megalopolis-1")])

    answer = await summarize(lab, typed)

    assert f"“{typed}” is not an arXiv id or link" in shown(answer)
    assert ("Titles work" in shown(answer)) == typed.isalpha()


async def test_a_whole_title_names_its_paper_however_short(lab: Lab) -> None:
    short = paper(id="2611.00777", title="Qi")
    lab.desk.lists(short)
    async with lab.database.begin() as tx:
        await tx.papers.save([short])

    assert short.pdf_url in shown(await summarize(lab, "qi"))


async def test_discord_is_answered_before_a_title_is_looked_for(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord waits three seconds, and the database may have others to serve first."""
    steps = list[str]()

    async def deferred(*_: object, **how: bool) -> None:
        steps.append("deferred")
        await defer(*_, **how)  # type: ignore[arg-type]

    async def looked(*_: object) -> Reference:
        steps.append("looked")
        return Reference(paper_id=V2.id)

    lab.desk.lists(V2)
    cog = sys.modules["cogs.summarize"]  # as discord.py loaded it
    monkeypatch.setattr(cog, "defer", deferred)
    monkeypatch.setattr(cog, "paper_named", looked)

    await summarize(lab, "folding key-value")

    assert steps == ["deferred", "looked"]


async def test_a_newer_version_that_storage_knows_is_told_with_a_button(lab: Lab) -> None:
    lab.desk.lists(V1, V2)
    await summarize(lab, V2.key)

    answer = await summarize(lab, V1.key)

    assert "This is v1; the newest version is v2." in shown(answer)
    assert buttons(answer)["Summarize v2"] == f"broadsheet:summarize:{V2.key}/en"


async def test_a_newer_version_at_arxiv_is_added_to_the_answer_later(lab: Lab) -> None:
    lab.desk.lists(V2)
    await summarize(lab)
    lab.desk.lists(V3)
    lab.clock.move_to(NOW + timedelta(days=1))

    await summarize(lab)

    first, second = lab.posted()
    assert "v3 exists" not in first
    assert f"{V2.pdf_url}#page=1" in second
    assert "This is v2; the newest version is v3." in second


async def test_the_button_summarises_the_newer_version_for_the_same_eyes(lab: Lab) -> None:
    lab.desk.lists(V1, V2)
    await summarize(lab, V2.key)
    above = await summarize(lab, V1.key, private=True)
    assert above.response is not None

    answer = await lab.member.click(above.response, label="Summarize v2")

    assert f"{V2.pdf_url}#page=1" in shown(answer)
    assert is_private(answer)


async def test_the_newer_version_is_posted_once(lab: Lab) -> None:
    lab.desk.lists(V1, V2)
    await summarize(lab, V2.key)
    above = await summarize(lab, V1.key)
    assert above.response is not None
    before = lab.messages()[-1]

    await lab.member.click(above.response, label="Summarize v2")

    first, newer = lab.messages()[-2:]
    assert first.id == before.id
    assert [labels(each) for each in (first, newer)] == [["Ask about this", "arXiv", "👍 0", "👎 0"]] * 2
    assert texts(part.to_dict() for part in first.components) == texts(
        part.to_dict() for part in before.components
    )


async def test_a_newer_version_that_is_being_made_is_not_made_again_and_no_vote_is_lost_meanwhile(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.desk.lists(V1, V2)
    await summarize(lab, V2.key)
    above = await summarize(lab, V1.key)
    assert above.response is not None
    (_, message), argument = lab.messages(), f"{V2.key}/en"
    make, press = lab.client.services.on_demand.summarize, lab.client.components[Component.SUMMARIZE]

    async def acknowledge(**_: bool) -> None:
        pass

    async def made_while_others_press(*args: Any, **how: Any) -> SummarizedPaper:
        second: Any = SimpleNamespace(message=message, response=SimpleNamespace(defer=acknowledge))
        with pytest.raises(InputError, match="it is on its way"):
            await press(second, argument, ())
        await message.edit(view=recounted(message, V1.id, VoteCount(up=1)))
        return await make(*args, **how)

    monkeypatch.setattr(lab.client.services.on_demand, "summarize", made_while_others_press)

    await lab.member.click(above.response, label="Summarize v2")

    first, _ = lab.messages()[-2:]
    assert labels(first) == ["Ask about this", "arXiv", "👍 1", "👎 0"]


@pytest.mark.parametrize("kind", [discord.Forbidden, discord.DiscordServerError])
async def test_a_newer_version_is_posted_where_the_summary_above_is_not_the_bots_to_edit(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, kind: type[discord.HTTPException]
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise kind(SimpleNamespace(status=403, reason="no"), "Missing Access")  # type: ignore[arg-type]

    lab.desk.lists(V1, V2)
    await summarize(lab, V2.key)
    above = await summarize(lab, V1.key)
    assert above.response is not None
    monkeypatch.setattr(discord.Message, "edit", refuse)

    answer = await lab.member.click(above.response, label="Summarize v2")

    assert f"{V2.pdf_url}#page=1" in shown(answer)
    assert answer.followups == []


async def test_a_summary_says_that_the_paper_was_withdrawn(lab: Lab) -> None:
    lab.desk.lists(V1, paper(version=2, withdrawn=True))

    withdrawn = await summarize(lab, V2.id)
    before = await summarize(lab, V1.key)

    assert "Withdrawn by its authors." in shown(withdrawn)
    assert "abstract only (the paper was withdrawn)" in shown(withdrawn)
    assert "This is v1; the paper was withdrawn in v2." in shown(before)
    assert set(buttons(before)) == {"Ask about this", "arXiv"}


async def test_a_paper_without_a_pdf_is_read_by_its_abstract_and_says_so(lab: Lab) -> None:
    lab.desk.arxiv.listed.append(V2)

    assert "abstract only (arXiv has no PDF of it)" in shown(await summarize(lab))


def german(prompt: Prompt) -> str:
    if prompt.schema_name != "translation":
        return json.dumps(
            {"gist": "It keeps 12.5 % of the key-value memory.", "claim": "", "method": [], "results": []}
        )
    return json.dumps({"translations": [{"number": 1, "text": "Es behält 12,5 % des KV-Speichers."}]})


async def test_the_summary_is_written_in_the_language_that_was_asked_for(lab: Lab) -> None:
    lab.desk.lists(V2)
    lab.desk.model._always = german

    answer = await summarize(lab, language="German")

    assert "Es behält 12,5 % des KV-Speichers." in shown(answer)
    assert "In German; quotes and results are left as in the paper." in shown(answer)


async def test_a_language_that_is_not_offered_is_refused_privately(lab: Lab) -> None:
    answer = await summarize(lab, language="Klingon")

    assert "not available in “Klingon”" in shown(answer)
    assert is_private(answer)


async def test_an_extract_instead_of_a_language_says_so(lab: Lab) -> None:
    lab.desk.lists(V2)
    lab.desk.model._always = None

    answer = await summarize(lab, language="fr")

    assert "Not in French: without a language model, these are the paper's own sentences." in shown(answer)


async def test_an_extract_instead_of_a_summary_says_what_failed(lab: Lab) -> None:
    lab.desk.lists(V2)
    lab.desk.model._always = None

    answer = await summarize(lab)

    assert "**This summary is an extract: The script is over.**" in shown(answer)


async def test_all_results_are_a_button_away_where_they_do_not_fit(lab: Lab) -> None:
    long = DIGEST.highlights[1]
    async with lab.database.begin() as tx:
        await tx.papers.save([long.pick.paper])
        await tx.papers.save_summary(long.summary)
    lab.desk.model.name = "invented-1"
    answer = await summarize(lab, long.pick.paper.key)
    assert answer.response is not None

    whole = await lab.member.click(answer.response, label="Full summary")

    assert is_private(whole)
    assert len(shown(whole)) > len(shown(answer))
    assert f"{long.pick.paper.pdf_url}#page=11" in shown(whole)


async def test_questions_have_a_button_only_if_somebody_answers_them(lab: Lab) -> None:
    lab.desk.lists(V2)

    async def answer_questions(*_: object) -> None:
        """Stands for the command that answers."""

    lab.client.components[Component.ASK] = answer_questions

    assert buttons(await summarize(lab))["Ask about this"] == f"broadsheet:ask:{V2.key}"


@pytest.mark.parametrize(
    "message",
    [
        {"content": "look at <https://arxiv.org/pdf/2611.00001v2.pdf> and https://arxiv.org/abs/2611.00009"},
        {"embed": discord.Embed(title="a find", url="https://arxiv.org/abs/2611.00001")},
        {"embed": discord.Embed(description="[here](https://alphaxiv.org/abs/2611.00001)")},
    ],
)
async def test_the_menu_of_a_message_summarises_its_first_link(lab: Lab, message: dict[str, Any]) -> None:
    lab.desk.lists(V2)
    place = lab.client.get_channel(lab.channel.id)
    assert isinstance(place, discord.TextChannel)
    target = await place.send(**message)

    answer = await lab.member.context_menu(lab.channel, "Summarize paper", target)

    assert f"{V2.pdf_url}#page=1" in shown(answer)


async def test_the_menu_reads_components_too(lab: Lab) -> None:
    lab.desk.lists(V2)
    first = await summarize(lab)
    assert first.response is not None

    answer = await lab.member.context_menu(lab.channel, "Summarize paper", first.response)

    assert f"{V2.pdf_url}#page=1" in shown(answer)


async def test_the_menu_says_that_a_message_has_no_link(lab: Lab) -> None:
    message = await lab.member.send(lab.channel, "no papers here, see https://example.org/abs/2611.00001")

    answer = await lab.member.context_menu(lab.channel, "Summarize paper", message)

    assert shown(answer) == "There is no arXiv link in this message."
    assert is_private(answer)


async def choices(lab: Lab, typed: str) -> list[tuple[str, str]]:
    found = await lab.member.autocomplete(lab.channel, "summarize", "paper", typed)
    return [(choice["name"], choice["value"]) for choice in found]


async def test_while_the_database_fails_nothing_is_offered_and_that_is_one_line_in_the_log(
    lab: Lab, away: FailingDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    away.script = (True,)

    assert await choices(lab, "tide") == []

    assert [record.levelname for record in caplog.records if record.exc_info] == []
    assert "no suggestions: The connection to the database was lost" in caplog.text


async def test_this_servers_highlights_are_offered_before_stored_papers(lab: Lab) -> None:
    await lab.set_up()
    await lab.run("digest now")
    highlights = [highlight.pick.paper for highlight in DIGEST.highlights]
    async with lab.database.begin() as tx:
        await tx.papers.save([V2, *highlights])

    offered = await choices(lab, "")

    assert [value for _, value in offered] == [*(found.key for found in highlights), V2.id]
    assert await choices(lab, "FOLDing KEY") == [(f"{V2.title} · {V2.id}", V2.id)]
    assert await choices(lab, "nothing like it") == []


@pytest.mark.parametrize(
    ("title", "typed"), [("Don't stop", "don\u2019t"), ("Prompting with $k$-NN", "K NN")]
)
def test_a_highlight_is_offered_however_a_telephone_writes_it(title: str, typed: str) -> None:
    highlight = paper(title=title)

    (value,) = papers_to_choose(typed, [highlight], [])

    assert value == highlight.key


def test_a_highlight_is_offered_for_its_words_in_any_order() -> None:
    highlights = [paper(title="Folding old keys"), paper(id="2611.00002", title="Keys of gold")]

    assert [*papers_to_choose("keys fold", highlights, [])] == [highlights[0].key]
    assert [*papers_to_choose("keys of", highlights, [])] == [highlights[1].key]
    assert papers_to_choose("keys tide", highlights, []) == {}


async def test_offers_keep_discords_limits(lab: Lab) -> None:
    papers = [
        paper(id=f"2611.{number:05}", title=f"{number} {'long title ' * 30}") for number in range(1, 40)
    ]
    async with lab.database.begin() as tx:
        await tx.papers.save(papers)

    offered = await choices(lab, "TITLE")

    assert len(offered) == 25
    assert max(len(name) for name, _ in offered) <= 100
    assert all("… · 2611." in name for name, _ in offered)


async def test_languages_are_offered_by_both_names(lab: Lab) -> None:
    async def offered(typed: str) -> list[str]:
        found = await lab.member.autocomplete(lab.channel, "summarize", "language", typed, paper="x")
        return [choice["name"] for choice in found]

    assert await offered("ger") == ["German · Deutsch"]
    assert await offered("españ") == ["Spanish · Español"]


def test_it_works_for_one_person_alone_too_and_digests_do_not(lab: Lab) -> None:
    told = {command.name: command.to_dict(lab.client.tree) for command in lab.client.tree.get_commands()}

    for name in ("summarize", "Summarize paper"):
        assert (told[name]["integration_types"], told[name]["contexts"]) == ([0, 1], [0, 1, 2])
    assert told["digest"]["integration_types"] == told["setup"]["integration_types"] == [0]
