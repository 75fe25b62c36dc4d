"""Symbols and Greek letters in words (pure)."""

import re
import unicodedata

_WORDS = {
    "±": "plus or minus", "∓": "minus or plus", "→": "to", "⟶": "to", "↦": "to", "⇒": "implies",
    "⇔": "if and only if", "←": "from", "↔": "to and from", "↑": "up", "↓": "down", "≈": "about",
    "≃": "about", "∼": "about", "~": "about", "≅": "about", "≤": "at most", "⩽": "at most", "≥": "at least",
    "⩾": "at least", "≪": "much less than", "≫": "much greater than", "<": "less than", ">": "greater than",
    "=": "equals", "≠": "is not", "≡": "is identical to", "∝": "is proportional to", "∞": "infinity",
    "∑": "the sum of", "∏": "the product of", "∫": "the integral of", "√": "the square root of",
    "∂": "partial", "∇": "nabla", "∈": "in", "∉": "not in", "⊂": "within", "⊆": "within", "∪": "union",
    "∩": "intersection", "∅": "the empty set", "∀": "for all", "∃": "there is", "∧": "and", "∨": "or",
    "¬": "not", "⊕": "plus", "⊗": "times", "⊙": "times", "∘": "of", "·": "times", "⋅": "times", "∗": "times",
    "⋆": "star", "÷": "divided by", "×": "times", "+": "plus", "−": "minus", "%": "percent", "‰": "per mille",
    "&": "and", "@": "at", "#": "number", "°": "degrees", "§": "section", "¶": "paragraph", "†": "", "‡": "",
    "©": "", "®": "", "™": "", "$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "✓": "yes",
    "✔": "yes", "✗": "no", "✘": "no", "⊤": "true", "⊥⊥": "is independent of",
    "⫫": "is independent of", "⊥": "perpendicular", "‖": "from", "ℓ": "l", "∣": "given",
    "^": "to the power of", "≲": "less than about", "≳": "more than about", "∖": "without",
    "¢": "cents", "∛": "the cube root of",
}  # fmt: skip
_GREEK = re.compile("[Ͱ-Ͽ]")
_MARK = re.compile("|".join(map(re.escape, _WORDS)))
_NORM = re.compile(r"‖((?:[^‖()]|\([^‖()]*\)){1,40})‖")
_FLOOR, _CEILING = re.compile("⌊([^⌊⌋]{1,40})⌋"), re.compile("⌈([^⌈⌉]{1,40})⌉")
_GIVEN = re.compile(r"(?<=\w)([(\[])([^()\[\]|]{1,40})\|([^()\[\]|]{1,40})([)\]])")
"""A condition, as in P(y | x)."""


def in_words(text: str) -> str:
    """The text with symbols in words, and Greek letters by their names."""
    text = _GIVEN.sub(r"\1\2 given \3\4", _NORM.sub(r" the norm of \1 ", text))
    text = _CEILING.sub(r" the ceiling of \1 ", _FLOOR.sub(r" the floor of \1 ", text))
    return _GREEK.sub(_greek, _MARK.sub(lambda match: f" {_WORDS[match[0]]} ", text))


def _greek(match: re.Match[str]) -> str:
    # Such as "GREEK SMALL LETTER FINAL SIGMA" and "GREEK PHI SYMBOL".
    name = unicodedata.name(match[0], "").removeprefix("GREEK ")
    words = [word for word in name.split() if word not in _OF_NO_SOUND]
    return f" {words[0].lower()} " if words and words[0].isalpha() else " "


_OF_NO_SOUND = {"SMALL", "CAPITAL", "LETTER", "FINAL", "SYMBOL", "LUNATE", "REVERSED", "DOTTED", "WITH"}
