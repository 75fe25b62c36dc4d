"""Questions to the real service, with arXiv in memory and a scripted model behind it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from bot.answers.question import Answered, Question
from bot.answers.retrieval import Retrieval
from bot.answers.scopes import Scopes
from bot.answers.service import Answers
from bot.llm.port import Prompt
from bot.papers.catalogue import Catalogue
from bot.papers.library import Library
from bot.progress import UNWATCHED, Progress
from storage.database import Database
from storage.model import Asker, AskScope, Conversation, Paper, Reader, ScopeKind
from tests.bot.limits.doors import NO_LIMITS, admission
from tests.bot.summaries.papers import paper
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.model import ScriptedModel
from tests.fakes.papers import ListedPapers
from tests.fakes.pdfs import ListedAnnouncements, PlainReader, ShelvedPdfs
from tests.fakes.replies import passages_in

FOLD = paper(id="2611.00001", title="Foldcache: folding key-value memory for long contexts")
TIDE = paper(id="2611.00002", title="Tidepool: scheduling attention on small devices")
FOLD_PAGES = (
    "We propose Foldcache, which folds old keys into fewer slots while a document is read.",
    "On LongQuiz, Foldcache keeps 12.5 % of the key-value memory and reaches an accuracy of 81.2 %.",
)
TIDE_PAGES = (
    "Tidepool is a scheduler that moves attention blocks between flash storage and memory on phones.",
    "Tidepool was evaluated with 14 volunteers, who used the phones for three weeks.",
)
MEMORY = "How much of the key-value memory does Foldcache keep?"
SERVER, ADA, BOB = 7, Asker(user_id=1, server_id=7), Asker(user_id=2, server_id=7)
EVERYTHING = AskScope(kind=ScopeKind.EVERYTHING)
THIS_WEEK = AskScope(kind=ScopeKind.WEEK)


@dataclass
class Room:
    """The service and what it works with."""

    database: Database
    arxiv: ListedPapers
    pdfs: ShelvedPdfs
    library: Library
    clock: StillClock
    scopes: Scopes
    answers: Answers

    async def ask(
        self,
        text: str,
        scope: AskScope = EVERYTHING,
        *,
        asker: Asker | None = ADA,
        after: Conversation | None = None,
        keeps_to_scope: bool = False,
        progress: Progress = UNWATCHED,
    ) -> Answered:
        """Ask a question."""
        question = Question(text=text, scope=scope, asker=asker, after=after, keeps_to_scope=keeps_to_scope)
        return await self.answers.ask(question, progress=progress)

    def lists(self, *listed: tuple[Paper, tuple[str, ...]]) -> None:
        """Have arXiv list these papers, with their PDFs."""
        for one, pages in listed:
            self.arxiv.listed.append(one)
            self.pdfs.pages[one.key] = pages

    async def ask_after(
        self, before: Answered, text: str, *, asker: Asker = ADA, keeps_to_scope: bool = False
    ) -> Answered:
        """Follow up an answer."""
        after = await self.answers.conversation(before.conversation_id)
        return await self.ask(text, before.scope, asker=asker, after=after, keeps_to_scope=keeps_to_scope)

    async def has_read(self, *papers: Paper, reader: Reader | None = None) -> None:
        """Store the texts of these papers, and record that the server has seen them."""
        for one in papers:
            await self.library.text(one)
            async with self.database.begin() as tx:
                await tx.seen.note(reader or Reader(server_id=SERVER), one.id, self.clock.now())


def room(database: Database, model: ScriptedModel | None, *, clock: StillClock | None = None) -> Room:
    """A room with both invented papers on arXiv and nothing stored."""
    arxiv, pdfs, clock = ListedPapers(), ShelvedPdfs(), clock or StillClock(NOW)
    library = Library(
        database=database, announcements=ListedAnnouncements(), pdfs=pdfs, reader=PlainReader(), embedder=None
    )
    catalogue = Catalogue(database=database, source=arxiv, clock=clock)
    scopes = Scopes(database=database, catalogue=catalogue, library=library)
    answers = Answers(
        database=database,
        scopes=scopes,
        retrieval=Retrieval(database=database, embedder=None),
        model=model,
        admission=admission(database, clock, limits=NO_LIMITS),
        clock=clock,
    )
    made = Room(
        database=database,
        arxiv=arxiv,
        pdfs=pdfs,
        library=library,
        clock=clock,
        scopes=scopes,
        answers=answers,
    )
    made.lists((FOLD, FOLD_PAGES), (TIDE, TIDE_PAGES))
    return made


def saying(text: str, holding: str | None = None, **flags: bool) -> Callable[[Prompt], str]:
    """A model that writes this sentence and cites the passage that has the words `holding`."""

    def reply(prompt: Prompt) -> str:
        passages = passages_in(prompt.user).items()
        cited = [number for number, words in passages if holding is not None and holding in words]
        sentence = {"text": text, "sources": [{"number": number, "quote": ""} for number in cited]}
        return json.dumps({"about_papers": True, "answered": True, "sentences": [sentence]} | flags)

    return reply
