"""A digest as a BibTeX file (pure)."""

import re
import unicodedata
from functools import cache

from pylatexenc.latexencode import (
    RULE_CALLABLE,
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
)

from bot.rendering import wording
from bot.rendering.exports import accents
from bot.texts.folding import folded
from storage.model import Digest, Paper

_DOI = re.compile(r"10\.\d{4,9}/[^\s{}\\%#~\"]+")
_SEPARATOR = re.compile(r",|\band\b", re.IGNORECASE)
"""What BibTeX takes as a separator within or between names."""
_BRACES = {ord("{"): r"\textbraceleft", ord("}"): r"\textbraceright"}
"""BibTeX counts even braces with a backslash before them."""


def digest_bibtex(digest: Digest) -> str:
    """An entry for each paper, the highlights first."""
    papers = {pick.paper.id: pick.paper for pick in digest.picks}
    return "\n".join(map(_entry, papers.values()))


def citation_key(paper: Paper) -> str:
    """Such as `example2026-2611.90001`: unique to the paper, and the same in every file."""
    names = wording.all_authors(paper)
    letters = re.sub(r"[^a-z]", "", folded(names[0].split()[-1]) if names else "")
    return f"{letters or 'anonymous'}{paper.published.year}-{paper.id.replace('/', '-')}"


def _entry(paper: Paper) -> str:
    fields = {
        # Braces keep capitals, such as those of acronyms, which many styles would make lower case.
        "title": f"{{{_tex(wording.title(paper))}}}",
        "author": " and ".join(map(_author, wording.all_authors(paper))),
        "year": str(paper.published.year),
        "month": str(paper.published.month),
        "eprint": paper.id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.primary_category,
        "url": paper.abs_url,
        "doi": paper.doi if paper.doi and _DOI.fullmatch(paper.doi) else "",
        "note": _tex(wording.journal(paper)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation_key(paper)},", *lines, "}"]) + "\n"


def _author(name: str) -> str:
    words = _tex(name)
    return f"{{{words}}}" if _SEPARATOR.search(name) else words


def _tex(text: str) -> str:
    return str(_encoder().unicode_to_latex(unicodedata.normalize("NFC", text)))


@cache
def _encoder() -> UnicodeToLatexEncoder:
    return UnicodeToLatexEncoder(
        conversion_rules=[
            UnicodeToLatexConversionRule(RULE_DICT, _BRACES),
            UnicodeToLatexConversionRule(RULE_CALLABLE, accents.with_marks),
            "defaults",
            UnicodeToLatexConversionRule(RULE_CALLABLE, accents.alone),
        ],
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )
