"""Which code stands for a server in public, and how its digests become public or private."""

import secrets

from bot.site.addresses import CODE_DIGITS, former_code
from storage.database import Transaction


async def set_publication(tx: Transaction, server_id: int, title: str | None) -> None:
    """Make a server's digests public under a title, or private again with None; without a digest, nothing.

    The server keeps its code for good: what was public comes back to the same addresses.
    """
    wish = await tx.subscriptions.get_to_change(server_id)
    if wish is None:
        return
    if await tx.state.get(_name(server_id)) is None:
        code = secrets.token_hex(CODE_DIGITS // 2) if wish.publication is None else former_code(server_id)
        await tx.state.set(_name(server_id), code)
    await tx.subscriptions.set_publication(server_id, title)


async def public_code(tx: Transaction, server_id: int) -> str:
    """What stands for a public server: drawn by lot, so that Discord's id of a server leads to no page."""
    return await tx.state.get(_name(server_id)) or former_code(server_id)


async def set_private(tx: Transaction, server_id: int, week: str, private: bool) -> None:
    """Keep a week's digest from the web, whatever else of the server is public, or let it be shown again."""
    name = f"{_private(server_id)}{week}"
    if private:
        await tx.state.set(name, week)
    else:
        await tx.state.forget(name)


async def private_weeks(tx: Transaction, server_id: int) -> list[str]:
    """The weeks whose digests are kept from the web, the earliest first."""
    return list((await tx.state.named(_private(server_id))).values())


async def forget_private(tx: Transaction, server_id: int) -> None:
    """Forget which weeks' digests are kept from the web, as they are forgotten themselves."""
    await tx.state.forget(_private(server_id))


def _private(server_id: int) -> str:
    return f"private digest of {server_id}: "


def _name(server_id: int) -> str:
    return f"public code of {server_id}"
