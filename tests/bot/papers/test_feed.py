import contextlib
import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import arxiv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ArxivError
from bot.papers.arxiv_source import ArxivSource
from bot.papers.feed import FeedPage, check_feed, paper_of
from storage.model import Paper
from tests.bot.papers import answers
from tests.bot.papers.loopback import line
from tests.shared_data import SHARED_DATA, needs_shared_data

RECORDINGS = SHARED_DATA / "arxiv-recordings" / "api"
TOTALS_OF_IDS = {
    "id_0000.0000_s0": 0,
    "id_0808.05394_1707.08567_s0": 1,
    "id_0808.05394_s0": 0,
    "id_1605.08386_s0": 1,
    "id_1707.08567_s0": 1,
    "id_2104.12255v1_s0": 1,
    "id_astro-ph_0601001_s0": 1,
    "id_quant-ph_0201082v1_s0": 1,
}
SEARCHES = (
    *("s0_m10", "s0_m15", "s0_m100", "s5_m10", "s5_m15", "s9_m15"),
    *("s10_m10", "s20_m10", "s30_m10", "s40_m10", "s50_m10"),
)


def recorded(start_of_name: str) -> Any:
    (path,) = RECORDINGS.glob(f"{start_of_name}_*.json")
    return json.loads(path.read_text(encoding="utf-8"))


def checked(recording: dict[str, Any]) -> FeedPage:
    asked = parse_qs(urlsplit(recording["url"]).query)
    return check_feed(
        recording["body"].encode(), start=int(asked["start"][0]), page_size=int(asked["max_results"][0])
    )


@needs_shared_data
@pytest.mark.parametrize(("name", "total"), TOTALS_OF_IDS.items())
def test_a_recorded_answer_about_ids_is_whole(name: str, total: int) -> None:
    assert checked(recorded(name)) == FeedPage(total=total, entries=total)


@needs_shared_data
@pytest.mark.parametrize("name", SEARCHES)
def test_a_recorded_page_of_a_search_is_whole(name: str) -> None:
    asked_for = int(name.rpartition("m")[2])

    assert checked(recorded(f"q_testing_{name}")) == FeedPage(total=214_881, entries=asked_for)


@needs_shared_data
def test_the_recorded_error_is_refused_in_arxivs_words() -> None:
    with pytest.raises(ArxivError, match="incorrect id format for abc") as refusal:
        checked(recorded("id_abc_s0"))

    assert not refusal.value.retryable


@needs_shared_data
def test_every_recording_is_in_one_of_these_tests() -> None:
    assert len(list(RECORDINGS.glob("*.json"))) == len(TOTALS_OF_IDS) + len(SEARCHES) + 1


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("id_0808.05394_1707.08567_s0", ["1707.08567v1"]),
        ("id_2104.12255v1_s0", ["2104.12255v1"]),
        ("id_astro-ph_0601001_s0", ["astro-ph/0601001v1"]),
        ("id_quant-ph_0201082v1_s0", ["quant-ph/0201082v1"]),
    ],
)
async def test_recorded_papers_come_out_of_the_source(name: str, keys: list[str]) -> None:
    body = recorded(name)["body"].encode()

    async with line(answers.atom(body)) as arxiv_line:
        source = ArxivSource(arxiv_line.connection, api_url=arxiv_line.server.url)
        papers = await source.papers(["2404.12345"])
        source.close()

    assert [paper.key for paper in papers] == keys
    assert all(paper.abstract and paper.authors and paper.categories for paper in papers)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not a feed"),
        (b"Rate exceeded.", "Rate exceeded"),
        (b"<html><body>Service unavailable</body></html>", "not a feed"),
        (b"<!DOCTYPE html><title>arXiv</title><p>Sorry", "not a feed"),
        (b'{"error": "no"}', "not a feed"),
        (b"\x00\xff\xfe", "not a feed"),
        (answers.feed().replace(b"totalResults", b"results"), "does not say how many"),
        (answers.feed().replace(b">0<", b">many<"), "does not say how many"),
        (answers.feed(total=3), "cut off: 0 of 3"),
        (answers.feed([answers.entry("2611.00001v1")], total=2), "cut off: 1 of 2"),
        (answers.feed([answers.entry("2611.00001v1")])[:-7], "cut off"),
        (answers.feed([answers.entry("2611.00001v1")])[:-300], "cut off"),
        (answers.feed(["<entry><id>http://arxiv.org/abs/2611.00001v1</id></entry>"]), "cut off: 0 of 1"),
    ],
)
def test_an_incomplete_feed_is_worth_another_try(body: bytes, message: str) -> None:
    with pytest.raises(ArxivError, match=message) as failure:
        check_feed(body, start=0, page_size=10)

    assert failure.value.retryable


WHOLE = answers.feed([answers.entry("2611.00001v1")])


@given(
    st.binary()
    | st.builds(lambda at, noise: WHOLE[:at] + noise + WHOLE[at:], st.integers(0, 900), st.binary())
)
def test_no_bytes_raise_anything_but_arxiv_error(body: bytes) -> None:
    with contextlib.suppress(ArxivError):
        check_feed(body, start=0, page_size=10)


def test_the_last_page_may_be_short() -> None:
    body = answers.feed([answers.entry("2611.00001v1")], total=21)

    assert check_feed(body, start=20, page_size=10) == FeedPage(total=21, entries=1)


def test_a_control_character_in_an_abstract_costs_nothing() -> None:
    body = answers.feed([answers.entry("2611.00001v1", abstract="An \x0c abstract.")])

    assert check_feed(body, start=0, page_size=10) == FeedPage(total=1, entries=1)


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = answers.error_feed("said &b;").replace(b"?><feed", b"?>" + bomb + b"<feed")

    with pytest.raises(ArxivError) as refusal:
        check_feed(body, start=0, page_size=10)

    assert "aaaa" not in str(refusal.value)


def result(**changes: Any) -> arxiv.Result:
    moment = datetime(2026, 11, 18, 10, tzinfo=UTC)
    fields: dict[str, Any] = {
        "entry_id": "http://arxiv.org/abs/2611.00001v3",
        "published": moment,
        "updated": moment,
        "title": "A title",
        "summary": "An abstract.",
        "primary_category": "cs.CL",
        "categories": ["cs.LG", "cs.CL"],
    }
    return arxiv.Result(**(fields | changes))


def paper(**changes: Any) -> Paper:
    return paper_of(result(**changes))


def test_an_entry_becomes_a_paper() -> None:
    made = paper(
        title="A\n  title ",
        summary="  Two\n  lines. ",
        authors=[arxiv.Result.Author(" Ada\n Lovelace"), arxiv.Result.Author("")],
        comment="12 pages",
        journal_ref="Journal of\n  Tests 1 (2026)",
        doi="10.1000/1",
    )

    assert made == Paper(
        id="2611.00001",
        version=3,
        title="A title",
        abstract="Two lines.",
        authors=("Ada Lovelace",),
        categories=("cs.CL", "cs.LG"),
        published=datetime(2026, 11, 18, 10, tzinfo=UTC),
        updated=datetime(2026, 11, 18, 10, tzinfo=UTC),
        comment="12 pages",
        journal_reference="Journal of Tests 1 (2026)",
        doi="10.1000/1",
    )


def test_what_an_entry_does_not_say_is_none() -> None:
    made = paper(entry_id="http://arxiv.org/abs/2611.00001", comment=" ", journal_ref="", doi="")

    assert made.version == 1
    assert (made.comment, made.journal_reference, made.doi) == (None, None, None)


def test_an_old_id_becomes_canonical() -> None:
    assert paper(entry_id="http://arxiv.org/abs/math.GT/0309136v2").key == "math/0309136v2"


@pytest.mark.parametrize(
    "changes",
    [
        {"comment": "This paper has been withdrawn by the authors"},
        {"comment": "Withdrawn: an error in Lemma 2"},
        {"comment": "The article was withdrawn due to an error"},
        {"summary": "This paper has been withdrawn by the author."},
        {"summary": "The manuscript has been temporarily withdrawn."},
        {"summary": "Paper withdrawn by the authors"},
        {"summary": "- Article withdrawn by its author - On the folding of caches"},
        {"summary": "Preprint is withdrawn, as a better one is on its way."},
        {"summary": "[The following paper has been withdrawn from consideration, as Lemma 2 is wrong.]"},
        {"summary": "arXiv admin note: This submission has been withdrawn by arXiv for its authorship"},
        {"summary": "The authors have withdrawn this manuscript."},
        {"comment": "Paper withdrawn by the authors"},
        {"comment": "has been temporarily withdrawn"},
        {"comment": "The paper has now been withdrawn by the author"},
        {"comment": "12 pages, 3 figures. This work has been withdrawn because of an error"},
        {"comment": "12 pages, paper withdrawn"},
        {"comment": "Owing to an error in Lemma 2 this paper is withdrawn"},
        {"comment": "12 pages; arXiv admin note: This version withdrawn by arXiv administrators"},
        {"comment": "Lemma 2 is wrong: we have to withdraw the paper"},
    ],
)
def test_a_withdrawn_paper_is_recognised(changes: dict[str, str]) -> None:
    assert paper(**changes).withdrawn


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": "Patients who were withdrawn from the study are counted."},
        {"comment": "12 pages, no withdrawal"},
        {"summary": "The needle is slowly withdrawn from the tissue."},
        {"summary": "We ask what becomes of citations once a paper has been withdrawn."},
        {"comment": "Supersedes arXiv:2401.00001, which has been withdrawn"},
        {"comment": "This paper replaces the withdrawn arXiv:2401.00001"},
        {"comment": "An earlier version was withdrawn from ICLR"},
        {"comment": "This paper was withdrawn from ICLR and is accepted at TMLR"},
        {"comment": "12 pages; the claim of Lemma 2 was withdrawn"},
        {"comment": "This paper was never withdrawn"},
    ],
)
def test_other_uses_of_the_word_are_not_a_withdrawal(changes: dict[str, str]) -> None:
    assert not paper(**changes).withdrawn


@pytest.mark.parametrize("pad", ["! ", ". ", "we a "])
def test_a_hostile_comment_is_searched_in_bounded_time(pad: str) -> None:
    started = time.process_time()

    assert not paper(comment=pad * 5_000).withdrawn

    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "changes", [{"entry_id": "http://evil.com/2611.00001v1"}, {"categories": [], "primary_category": ""}]
)
def test_an_entry_without_id_or_category_is_an_error(changes: dict[str, Any]) -> None:
    with pytest.raises(ArxivError):
        paper(**changes)
