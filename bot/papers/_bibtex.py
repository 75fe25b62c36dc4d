"""Finds arXiv ids that BibTeX hides: an old id split over two fields, an id that is a file name.

Fields: https://arxiv.org/help/hypertex/bibstyles (`eprint`, `primaryClass`, `archivePrefix`) and biblatex's
manual (`eprintclass`, `eprinttype`). JabRef, Mendeley and Zotero fill `file` with `description:path:type;...`
or with a path alone; a colon in a path is escaped by a backslash.
"""

import re
from itertools import pairwise

_ENTRY = re.compile(r"@(?<!\w@)[a-z]+\s*[{(]", re.ASCII | re.IGNORECASE)
"""The `@` comes before its lookbehind: a search for a literal is sixty times as fast."""
_VALUE = r'\s*=[\s{"]*'
"""What stands between a field's name and its one-word value, which may be bare."""
_CLASS = re.compile(
    rf"(?<![\w-])(?:primaryclass|eprintclass){_VALUE}(?P<name>[a-z.-]+)", re.ASCII | re.IGNORECASE
)
_PREFIX = re.compile(
    rf"(?<![\w-])(?:archiveprefix|eprinttype){_VALUE}(?P<name>\w+)", re.ASCII | re.IGNORECASE
)
_NUMBER = re.compile(rf"(?<![\w-])eprint{_VALUE}(?=\d{{7}})", re.ASCII | re.IGNORECASE)
"""What stands before the number of an old id in `eprint`."""
_FILES = re.compile(r'(?<![\w-])file\s*=\s*(?:\{(?:[^{}]|\{[^{}]*\})*+\}|"[^"]*")', re.ASCII | re.IGNORECASE)
_FILE = re.compile(
    r'(?<=[:;{}"])(?!//|[^:;{}"]*\b10\.\d{4,9}/)'  # neither the rest of a link nor a DOI
    r'(?:[^:;{}"]*[/\\\s])?(?P<id>\d{4}\.\d{4,5}(?:v\d+)?)\.pdf(?=\s*[:;}"])',
    re.ASCII | re.IGNORECASE,
)
"""A path that ends in a new id and `.pdf`."""


def with_whole_ids(text: str) -> str:
    """The text with the old ids of its BibTeX entries in one piece, and with ids instead of paths to PDFs.

    Text that is not BibTeX stays as it is. Whether arXiv could have given such an id is not checked.
    """
    starts = [entry.start() for entry in _ENTRY.finditer(text)]
    entries = (text[start:end] for start, end in pairwise([0, *starts, len(text)]))
    return "".join(_whole(_FILES.sub(_named, entry)) for entry in entries)


def _whole(entry: str) -> str:
    archive, prefix = _CLASS.search(entry), _PREFIX.search(entry)
    if archive is None or (prefix is not None and prefix["name"].lower() != "arxiv"):
        return entry
    return _NUMBER.sub(rf"\g<0>{archive['name']}/", entry)


def _named(files: re.Match[str]) -> str:
    return _FILE.sub(r" \g<id> ", files[0])
