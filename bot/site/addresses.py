"""Where each page is, relative to the site's root (pure).

Every server has its own folder, even the only one, so that a second server that starts to publish moves none
of the first one's pages.
"""

import hashlib
import re

from bot.texts.folding import folded

SLUG = re.compile(r"(?:[a-z0-9-]+-)?([0-9a-f]{8})")
"""A server's folder. The last part stays when the title changes, so that old addresses are recognised."""

CODE_DIGITS = 16
"""Hexadecimal digits of a server's public code; its folder shows the first eight."""

_WORDS_CHARACTERS = 40


def slug(code: str, title: str) -> str:
    """The folder of the server with this code, such as `lab-papers-3f2a9c01`."""
    words = re.sub(r"[^a-z0-9]+", "-", folded(title))[:_WORDS_CHARACTERS].strip("-")
    return f"{words}-{code[:8]}".lstrip("-")


def code_from_id(server_id: int) -> str:
    """The code a server had before codes were random; anyone who knows the server's id can work it out.

    Servers that were public then keep it: their addresses are known, and feed readers identify digests by it.
    """
    return hashlib.sha256(f"broadsheet:{server_id}".encode()).hexdigest()[:CODE_DIGITS]


def digest_page(week: str) -> str:
    """A digest's page in its server's folder."""
    return f"{week}.html"


def paper_page(paper_id: str) -> str:
    """A paper's page in its server's folder."""
    return f"papers/{paper_id.replace('/', '-')}.html"


def search_index(year: str) -> str:
    """The script with a year's papers for the search, in its server's folder."""
    return f"search/{year}.js"


def audio_file(week: str, suffix: str) -> str:
    """A recording in its server's folder; `suffix` includes the dot."""
    return f"audio/{week}{suffix}"


def chapters_file(week: str) -> str:
    """A recording's chapters, in its server's folder."""
    return f"audio/{week}.chapters.json"
