"""Answers questions about papers: finds passages, asks the model, and keeps what the passages support."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers.asked import cleaned_question, compares, is_small_talk, remembered, searched_for
from bot.answers.citations import checked
from bot.answers.found import Found, of_abstracts, with_abstracts
from bot.answers.material import Numbered
from bot.answers.naming import asked_before, is_name_alone
from bot.answers.overview import asks_for_overview, asks_of_all
from bot.answers.prompt import SYSTEM, answer_prompt, reply_tokens
from bot.answers.question import Answered, Question
from bot.answers.retrieval import Retrieval
from bot.answers.scopes import Chosen, Scopes, scope_of_titles, widened
from bot.answers.verbatim import BY_WORDS, MAY_NOT_ANSWER, MIN_CONFIDENCE, abstracts_left_out, passages_alone
from bot.clock import Clock
from bot.errors import ModelError
from bot.limits.admission import Admission
from bot.llm.bill import Bill, complete_on
from bot.llm.context import in_context
from bot.llm.port import LanguageModel
from bot.papers.stored import stored_papers
from bot.progress import UNWATCHED, Progress
from bot.queues import Queue
from storage.database import Database
from storage.failures import StorageFailure
from storage.model import Answer, AnswerKind, AskScope, Conversation, ScopeKind, Turn, WorkKind
from storage.model.keys import split_key

log = logging.getLogger(__name__)

_CUT_BY_SERVER = "The model server cut off part of what it was given to read."


class Answers:
    """Questions answered from papers."""

    def __init__(
        self,
        *,
        database: Database,
        scopes: Scopes,
        retrieval: Retrieval,
        model: LanguageModel | None,
        admission: Admission,
        clock: Clock,
    ) -> None:
        self._database = database
        self._scopes = scopes
        self._retrieval = retrieval
        self._model = model
        self._admission = admission
        self._clock = clock
        self._checking = asyncio.Lock()

    async def ask(self, asked: Question, *, progress: Progress = UNWATCHED) -> Answered:
        """Answer one question, and keep for a day what a follow-up needs.

        Papers named by the question or the scope are fetched, read and indexed first. If the model fails,
        the best passages are the answer.

        Raises:
            InputError: there is no question, the scope has no papers, or a limit is reached.
            ServiceError: arXiv or the database failed.
        """
        asked_at = self._clock.now()
        question = cleaned_question(asked.text)
        if is_small_talk(question):
            answer, scope = Answer(kind=AnswerKind.OFF_TOPIC), asked.scope
        else:
            async with self._admission.admitted(asked.asker, WorkKind.QUESTION) as work:
                chosen = await self._chosen(question, asked, work.reading, progress)
                async with work.writing(progress):
                    answer = await self._answered(question, asked, chosen, work.bill, progress)
            scope = chosen.scope
        return await self._with_conversation(question, asked, answer, scope, asked_at)

    async def prepare(self) -> None:
        """Load what retrieval keeps in memory, so that the first question need not wait."""
        await self._retrieval.prepare()

    def scope(
        self, kind: ScopeKind | None, *, question: str = "", paper: str | None, here: AskScope | None
    ) -> AskScope:
        """The scope that a choice means where it was made: in a thread about a paper or a week, `here`.

        Raises:
            InputError: "this paper" was chosen where there is none.
        """
        return self._scopes.meant(kind, question=question, paper=paper, here=here)

    async def scope_at(self, message_id: int) -> AskScope | None:
        """What a digest's message is about; None for any other message."""
        return await self._scopes.at(message_id)

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """The conversation that a follow-up to this answer continues; None once it has expired."""
        async with self._database.begin() as tx:
            return await tx.conversations.get(conversation_id, now=self._clock.now())

    async def conversation_at(self, message_id: int) -> Conversation | None:
        """The same, found by the message that shows the answer."""
        async with self._database.begin() as tx:
            return await tx.conversations.at_message(message_id, now=self._clock.now())

    async def record_message(self, answered: Answered, message_id: int) -> None:
        """Record which message shows an answer, so that a reply to it continues from there."""
        async with self._database.begin() as tx:
            await tx.conversations.posted(answered.conversation_id, message_id)

    async def _answered(
        self, question: str, asked: Question, chosen: Chosen, bill: Bill, progress: Progress
    ) -> Answer:
        turns = asked.turns
        progress.begin("searching")
        asks_again = chosen.is_named and is_name_alone(chosen.question)
        stands_alone = chosen.is_named and not chosen.has_several and not asks_again
        words = chosen.question if stands_alone else searched_for(chosen.question, turns)
        asks = asked_before(turns) if asks_again else chosen.question
        found = await self._found(words, chosen, asks, is_first=not turns)
        keys = chosen.paper_keys if chosen.scope.kind is ScopeKind.PAPER else None
        has_model = self._model is not None
        found = await self._retrieval.with_records(found, asks, keys, in_any_case=has_model)
        sources = await self._numbered(found)
        is_weak = not has_model and found.confidence < MIN_CONFIDENCE
        if is_weak and chosen.scope.kind is not ScopeKind.PAPER:
            sources = []
        answer = await self._answer_from(question, sources, turns, bill, progress, for_model=chosen.for_model)
        nearest = found.nearest if answer.kind is AnswerKind.NOT_IN_PAPERS else ()
        weakness = f"{MAY_NOT_ANSWER} {BY_WORDS}" if is_weak and sources else None
        remarks = " ".join(filter(None, (weakness, answer.remark, chosen.remark, _unread(found, chosen))))
        return replace(answer, nearest=nearest, searched=chosen.words, remark=remarks or None)

    async def _chosen(self, question: str, asked: Question, queue: Queue, progress: Progress) -> Chosen:
        """The papers to search: those that this question names by id, link or title, else the scope's.

        Titles are looked for in this question alone, not in earlier ones, and among the scope's papers; in a
        conversation about papers or a reply to their summary, in a comparison with them, and if a week has
        none of the title, among all that this reader has seen.
        """
        goes_on = asked.after is not None or asked.is_reply
        may_widen = goes_on and not asked.keeps_to_scope
        scope = widened(question, asked.scope) if may_widen else asked.scope
        chosen = await self._scopes.chosen(
            question, scope, asked.reader, after=asked.after, progress=progress, queue=queue
        )
        compared = chosen.scope.papers if compares(question) else ()
        if chosen.is_named and not compared:
            return chosen
        among = chosen.paper_keys
        if chosen.scope.kind is ScopeKind.PAPER:
            if asked.keeps_to_scope or not (goes_on or compared):
                return chosen
            among = None if asked.reader is None else await self._scopes.seen(asked.reader)
        titled, rest = await self._retrieval.titled(chosen.question, among)
        is_of_week = chosen.scope.kind is ScopeKind.WEEK
        if not titled and is_of_week and asked.reader is not None and not asked.keeps_to_scope:
            seen = await self._scopes.seen(asked.reader)
            titled, rest = await self._retrieval.titled(chosen.question, seen)
        named = scope_of_titles(compared, titled)
        if named is None:
            return chosen
        by_title = await self._scopes.chosen(question, named, asked.reader, progress=progress, queue=queue)
        return replace(by_title, is_named=True, question=by_title.question if by_title.has_several else rest)

    async def _found(self, words: str, chosen: Chosen, asks: str, *, is_first: bool) -> Found:
        """What is found for these words, or for an overview if the question asks for one."""
        is_overview = not asks or asks_for_overview(asks)
        if chosen.paper_keys is not None and chosen.scope.kind is ScopeKind.PAPER:
            stored = (
                await self._retrieval.overview(chosen.paper_keys)
                if is_overview
                else await self._retrieval.find_in_each(words, chosen.paper_keys)
            )
            return with_abstracts(stored, chosen.abstracts)
        # Later, "what is it about?" more likely means a paper that was spoken of.
        is_of_all = is_overview and (is_first or asks_of_all(asks))
        if chosen.paper_keys is not None and chosen.scope.kind is ScopeKind.WEEK and is_of_all:
            ids = [split_key(key)[0] for key in chosen.paper_keys]
            papers = await stored_papers(self._database, ids)
            return of_abstracts([papers[id_] for id_ in ids])
        return await self._retrieval.find(words, chosen.paper_keys)

    async def _numbered(self, found: Found) -> list[Numbered]:
        """The passages, numbered from 1, with the paper's pages for those that span several."""
        spanning = {
            (one.passage.paper_id, one.passage.version)
            for one in found.passages
            if one.passage.first_page != one.passage.last_page
        }
        async with self._database.begin() as tx:
            texts = {key: await tx.papers.text(*key) for key in sorted(spanning)}
        numbered = []
        for number, one in enumerate(found.passages, start=1):
            text = texts.get((one.passage.paper_id, one.passage.version))
            pages = text.pages if text is not None else ()
            numbered.append(Numbered(number=number, passage=one.passage, title=one.title, pages=pages))
        return numbered

    async def _answer_from(
        self,
        question: str,
        sources: Sequence[Numbered],
        turns: Sequence[Turn],
        bill: Bill,
        progress: Progress,
        *,
        for_model: str,
    ) -> Answer:
        """The answer from these passages; `for_model` is the question as the model reads it."""
        if not sources:
            return Answer(kind=AnswerKind.NOT_IN_PAPERS, remark=BY_WORDS if self._model is None else None)
        model = self._model
        if model is None:
            return passages_alone(sources)
        progress.begin("writing")
        try:
            return await in_context(
                lambda: self._written(model, question, sources, turns, bill, for_model=for_model)
            )
        except ModelError as error:
            log.warning("a question is answered with passages alone: %s", error)
            return replace(passages_alone(sources), model=model.name, remark=str(error))

    async def _written(
        self,
        model: LanguageModel,
        question: str,
        sources: Sequence[Numbered],
        turns: Sequence[Turn],
        bill: Bill,
        *,
        for_model: str,
    ) -> Answer:
        prompt, given = answer_prompt(for_model, sources, turns, context_tokens=model.context_tokens)
        reply = await complete_on(bill, model, prompt, max_tokens=reply_tokens(model.context_tokens))
        # Hundreds of milliseconds of computing: too long for the event loop. One at a time, because several
        # computing threads finish no sooner, and the loop has to wait for each of them.
        async with self._checking:
            result = await asyncio.to_thread(
                checked, reply.data, given, question=question, instructions=SYSTEM
            )
        cut = _CUT_BY_SERVER if reply.truncated_prompt else None
        left_out = abstracts_left_out(given, sources, "The model could read only")
        remark = " ".join(filter(None, (cut, left_out))) or None
        if result.off_topic:
            return Answer(kind=AnswerKind.OFF_TOPIC, model=model.name, remark=remark)
        kind = AnswerKind.ANSWER if result.sentences else AnswerKind.NOT_IN_PAPERS
        return Answer(
            kind=kind,
            sentences=result.sentences,
            sources=result.sources,
            model=model.name,
            remark=remark,
            dropped=result.dropped,
        )

    async def _with_conversation(
        self, question: str, asked: Question, answer: Answer, scope: AskScope, asked_at: datetime
    ) -> Answered:
        """The answer, with a conversation stored for follow-ups unless it was the command line that asked."""
        turns = asked.turns
        user_id = asked.asker.user_id if asked.asker is not None else 0
        if answer.kind is not AnswerKind.OFF_TOPIC:  # no later "it" refers to small talk
            turn = Turn(question=question, answer=answer.text, user_id=user_id, asked_at=asked_at)
            turns = remembered((*turns, turn))
        conversation = Conversation(
            id=secrets.token_urlsafe(9),
            user_id=user_id,
            scope=scope,
            turns=turns,
            asked_at=asked_at,
        )
        kept_id = await self._saved(conversation) if asked.asker is not None else ""
        return Answered(answer=answer, conversation_id=kept_id, scope=scope, asked_at=asked_at)

    async def _saved(self, conversation: Conversation) -> str:
        """The id of the stored conversation; empty if storing it failed, as the answer is given anyway."""
        try:
            async with self._database.begin() as tx:
                await tx.conversations.save(conversation)
        except StorageFailure as error:
            log.warning("an answer cannot be followed up: %s", error)
            return ""
        return conversation.id


def _unread(found: Found, chosen: Chosen) -> str | None:
    if not found.unread or chosen.scope.kind is not ScopeKind.WEEK:
        return None
    return f"{found.unread} of {len(chosen.paper_keys or ())} highlights could not be searched."
