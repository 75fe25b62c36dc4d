"""Titles as they are compared with parts that people type: `k-NN`, `k NN` or `knn` for `$k$-NN`."""

import re
import unicodedata
from itertools import filterfalse

from sqlalchemy import ColumnElement, and_, func

from storage.letters import PLAIN_LETTERS, UNSEEN, straightened
from storage.types import storable

_TEX_ACCENT = re.compile(r"""\\(?:['"`^~=.]|[uvHckrdb](?![a-zA-Z]))""")
_MOST_COMPARED = 500
"""Characters of a title: nobody types the rest, and PostgreSQL's indexes hold 2,704 bytes."""
_JOINTS = "$-{}\\_^\u2010\u2011\u2013"
"""What joins the parts of words, or marks TeX."""
_PLAIN = str.maketrans(PLAIN_LETTERS | {"~": " ", "\u2014": " "} | dict.fromkeys(_JOINTS + UNSEEN, ""))
"""Also what parts words."""
_GAP = re.compile(r" |(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a title may be joined in another way: between words, and between letters and figures."""


def compared(title: str) -> str:
    r"""A title without case, accents, hyphens and TeX's marks, with straight apostrophes and single spaces.

    `$k$-NN` and `knn` are the same, and so are `Poincar\'e`, `Poincaré` and `poincare`.
    """
    plain = _TEX_ACCENT.sub("", straightened(title)).casefold()
    if not plain.isascii():
        plain = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", plain)))
    return " ".join(plain.translate(_PLAIN).split())[:_MOST_COMPARED]


def holds(titles: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether a title as `compared` holds what somebody typed.

    It is asked over all titles at each key that somebody presses.
    """
    parts = _GAP.split(compared(storable(part)))
    found = and_(*(titles.contains(each, autoescape=True) for each in parts))
    if len(parts) == 1:
        return found
    # To join a title takes longer than to see that it lacks a part, as nearly all do.
    return found & func.replace(titles, " ", "").contains("".join(parts), autoescape=True)
