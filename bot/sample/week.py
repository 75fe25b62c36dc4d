"""The sample week: its papers, its PDFs, and the categories and interests of the demo."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from storage.model import Paper

WEEK = "2026-W47"
"""Its papers were announced from 2026-11-16 to 2026-11-20, and submitted from Thursday 2026-11-12, 14:00 US
Eastern, onwards."""

THURSDAY = date(2026, 11, 19)
"""The default day of the local arXiv's announcement feeds."""

CATEGORIES = ("cs.CL", "cs.LG")

INTERESTS = (
    "retrieval-augmented generation, question answering over documents, long contexts, language models as "
    "judges, KV caches, speculative decoding, quantisation"
)

INVENTED = "Invented for Broadsheet's demo; not a real paper"
"""Stated in the comment field of every sample paper, and in the footer of every page of its PDF."""

_FOLDER = files("bot.sample")


@cache
def sample_papers() -> tuple[Paper, ...]:
    """All versions of all sample papers, in the order of the file."""
    entries = json.loads((_FOLDER / "week.json").read_text("utf-8"))
    return tuple(_paper(entry) for entry in entries)


def sample_pdf(key: str) -> bytes | None:
    """The PDF for a key such as `2611.90112v1`; None if the sample has none."""
    file = _FOLDER / "pdfs" / f"{key}.pdf"
    return file.read_bytes() if file.is_file() else None


def _paper(entry: Mapping[str, Any]) -> Paper:
    version = entry.get("version", 1)
    published = datetime.fromisoformat(entry["published"])
    remark = entry.get("comment")
    return Paper(
        id=entry["id"],
        version=version,
        title=entry["title"],
        abstract=entry["abstract"],
        authors=tuple(entry["authors"]),
        categories=tuple(entry["categories"]),
        published=published,
        updated=datetime.fromisoformat(entry.get("updated", entry["published"])),
        comment=f"{remark}. {INVENTED}" if remark else INVENTED,
        licence=entry["licence"],
        announced=date.fromisoformat(entry["announced"]),
        withdrawn=entry.get("withdrawn", False),
    )
