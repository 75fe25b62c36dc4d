"""Titles in the form in which typed parts are compared with them: `k-NN`, `k NN` or `knn` for `$k$-NN`."""

import re
import unicodedata
from itertools import filterfalse

from sqlalchemy import ColumnElement, and_, func

from storage.letters import PLAIN_LETTERS, UNSEEN, straightened
from storage.types import storable

_TEX_ACCENT = re.compile(r"""\\(?:['"`^~=.]|[uvHckrdb](?![a-zA-Z]))""")
_MOST_COMPARED = 500
"""Characters of a title: nobody types more, and an entry of a PostgreSQL index holds 2,704 bytes."""
_JOINTS = "$-{}\\_^\u2010\u2011\u2013"
"""Hyphens and TeX's marks."""
_PLAIN = str.maketrans(PLAIN_LETTERS | {"~": " ", "\u2014": " "} | dict.fromkeys(_JOINTS + UNSEEN, ""))
"""Also turns what separates words into spaces."""
_GAP = re.compile(r" |(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a title may be joined differently: between words, and between letters and digits."""


def compared(title: str) -> str:
    r"""A title without case, accents, hyphens and TeX's marks, with straight apostrophes and single spaces.

    `$k$-NN` and `knn` are the same, and so are `Poincar\'e`, `Poincaré` and `poincare`.
    """
    plain = _TEX_ACCENT.sub("", straightened(title)).casefold()
    if not plain.isascii():
        plain = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", plain)))
    return " ".join(plain.translate(_PLAIN).split())[:_MOST_COMPARED]


def holds(titles: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """Whether a title, in its `compared` form, contains what somebody typed.

    It is evaluated for all titles at every keystroke.
    """
    parts = _parts(part)
    found = and_(*(titles.contains(each, autoescape=True) for each in parts))
    if len(parts) == 1:
        return found
    # Joining a title takes longer than seeing that it lacks a part, as nearly all do.
    return found & func.replace(titles, " ", "").contains("".join(parts), autoescape=True)


def is_held(title: str, part: str) -> bool:
    """The same as `holds` for one title, in its `compared` form."""
    parts = _parts(part)
    return all(each in title for each in parts) and "".join(parts) in title.replace(" ", "")


def _parts(typed: str) -> list[str]:
    return _GAP.split(compared(storable(typed)))
