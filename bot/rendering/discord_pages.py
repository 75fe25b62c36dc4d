"""Sections of Markdown laid out over as many Discord messages as they need (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.limits import length

MESSAGE_LENGTH = 3_750
"""Characters for a message's texts and labels: Discord's 4,000 less the marker and something to spare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with blocks that are never cut; each has to be far shorter than a message."""

    heading: str = ""
    blocks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The section as one Markdown text."""
        return "\n".join((self.heading, *self.blocks) if self.heading else self.blocks)


def pages(sections: Sequence[Section], limit: int, *, first: int | None = None) -> list[list[str]]:
    """The sections' texts, message by message, each at most `limit` (the first: `first`) characters in all.

    A section that goes on in the next message repeats its heading there. There is always a first message.
    """
    laid: list[list[Section]] = [[]]
    for section in sections:
        for block in section.blocks:
            room = first if first is not None and len(laid) == 1 else limit
            grown = _with(laid[-1], section.heading, block)
            if laid[-1] and _length(grown) > room:
                begun = any(_goes_on(other, section.heading) for other in laid[-1])
                laid.append([Section(heading=_continued(section.heading, begun=begun), blocks=(block,))])
            else:
                laid[-1] = grown
    return [[section.text for section in page] for page in laid]


def _with(page: list[Section], heading: str, block: str) -> list[Section]:
    if page and heading and _goes_on(page[-1], heading):
        return [*page[:-1], Section(heading=page[-1].heading, blocks=(*page[-1].blocks, block))]
    return [*page, Section(heading=heading, blocks=(block,))]


def _goes_on(begun: Section, heading: str) -> bool:
    """Whether what stands there is a part of the section with this heading, the first or a later one."""
    return begun.heading in {heading, _continued(heading, begun=True)}


def _continued(heading: str, *, begun: bool) -> str:
    return f"{heading} (continued)" if begun and heading else heading


def _length(page: Sequence[Section]) -> int:
    return sum(length(section.text) for section in page)
