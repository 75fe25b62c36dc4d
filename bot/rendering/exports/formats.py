"""Which formats there are (pure)."""

from collections.abc import Callable, Iterable, Mapping

from bot.errors import InputError
from bot.rendering.exports.bibliography import digest_bibtex
from bot.rendering.exports.notes import digest_notes
from bot.rendering.exports.records import digest_json
from bot.rendering.exports.rows import digest_csv
from bot.rendering.html import digest_html
from bot.rendering.markdown import digest_markdown
from storage.model import Digest

Exporter = Callable[[Digest], Mapping[str, str]]
"""Gives texts by their file names, which may have one folder in front (`folder/name`)."""

FORMATS: Mapping[str, Exporter] = {
    "md": lambda digest: {"digest.md": digest_markdown(digest)},
    "html": lambda digest: {"digest.html": digest_html(digest)},
    "json": lambda digest: {"digest.json": digest_json(digest)},
    "bibtex": lambda digest: {"digest.bib": digest_bibtex(digest)},
    "csv": lambda digest: {"digest.csv": digest_csv(digest)},
    "obsidian": digest_notes,
}


def known_formats(names: Iterable[str]) -> tuple[str, ...]:
    """The named formats, each once.

    Raises:
        InputError: one does not exist.
    """
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in names))
    for name in wanted:
        if name not in FORMATS:
            raise InputError(f"There is no format “{name}”: there are {', '.join(FORMATS)}.")
    return wanted


def exported(digest: Digest, formats: Iterable[str]) -> dict[str, str]:
    """The files of all these formats."""
    return {name: text for each in formats for name, text in FORMATS[each](digest).items()}
