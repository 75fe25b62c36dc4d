"""Conversations on both databases."""

from dataclasses import replace
from datetime import timedelta

from storage.conversations import KEPT
from storage.database import Database
from storage.model import AskScope, Conversation, ScopeKind, Turn
from tests.databases import NOW

TALK = Conversation(
    id="a1",
    user_id=2**63 - 1,
    scope=AskScope(kind=ScopeKind.PAPER, paper="2611.00001v1"),
    turns=(Turn(question="How large is it?", answer="It has 7B parameters.", user_id=4, asked_at=NOW),),
    asked_at=NOW,
)


async def test_a_conversation_is_found_by_its_id_and_by_its_message(database: Database) -> None:
    other = replace(TALK, id="b2")
    async with database.begin() as tx:
        for talk, message_id in ((TALK, 99), (other, 98)):
            await tx.conversations.save(talk)
            await tx.conversations.posted(talk.id, message_id)

    async with database.begin() as tx:
        assert await tx.conversations.get(TALK.id, now=NOW) == TALK
        assert await tx.conversations.at_message(99, now=NOW) == TALK
        assert await tx.conversations.at_message(98, now=NOW) == other
        assert await tx.conversations.at_message(97, now=NOW) is None


async def test_a_conversation_expires_after_a_day_even_before_it_is_pruned(database: Database) -> None:
    later = NOW + KEPT
    async with database.begin() as tx:
        await tx.conversations.save(TALK)
        await tx.conversations.posted(TALK.id, 99)

    async with database.begin() as tx:
        assert await tx.conversations.get(TALK.id, now=later - timedelta(seconds=1)) is not None
        assert await tx.conversations.get(TALK.id, now=later) is None
        assert await tx.conversations.at_message(99, now=later) is None


async def test_pruning_deletes_expired_conversations_only(database: Database) -> None:
    young = replace(TALK, id="b2", asked_at=NOW + timedelta(hours=1))
    async with database.begin() as tx:
        await tx.conversations.save(TALK)
        await tx.conversations.save(young)

    async with database.begin() as tx:
        await tx.conversations.prune(now=NOW + KEPT)

    async with database.begin() as tx:
        assert await tx.conversations.get("b2", now=NOW + KEPT) == young
        assert await tx.conversations.get("a1", now=NOW) is None


async def test_nothing_is_kept_of_a_person_forgotten_since_they_asked(database: Database) -> None:
    later = replace(TALK, id="b2", asked_at=NOW + timedelta(minutes=2))
    async with database.begin() as tx:
        await tx.deletions.note(TALK.user_id, NOW + timedelta(minutes=1))

        await tx.conversations.save(TALK)
        await tx.conversations.save(later)

    async with database.begin() as tx:
        assert await tx.conversations.get("a1", now=NOW) is None
        assert await tx.conversations.get("b2", now=NOW) == later


async def test_a_person_is_forgotten_where_others_followed_up_on_their_question(database: Database) -> None:
    asked = Turn(question="My project?", answer="Yes.", user_id=TALK.user_id, asked_at=NOW)
    own = replace(asked, question="And its speed?", user_id=3)
    others = TALK.turns[0]
    other = replace(TALK, id="b2", user_id=3, turns=(others, asked, own))
    unconcerned = replace(TALK, id="c3", user_id=3)
    async with database.begin() as tx:
        await tx.conversations.save(other)
        await tx.conversations.save(unconcerned)

        await tx.conversations.forget_user(TALK.user_id)

    async with database.begin() as tx:
        assert await tx.conversations.get("b2", now=NOW) == replace(other, turns=(others, own))
        assert await tx.conversations.get("c3", now=NOW) == unconcerned


async def test_a_turn_deleted_meanwhile_is_not_kept_in_others_follow_ups(database: Database) -> None:
    asked = Turn(question="My project?", answer="Yes.", user_id=TALK.user_id, asked_at=NOW)
    own = replace(asked, question="And its speed?", user_id=3, asked_at=NOW + timedelta(minutes=2))
    other = replace(TALK, id="b2", user_id=3, turns=(asked, own), asked_at=NOW + timedelta(minutes=2))
    async with database.begin() as tx:
        await tx.deletions.note(TALK.user_id, NOW + timedelta(minutes=1))

        await tx.conversations.save(other)

        assert await tx.conversations.get("b2", now=NOW) == replace(other, turns=(own,))


async def test_a_person_is_forgotten_and_others_are_not(database: Database) -> None:
    other = replace(TALK, id="b2", user_id=3)
    async with database.begin() as tx:
        await tx.conversations.save(TALK)
        await tx.conversations.save(other)
        assert await tx.conversations.count_of_user(TALK.user_id) == 1

        await tx.conversations.forget_user(TALK.user_id)

    async with database.begin() as tx:
        assert await tx.conversations.get("a1", now=NOW) is None
        assert await tx.conversations.get("b2", now=NOW) == other
