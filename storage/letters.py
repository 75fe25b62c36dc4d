"""Signs that are typed in one way and stand in titles in another."""

PLAIN_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
"""What Unicode does not take for letters with an accent."""
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What is copied along with words, and not to be seen."""
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'})


def straightened(text: str) -> str:
    """`text` with straight apostrophes and quotation marks; it stays as long as it was.

    Telephones write curly ones, and most titles have straight ones.
    """
    return text.translate(_STRAIGHT)
