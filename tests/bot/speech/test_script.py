"""What is said of a digest."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from bot.speech.script import script
from bot.speech.spoken import spoken
from storage.model import Digest, Statement
from tests.bot.rendering.examples import example_digest, example_highlight, small_digest
from tests.bot.rendering.strategies import digests


def test_a_digest_is_said_from_opening_to_receipt() -> None:
    opening, paper, noted, receipt = script(small_digest(), name="Reading Group")

    assert [c.title for c in (opening, noted, receipt)] == ["Opening", "Also noted", "Receipt"]
    assert opening.text == (
        "This is Reading Group. Here is the week of 16 to 22 November 2026. 1 paper was chosen from 212 in "
        "Computation and Language, and Machine Learning. You are listening to a synthetic voice."
    )
    assert paper.title == "Counting Tokens Twice: Why Budgeted Decoding Needs a Second Look"
    assert paper.paper_key == "2611.90001v1"
    assert paper.text == (
        "Paper 1. Counting Tokens Twice: Why Budgeted Decoding Needs a Second Look. By Ada Example, Bo "
        "Sample, Cy Invented "
        "and 1 other. Counting the tokens a draft model throws away changes which decoding budget is "
        "best. Only 12 of its 14 "
        "pages were read. The claim. Budgets that ignore rejected draft tokens overstate the gain of "
        "drafting by 1.4 times. "
        "The method. Every token that the draft model proposes is charged at its latency, accepted or "
        "not. The budget is "
        "then fitted per task on 500 held-out prompts. The results. Tokens per second: 41.2 on "
        "InventedSum, against a "
        "baseline of 29.3. Overstated gain: 1.4 times. The critique. Only one draft model was tried. "
        "Unchecked: Latency on "
        "other hardware may differ by 30 percent. What this means. Serving stacks should log rejected "
        "tokens, not only "
        "accepted ones."
    )
    assert noted.text == "Also noted this week. A Second Paper."
    assert receipt.text == (
        "And finally, the receipt. 212 papers were announced, 180 considered and 1 read in full. The "
        "summaries were written by invented-1. The written digest links every statement to its page. "
        "That was Reading Group. Thanks for listening."
    )


@pytest.mark.parametrize("name", ["ערוץ המעבדה", "機械学習クラブ", "AI 論文", "📚"])
def test_a_name_that_voices_cannot_read_gives_way_to_broadsheets(name: str) -> None:
    opening, *_, receipt = script(small_digest(), name=name)

    assert opening.text.startswith("This is Broadsheet. Here is the week of")
    assert receipt.text.endswith("That was Broadsheet. Thanks for listening.")


def test_an_extract_is_said_to_be_an_extract() -> None:
    of_extracts = replace(example_digest(), model="")
    opening, *chapters = script(of_extracts)

    assert "No language model wrote this" in opening.text
    extract = next(c for c in chapters if c.title == "Small Models Summarise Well Enough")
    assert "This is an extract: no language model wrote it." in extract.text
    assert "The limits, in the paper's words. Only one draft model was tried." in extract.text


def test_what_was_not_read_is_said() -> None:
    *_, scanned, _, receipt = script(example_digest())

    assert "Only the abstract was read, because the PDF is a scan without text." in scanned.text
    assert "Read from the abstract only: A Scanned Note on Anomalies, because" in receipt.text
    assert "Not read: Broken PDF Considered Harmful, because the PDF could not be read" in receipt.text
    assert "4 statements were left out" in receipt.text
    assert "Chosen by words only" in receipt.text


def test_no_statement_is_cut_off() -> None:
    digest = example_digest()
    chapters = {chapter.paper_key: chapter.text for chapter in script(digest)}

    for highlight in digest.highlights:
        summary = highlight.summary
        for said in (summary.gist, summary.claim, *summary.method, *summary.critique, *summary.implications):
            assert spoken(said.text) in chapters[highlight.pick.paper.key]
        for result in summary.results:
            assert f"{spoken(result.metric)}: {spoken(result.value)}" in chapters[highlight.pick.paper.key]


def test_a_sign_before_a_results_value_is_said() -> None:
    digest = example_digest()
    highlight = digest.highlights[0]
    result = replace(highlight.summary.results[0], metric="forgetting", value="- 2.1 points", baseline="> 3")
    highlight = replace(highlight, summary=replace(highlight.summary, results=(result,)))

    texts = [chapter.text for chapter in script(replace(digest, highlights=(highlight,)))]

    assert any("forgetting: minus 2.1 points" in text.lower() for text in texts)
    assert any("against a baseline of greater than 3" in text for text in texts)


def test_ids_are_never_read_out() -> None:
    for chapter in script(example_digest()):
        assert "2611" not in chapter.text
        assert "9901001" not in chapter.text


def test_a_very_long_paper_is_said_whole() -> None:
    sentences = tuple(Statement(text=f"Finding {number} holds for long texts.") for number in range(1_000))
    digest = small_digest(highlights=(example_highlight(summary={"method": sentences}),))

    text = script(digest)[1].text

    assert len(text) > 30_000
    assert all(f"Finding {number} holds" in text for number in range(1_000))


@settings(max_examples=8)
@given(digests())
def test_every_digest_can_be_said(digest: Digest) -> None:
    chapters = script(digest)

    assert [c.paper_key for c in chapters if c.paper_key] == [h.pick.paper.key for h in digest.highlights]
    for chapter in chapters:
        assert chapter.text.endswith((".", "!", "?"))
        assert chapter.title
