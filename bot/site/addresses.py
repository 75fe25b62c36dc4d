"""Where each page is, relative to the site's root (pure).

Every server has a folder of its own, also where it is the only one: so a second server that begins to publish
moves no page of the first.
"""

import hashlib
import re
import unicodedata

SLUG = re.compile(r"(?:[a-z0-9-]+-)?([0-9a-f]{8})")
"""A server's folder. The last part stays when the title changes, so that old addresses can be recognised."""

CODE_DIGITS = 16
"""Of what stands for a server in public, hexadecimal; its folder has the first eight."""

_WORDS_CHARACTERS = 40


def slug(code: str, title: str) -> str:
    """The folder of the server that the code stands for, such as `lab-papers-3f2a9c01`."""
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", folded)[:_WORDS_CHARACTERS].strip("-")
    return f"{words}-{code[:8]}".lstrip("-")


def former_code(server_id: int) -> str:
    """What stood for a server before codes were drawn by lot: whoever knows its id can tell it.

    Those that were public then keep it: their addresses are known, and feed readers tell digests by it.
    """
    return hashlib.sha256(f"broadsheet:{server_id}".encode()).hexdigest()[:CODE_DIGITS]


def digest_page(week: str) -> str:
    """A digest's page in its server's folder."""
    return f"{week}.html"


def paper_page(paper_id: str) -> str:
    """A paper's page in its server's folder."""
    return f"papers/{paper_id.replace('/', '-')}.html"


def search_index(year: str) -> str:
    """The script that holds a year's papers, in its server's folder."""
    return f"search/{year}.js"


def audio_file(week: str, suffix: str) -> str:
    """A recording in its server's folder; `suffix` with its dot."""
    return f"audio/{week}{suffix}"


def chapters_file(week: str) -> str:
    """The chapters of a recording, in its server's folder."""
    return f"audio/{week}.chapters.json"
