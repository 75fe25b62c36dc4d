"""Turns the markup of the sample texts into reportlab's (pure)."""

import re
from html import escape

_ENDINGS = (
    "tion|sion|ment|ments|ness|able|ible|ally|ward|ence|ance|ings|tive|ture|ally|ized|ised|sible|ences|tions"
)
_ENDING = re.compile(rf"(?<=[a-zß-ÿ]{{4}})(?=(?:{_ENDINGS})\b)")
_PREFIX = re.compile(
    r"\b(inter|over|under|quanti|evalu|para|docu|compu|experi|dimen|benef|pre|trans)(?=[a-z]{5})"
)


def markup(text: str) -> str:
    """Our own markup as reportlab's: *italics*, **bold**, x_{i}, 10^{-3}, and the LaTeX of the abstracts."""
    text = escape(_plain(text), quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
    text = re.sub(r"_\{(.+?)\}", r'<sub size="6.5" rise="2">\1</sub>', text)
    text = re.sub(r"\^\{(.+?)\}", r'<super size="6.5" rise="3.5">\1</super>', text)
    return "".join(
        part if part.startswith("<") else ligatures(_hyphenated(part))
        for part in re.split(r"(<[^>]+>)", text)
    )


def _plain(text: str) -> str:
    text = re.sub(r"\\frac\{1\}\{(.+?)\}", r"(1/\1)", text)
    for latex, character in _LATEX.items():
        text = text.replace(latex, character)
    text = re.sub(r"[_^](?=\w|∞)(\w|∞)(?=[\W_]|$)", lambda match: f"{match[0][0]}{{{match[1]}}}", text)
    text = re.sub(r'(^|[\s(])"', r"\1“", text).replace('"', "”")
    return text.replace("'", "’").replace("$", "")


_LATEX = {
    r"\ell": "l",
    r"\infty": "∞",
    r"\log": "log ",
    r"\exp": "exp",
    r"\sum": "∑",
    r"\tau": "τ",
    r"\varepsilon": "ε",
    r"\|": "||",
    r"\,": "",
    r"\to": "→",
}


def _hyphenated(text: str) -> str:
    # reportlab loses the space between a word with soft hyphens and a change of font: skip the last word.
    return re.sub(r"\S+(?=\s+\S)", _with_soft_hyphens, text)


def _with_soft_hyphens(word: re.Match[str]) -> str:
    return _PREFIX.sub("\\1\u00ad", _ENDING.sub("\u00ad", word[0]))


def ligatures(text: str) -> str:
    """The text with the two ligatures that the fonts have."""
    return text.replace("fi", "ﬁ").replace("fl", "ﬂ")
