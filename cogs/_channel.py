"""What keeps the bot from posting in the channel of a server's digest, as far as it can tell now."""

from bot.client import BroadsheetClient
from bot.delivery.discord_rights import Place, missing_permissions
from bot.rendering.discord_text import escape
from storage.model import Subscription


def channel_problem(client: BroadsheetClient, channel_id: int) -> str | None:
    """Why nothing can be posted in this channel of a server, as Markdown; None if nothing is known."""
    if client.is_ready() and not isinstance(client.get_channel(channel_id), Place):
        return _cannot_find(channel_id)
    refusal = client.messenger.refusal(channel_id)
    return None if refusal is None else escape(refusal)


def channel_warnings(client: BroadsheetClient, subscription: Subscription) -> list[str]:
    """What keeps the bot from posting there whatever belongs to a digest, and what to do."""
    channel_id, threads = subscription.channel_id, subscription.threads
    assert channel_id is not None, "no subscription is stored without one"
    where, channel = f"<#{channel_id}>", client.get_channel(channel_id)
    if not isinstance(channel, Place):
        return [f"⚠️ {_cannot_find(channel_id)}"]
    if missing := ", ".join(missing_permissions(channel, threads=threads)):
        return [f"⚠️ I need more permissions in {where}: {missing}. Please grant them before then."]
    if client.services.podcasts.can_speak and missing_permissions(channel, threads=threads, files=True):
        return [f"⚠️ I cannot attach recordings in {where} without the Attach Files permission."]
    return []


def _cannot_find(channel_id: int) -> str:
    return f"I cannot find <#{channel_id}>. If it was deleted, choose another with `/setup channel:`."
