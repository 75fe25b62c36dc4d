"""The texts of the sample papers: a few lines of `name: value`, then blocks separated by blank lines (pure).

A block is a heading (`# Method`, `## Training`; `#A Title` in the appendix), a formula (`$$ ...`), a table
(`Table: caption`, then rows of cells separated by `|`, the header first), a bar chart (`Figure: caption`,
then `label = number`), references (the first line starts with `[1] `), or a paragraph. Sections, formulas,
tables and figures are numbered here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    text: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    text: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    caption: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    caption: str
    bars: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    items: tuple[str, ...]


Block = Heading | Paragraph | Formula | Table | Chart | References


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A paper's text; its title, authors and abstract are in its metadata."""

    running_head: str
    affiliations: str
    blocks: tuple[Block, ...]
    hidden: str = ""
    """Words that readers can't see but programs may."""
    finish: str = ""
    """What is done to the finished PDF: `scan`, `damage`, or nothing."""


def read_manuscript(source: str) -> Manuscript:
    """Parse a text in the format above."""
    head, _, body = source.partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return Manuscript(
        running_head=facts["head"],
        affiliations=facts["affiliations"],
        hidden=facts.get("hidden", ""),
        finish=facts.get("finish", ""),
        blocks=tuple(_blocks(re.split(r"\n{2,}", body.strip()))),
    )


def _blocks(texts: Sequence[str]) -> list[Block]:
    blocks: list[Block] = []
    section = subsection = appendix = tables = charts = formulas = 0
    for text in texts:
        first, _, rest = text.partition("\n")
        kind, _, words = first.partition(" ")
        match kind:
            case "#" if words in {"References", "Acknowledgements"}:
                blocks.append(Heading(text=words, level=1))
            case "#":
                section, subsection = section + 1, 0
                blocks.append(Heading(text=f"{section} {words}", level=1))
            case "##":
                subsection += 1
                blocks.append(Heading(text=f"{section}.{subsection} {words}", level=2))
            case "#A":
                appendix += 1
                blocks.append(Heading(text=f"{'ABC'[appendix - 1]} {words}", level=1))
            case "$$":
                formulas += 1
                blocks.append(Formula(text=words, number=formulas))
            case "Table:":
                tables += 1
                rows = tuple(tuple(cell.strip() for cell in row.split("|")) for row in rest.splitlines())
                blocks.append(Table(caption=f"Table {tables}: {words}", rows=rows))
            case "Figure:":
                charts += 1
                pairs = (line.rsplit(" = ", 1) for line in rest.splitlines())
                bars = tuple((label, float(value)) for label, value in pairs)
                blocks.append(Chart(caption=f"Figure {charts}: {words}", bars=bars))
            case "[1]":
                blocks.append(References(items=tuple(text.splitlines())))
            case _:
                blocks.append(Paragraph(text=text.replace("\n", " ")))
    return blocks
