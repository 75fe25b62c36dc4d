"""Reads the characters of Symbol fonts, inside the child process.

Word and MathType set the minus signs, ±, ≤ and Greek letters of formulas in a Symbol font, and PDFs give them
as the font's own codes in Unicode's private use area, from U+F020. Other fonts have other signs there, such
as the bullets of Wingdings: only the font's name tells which is meant.
"""

_ENCODING = {
    0x20: " !∀#∃%&∋()∗+,−./",
    0x30: "0123456789:;<=>?",
    0x40: "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟ",
    0x50: "ΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_",
    0x60: "‾αβχδεφγηιϕκλμνο",
    0x70: "πθρστυϖωξψζ{|}∼",
    0xA0: "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓",
    0xB0: "°±″≥×∝∂•÷≠≡≈…⏐⎯↵",
    0xC0: "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉",
    0xD0: "∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓",
    0xE0: "◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
    0xF1: "⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
}
"""Adobe's Symbol encoding: the code of a row's first character, and the row (PDF 32000-1, D.5)."""
_MEANINGS = {
    0xF000 + code: character for first, row in _ENCODING.items() for code, character in enumerate(row, first)
}


def readable(text: str, font_name: str) -> str:
    """`text` in plain Unicode if it is set in a Symbol font: SymbolMT, Symbol, Euclid Symbol."""
    return text.translate(_MEANINGS) if "symbol" in font_name.casefold() else text
