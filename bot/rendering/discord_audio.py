"""A digest's recording as part of its message: the file, and the start of each chapter (pure)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rendering import wording
from bot.rendering.discord_text import shown
from bot.rendering.limits import length
from storage.model import Audio

MESSAGE_CHARACTERS, MESSAGE_COMPONENTS = 4_000, 40
"""Limits of Components V2 (https://docs.discord.com/developers/components/reference)."""
_TEXT_DISPLAY, _FILE = 10, 13
_TITLE_LENGTHS = (80, 50, 30, 16)
"""Tried in turn until the line fits."""


def duration(seconds: float) -> str:
    """Such as `14 min`, or `40 s` below two minutes."""
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"  # noqa: PLR2004


def chapter_line(audio: Audio, limit: int, *, link: str | None = None) -> str:
    """One line of at most `limit` characters: the recording's length, and its chapters if they fit.

    `link` is where to listen to it, if not right here. Empty if nothing fits.
    """
    heading = f"🎧 {duration(audio.seconds)}"
    if link is not None:
        heading = f"🎧 [Listen]({link}), {duration(audio.seconds)}"
    for title_length in _TITLE_LENGTHS:
        chapters = (
            f"{wording.timestamp(chapter.start_seconds)} {shown(chapter.title, title_length)}"
            for chapter in audio.chapters
        )
        line = f"-# {heading} · {' · '.join(chapters)}"
        if length(line) <= limit:
            return line
    return f"-# {heading}" if length(heading) + len("-# ") <= limit else ""


def with_recording(
    payload: Mapping[str, Any], audio: Audio, *, file_name: str | None, link: str | None = None
) -> dict[str, Any]:
    """The message with its recording inserted above its last line, the marker.

    The file named `file_name` has to be sent with it. What does not fit is left out, the chapters first; the
    message itself stays whole.
    """
    *above, marker = payload["components"]
    parts = list(_everything(payload["components"]))
    room = MESSAGE_CHARACTERS - sum(length(text) for part in parts for text in _texts(part))
    places = MESSAGE_COMPONENTS - len(parts)
    added: list[dict[str, Any]] = []
    if file_name is not None and places > 0:
        added.append({"type": _FILE, "file": {"url": f"attachment://{file_name}"}})
    line = chapter_line(audio, room, link=link)
    if line and places > len(added):
        added.insert(0, {"type": _TEXT_DISPLAY, "content": line})
    return {**payload, "components": [*above, *added, marker]}


def _everything(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components, nested ones included."""
    for component in components:
        yield component
        yield from _everything(component.get("components", []))


def _texts(component: Mapping[str, Any]) -> Iterator[str]:
    yield from (component[name] for name in ("content", "label", "placeholder") if component.get(name))
    for option in component.get("options", []):
        yield option["label"]
