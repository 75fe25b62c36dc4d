"""What pages are made by, so that a new version of the program makes them anew."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_PACKAGES = ("bot.rendering", "bot.site", "bot.texts")


@cache
def recipe() -> str:
    """A fingerprint of the code and the templates that pages are made by."""
    told = hashlib.sha256()
    for package in _PACKAGES:
        for source in _sources(resources.files(package)):
            told.update(source.read_bytes())
    return told.hexdigest()


def fingerprint(*made_from: object) -> str:
    """Stands for what a file is made from: records whose words tell them apart, and the recipe."""
    return hashlib.sha256(repr((recipe(), made_from)).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry)
        elif entry.is_file():
            yield entry
