"""Get or fetch: what was read once comes from storage, and what cannot be read is said."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from bot.errors import EmbeddingError, PdfError
from bot.llm.port import Embedder, Vectors
from bot.papers.library import Library
from bot.papers.passages import embedded_text
from storage.database import Database
from storage.model import Announcement, TextSource
from tests.bot.examples import paper
from tests.fakes.model import FakeEmbedder
from tests.fakes.pdfs import ListedAnnouncements, PlainReader, ShelvedPdfs

PAPER = paper()


class BrokenEmbedder(FakeEmbedder):
    async def embed(self, texts: Sequence[str]) -> Vectors:
        raise EmbeddingError("The embedding model is missing.")


@dataclass
class Shelf:
    """A library with everything around it."""

    database: Database
    pdfs: ShelvedPdfs = field(default_factory=lambda: ShelvedPdfs(has_all=True))
    reader: PlainReader = field(default_factory=PlainReader)
    embedder: Embedder | None = field(default_factory=FakeEmbedder)
    announcements: ListedAnnouncements = field(default_factory=ListedAnnouncements)

    def library(self) -> Library:
        return Library(
            database=self.database,
            announcements=self.announcements,
            pdfs=self.pdfs,
            reader=self.reader,
            embedder=self.embedder,
        )

    async def vector_count(self) -> int:
        async with self.database.begin() as tx:
            return sum((await tx.vectors.counts(FakeEmbedder.name)).values())


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def test_a_text_that_was_read_once_is_served_from_storage(shelf: Shelf) -> None:
    first = await shelf.library().text(PAPER)

    assert first.is_full
    assert await shelf.library().text(PAPER) == first
    assert shelf.pdfs.fetched == [PAPER.key]


async def test_each_version_is_read_separately(shelf: Shelf) -> None:
    newer = paper(version=2)

    await shelf.library().text(PAPER)
    text = await shelf.library().text(newer)

    assert text.version == 2
    assert shelf.pdfs.fetched == [PAPER.key, newer.key]


async def test_passages_and_their_vectors_are_stored_with_the_text(shelf: Shelf) -> None:
    await shelf.library().text(PAPER)

    async with shelf.database.begin() as tx:
        ids, vectors = await tx.vectors.of_papers(FakeEmbedder.name, [PAPER.key])
        stored = await tx.passages.of(PAPER.id, PAPER.version)
    assert [passage.id for passage in stored] == ids
    assert vectors.shape == (len(ids), FakeEmbedder.dimensions)
    assert "We study 2611.00001 in depth" in " ".join(passage.text for passage in stored)
    assert shelf.embedder is not None
    (again,) = await shelf.embedder.embed([embedded_text(PAPER.title, stored[0])])
    assert again @ vectors[0] == pytest.approx(1, abs=1e-5)


async def test_the_same_paper_wanted_twice_at_once_is_fetched_once(shelf: Shelf) -> None:
    library = shelf.library()
    shelf.pdfs.gate.clear()

    wanted = [asyncio.create_task(library.text(PAPER)) for _ in range(3)]
    await shelf.pdfs.asked.wait()
    shelf.pdfs.gate.set()

    texts = await asyncio.gather(*wanted)
    assert texts[0] == texts[1] == texts[2]
    assert shelf.pdfs.fetched == [PAPER.key]


async def test_a_withdrawn_paper_is_its_abstract_and_its_pdf_is_not_fetched(shelf: Shelf) -> None:
    text = await shelf.library().text(paper(withdrawn=True))

    assert (text.source, text.problem) == (TextSource.ABSTRACT, "the paper was withdrawn")
    assert text.full_text == PAPER.abstract
    assert shelf.pdfs.fetched == []


async def test_a_pdf_that_cannot_be_read_gives_the_abstract_with_the_reason_for_good(shelf: Shelf) -> None:
    shelf.reader.failure = PdfError("The PDF is a scan without text.", retryable=False)

    text = await shelf.library().text(PAPER)

    assert not text.is_full
    assert text.problem == "The PDF is a scan without text"
    assert [page.number for page in text.pages] == [0]
    shelf.reader.failure = None
    assert await shelf.library().text(PAPER) == text
    assert len(shelf.pdfs.fetched) == 1


@pytest.mark.parametrize(
    "failure",
    [
        PdfError("arXiv did not answer in time.", retryable=True),
        PdfError("arXiv refuses our requests.", retryable=False, passes=True),
    ],
    ids=["retryable", "passing"],
)
async def test_a_pdf_that_did_not_arrive_gives_the_abstract_for_now(shelf: Shelf, failure: PdfError) -> None:
    shelf.pdfs.failures[PAPER.id] = failure

    text = await shelf.library().text(PAPER)

    assert (text.is_full, text.problem) == (False, str(failure).rstrip("."))
    assert await shelf.vector_count() == 0
    del shelf.pdfs.failures[PAPER.id]
    assert (await shelf.library().text(PAPER)).is_full
    assert await shelf.vector_count() > 0


async def test_a_text_is_stored_without_vectors_where_the_embedder_fails(shelf: Shelf) -> None:
    shelf.embedder = BrokenEmbedder()

    text = await shelf.library().text(PAPER)

    assert text.is_full
    assert await shelf.vector_count() == 0
    async with shelf.database.begin() as tx:
        assert await tx.papers.text(PAPER.id, PAPER.version) == text


async def test_abstracts_are_embedded_once(shelf: Shelf) -> None:
    embedder = FakeEmbedder()
    shelf.embedder = embedder
    papers = [paper(f"2611.{number:05}") for number in range(70)]
    async with shelf.database.begin() as tx:
        await tx.papers.save(papers)
    steps: list[int] = []

    first = await shelf.library().abstract_vectors(papers[:65], advance=steps.append)
    again = await shelf.library().abstract_vectors(papers)

    assert len(embedder.texts) == 70
    assert sum(steps) == 65
    assert again.keys() == {one.id for one in papers}
    assert all((again[paper_id] == vector).all() for paper_id, vector in first.items())


async def test_vectors_of_another_size_are_made_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    papers, steps = [paper("2611.00001"), paper("2611.00002")], list[int]()
    async with shelf.database.begin() as tx:
        await tx.papers.save(papers)
    await shelf.library().abstract_vectors(papers[:1])
    monkeypatch.setattr(FakeEmbedder, "dimensions", 96)

    vectors = await shelf.library().abstract_vectors(papers, advance=steps.append)
    again = await shelf.library().abstract_vectors(papers)

    assert [len(vectors[one.id]) for one in papers] == [96, 96]
    assert sum(steps) == 2
    assert all((again[paper_id] == vector).all() for paper_id, vector in vectors.items())


async def test_titles_are_embedded_once_and_apart_from_abstracts(shelf: Shelf) -> None:
    embedder = FakeEmbedder()
    shelf.embedder = embedder
    async with shelf.database.begin() as tx:
        await tx.papers.save([PAPER])

    abstract = await shelf.library().abstract_vectors([PAPER])
    title = await shelf.library().title_vectors([PAPER])
    again = await shelf.library().title_vectors([PAPER])

    assert embedder.texts == [f"{PAPER.title}. {PAPER.abstract}", PAPER.title]
    assert (again[PAPER.id] == title[PAPER.id]).all()
    assert (abstract[PAPER.id] != title[PAPER.id]).any()


async def test_a_broken_embedder_is_an_error_for_the_ranking(shelf: Shelf) -> None:
    shelf.embedder = BrokenEmbedder()

    with pytest.raises(EmbeddingError, match="missing"):
        await shelf.library().abstract_vectors([PAPER])


async def test_without_an_embedder_there_are_no_vectors(shelf: Shelf) -> None:
    shelf.embedder = None

    assert await shelf.library().abstract_vectors([PAPER]) == {}
    assert await shelf.library().title_vectors([PAPER]) == {}
    assert (await shelf.library().text(PAPER)).is_full
    assert await shelf.vector_count() == 0


async def test_days_and_licences_of_the_announcements_are_noted(shelf: Shelf) -> None:
    told = Announcement(paper_id=PAPER.id, day=date(2026, 11, 18), kind="new", licence="http://cc")
    earlier = replace(told, paper_id="2611.99999", day=date(2026, 11, 17), licence=None)
    shelf.announcements.entries = (told, earlier)

    assert await shelf.library().note_announcements(["cs.CL"]) == told.day

    assert shelf.announcements.asked == [["cs.CL"]]
    async with shelf.database.begin() as tx:
        await tx.papers.save([PAPER])
        stored = await tx.papers.get(PAPER.id)
    assert stored == replace(PAPER, announced=date(2026, 11, 18), licence="http://cc")


async def test_a_feed_without_entries_has_no_day(shelf: Shelf) -> None:
    assert await shelf.library().note_announcements(["cs.CL"]) is None
