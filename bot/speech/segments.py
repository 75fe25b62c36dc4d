"""A text in pieces that a voice takes at once (pure). Joined by blanks they are the whole text again."""

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_CLAUSE_END = re.compile(r"(?<=[,;:)])\s+")
_BLANK = re.compile(r"\s+")


def segments(text: str, most_characters: int) -> list[str]:
    """Pieces of at most so many characters, cut at sentence ends, else after commas, words, or anywhere.

    Nothing is lost: the pieces hold every character of the text but the blanks at the cuts.
    """
    return _packed(" ".join(text.split()), most_characters, (_SENTENCE_END, _CLAUSE_END, _BLANK))


def _packed(text: str, most_characters: int, ends: tuple[re.Pattern[str], ...]) -> list[str]:
    """The parts between the first of `ends`, as many to a piece as fit; what does not fit is cut finer."""
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
