"""Sections of Markdown, laid out over as many Discord messages as they need (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.limits import length

MESSAGE_LENGTH = 3_750
"""Characters for a message's texts and labels: Discord's 4,000 minus the marker and a reserve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with blocks, which are never cut; each must be far shorter than a message."""

    heading: str = ""
    blocks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The section as one Markdown text."""
        return "\n".join((self.heading, *self.blocks) if self.heading else self.blocks)


def pages(sections: Sequence[Section], limit: int, *, first: int | None = None) -> list[list[str]]:
    """The sections' texts by message, each message at most `limit` (the first: `first`) characters long.

    A section that continues in the next message repeats its heading there. There is at least one message.
    """
    messages: list[list[Section]] = [[]]
    for section in sections:
        for block in section.blocks:
            room = first if first is not None and len(messages) == 1 else limit
            grown = _with(messages[-1], section.heading, block)
            if messages[-1] and _length(grown) > room:
                is_begun = any(_belongs(part, section.heading) for part in messages[-1])
                heading = _continued(section.heading) if is_begun else section.heading
                messages.append([Section(heading=heading, blocks=(block,))])
            else:
                messages[-1] = grown
    return [[section.text for section in message] for message in messages]


def _with(message: list[Section], heading: str, block: str) -> list[Section]:
    if message and heading and _belongs(message[-1], heading):
        *before, last = message
        return [*before, Section(heading=last.heading, blocks=(*last.blocks, block))]
    return [*message, Section(heading=heading, blocks=(block,))]


def _belongs(part: Section, heading: str) -> bool:
    """Whether this is the first or a later part of the section with this heading."""
    return part.heading in {heading, _continued(heading)}


def _continued(heading: str) -> str:
    return f"{heading} (continued)" if heading else ""


def _length(message: Sequence[Section]) -> int:
    return sum(length(section.text) for section in message)
