"""Apostrophes and quotation marks: telephones write curly ones, and most titles have straight ones."""

from sqlalchemy import ColumnElement, func

_STRAIGHT = ("'", '"')
_STRAIGHTENED = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'}
_TABLE = str.maketrans(_STRAIGHTENED)
_ESCAPE = "/"
_LITERALLY = str.maketrans({sign: _ESCAPE + sign for sign in (_ESCAPE, "%", "_")})
_ANY_SIGN = "_"


def straightened(text: str) -> str:
    """`text` with straight ones; it stays as long as it was."""
    return text.translate(_TABLE)


def holds(column: ColumnElement[str], fragment: str, *, dialect: str) -> ColumnElement[bool]:
    """Whether a column holds `fragment`, without regard to case and with any apostrophe.

    It is asked over all titles at each key that somebody presses. SQLite's LIKE ignores case by itself, and
    PostgreSQL's is twice as quick over small letters as its ILIKE.
    """
    wanted = straightened(fragment).translate(_LITERALLY)
    roughly = wanted
    for mark in _STRAIGHT:
        roughly = roughly.replace(mark, _ANY_SIGN)
    found = _is_like(column, roughly, dialect)
    if roughly == wanted:
        return found
    # To straighten a title takes longer than to see that it holds nothing alike, as nearly all do.
    for curly, straight in _STRAIGHTENED.items():
        column = func.replace(column, curly, straight)
    return found & _is_like(column, wanted, dialect)


def _is_like(column: ColumnElement[str], pattern: str, dialect: str) -> ColumnElement[bool]:
    anywhere = f"%{pattern}%"
    if dialect == "sqlite":
        return column.like(anywhere, escape=_ESCAPE)
    return func.lower(column).like(func.lower(anywhere), escape=_ESCAPE)
