"""The service for summaries on demand, with arXiv in memory behind it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.limits.rules import Limits
from bot.llm.port import LanguageModel, Prompt, estimated_tokens
from bot.papers.catalogue import Catalogue
from bot.papers.library import Library
from bot.summaries.on_demand import OnDemand
from bot.summaries.service import Summaries
from storage.database import Database
from storage.model import Paper
from tests.bot.limits.doors import NO_LIMITS, admission
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.model import ScriptedModel, diligent_model
from tests.fakes.papers import ListedPapers
from tests.fakes.pdfs import ListedAnnouncements, PlainReader, ShelvedPdfs

PAGES = (
    "We propose Foldcache, which folds old keys. Foldcache keeps 12.5 % of the key-value memory.",
    "On CoQA it obtains an accuracy of 81.2 with one pass over all the stored keys.",
)


@dataclass
class Desk:
    """The service and what is behind it."""

    arxiv: ListedPapers
    pdfs: ShelvedPdfs
    model: ScriptedModel
    clock: StillClock
    catalogue: Catalogue
    library: Library
    on_demand: OnDemand

    def lists(self, *papers: Paper, pages: tuple[str, ...] = PAGES) -> None:
        """Have arXiv list these papers, with their PDFs."""
        self.arxiv.listed += papers
        self.pdfs.pages |= {paper.key: pages for paper in papers}


def tokens_of(prompts: Iterable[Prompt]) -> int:
    """What a scripted model is paid for reading these prompts."""
    return sum(estimated_tokens(prompt.system + prompt.user) for prompt in prompts)


def desk(
    database: Database,
    model: ScriptedModel | None = None,
    *,
    without_model: bool = False,
    clock: StillClock | None = None,
    limits: Limits = NO_LIMITS,
) -> Desk:
    """A desk with the given model, or a diligent one."""
    model = model or diligent_model()
    used: LanguageModel | None = None if without_model else model
    arxiv, pdfs, clock = ListedPapers(), ShelvedPdfs(), clock or StillClock(NOW)
    library = Library(
        database=database, announcements=ListedAnnouncements(), pdfs=pdfs, reader=PlainReader(), embedder=None
    )
    catalogue = Catalogue(database=database, source=arxiv, clock=clock)
    summaries = Summaries(database=database, model=used)
    return Desk(
        arxiv=arxiv,
        pdfs=pdfs,
        model=model,
        clock=clock,
        catalogue=catalogue,
        library=library,
        on_demand=OnDemand(
            catalogue=catalogue,
            library=library,
            summaries=summaries,
            admission=admission(database, clock, limits=limits),
        ),
    )
