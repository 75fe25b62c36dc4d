"""Makes summaries: from storage if there is one, else by the language model, else as an extract."""

import asyncio
import logging
from dataclasses import replace

from bot.errors import ModelError
from bot.languages import ENGLISH, Language, language
from bot.llm.bill import Bill, complete_on
from bot.llm.context import in_context, reply_limit
from bot.llm.port import LanguageModel, Prompt
from bot.llm.usage import Prices, UsageTally
from bot.progress import UNWATCHED, Progress
from bot.single_flight import SingleFlight
from bot.summaries import extract
from bot.summaries.coverage import ReadingPlan, plan_reading
from bot.summaries.draft import Draft, draft_from
from bot.summaries.grounding import Grounded, ground
from bot.summaries.prompt import PROMPT_VERSION, merge_prompt, notes_prompt, overhead_tokens, summary_prompt
from bot.summaries.translation import translate, translated_recipe
from storage.database import Database
from storage.model import Paper, PaperText, Summary, SummaryKind, TextSource
from storage.model.keys import paper_key

log = logging.getLogger(__name__)

MAX_PARTS = 6
"""A paper far longer than the context is read in at most this many calls, plus one that merges the notes."""
_REPLY_TOKENS = 2_000
_MIN_CHUNK_TOKENS = 400


class Summaries:
    """Summaries of papers, each made once for each version and recipe."""

    def __init__(
        self, *, database: Database, model: LanguageModel | None, prices: Prices | None = None
    ) -> None:
        self._database = database
        self._model = model
        self._prices = prices or Prices()
        self._flights = SingleFlight[Summary]()
        self._checking = asyncio.Lock()

    @property
    def recipe(self) -> str:
        """How summaries are made: model and prompt version, or `extract.RECIPE`."""
        return f"{self._model.name}/{PROMPT_VERSION}" if self._model is not None else extract.RECIPE

    def cost_usd(self, usage: UsageTally) -> float | None:
        """What calls to the model cost; None if prices are not set."""
        return usage.cost_usd(self._prices)

    async def stored(self, paper: Paper, code: str = ENGLISH) -> Summary | None:
        """The stored summary in this language; None if there is none, or asking again may give a better one.

        The latter is one of the abstract alone, if the PDF may still be read or has been read since.
        """
        async with self._database.begin() as tx:
            stored = await tx.papers.summary(paper.id, paper.version, *self._made_as(code))
            if stored is None or stored.source is TextSource.PDF or paper.withdrawn:
                return stored
            text = await tx.papers.text(paper.id, paper.version)
        return stored if text is not None and not text.is_full else None

    async def best_stored(self, paper: Paper, code: str = ENGLISH) -> Summary | None:
        """The best stored summary for this language: in that language, else in English, else an extract."""
        async with self._database.begin() as tx:
            for recipe, written in (self._made_as(code), self._made_as(ENGLISH), (extract.RECIPE, ENGLISH)):
                stored = await tx.papers.summary(paper.id, paper.version, recipe, written)
                if stored is not None:
                    return stored
        return None

    def _made_as(self, code: str) -> tuple[str, str]:
        """The recipe for a language, and the language it produces: without a model, only the paper's own."""
        if self._model is None or code == ENGLISH:
            return self.recipe, ENGLISH
        return translated_recipe(self.recipe), code

    async def summary_or_extract(
        self,
        paper: Paper,
        text: PaperText,
        *,
        code: str = ENGLISH,
        progress: Progress = UNWATCHED,
        bill: Bill | None = None,
    ) -> tuple[Summary, ModelError | None]:
        """The summary of this paper version, stored or made now, and None.

        If the model fails, it is what there is without it, and the error: an extract, stored as such, so that
        the model is asked again later; if only the translation failed, the summary in English. Concurrent
        requests share the work. A stored summary of the abstract is replaced once the full text can be read.

        Args:
            paper: The paper, which has to be stored.
            text: What could be read of it.
            code: The language. An extract is in the paper's own in any case.
            progress: Told of the stages; of concurrent callers, only the first one's.
            bill: Gets what every call to the model used, failed ones too; of concurrent callers, only the
                first one's. A stored summary costs nothing. None if nobody is billed.
        """
        bill = bill or Bill()
        try:
            summary = await self._shared(paper, text, self._model, progress, bill)
        except ModelError as error:
            log.warning("%s gets an extract, as the model failed: %s", paper.key, error)
            return await self._shared(paper, text, None, progress, bill), error
        if code == ENGLISH or self._model is None:
            return summary, None
        try:
            return await self._translated(summary, language(code), self._model, progress, bill), None
        except ModelError as error:
            log.warning("%s stays in English, as the translation failed: %s", paper.key, error)
            return summary, error

    async def _shared(
        self, paper: Paper, text: PaperText, model: LanguageModel | None, progress: Progress, bill: Bill
    ) -> Summary:
        recipe = extract.RECIPE if model is None else self.recipe
        return await self._flights.run(
            f"{paper.key} {recipe} {text.source}",
            lambda: self._stored_or_made(paper, text, model, recipe, progress=progress, bill=bill),
        )

    async def _translated(
        self, summary: Summary, wanted: Language, model: LanguageModel, progress: Progress, bill: Bill
    ) -> Summary:
        recipe = translated_recipe(summary.recipe)

        async def stored_or_made() -> Summary:
            async with self._database.begin() as tx:
                stored = await tx.papers.summary(summary.paper_id, summary.version, recipe, wanted.code)
            if stored is not None and stored.source is summary.source:
                return stored
            progress.begin("translating")
            made = await in_context(lambda: translate(summary, wanted, model, self._prices, bill=bill))
            async with self._database.begin() as tx:
                await tx.papers.save_summary(made)
            return made

        key = f"{paper_key(summary.paper_id, summary.version)} {recipe} {wanted.code} {summary.source}"
        return await self._flights.run(key, stored_or_made)

    async def _stored_or_made(
        self,
        paper: Paper,
        text: PaperText,
        model: LanguageModel | None,
        recipe: str,
        *,
        progress: Progress,
        bill: Bill,
    ) -> Summary:
        async with self._database.begin() as tx:
            stored = await tx.papers.summary(paper.id, paper.version, recipe)
        if stored is not None and (stored.source is text.source or not text.is_full):
            return stored
        # The transaction is closed: a model call takes seconds, and SQLite has one writer. Extracting and
        # grounding compute for some hundred milliseconds, too long for the event loop.
        progress.begin("extracting" if model is None else "writing")
        if model is None:
            summary = await asyncio.to_thread(extract.extract, paper, text)
        else:
            summary = await in_context(
                lambda: _Writing(model, paper, text, progress, bill, checking=self._checking).write(
                    recipe, self._prices
                )
            )
        async with self._database.begin() as tx:
            await tx.papers.save_summary(summary)
        return summary


class _Writing:
    """Writes one summary with the model."""

    def __init__(
        self,
        model: LanguageModel,
        paper: Paper,
        text: PaperText,
        progress: Progress,
        bill: Bill,
        *,
        checking: asyncio.Lock,
    ) -> None:
        self._model = model
        self._checking = checking
        self._progress = progress
        self._bill = bill
        self._paper = paper
        self._text = text
        self._usage = UsageTally()
        self._cut_by_server = False
        context = model.context_tokens
        self._reply_tokens = reply_limit(_REPLY_TOKENS, context)
        self._room_tokens = max(_MIN_CHUNK_TOKENS, context - self._reply_tokens - overhead_tokens(paper))

    async def write(self, recipe: str, prices: Prices) -> Summary:
        plan = plan_reading(self._text, chunk_tokens=self._room_tokens, max_chunks=MAX_PARTS)
        draft = await self._draft(plan)
        if not draft.gist:
            raise ModelError("The language model wrote a summary without a gist.", retryable=False)
        self._progress.begin("checking numbers")
        async with self._checking:  # as for answers: several computing threads finish no sooner
            grounded = await asyncio.to_thread(ground, draft, self._text, self._paper.title)
        if not grounded.is_about_paper:
            raise ModelError("What the language model wrote is not about this paper.", retryable=False)
        grounded = replace(grounded, dropped=grounded.dropped + draft.left_out)
        return self._summary(recipe, plan, grounded, prices)

    async def _draft(self, plan: ReadingPlan) -> Draft:
        if len(plan.chunks) <= 1:
            chunk = plan.chunks[0] if plan.chunks else self._paper.abstract
            return await self._ask(summary_prompt(self._paper, self._text, chunk))
        parts = len(plan.chunks)
        notes = [
            await self._ask(notes_prompt(self._paper, chunk, part=part, parts=parts))
            for part, chunk in enumerate(plan.chunks, start=1)
        ]
        return await self._ask(merge_prompt(self._paper, notes, max_tokens=self._room_tokens))

    async def _ask(self, prompt: Prompt) -> Draft:
        reply = await complete_on(self._bill, self._model, prompt, max_tokens=self._reply_tokens)
        self._usage += UsageTally.of(reply)
        self._cut_by_server |= reply.truncated_prompt
        return draft_from(reply.data)

    def _summary(self, recipe: str, plan: ReadingPlan, grounded: Grounded, prices: Prices) -> Summary:
        not_read = plan.coverage.not_read
        if self._cut_by_server:
            cut = "parts that the model server cut off"
            not_read = f"{not_read}; {cut}" if not_read else cut
        return Summary(
            paper_id=self._paper.id,
            version=self._paper.version,
            recipe=recipe,
            kind=SummaryKind.MODEL,
            model=self._model.name,
            gist=grounded.gist,
            claim=grounded.claim,
            method=grounded.method,
            results=grounded.results,
            critique=grounded.critique,
            implications=grounded.implications,
            source=self._text.source,
            pages_read=plan.coverage.pages_read,
            page_count=self._text.page_count,
            not_read=not_read,
            statements_dropped=grounded.dropped,
            statements_marked=grounded.marked,
            prompt_tokens=self._usage.prompt_tokens,
            completion_tokens=self._usage.completion_tokens,
            cost_usd=self._usage.cost_usd(prices),
        )
