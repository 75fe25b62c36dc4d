"""Apostrophes and quotation marks: telephones write curly ones, and most titles have straight ones."""

from sqlalchemy import ColumnElement, func

STRAIGHT = ("'", '"')
_STRAIGHTENED = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'}
_TABLE = str.maketrans(_STRAIGHTENED)


def straightened(text: str) -> str:
    """`text` with straight ones; it stays as long as it was."""
    return text.translate(_TABLE)


def straightened_column(column: ColumnElement[str]) -> ColumnElement[str]:
    """The same of a column."""
    for curly, straight in _STRAIGHTENED.items():
        column = func.replace(column, curly, straight)
    return column
