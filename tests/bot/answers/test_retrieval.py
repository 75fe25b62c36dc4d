"""Passages for questions, out of real databases."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from bot.answers.features import PaperWords
from bot.answers.retrieval import Retrieval
from bot.answers.subject import Subject, subject
from bot.answers.terms import stems
from bot.errors import EmbeddingError
from bot.llm.port import Embedder, TitleEmbedder, Vectors
from storage.database import Database
from storage.index import PassageIndex
from storage.model import Page, PaperText, Passage, TextSource
from storage.types import FloatVector
from tests.storage.records import paper, passage
from tests.waiting import PATIENCE_SECONDS, until

PAPERS = {
    "2611.00001": (
        "Folding caches for long inputs",
        "Keys are folded before they are cached, and the cache stays small.",
        "We collected a corpus of 4,000 tweets that two annotators labelled.",
        "Accuracy rises by two points over the best baseline.",
    ),
    "2611.00002": (
        "Parsing trees with few examples",
        "Trees are parsed by a grammar that is learned from treebanks.",
        "The treebank has sentences of five languages, collected from news.",
        "The parser is as accurate as the best baseline.",
    ),
    "2611.00003": (
        "Speech recognition without labels",
        "Speech is recognised by clustering its sounds.",
        "We recorded hours of speech of forty speakers.",
        "Word error rates fall by a third.",
    ),
}


class WordEmbedder:
    """Likeness by shared stems, like a model that knows no synonyms."""

    name = "stems"
    dimensions = 64

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = False
        self.titles = TitleEmbedder(name="stems of titles", embed=self.embed)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if self.fails:
            raise EmbeddingError("The embedding server is away.")
        self.asked += texts
        vectors = np.full((len(texts), self.dimensions), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for stem in stems(text):
                vectors[row, sum(map(ord, stem)) % self.dimensions] += 1
        normal: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normal


class KnowingEmbedder(WordEmbedder):
    """The same, with one synonym."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        return await super().embed([text.replace("mistakes", "error rates") for text in texts])


class NearestIndex:
    """Takes the place of the passage index, and records what it was asked."""

    def __init__(self, ids: Sequence[str], vectors: FloatVector) -> None:
        self._ids, self._vectors = ids, vectors
        self.limits: list[int] = []

    async def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        self.limits.append(limit)
        cosines = self._vectors @ vector
        return [(self._ids[place], float(cosines[place])) for place in np.argsort(-cosines)[:limit]]


async def stock(database: Database, embedder: Embedder | None, papers: Sequence[str] = tuple(PAPERS)) -> None:
    for paper_id in papers:
        title, *texts = PAPERS[paper_id]
        parts = [passage(number, paper_id, heading="", text=text) for number, text in enumerate(texts)]
        vectors = await embedder.embed([part.text for part in parts]) if embedder else None
        async with database.begin() as tx:
            await tx.papers.save([paper(paper_id, title=title, abstract=texts[0])])
            await tx.papers.save_text(_text(paper_id, parts))
            await tx.passages.save(parts, embedder=embedder.name if embedder else "", vectors=vectors)


def _text(paper_id: str, parts: Sequence[Passage]) -> PaperText:
    return PaperText(
        paper_id=paper_id,
        version=1,
        source=TextSource.PDF,
        reader="pypdf",
        pages=(Page(number=1, text="\n\n".join(part.text for part in parts)),),
        page_count=1,
    )


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
async def stocked(database: Database, embedder: WordEmbedder) -> Database:
    await stock(database, embedder)
    return database


async def test_one_papers_passages_come_with_the_answer_first(
    stocked: Database, embedder: WordEmbedder
) -> None:
    retrieval = Retrieval(database=stocked, embedder=embedder)

    found = await retrieval.find("Which tweets were collected?", ("2611.00001v1",))

    assert found.passages[0].passage.id == "2611.00001v1#1"
    assert found.passages[0].title == "Folding caches for long inputs"
    assert {part.paper_key for part in found.passages} == {"2611.00001v1"}


async def test_everything_is_searched_by_papers_first(stocked: Database, embedder: WordEmbedder) -> None:
    retrieval = Retrieval(database=stocked, embedder=embedder)

    found = await retrieval.find("How many speakers of speech were recorded?")

    assert found.passages[0].passage.id == "2611.00003v1#1"
    assert found.nearest[0].title == "Speech recognition without labels"
    assert len(found.nearest) == 3


async def test_a_scope_leaves_other_papers_out(stocked: Database, embedder: WordEmbedder) -> None:
    retrieval = Retrieval(database=stocked, embedder=embedder)
    scope = ("2611.00001v1", "2611.00002v1", "2611.00001v1", "2611.00099v1")

    found = await retrieval.find("How many speakers of speech were recorded?", scope)

    assert {part.paper_key for part in found.passages} == {"2611.00001v1", "2611.00002v1"}
    assert {near.paper_key for near in found.nearest} == {"2611.00001v1", "2611.00002v1"}


async def test_a_title_in_the_question_decides_for_its_paper(
    stocked: Database, embedder: WordEmbedder
) -> None:
    retrieval = Retrieval(database=stocked, embedder=embedder)

    found = await retrieval.find("What was collected in “Parsing trees with few examples”?")

    assert embedder.asked[-1] == "What was collected ?"
    assert {part.paper_key for part in found.passages} == {"2611.00002v1"}


async def test_the_budget_of_words_is_kept(stocked: Database, embedder: WordEmbedder) -> None:
    retrieval = Retrieval(database=stocked, embedder=embedder)

    found = await retrieval.find("Which tweets were collected?", max_words=25)

    assert found.passages
    assert sum(len(part.passage.text.split()) for part in found.passages) <= 25


async def test_nothing_stored_means_nothing_found(database: Database, embedder: WordEmbedder) -> None:
    retrieval = Retrieval(database=database, embedder=embedder)

    for scope in (None, ("2611.00001v1",), ()):
        found = await retrieval.find("Which tweets?", scope)

        assert found.passages == ()
        assert found.nearest == ()
        assert found.confidence == 0.0


async def test_words_find_passages_where_there_is_no_embedder(database: Database) -> None:
    await stock(database, None)
    retrieval = Retrieval(database=database, embedder=None)

    found = await retrieval.find("Which tweets were collected?")

    assert found.passages[0].passage.id == "2611.00001v1#1"
    assert found.confidence == pytest.approx(1.0)


async def test_words_find_passages_while_the_embedder_fails(
    stocked: Database, embedder: WordEmbedder
) -> None:
    embedder.fails = True
    retrieval = Retrieval(database=stocked, embedder=embedder)

    found = await retrieval.find("Which tweets were collected?")

    assert found.passages[0].passage.id == "2611.00001v1#1"


async def test_vectors_of_another_size_are_not_compared(
    stocked: Database, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WordEmbedder, "dimensions", 32)
    retrieval = Retrieval(database=stocked, embedder=embedder)

    found = await retrieval.find("Which tweets were collected?")

    assert found.passages[0].passage.id == "2611.00001v1#1"


async def test_a_paper_stored_later_is_found_too(database: Database, embedder: WordEmbedder) -> None:
    await stock(database, embedder, ("2611.00001",))
    retrieval = Retrieval(database=database, embedder=embedder)
    await retrieval.prepare()
    await stock(database, embedder, ("2611.00003",))

    found = await retrieval.find("How many speakers of speech were recorded?")

    assert found.passages[0].paper_key == "2611.00003v1"


async def test_the_index_tells_which_papers_are_near(stocked: Database, embedder: WordEmbedder) -> None:
    async with stocked.begin() as tx:
        index = NearestIndex(*await tx.vectors.of_papers(embedder.name, await tx.papers.read_keys()))
    retrieval = Retrieval(database=stocked, embedder=embedder, index=index)

    found = await retrieval.find("How many speakers of speech were recorded?")

    assert len(index.limits) == 1
    assert found.nearest[0].paper_key == "2611.00003v1"


async def test_what_is_said_in_other_words_is_found_by_meaning(stocked: Database) -> None:
    embedder = KnowingEmbedder()
    async with stocked.begin() as tx:
        index = NearestIndex(*await tx.vectors.of_papers(embedder.name, await tx.papers.read_keys()))

    found = await Retrieval(database=stocked, embedder=embedder, index=index).find("How many mistakes?")

    assert found.nearest[0].paper_key == "2611.00003v1"
    assert found.passages[0].passage.id == "2611.00003v1#2"


async def test_deleted_passages_are_left_out(stocked: Database) -> None:
    retrieval = Retrieval(database=stocked, embedder=None)
    await retrieval.prepare()
    title, text, *_ = PAPERS["2611.00001"]
    async with stocked.begin() as tx:  # another process reads the paper again
        part = passage(0, "2611.00001", heading="", text=text)
        await tx.passages.save([part], embedder="", vectors=None)

    found = await retrieval.find("Which tweets were collected?", ("2611.00001v1",))

    assert [(one.passage.id, one.title) for one in found.passages] == [("2611.00001v1#0", title)]


async def test_the_real_index_answers_too(
    stocked: Database, embedder: WordEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("index")
    index = await PassageIndex.open(folder / "chroma", stocked, embedder=embedder.name)
    retrieval = Retrieval(database=stocked, embedder=embedder, index=index)

    found = await retrieval.find("How many speakers of speech were recorded?")

    await index.close()
    assert found.passages[0].passage.id == "2611.00003v1#1"


async def test_a_question_about_one_paper_need_not_wait_until_all_are_read(
    stocked: Database, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answers.shelf._PAPERS_AT_A_TIME", 1)
    titles, may_go_on, read = list[str](), threading.Event(), PaperWords.of

    def reading(**known: Any) -> PaperWords:
        titles.append(known["title"])
        may_go_on.wait(PATIENCE_SECONDS)
        return read(**known)

    monkeypatch.setattr(PaperWords, "of", reading)
    retrieval = Retrieval(database=stocked, embedder=embedder)
    first, second, third = (PAPERS[paper_id][0] for paper_id in sorted(PAPERS))

    preparing = asyncio.create_task(retrieval.prepare())
    await until(lambda: titles)
    asking = asyncio.create_task(retrieval.find("speakers", ("2611.00003v1",)))
    await until(lambda: retrieval._shelf._reading._waiters)
    may_go_on.set()
    found = await asking
    await preparing

    assert titles == [first, third, second]
    assert {one.title for one in found.passages} == {third}


async def test_titles_are_not_looked_through_on_the_event_loop(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set[threading.Thread]()

    def looking(question: str, titles: Mapping[str, str]) -> Subject:
        threads.add(threading.current_thread())
        return subject(question, titles)

    monkeypatch.setattr("bot.answers.retrieval.subject", looking)

    await Retrieval(database=stocked, embedder=None).find('What does "Parsing trees" say?')

    assert threads
    assert threading.current_thread() not in threads
