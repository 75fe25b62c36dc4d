"""Gets a paper's text, passages and vectors; what was fetched once is served from storage."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.errors import EmbeddingError, PdfError
from bot.llm.port import Embedder, TitleEmbedder, Vectors
from bot.papers.passages import embedded_text, passages
from bot.papers.port import AnnouncementSource, PdfReader, PdfSource
from bot.papers.stored import stored_vectors
from bot.progress import UNWATCHED, Progress
from bot.queues import Queue, no_queue
from bot.single_flight import SingleFlight
from storage.batches import batched
from storage.database import Database
from storage.index import PassageIndex
from storage.model import Page, Paper, PaperText, TextSource

log = logging.getLogger(__name__)

_PAPERS_AT_A_TIME = 64


class Library:
    """The texts, passages and vectors of papers: from storage if they are there, else made and stored."""

    def __init__(
        self,
        *,
        database: Database,
        announcements: AnnouncementSource,
        pdfs: PdfSource,
        reader: PdfReader,
        embedder: Embedder | None,
        index: PassageIndex | None = None,
    ) -> None:
        """Wire it.

        Args:
            database: Where texts, passages and vectors are kept.
            announcements: The day's feed.
            pdfs: Where PDFs come from.
            reader: What reads them.
            embedder: None where papers are found by words alone.
            index: Is told of new passages; SQL has their vectors in any case.
        """
        self._database = database
        self._announcements = announcements
        self._pdfs = pdfs
        self._reader = reader
        self._embedder = embedder
        self._index = index
        self._texts = SingleFlight[PaperText]()

    async def note_announcements(self, categories: Sequence[str]) -> date | None:
        """Store the days and licences in the day's feed; returns its newest day, None if it is empty.

        Raises:
            ArxivError: the feed could not be read.
        """
        entries = await self._announcements.today(categories)
        async with self._database.begin() as tx:
            await tx.papers.announce(entries)
        return max((entry.day for entry in entries), default=None)

    async def text(
        self, paper: Paper, *, progress: Progress = UNWATCHED, queue: Queue = no_queue
    ) -> PaperText:
        """The paper's text, from storage or its PDF; if there is none, its abstract, with the reason.

        A text that was read is stored with its passages and their vectors; an abstract only if a later try
        would not help. Of several callers at once, the first one's `progress` is told of the stages, and its
        `queue` is the queue to wait in before the paper is read.
        """
        return await self._texts.run(paper.key, lambda: self._stored_or_read(paper, progress, queue))

    async def is_final(self, paper: Paper) -> bool:
        """Whether a later call of `text` could give no more than the last one did."""
        if paper.withdrawn:
            return True
        async with self._database.begin() as tx:
            return await tx.papers.text(paper.id, paper.version) is not None

    async def _stored_or_read(self, paper: Paper, progress: Progress, queue: Queue) -> PaperText:
        async with self._database.begin() as tx:
            stored = await tx.papers.text(paper.id, paper.version)
        if stored is not None:
            return stored
        if paper.withdrawn:
            return abstract_text(paper, problem="the paper was withdrawn")
        async with queue(progress):
            return await self._read(paper, progress)

    async def _read(self, paper: Paper, progress: Progress) -> PaperText:
        try:
            progress.begin("fetching")
            text = await self._reader.read(await self._pdfs.fetch(paper), paper, progress=progress)
        except PdfError as error:
            log.info("reading only the abstract of %s: %s", paper.key, error)
            text = abstract_text(paper, problem=str(error).rstrip("."))
            if error.passes:
                return text
        parts = passages(text)
        if self._embedder is not None:
            progress.begin("indexing")
        vectors = await self._vectors([embedded_text(paper.title, part) for part in parts])
        async with self._database.begin() as tx:
            await tx.papers.save([paper])
            await tx.papers.save_text(text)
            await tx.passages.save(
                parts, embedder=self._embedder.name if self._embedder else "", vectors=vectors
            )
        if self._index is not None and vectors is not None:
            await self._index.add([part.id for part in parts], vectors)
        return text

    async def _vectors(self, texts: Sequence[str]) -> Vectors | None:
        if self._embedder is None or not texts:
            return None
        try:
            return await self._embedder.embed(texts)
        except EmbeddingError as error:
            log.warning("storing passages without vectors: %s", error)
            return None

    async def abstract_vectors(
        self, papers: Sequence[Paper], *, advance: Callable[[int], None] = lambda _: None
    ) -> dict[str, Vectors]:
        """The vector of each paper's title and abstract, by its id; empty without an embedder.

        A week of a large category takes minutes the first time, so `advance` is told how many more are done,
        and each batch is stored at once.
        """
        if self._embedder is None:
            return {}
        texts = {paper.id: f"{paper.title}. {paper.abstract}" for paper in papers}
        return await self._paper_vectors(self._embedder, texts, advance)

    async def title_vectors(self, papers: Sequence[Paper]) -> dict[str, Vectors]:
        """The vector of each paper's title alone, by its id, made by the embedder for titles.

        Empty without an embedder. 250 titles take a second the first time.
        """
        if self._embedder is None:
            return {}
        titles = {paper.id: paper.title for paper in papers}
        return await self._paper_vectors(self._embedder.titles, titles, lambda _: None)

    async def _paper_vectors(
        self, embedder: Embedder | TitleEmbedder, texts: Mapping[str, str], advance: Callable[[int], None]
    ) -> dict[str, Vectors]:
        """The vectors of the texts, by the papers' ids; those that are not stored yet are made."""
        known = await stored_vectors(self._database, embedder.name, list(texts))
        advance(len(known))
        missing = {paper_id: text for paper_id, text in texts.items() if paper_id not in known}
        made = await self._made_vectors(embedder, missing, advance)
        # Those of another size are of a model that stood behind the same name before.
        sizes = {len(vector) for vector in (made or known).values()}
        outdated = {paper_id: texts[paper_id] for paper_id in known if len(known[paper_id]) not in sizes}
        return known | made | await self._made_vectors(embedder, outdated, lambda _: None)

    async def _made_vectors(
        self, embedder: Embedder | TitleEmbedder, texts: Mapping[str, str], advance: Callable[[int], None]
    ) -> dict[str, Vectors]:
        made: dict[str, Vectors] = {}
        for ids in batched(list(texts), _PAPERS_AT_A_TIME):
            vectors = await embedder.embed([texts[paper_id] for paper_id in ids])
            async with self._database.begin() as tx:
                await tx.paper_vectors.save(embedder.name, ids, vectors)
            made |= dict(zip(ids, vectors, strict=True))
            advance(len(ids))
        return made


def abstract_text(paper: Paper, *, problem: str) -> PaperText:
    """The abstract as a PaperText: one page numbered 0, which has no link."""
    return PaperText(
        paper_id=paper.id,
        version=paper.version,
        source=TextSource.ABSTRACT,
        reader="none",
        pages=(Page(number=0, text=paper.abstract),),
        page_count=0,
        problem=problem,
    )
