"""Apostrophes and quotation marks: telephones write curly ones, and most titles have straight ones."""

STRAIGHTENED = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'}
_TABLE = str.maketrans(STRAIGHTENED)


def straightened(text: str) -> str:
    """`text` with straight ones; it stays as long as it was."""
    return text.translate(_TABLE)
