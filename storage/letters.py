"""Characters that people type in one way and titles have in another."""

PLAIN_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
"""Letters that Unicode does not decompose into a letter and an accent."""
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Invisible characters that are copied along with words."""
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'})


def straightened(text: str) -> str:
    """`text` with straight apostrophes and quotation marks, of the same length.

    Phones type curly ones; most titles have straight ones.
    """
    return text.translate(_STRAIGHT)
