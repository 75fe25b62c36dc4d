"""Papers for tests, which name only the fields they care about."""

from datetime import UTC, datetime
from typing import Any

from storage.model import Paper


def paper(paper_id: str = "2611.00001", **changes: Any) -> Paper:
    """A paper submitted in the week 2026-W47, with changes."""
    submitted = changes.pop("published", datetime(2026, 11, 17, 12, tzinfo=UTC))
    values: dict[str, Any] = {
        "id": paper_id,
        "version": 1,
        "title": f"Title of {paper_id}",
        "abstract": f"We study {paper_id}. It works well.",
        "authors": ("Ada Example",),
        "categories": ("cs.CL",),
        "published": submitted,
        "updated": submitted,
    }
    return Paper(**(values | changes))
