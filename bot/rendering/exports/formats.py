"""The formats in which a digest can be exported (pure)."""

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
"""Returns texts by file name, which may include one folder (`folder/name`)."""

_ONE_FILE: Mapping[str, tuple[str, Callable[[Digest], str]]] = {
    "md": ("digest.md", digest_markdown),
    "html": ("digest.html", digest_html),
    "json": ("digest.json", digest_json),
    "bibtex": ("digest.bib", digest_bibtex),
    "csv": ("digest.csv", digest_csv),
}


def _one_file(name: str, write: Callable[[Digest], str]) -> Exporter:
    return lambda digest: {name: write(digest)}


FORMATS: Mapping[str, Exporter] = {
    **{key: _one_file(name, write) for key, (name, write) in _ONE_FILE.items()},
    "obsidian": digest_notes,
}


def known_formats(names: Iterable[str]) -> tuple[str, ...]:
    """The named formats, without duplicates.

    Raises:
        InputError: one of them does not exist.
    """
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in names))
    for name in wanted:
        if name not in FORMATS:
            raise InputError(f"There is no format “{name}”. The formats are {', '.join(FORMATS)}.")
    return wanted


def exported(digest: Digest, formats: Iterable[str]) -> dict[str, str]:
    """The files of all these formats."""
    return {name: text for each in formats for name, text in FORMATS[each](digest).items()}


def fixed_file_names(formats: Iterable[str]) -> list[str]:
    """The file names that are known before there is a digest; notes are named after its papers."""
    return [_ONE_FILE[each][0] for each in formats if each in _ONE_FILE]
