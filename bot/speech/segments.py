"""Splits a text into pieces that a voice can take at once (pure)."""

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_CLAUSE_END = re.compile(r"(?<=[,;:)])\s+")
_BLANK = re.compile(r"\s+")


def segments(text: str, most_characters: int) -> list[str]:
    """Pieces of at most `most_characters`, cut at sentence ends, else after clauses, words, or anywhere.

    Nothing is lost: the pieces hold every character of the text except the spaces at the cuts.
    """
    return _packed(" ".join(text.split()), most_characters, (_SENTENCE_END, _CLAUSE_END, _BLANK))


def _packed(text: str, most_characters: int, ends: tuple[re.Pattern[str], ...]) -> list[str]:
    """Cut at the first of `ends`, with as many parts per piece as fit; longer parts are cut at the next."""
    if len(text) <= most_characters:
        return [text] if text else []
    if not ends:
        return [text[start : start + most_characters] for start in range(0, len(text), most_characters)]
    packed: list[str] = []
    for part in ends[0].split(text):
        for piece in _packed(part, most_characters, ends[1:]):
            if packed and piece == part and len(packed[-1]) + 1 + len(piece) <= most_characters:
                packed[-1] += f" {piece}"
            else:
                packed.append(piece)
    return packed
