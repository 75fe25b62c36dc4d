"""Commands as Discord's app offers them: found by name, shown with permission, with typed options."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.discord.shapes import channel_json, member_json
from tests.fakes.discord.world import Channel, Json, Member, User, World

SLASH = 1
_SUBCOMMAND, _GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER = 3, 4, 5, 6, 7, 8, 10


def find_command(
    world: World, person: Member | User, channel: Channel, name: str, *, kind: int = SLASH
) -> tuple[Json, list[Json]]:
    """The registered command, and the path of subcommands to the one that is meant.

    Raises:
        ValueError: there is no such command, or Discord does not show it to this person.
    """
    names = name.split() if kind == SLASH else [name]
    here = channel.guild.id if channel.guild else None
    offered = [*world.commands.get(here, []), *world.commands.get(None, [])]
    command = next((c for c in offered if c["name"] == names[0] and c.get("type", SLASH) == kind), None)
    if command is None:
        raise ValueError(f"the bot has no command {names[0]}; it has {[c['name'] for c in offered]}")
    needed = int(command.get("default_member_permissions") or 0)
    if world.permissions(person.id, channel) & needed != needed:
        raise ValueError(f"this person is not shown {name}")
    path = []
    options = command.get("options") or []
    for step in names[1:]:
        inner = next((o for o in options if o["name"] == step and o["type"] in {_SUBCOMMAND, _GROUP}), None)
        if inner is None:
            raise ValueError(f"{names[0]} has no subcommand {step}")
        path.append(inner)
        options = inner.get("options") or []
    if any(option["type"] in {_SUBCOMMAND, _GROUP} for option in options):
        raise ValueError(f"{name} needs a subcommand")
    return command, path


def with_options(
    world: World, command: Json, path: list[Json], values: Mapping[str, Any], *, focused: str | None = None
) -> Json:
    """The `data` of an interaction.

    Raises:
        ValueError: an option is unknown or missing, or its value is not allowed.
    """
    known = {option["name"]: option for option in (path[-1] if path else command).get("options") or []}
    if unknown := set(values) - set(known):
        raise ValueError(f"no such options: {sorted(unknown)}; there are {sorted(known)}")
    missing = [name for name, option in known.items() if option.get("required") and name not in values]
    if missing and focused is None:
        raise ValueError(f"required options are missing: {missing}")
    filled = []
    resolved: Json = {"users": {}, "members": {}, "channels": {}}
    for name, value in values.items():
        option = known[name]
        shape = {"name": name, "type": option["type"]}
        if name == focused:
            if not option.get("autocomplete"):
                raise ValueError(f"{name} has no autocompletion")
            shape |= {"value": value, "focused": True}
        else:
            shape["value"] = _value(world, option, value, resolved)
        filled.append(shape)
    for step in reversed(path):
        filled = [{"name": step["name"], "type": step["type"], "options": filled}]
    return {
        "id": command["id"],
        "name": command["name"],
        "type": SLASH,
        "options": filled,
        "resolved": resolved,
    }


def _value(world: World, option: Json, value: Any, resolved: Json) -> Any:
    kind, name = option["type"], option["name"]
    if isinstance(value, Channel):
        if kind != CHANNEL or value.type not in option.get("channel_types", [value.type]):
            raise ValueError(f"{name} does not take this channel")
        rights = str(world.permissions(world.bot.id, value))
        resolved["channels"][str(value.id)] = channel_json(value, permissions=rights)
        return str(value.id)
    if isinstance(value, Member | User):
        user = value.user if isinstance(value, Member) else value
        resolved["users"][str(user.id)] = user.json()
        if isinstance(value, Member):
            resolved["members"][str(user.id)] = member_json(value)
        return str(user.id)
    wanted = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}[kind]
    if type(value) not in wanted:
        raise ValueError(f"{name} does not take {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise ValueError(f"{name} is one of {choices}")
    size = len(value) if isinstance(value, str) else value
    least = option.get("min_length" if kind == STRING else "min_value")
    most = option.get("max_length" if kind == STRING else "max_value")
    if (least is not None and size < least) or (most is not None and size > most):
        raise ValueError(f"{name} must lie between {least} and {most}")
    return value
