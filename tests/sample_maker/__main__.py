"""Rebuilds bot/sample/pdfs, or checks that it matches the texts (`--check`)."""

import sys
from pathlib import Path

from bot.sample.week import sample_papers
from tests.sample_maker.layout import typeset
from tests.sample_maker.scan import scanned
from tests.sample_maker.source import Manuscript, read_manuscript

TEXTS = Path(__file__).with_name("papers")
PDFS = Path(__file__).parents[2] / "bot" / "sample" / "pdfs"


def made_pdfs() -> dict[str, bytes]:
    """Every sample PDF by its file name."""
    papers = {paper.id: paper for paper in sample_papers()}
    made = {}
    for path in sorted(TEXTS.glob("*.md")):
        paper = papers[path.stem]
        manuscript = read_manuscript(path.read_text("utf-8"))
        made[f"{paper.key}.pdf"] = _finished(typeset(paper, manuscript), manuscript)
    return made


def _finished(pdf: bytes, manuscript: Manuscript) -> bytes:
    match manuscript.finish:
        case "scan":
            return scanned(pdf)
        case "damage":
            # Cut off like a broken upload: before the page tree and the cross-reference table.
            return pdf[: len(pdf) * 2 // 5]
        case _:
            return pdf


def main() -> int:
    """Write the PDFs, or report whether they are up to date; returns the exit code."""
    made = made_pdfs()
    if "--check" in sys.argv:
        stale = [name for name, pdf in made.items() if (PDFS / name).read_bytes() != pdf]
        print(f"out of date: {', '.join(stale)}" if stale else "up to date")
        return 1 if stale else 0
    PDFS.mkdir(exist_ok=True)
    for name, pdf in made.items():
        (PDFS / name).write_bytes(pdf)
        print(f"{name}  {len(pdf):>7,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
