"""Papers that differ only in what a test is about."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from storage.model import Paper


@pytest.fixture
def paper() -> Callable[..., Paper]:
    """Makes papers, each an hour older than the one before."""
    numbers = count(1)

    def make(title: str, abstract: str = "", **changes: object) -> Paper:
        number = next(numbers)
        moment = datetime(2026, 11, 20, 23 - number % 24, tzinfo=UTC)
        fields: dict[str, object] = {
            "id": f"2611.{number:05}",
            "version": 1,
            "title": title,
            "abstract": abstract,
            "authors": ("A. Author",),
            "categories": ("cs.CL",),
            "published": moment,
            "updated": moment,
        }
        return Paper(**(fields | changes))  # type: ignore[arg-type]

    return make
