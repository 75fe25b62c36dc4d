"""Whether a digest unknown to the database was already posted, as after restoring a backup."""

from bot.delivery.port import Messenger
from bot.errors import DeliveryError
from bot.weeks import Week
from storage.model import Subscription, delivery_key


async def is_already_posted(messenger: Messenger, subscription: Subscription, week: Week) -> bool:
    """Whether the digest's first message is in the channel, as far as Discord tells.

    The search starts when the week was complete, but not before the subscription was made: someone who was
    forgotten, or resumes, may get the week's digest again.
    """
    if subscription.channel_id is None:
        return False
    since = (
        week.complete_at
        if subscription.created_at is None
        else max(week.complete_at, subscription.created_at)
    )
    key = delivery_key(subscription.server_id, subscription.channel_id, str(week), 0)
    try:
        return await messenger.find(subscription.channel_id, key, since=since) is not None
    except DeliveryError:
        return False
