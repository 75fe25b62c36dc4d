"""Whether a digest was posted that the database knows nothing of, as after a restored backup."""

from bot.delivery.port import Messenger
from bot.errors import DeliveryError
from bot.weeks import Week
from storage.model import Subscription, delivery_key


async def stands_already(messenger: Messenger, wish: Subscription, week: Week) -> bool:
    """Whether the digest's first message stands in the channel, as far as Discord tells.

    It is looked for from when the week was complete, and not before the subscription began: who was
    forgotten, or resumes, may have the week's digest anew.
    """
    if wish.channel_id is None:
        return False
    since = week.complete_at if wish.created_at is None else max(week.complete_at, wish.created_at)
    key = delivery_key(wish.server_id, wish.channel_id, str(week), 0)
    try:
        return await messenger.find(wish.channel_id, key, since=since) is not None
    except DeliveryError:
        return False
