"""Discord's limits on what is sent to it (pure).

Sources: https://discord.com/developers/docs/resources/message#create-message,
https://discord.com/developers/docs/components/reference and
https://discord.com/developers/docs/interactions/application-commands.
"""

import re
from collections.abc import Callable, Iterator

from tests.fakes.discord.world import Json

COMPONENTS_V2 = 1 << 15
SUPPRESS_NOTIFICATIONS, EPHEMERAL = 1 << 12, 1 << 6
ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT_DISPLAY, GALLERY, FILE, CONTAINER, LABEL = 9, 10, 12, 13, 17, 18
SELECTS = {STRING_SELECT, 5, 6, 7, 8}
LINK_STYLE = 5
_OF_V2 = {9, 10, 11, 12, 13, 14, 17}
_COMMAND_NAME = re.compile(r"[-_\w]{1,32}")


def length(text: str) -> int:
    """The length in UTF-16 units: the stricter of the two ways to count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def walk(components: list[Json]) -> Iterator[Json]:
    """All components, nested ones included."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        for name in ("accessory", "component"):
            if name in component:
                yield from walk([component[name]])


def message_problems(payload: Json) -> dict[str, str]:
    """Why Discord would refuse a message, by field; empty if it would not."""
    components = payload.get("components") or []
    problems = dict(_in_components(components))
    if payload.get("flags", 0) & COMPONENTS_V2:
        for name in ("content", "embeds", "poll", "sticker_ids"):
            if payload.get(name):
                problems[name] = "The field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
        texts = [c["content"] for c in walk(components) if c["type"] == TEXT_DISPLAY]
        if sum(map(length, texts)) > 4000:
            problems["components"] = "The total text of the components must be 4000 or fewer in length."
        if len(list(walk(components))) > 40:
            problems["components"] = "The total number of components must be 40 or fewer."
    elif any(component["type"] in _OF_V2 for component in walk(components)):
        problems["components"] = "Value of field type must be one of (1,) without IS_COMPONENTS_V2."
    elif len(components) > 5:
        problems["components"] = "Must be 5 or fewer in length."
    if length(payload.get("content") or "") > 2000:
        problems["content"] = "Must be 2000 or fewer in length."
    if len(str(payload.get("nonce") or "")) > 25:
        problems["nonce"] = "Must be 25 or fewer in length."
    return problems | _in_embeds(payload.get("embeds") or [])


def is_empty(payload: Json) -> bool:
    return not any(payload.get(name) for name in ("content", "embeds", "components", "poll", "attachments"))


def modal_problems(modal: Json) -> dict[str, str]:
    problems = dict(_in_components(modal["components"]))
    if not 1 <= length(modal["title"]) <= 45:
        problems["title"] = "Must be between 1 and 45 in length."
    if not 1 <= len(modal["components"]) <= 5:
        problems["components"] = "Must be between 1 and 5 in length."
    return problems


def choices_problems(choices: list[Json]) -> dict[str, str]:
    if len(choices) > 25:
        return {"choices": "Must be 25 or fewer in length."}
    if any(not 1 <= length(str(c["name"])) <= 100 or length(str(c["value"])) > 100 for c in choices):
        return {"choices": "Must be between 1 and 100 in length."}
    return {}


def command_problems(commands: list[Json]) -> dict[str, str]:
    problems = {} if len(commands) <= 100 else {"": "Must be 100 or fewer in length."}
    for command in commands:
        is_slash = command.get("type", 1) == 1
        if is_slash and not (_COMMAND_NAME.fullmatch(command["name"]) and command["name"].islower()):
            problems[command["name"]] = "Command name is invalid"
        if is_slash and not 1 <= length(command.get("description", "")) <= 100:
            problems[command["name"]] = "The description must be between 1 and 100 in length."
        options = command.get("options") or []
        problems |= command_problems(options) | choices_problems(command.get("choices") or [])
        if len(options) > 25:
            problems[command["name"]] = "Must be 25 or fewer in length."
    return problems


def _in_components(components: list[Json]) -> Iterator[tuple[str, str]]:
    custom_ids = [c["custom_id"] for c in walk(components) if "custom_id" in c]
    if len(custom_ids) != len(set(custom_ids)):
        yield "components", "Component custom id cannot be duplicated"
    for component in walk(components):
        label_limit = 80 if component["type"] == BUTTON else 45
        for name, limit in (("custom_id", 100), ("label", label_limit), ("placeholder", 150), ("url", 512)):
            if length(component.get(name) or "") > limit:
                yield f"components.{name}", f"Must be {limit} or fewer in length."
        if component["type"] == STRING_SELECT:
            yield from _in_options(component["options"])
        elif not _is_whole(component):
            yield "components", f"A component of type {component['type']} lacks parts or has too many."


def _is_whole(component: Json) -> bool:
    """Whether a component has exactly the parts its type needs."""
    inner = component.get("components", [])
    rules: dict[int, Callable[[], bool]] = {
        ROW: lambda: _is_row(inner),
        BUTTON: lambda: (component["style"] == LINK_STYLE) == ("url" in component),
        TEXT_DISPLAY: lambda: bool(component["content"]),
        SECTION: lambda: "accessory" in component and 1 <= len(inner) <= 3,
        GALLERY: lambda: 1 <= len(component["items"]) <= 10,
        CONTAINER: lambda: bool(inner),
    }
    return rules.get(component["type"], lambda: True)()


def _is_row(components: list[Json]) -> bool:
    kinds = [component["type"] for component in components]
    if kinds and set(kinds) == {BUTTON}:
        return len(kinds) <= 5
    return len(kinds) == 1 and kinds[0] in SELECTS | {TEXT_INPUT}


def _in_options(options: list[Json]) -> Iterator[tuple[str, str]]:
    if not 1 <= len(options) <= 25:
        yield "components.options", "Must be between 1 and 25 in length."
    if len({option["value"] for option in options}) != len(options):
        yield "components.options", "The specified option value is already used"
    for option in options:
        for name in ("label", "value", "description"):
            if length(option.get(name) or "") > 100:
                yield f"components.options.{name}", "Must be 100 or fewer in length."


def _in_embeds(embeds: list[Json]) -> dict[str, str]:
    problems = {} if len(embeds) <= 10 else {"embeds": "Must be 10 or fewer in length."}
    total = 0
    for embed in embeds:
        named = {"title": (embed.get("title", ""), 256), "description": (embed.get("description", ""), 4096)}
        named["footer"] = embed.get("footer", {}).get("text", ""), 2048
        named["author"] = embed.get("author", {}).get("name", ""), 256
        for number, entry in enumerate(embed.get("fields", [])):
            named[f"fields.{number}.name"] = entry["name"], 256
            named[f"fields.{number}.value"] = entry["value"], 1024
        for name, (text, limit) in named.items():
            total += length(text)
            if length(text) > limit:
                problems[f"embeds.{name}"] = f"Must be {limit} or fewer in length."
        if len(embed.get("fields", [])) > 25:
            problems["embeds.fields"] = "Must be 25 or fewer in length."
    return problems if total <= 6000 else problems | {"embeds": "Embed size exceeds maximum size of 6000"}
