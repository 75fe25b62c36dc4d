"""The public code that stands for a server, and how its digests become public or private."""

import secrets

from bot.site.addresses import CODE_DIGITS, code_from_id
from storage.database import Transaction


async def set_publication(tx: Transaction, server_id: int, title: str | None) -> None:
    """Make a server's digests public under a title, or private again with None.

    Does nothing without a subscription. A server keeps its code for good, so that its pages always return to
    the same addresses.
    """
    subscription = await tx.subscriptions.get_to_change(server_id)
    if subscription is None:
        return
    if await tx.state.get(_code_name(server_id)) is None:
        was_private = subscription.publication is None
        code = secrets.token_hex(CODE_DIGITS // 2) if was_private else code_from_id(server_id)
        await tx.state.set(_code_name(server_id), code)
    await tx.subscriptions.set_publication(server_id, title)


async def public_code(tx: Transaction, server_id: int) -> str:
    """The server's code: random, so that its pages cannot be found from its Discord id."""
    return await tx.state.get(_code_name(server_id)) or code_from_id(server_id)


async def set_private(tx: Transaction, server_id: int, week: str, private: bool) -> None:
    """Keep a week's digest off the web although its server publishes, or let it be shown again."""
    name = f"{_private_prefix(server_id)}{week}"
    if private:
        await tx.state.set(name, week)
    else:
        await tx.state.forget(name)


async def private_weeks(tx: Transaction, server_id: int) -> list[str]:
    """The weeks whose digests are kept off the web, earliest first."""
    return list((await tx.state.named(_private_prefix(server_id))).values())


async def forget_private(tx: Transaction, server_id: int) -> None:
    """Forget which digests are kept off the web, when the digests themselves are forgotten."""
    await tx.state.forget(_private_prefix(server_id))


def _private_prefix(server_id: int) -> str:
    return f"private digest of {server_id}: "


def _code_name(server_id: int) -> str:
    return f"public code of {server_id}"
