"""Servers, channels and members as the API shows them."""

from typing import Any

from tests.fakes.discord.world import DM, Channel, Guild, Json, Member, World


def guild_json(world: World, guild: Guild, *, whole: bool = True) -> Json:
    shape: Json = {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "icon": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": guild.premium_tier,
        "preferred_locale": "en-US",
        "system_channel_flags": 0,
        "afk_timeout": 300,
        "roles": [_role(guild.id, "@everyone", guild.everyone, position=0)]
        + [_role(_role_id(m), m.user.name, m.permissions, position=1) for m in guild.members.values()],
    }
    if whole:  # only the gateway's GUILD_CREATE has these
        shape |= {
            "unavailable": False,
            "large": False,
            "member_count": len(guild.members),
            "joined_at": "2026-01-01T00:00:00+00:00",
            "channels": [channel_json(channel) for channel in world.channels_of(guild)],
            "threads": [channel_json(channel) for channel in world.channels_of(guild, threads=True)],
            "members": [member_json(guild.members[world.bot.id])],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
    return shape


def member_json(member: Member) -> Json:
    return {
        "user": member.user.json(),
        "nick": None,
        "avatar": None,
        "roles": [str(_role_id(member))],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def channel_json(channel: Channel, **extra: Any) -> Json:
    shape: Json = {"id": str(channel.id), "type": channel.type, "flags": 0, **extra}
    last = str(max(channel.messages)) if channel.messages else None
    if channel.type == DM:
        assert channel.recipient is not None
        return shape | {"recipients": [channel.recipient.json()], "last_message_id": last}
    assert channel.guild is not None
    shape |= {"guild_id": str(channel.guild.id), "name": channel.name, "last_message_id": last}
    if channel.is_thread:
        assert channel.parent is not None
        return shape | {
            "parent_id": str(channel.parent.id),
            "owner_id": str(channel.owner_id),
            "message_count": len(channel.messages),
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": False,
                "locked": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": channel.created_at.isoformat(),
                "create_timestamp": channel.created_at.isoformat(),
            },
        }
    return shape | {
        "position": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "available_tags": [],
        "permission_overwrites": [
            {
                "id": str(target),
                "type": 0 if target == channel.guild.id else 1,
                "allow": str(allow),
                "deny": str(deny),
            }
            for target, (allow, deny) in channel.overwrites.items()
        ],
    }


def _role_id(member: Member) -> int:
    """The id of a member's own role, unique to it."""
    return member.id ^ 1 << 60 ^ member.guild.id & 0xFFFF


def _role(role_id: int, name: str, permissions: int, *, position: int) -> Json:
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
