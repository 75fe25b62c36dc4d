"""What pages are made by, so that a new version of the program makes them again."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_PACKAGES = ("bot.rendering", "bot.site", "bot.texts")


@cache
def recipe() -> str:
    """A hash of the code and the templates that make the pages."""
    hashed = hashlib.sha256()
    for package in _PACKAGES:
        for source in _sources(resources.files(package)):
            hashed.update(source.read_bytes())
    return hashed.hexdigest()


def fingerprint(*made_from: object) -> str:
    """A hash of what a file is made from: these records, by their `repr`, and the recipe."""
    return hashlib.sha256(repr((recipe(), made_from)).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry)
        elif entry.is_file():
            yield entry
