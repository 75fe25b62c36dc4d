"""/privacy: what is kept about a person, and its deletion."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.model import (
    Asker,
    AskScope,
    Conversation,
    Delivery,
    Reader,
    ScopeKind,
    Subscription,
    Vote,
    WorkKind,
)
from tests.cogs.lab import DIGEST, NOW, Lab, is_private, shown

PAPER = DIGEST.highlights[0].pick.paper


def traces(person_id: int) -> list[str]:
    """Names of the facts that say what a person was told of their own digest."""
    return [f"told {person_id} 2026-W47 channel 71", f"missed:digest:{person_id}:2026-W47"]


def _delivery(person_id: int) -> Delivery:
    """The message of a digest to a person."""
    return Delivery(
        server_id=person_id,
        week="2026-W47",
        channel_id=1,
        part=0,
        payload={"content": "A digest"},
        deadline=NOW + timedelta(days=7),
    )


async def known(lab: Lab) -> None:
    """Have the member, and the admin too, leave a trace of every kind."""
    async with lab.database.begin() as tx:
        await tx.papers.save([PAPER])
        for person in (lab.member, lab.admin):
            await tx.tastes.save_votes(
                [
                    Vote(server_id=where, user_id=person.id, paper_id=PAPER.id, liked=True, at=NOW)
                    for where in (lab.guild.id, 0)
                ]
            )
            asker = Asker(user_id=person.id, server_id=None)
            for at in (NOW, NOW - timedelta(days=2)):
                await tx.usage.save(
                    asker,
                    WorkKind.SUMMARY,
                    at=at,
                    prompt_tokens=1,
                    completion_tokens=1,
                    cost_usd=None,
                )
            talk = Conversation(
                id=str(person.id),
                user_id=person.id,
                scope=AskScope(kind=ScopeKind.EVERYTHING),
                turns=(),
                asked_at=NOW,
            )
            await tx.conversations.save(talk)
            await tx.seen.note(Reader(user_id=person.id), PAPER.id, NOW)
            wish = Subscription(server_id=person.id, admin_id=person.id, channel_id=1)
            await tx.subscriptions.save(wish)
            digest = replace(DIGEST, id=f"digest:{person.id}", server_id=person.id)
            await tx.digests.save(digest)
            await tx.digests.save_plan(f"digest:{person.id}:2026-W48", {})
            await tx.deliveries.plan([_delivery(person.id)])
            for name in traces(person.id):
                await tx.state.set(name, "noted")
        await tx.subscriptions.save(
            Subscription(server_id=lab.guild.id, channel_id=1, admin_id=lab.member.id)
        )


async def test_it_says_what_is_kept(lab: Lab) -> None:
    await known(lab)
    async with lab.database.begin() as tx:
        other = replace(PAPER, id="2611.00099")
        await tx.papers.save([other])
        await tx.tastes.save_votes(
            [Vote(server_id=0, user_id=lab.member.id, paper_id=other.id, liked=True, at=NOW)]
        )

    answer = await lab.member.slash(lab.channel, "privacy show")

    assert is_private(answer)
    assert "Votes: 3, in 1 server; 2 of them in direct messages." in shown(answer)
    assert "Papers you looked at on your own: 1." in shown(answer)
    assert "Your personal digest: every week; 1 kept." in shown(answer)
    assert "the digests of 1 server." in shown(answer)
    async with lab.database.begin() as tx:
        await tx.subscriptions.set_paused(lab.member.id, paused=True)
    lines = await lab.client.services.privacy.show(lab.member.id)
    assert all(lines)
    assert any(line.startswith("Your personal digest: on demand;") for line in lines)


async def test_deletion_asks_once_more_and_forgets_the_person_alone(lab: Lab) -> None:
    await known(lab)

    answer = await lab.member.slash(lab.channel, "privacy delete")
    assert answer.response is not None
    done = await lab.member.click(answer.response, label="Delete my data")

    assert "Your data is deleted." in shown(done)
    (deletion, *_) = await lab.client.services.privacy.show(lab.member.id)
    assert deletion == "You deleted your data on 2026-11-23 at 12:00 UTC; kept for about a day."
    async with lab.database.begin() as tx:
        assert await tx.conversations.count_of_user(lab.member.id) == 0
        assert await tx.usage.count_of_user(lab.member.id) == 1
        assert await tx.usage.count_of_user(lab.admin.id) == 2
        assert await tx.tastes.votes_of_user(lab.member.id) == []
        assert await tx.seen.count_of_user(lab.member.id) == 0
        assert await tx.subscriptions.get(lab.member.id) is None
        assert await tx.digests.latest(lab.member.id) is None
        assert await tx.digests.plan(f"digest:{lab.member.id}:2026-W48") is None
        assert await tx.digests.plan(f"digest:{lab.admin.id}:2026-W48") is not None
        assert await tx.deliveries.of(lab.member.id, "2026-W47") == []
        assert await tx.deliveries.of(lab.admin.id, "2026-W47") == [_delivery(lab.admin.id)]
        assert len(await tx.tastes.votes_of_user(lab.admin.id)) == 2
        assert await tx.seen.count_of_user(lab.admin.id) == 1
        assert await tx.digests.latest(lab.admin.id) is not None
        assert [await tx.state.get(name) for name in traces(lab.member.id)] == [None, None]
        assert [await tx.state.get(name) for name in traces(lab.admin.id)] == ["noted", "noted"]
        wish = await tx.subscriptions.get(lab.guild.id)
    assert wish is not None
    assert wish.admin_id is None


async def test_runs_are_forgotten_before_a_persons_data_and_those_started_meanwhile_after_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    privacy, run_id = lab.client.services.privacy, f"digest:{lab.member.id}:2026-W47"
    delete, forgotten_before = privacy.delete, list[int]()

    async def start_and_delete(user_id: int) -> None:
        forgotten_before.extend(lab.runs.forgotten)
        lab.runs.known.add(run_id)
        await delete(user_id)

    monkeypatch.setattr(privacy, "delete", start_and_delete)

    answer = await lab.member.slash(lab.channel, "privacy delete")
    assert answer.response is not None
    await lab.member.click(answer.response, label="Delete my data")

    assert forgotten_before == [lab.member.id]
    assert not await lab.runs.is_in_hand(run_id)
