"""Parts of titles, as people type them: `k-NN` or `k NN` where the title has `$k$-NN`."""

import re
import unicodedata

from sqlalchemy import ColumnElement, func, or_

from storage.apostrophes import STRAIGHTENED, straightened

_STRAIGHT = ("'", '"')
_TEX_ACCENTS = ("\\'", '\\"', "\\`")
_JOINTS = " $-{}\\_^~\u2010\u2011\u2013\u2014"
"""What joins the words of a title, or marks its TeX: it is not compared."""
_UNJOINED = str.maketrans("", "", _JOINTS)
_ESCAPE = "/"
_LITERALLY = str.maketrans({sign: _ESCAPE + sign for sign in (_ESCAPE, "%")})
_ANY_SIGN = "_"
_GAP = re.compile(rf"[{re.escape(_JOINTS)}]+|[^\W\d_](?=\d)|\d(?=[^\W\d_])|[^\x00-\x7f]")
"""Where a title may have something else: at joints, between letters and figures, at letters with accents."""


def holds(column: ColumnElement[str], fragment: str, *, dialect: str) -> ColumnElement[bool]:
    """Whether a column holds `fragment`, without regard to case, joints and the form of apostrophes.

    It is asked over all titles at each key that somebody presses. SQLite's LIKE ignores case by itself, and
    PostgreSQL's is twice as quick over small letters as its ILIKE.
    """
    literal = straightened(fragment).translate(_LITERALLY)
    roughly = _GAP.sub(lambda gap: f"{gap[0]}%" if gap[0].isascii() and gap[0].isalnum() else "%", literal)
    for mark in _STRAIGHT:
        roughly = roughly.replace(mark, _ANY_SIGN)
    found = _is_like(column, roughly, dialect)
    if roughly == literal:
        return found
    # To compare a title so takes longer than to see that it holds nothing alike, as nearly all do.
    for curly, straight in STRAIGHTENED.items():
        column = func.replace(column, curly, straight)
    for mark in (*_TEX_ACCENTS, *_JOINTS):
        column = func.replace(column, mark, "")
    wanted = literal.translate(_UNJOINED)
    return found & or_(*(_is_like(column, form, dialect) for form in {wanted, _without_accents(wanted)}))


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _is_like(column: ColumnElement[str], pattern: str, dialect: str) -> ColumnElement[bool]:
    anywhere = f"%{pattern}%"
    if dialect == "sqlite":
        return column.like(anywhere, escape=_ESCAPE)
    return func.lower(column).like(func.lower(anywhere), escape=_ESCAPE)
