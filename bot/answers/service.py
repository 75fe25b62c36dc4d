"""Answers questions about papers: finds passages, asks the model, and shows what the passages hold."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers.abstracts import with_abstracts
from bot.answers.asked import cleaned_question, compares, is_small_talk, remembered, searched_for
from bot.answers.citations import checked
from bot.answers.found import Found
from bot.answers.material import Numbered
from bot.answers.overview import asks_for_overview
from bot.answers.prompt import SYSTEM, answer_prompt, reply_tokens
from bot.answers.question import Answered, Question
from bot.answers.retrieval import Retrieval
from bot.answers.scopes import Chosen, Scopes, with_titled
from bot.answers.sources import passage_source
from bot.clock import Clock
from bot.errors import ModelError
from bot.limits.admission import Admission
from bot.llm.bill import Bill, complete_on
from bot.llm.port import LanguageModel
from bot.progress import UNWATCHED, Progress
from bot.turns import Line
from storage.database import Database
from storage.failures import StorageFailure
from storage.model import (
    Answer,
    AnswerKind,
    AskScope,
    Conversation,
    ScopeKind,
    Turn,
    WorkKind,
)

log = logging.getLogger(__name__)

_MIN_CONFIDENCE = 0.2
"""Without a model, passages farther from the question than this are not shown: of the sample's papers, twelve
questions about them have .23 or more, and eleven of twelve about dough, dogs and weather less than .18."""
_SHOWN_PASSAGES = 3
_BY_WORDS = (
    "Without a language model I only look for a question's words: ask in English, in words of the papers."
)
_CUT_BY_SERVER = "The model's server cut off a part of what it was to read."


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
        """Answer one question, and keep what a follow-up needs for a day.

        A paper that the question or the scope names is fetched, read and indexed first. Where the model fails
        the best passages are the answer.

        Raises:
            InputError: no question, no papers in the scope, or a limit that is reached.
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
        return await self._kept(question, asked, answer, scope, asked_at)

    async def prepare(self) -> None:
        """Read what retrieval keeps in memory, so that the first question need not wait."""
        await self._retrieval.prepare()

    async def scope(self, kind: ScopeKind | None, *, paper: str | None, thread_id: int | None) -> AskScope:
        """What a person's choice means where it was made, as in a digest's thread or a highlight's.

        Raises:
            InputError: "this paper" where there is none.
        """
        return await self._scopes.meant(kind, paper=paper, thread_id=thread_id)

    async def scope_at(self, message_id: int) -> AskScope | None:
        """What a message of a digest is about."""
        return await self._scopes.at(message_id)

    async def continued(self, conversation_id: str) -> Conversation | None:
        """What a follow-up to this answer goes on from; None once it is over."""
        async with self._database.begin() as tx:
            return await tx.conversations.get(conversation_id, now=self._clock.now())

    async def continued_at(self, message_id: int) -> Conversation | None:
        """The same, by the message that shows the answer."""
        async with self._database.begin() as tx:
            return await tx.conversations.at_message(message_id, now=self._clock.now())

    async def posted(self, answered: Answered, message_id: int) -> None:
        """Note which message shows an answer: a reply to it goes on from there."""
        async with self._database.begin() as tx:
            await tx.conversations.posted(answered.conversation_id, message_id)

    async def _answered(
        self, question: str, asked: Question, chosen: Chosen, bill: Bill, progress: Progress
    ) -> Answer:
        turns = asked.turns
        progress.begin("searching")
        is_whole = chosen.is_named and not chosen.has_several
        words = chosen.question if is_whole else searched_for(chosen.question, turns)
        found = await self._found(words, chosen, is_overview=asks_for_overview(chosen.question))
        keys = chosen.paper_keys if chosen.scope.kind is ScopeKind.PAPER else None
        has_model = self._model is not None
        found = await self._retrieval.with_records(found, chosen.question, keys, in_any_case=has_model)
        sources = await self._numbered(found)
        if self._model is None and found.confidence < _MIN_CONFIDENCE:
            sources = []
        answer = await self._from(question, sources, turns, bill, progress, told=chosen.told)
        nearest = found.nearest if answer.kind is AnswerKind.NOT_IN_PAPERS else ()
        remarks = " ".join(filter(None, (answer.remark, chosen.remark, _unread(found, chosen))))
        return replace(answer, nearest=nearest, searched=chosen.words, remark=remarks or None)

    async def _chosen(self, question: str, asked: Question, line: Line, progress: Progress) -> Chosen:
        """The papers to search: those that this question names by id, link or title, else the scope's.

        A title is looked for in the question alone, not in those before it, and names a paper of the scope;
        in a conversation about one paper, and beside papers that it is compared with, any that this reader
        has seen.
        """
        is_follow_up = asked.after is not None
        chosen = await self._scopes.chosen(
            question, asked.scope, asked.reader, is_follow_up=is_follow_up, progress=progress, line=line
        )
        beside = chosen.scope.papers if compares(question) else ()
        if chosen.is_named and not beside:
            return chosen
        among = chosen.paper_keys
        if chosen.scope.kind is ScopeKind.PAPER:
            if asked.stays or not (is_follow_up or beside):
                return chosen
            among = None if asked.reader is None else await self._scopes.seen(asked.reader)
        titled = await self._retrieval.titled(chosen.question, among)
        named = with_titled(beside, titled)
        if named is None:
            return chosen
        of_title = await self._scopes.chosen(question, named, asked.reader, progress=progress, line=line)
        return replace(of_title, is_named=True)

    async def _found(self, words: str, chosen: Chosen, *, is_overview: bool) -> Found:
        if chosen.scope.kind is ScopeKind.PAPER and chosen.paper_keys is not None:
            find = self._retrieval.overview if is_overview else self._retrieval.find_in_each
            stored = await find(words, chosen.paper_keys)
            return with_abstracts(stored, chosen.abstracts)
        return await self._retrieval.find(words, chosen.paper_keys)

    async def _numbered(self, found: Found) -> list[Numbered]:
        """The passages with their numbers, and the pages of those that stand on several."""
        parted = {
            (one.passage.paper_id, one.passage.version)
            for one in found.passages
            if one.passage.first_page != one.passage.last_page
        }
        async with self._database.begin() as tx:
            texts = {key: await tx.papers.text(*key) for key in sorted(parted)}
        numbered = []
        for number, one in enumerate(found.passages, start=1):
            text = texts.get((one.passage.paper_id, one.passage.version))
            pages = text.pages if text is not None else ()
            numbered.append(Numbered(number=number, passage=one.passage, title=one.title, pages=pages))
        return numbered

    async def _from(
        self,
        question: str,
        sources: Sequence[Numbered],
        turns: Sequence[Turn],
        bill: Bill,
        progress: Progress,
        *,
        told: str,
    ) -> Answer:
        """The answer from these passages; `told` is the question in the words that the model gets."""
        if not sources:
            return Answer(kind=AnswerKind.NOT_IN_PAPERS, remark=_BY_WORDS if self._model is None else None)
        if self._model is None:
            return _passages(sources)
        progress.begin("writing")
        try:
            return await self._written(self._model, question, sources, turns, bill, told=told)
        except ModelError as error:
            log.warning("a question gets passages: %s", error)
            return replace(_passages(sources), model=self._model.name, remark=str(error))

    async def _written(
        self,
        model: LanguageModel,
        question: str,
        sources: Sequence[Numbered],
        turns: Sequence[Turn],
        bill: Bill,
        *,
        told: str,
    ) -> Answer:
        prompt, given = answer_prompt(told, sources, turns, context_tokens=model.context_tokens)
        reply = await complete_on(bill, model, prompt, max_tokens=reply_tokens(model.context_tokens))
        # Some hundred milliseconds of computing: too long for the event loop, and one at a time, as several
        # threads that compute are no sooner done, and the loop has to wait for each of them.
        async with self._checking:
            left = await asyncio.to_thread(checked, reply.data, given, question=question, instructions=SYSTEM)
        remark = _CUT_BY_SERVER if reply.truncated_prompt else None
        if left.off_topic:
            return Answer(kind=AnswerKind.OFF_TOPIC, model=model.name, remark=remark)
        kind = AnswerKind.ANSWER if left.sentences else AnswerKind.NOT_IN_PAPERS
        return Answer(
            kind=kind,
            sentences=left.sentences,
            sources=left.sources,
            model=model.name,
            remark=remark,
            dropped=left.dropped,
        )

    async def _kept(
        self, question: str, asked: Question, answer: Answer, scope: AskScope, asked_at: datetime
    ) -> Answered:
        turns = asked.turns
        user_id = asked.asker.user_id if asked.asker is not None else 0
        if answer.kind is not AnswerKind.OFF_TOPIC:  # nobody means that by "it" later
            turn = Turn(question=question, answer=answer.text, user_id=user_id, asked_at=asked_at)
            turns = remembered((*turns, turn))
        conversation = Conversation(
            id=secrets.token_urlsafe(9),
            user_id=user_id,
            server_id=asked.asker.server_id if asked.asker is not None else None,
            scope=scope,
            turns=turns,
            asked_at=asked_at,
        )
        kept_id = await self._saved(conversation) if asked.asker is not None else ""
        return Answered(answer=answer, conversation_id=kept_id, scope=scope, asked_at=asked_at)

    async def _saved(self, conversation: Conversation) -> str:
        """The id of the stored conversation, empty where that failed: an answer that is there is given."""
        try:
            async with self._database.begin() as tx:
                await tx.conversations.save(conversation)
        except StorageFailure as error:
            log.warning("an answer cannot be gone on from: %s", error)
            return ""
        return conversation.id


def _unread(found: Found, chosen: Chosen) -> str | None:
    if not found.unread or chosen.scope.kind is not ScopeKind.WEEK:
        return None
    return f"{found.unread} of {len(chosen.paper_keys or ())} highlights could not be searched."


def _passages(sources: Sequence[Numbered]) -> Answer:
    return Answer(
        kind=AnswerKind.PASSAGES,
        sources=tuple(
            passage_source(source, number=number)
            for number, source in enumerate(sources[:_SHOWN_PASSAGES], start=1)
        ),
    )
