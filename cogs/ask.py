"""/ask, the buttons for asking, and replies that continue from an answer."""

from collections.abc import Sequence
from contextlib import suppress
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers.leaning import leans_back
from bot.answers.question import Answered, Question
from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.failures import BROKEN, reply_to
from bot.papers.ids import find_first, parse
from bot.rendering.discord_answer import answer_view
from bot.rendering.discord_components import Component
from cogs._inputs import paper_named, suggest_papers
from cogs._messages import button_argument
from cogs._people import asker, is_among_others, is_under_private, reader
from cogs._question import question_modal
from cogs._replies import defer, typing_in, within_token_life
from cogs._stages import Stages
from storage.model import Asker, AskScope, Conversation, Reader, ScopeKind

_OVER = "I forget conversations after a day, and this one is over. Ask again with `/ask`."
_NOTHING_ABOVE = "There is nothing in that message to ask about. Use `/ask` instead."
_NOT_HERE = (
    "The answer would come from papers you have read, and everyone here would see it. Use `/ask` to get it "
    "privately, or name a paper in your question."
)
_SCOPES = [
    app_commands.Choice(name="this week", value=ScopeKind.WEEK.value),
    app_commands.Choice(name="this paper", value=ScopeKind.PAPER.value),
    app_commands.Choice(name="everything this server has seen", value=ScopeKind.EVERYTHING.value),
]


class Ask(commands.Cog):
    """Answers questions about papers for anybody, in servers and in direct messages."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._answers = client.services.answers
        client.components[Component.ASK] = self.ask_about
        client.components[Component.MORE] = self.ask_more
        client.components[Component.ASKED] = self.typed_about
        client.components[Component.ASKED_MORE] = self.typed_more
        client.replies.append(self.reply)

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        question="Your question in plain words; a link in it selects the paper",
        paper="arXiv id or link, or part of a title to choose from",
        scope="Where to look; by default this thread's paper or digest, otherwise this week",
        private="Show the answer only to you",
    )
    @app_commands.choices(scope=_SCOPES)
    @app_commands.autocomplete(paper=suggest_papers)
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, 1000],
        paper: app_commands.Range[str, 1, 500] | None = None,
        scope: str | None = None,
        private: bool = False,
    ) -> None:
        """Ask about papers; every sentence of the answer links to its page."""
        private = private or _tells_others(interaction, question, paper_named=paper is not None)
        await defer(interaction, ephemeral=private, thinking=True)
        kind = ScopeKind(scope) if scope is not None else None
        if paper is not None:
            paper = (await paper_named(self._database, reader(interaction), paper)).key_or_id
        thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
        here = await self._scope_of_thread(thread) if thread is not None and paper is None else None
        chosen = self._answers.scope(kind, question=question, paper=paper, here=here)
        await self._answer(interaction, question, chosen, private=private)

    async def ask_about(self, interaction: discord.Interaction, paper_key: str, _: Sequence[str]) -> None:
        """Open the window for asking about the paper whose summary has the button."""
        window = question_modal("Ask about this", Component.ASKED.custom_id(paper_key))
        await interaction.response.send_modal(window)

    async def ask_more(
        self, interaction: discord.Interaction, conversation_id: str, _: Sequence[str]
    ) -> None:
        """Open the window for continuing from the answer that has the button."""
        window = question_modal("Ask more", Component.ASKED_MORE.custom_id(conversation_id))
        await interaction.response.send_modal(window)

    async def reply(self, message: discord.Message, words: str) -> bool:
        """Continue from the answer that this message replies to, or answer about its paper or digest.

        A direct message that replies to nothing may lean on the message above it. If there is none of these,
        a direct message is answered as by `/ask`. Returns whether it was answered.
        """
        above: discord.Message | discord.DeletedReferencedMessage | None
        if message.reference is not None:
            above, above_id = message.reference.resolved, message.reference.message_id
        else:
            above = await self._leant_on(message, words)
            above_id = None if above is None else above.id
        before = None if above_id is None else await self._answers.conversation_at(above_id)
        scope = before.scope if before is not None else await self._scope_above(message, above)
        if scope is None and message.guild is None:
            scope = self._answers.scope(None, paper=None, here=None)
        if scope is None:
            return False
        who = Asker(user_id=message.author.id, server_id=message.guild.id if message.guild else None)
        async with typing_in(message.channel):
            asked = Question(text=words, scope=scope, asker=who, after=before, is_reply=above is not None)
            answered = await self._answers.ask(asked)
        shown = await reply_to(message, view=_view(answered))
        await self._shown(answered, shown.id, who.reader)
        return True

    async def _scope_of_thread(self, thread: discord.Thread) -> AskScope | None:
        """What the message is about under which a thread was opened: it has the thread's id."""
        of_digest = await self._answers.scope_at(thread.id)
        if of_digest is not None:
            return of_digest
        before = await self._answers.conversation_at(thread.id)
        if before is not None:
            return before.scope
        opened_at = thread.starter_message
        if opened_at is None and isinstance(thread.parent, discord.TextChannel):
            with suppress(*BROKEN, discord.NotFound, discord.Forbidden):  # it is gone, or closed to the bot
                opened_at = await thread.parent.fetch_message(thread.id)
        paper_key = None if opened_at is None else self._paper_of(opened_at)
        return None if paper_key is None else AskScope(kind=ScopeKind.PAPER, paper=paper_key)

    def _paper_of(self, message: discord.Message) -> str | None:
        """The key of the paper that a summary of the bot's is about; None for any other message."""
        assert self._client.user is not None
        return button_argument(message, Component.ASK) if message.author.id == self._client.user.id else None

    async def _leant_on(self, message: discord.Message, words: str) -> discord.Message | None:
        """The message above one that goes on from it without replying, as in direct messages alone."""
        if not leans_back(words):
            return None
        with suppress(*BROKEN):
            return await anext(message.channel.history(limit=1, before=message), None)
        return None

    async def _scope_above(
        self, message: discord.Message, above: discord.Message | discord.DeletedReferencedMessage | None
    ) -> AskScope | None:
        """The paper or the digest of the message above this one; None if there is none.

        In a server the message is then not for the bot.

        Raises:
            InputError: it replies to a forgotten answer, or in a server to another message of the bot.
        """
        assert self._client.user is not None
        own_id = self._client.user.id
        if not isinstance(above, discord.Message) or above.author.id != own_id:
            return None
        if message.reference is not None and button_argument(above, Component.MORE) is not None:
            raise InputError(_OVER)
        # A reply notifies its author anyway, so in a server only a mention that was typed makes it a question
        # to the bot; it may be a remark on the summary. In direct messages there is nobody else to read it.
        if message.guild is not None and not _mentions(message, own_id, message.guild.self_role):
            return None
        paper_key = self._paper_of(above)
        if paper_key is not None:
            return AskScope(kind=ScopeKind.PAPER, paper=paper_key)
        scope = await self._answers.scope_at(above.id)
        if scope is None and message.guild is not None:
            raise InputError(_NOTHING_ABOVE)
        return scope

    async def typed_about(
        self, interaction: discord.Interaction, paper_key: str, typed: Sequence[str]
    ) -> None:
        """Answer the question typed about this paper."""
        (question,) = typed
        private = is_under_private(interaction)
        await defer(interaction, ephemeral=private, thinking=True)
        scope = AskScope(kind=ScopeKind.PAPER, paper=paper_key)
        await self._answer(interaction, question, scope, private=private)

    async def typed_more(
        self, interaction: discord.Interaction, conversation_id: str, typed: Sequence[str]
    ) -> None:
        """Answer the question typed to continue this conversation."""
        (question,) = typed
        private = is_under_private(interaction)
        await defer(interaction, ephemeral=private, thinking=True)
        before = await self._answers.conversation(conversation_id)
        if before is None:
            raise InputError(_OVER)
        about_one = before.scope.kind is ScopeKind.PAPER
        if not private and _tells_others(interaction, question, paper_named=about_one):
            raise InputError(_NOT_HERE)
        await self._answer(interaction, question, before.scope, private=private, after=before)

    async def _answer(
        self,
        interaction: discord.Interaction,
        question: str,
        scope: AskScope,
        *,
        private: bool,
        after: Conversation | None = None,
    ) -> None:
        keeps_to_scope = is_among_others(interaction) and not private
        asked = Question(
            text=question, scope=scope, asker=asker(interaction), after=after, keeps_to_scope=keeps_to_scope
        )
        async with Stages(interaction) as stages:
            answered = await within_token_life(self._answers.ask(asked, progress=stages))
        message = await interaction.edit_original_response(view=_view(answered, question))
        await self._shown(answered, message.id, reader(interaction, private=private))

    async def _shown(self, answered: Answered, message_id: int, who: Reader) -> None:
        """Note where an answer is, and that its readers have seen the papers that it was asked about."""
        await self._answers.record_message(answered, message_id)
        if answered.scope.papers and answered.answer.searched:
            async with self._database.begin() as tx:
                for paper in answered.scope.papers:
                    await tx.seen.note(who, parse(paper).paper_id, answered.asked_at)


def _mentions(message: discord.Message, own_id: int, own_role: discord.Role | None) -> bool:
    """Whether a mention of the bot was typed, or of the role of its name, which Discord suggests too."""
    return own_id in message.raw_mentions or (
        own_role is not None and own_role.id in message.raw_role_mentions
    )


def _tells_others(interaction: discord.Interaction, question: str, *, paper_named: bool) -> bool:
    """Whether a public answer would draw on this person's papers, and so show others what they read."""
    return is_among_others(interaction) and not paper_named and find_first(question) is None


def _view(answered: Answered, question: str | None = None) -> discord.ui.LayoutView:
    return answer_view(answered.answer, question=question, more=answered.conversation_id or None)


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Ask(cast("BroadsheetClient", client)))
