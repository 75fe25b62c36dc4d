"""Absolute values, sizes and norms in words: voices skip the bars, and |x - y| would be x minus y (pure)."""

import re

_INSIDE = (
    r"(?![_^\s])(?P<inside>(?:[^|‖()\[\]⟨⟩]|\([^()|‖⟨⟩]*\)|\[[^\[\]|‖⟨⟩]*\]){1,60}?)"
    r"(?:(?<!\s)|(?<=\bhat )|(?<=\bbar )|(?<=\btilde ))"
)
_BEFORE = (
    # A subtraction or a negative sign: a dash between spaces would become a pause.
    r"(?P<minus>(?<=\S)\s[-−]\s|(?<![\w)\]}'’.-])[-−]|(?<=[\d)])[-−])?"
    # After a word a bar marks a choice, as in yes|no, but not after one letter (a factor) or log, ln and exp.
    r"(?:(?<![^\W\d])|(?<=\b[^\W\d_])|(?<=\blog)|(?<=\bln)|(?<=\bexp))"
)
_BEHIND = (
    r"(?:\s?\^\s?\{?(?P<power>[-−]?\w+)\}?)?(?![\w|‖])"
    r"(?:(?P<less>\s[-−]\s(?=\S))|(?P<over>\s?/\s?(?=\S))|(?P<more>(?=\s?[+×·*])))?"
)
_SIZE = re.compile(rf"{_BEFORE}\|{_INSIDE}\|(?:_(?P<norm>[012pF∞]))?{_BEHIND}")
_NORM = re.compile(
    rf"{_BEFORE}(?:‖\s?|\|\|){_INSIDE}(?:\s?‖|\|\|)(?:_?(?P<norm>(?<=_)(?:\w+|∞)|[12F∞]))?{_BEHIND}"
)
_NUMBER = re.compile(
    r"[^\W\dA-Z_]\w?(?: (?:hat|bar|tilde) )?|(?![^+−-]*[∪∩∖]).*[+−-].*|(?:cos|sin|log|ln)\b.*|\w\(.*\)"
)
"""The absolute value of a number; anything else is usually the size of a set or list: |D|, |d_i|."""
_POWER_FIRST = re.compile(r"(?<=[|‖])(\^\{?\w+\}?)(_\{?\w\}?)")
_LESS = re.compile(r"\s[-−]\s|(?:(?<=\b[^\W\d_])|(?<=_\w))[-−](?=[^\W\d_](?:_|\b))")
_APART = re.compile(r"(\b(?:D(?:_\w+)?|\w*KL|JSD?)\s?[(\[](?:[^|‖]|\|(?!\|)){1,80}?)\|\|(?!\|)")
"""The bars of a divergence, as in KL(p || q) and D(q(z|x) || p(z))."""
_ARTICLES = ("the ", "The ")
_NORMS = {"∞": "infinity"}
_POWERS = {"2": "squared", "3": "cubed"}


def in_words(text: str) -> str:
    """The text with absolute values, sizes and norms in words; bars of conditions and choices stay."""
    text = _POWER_FIRST.sub(r"\2\1", text.replace("∥", "‖"))
    text = _NORM.sub(lambda match: _said(match, "norm"), text)
    return _APART.sub(r"\1‖", _SIZE.sub(_size, text))


def _size(match: re.Match[str]) -> str:
    return _said(match, "absolute value" if _NUMBER.fullmatch(match["inside"]) else "size")


def _said(match: re.Match[str], name: str) -> str:
    """The words for a match; a comma separates what is done to the whole from what is done inside."""
    if which := match["norm"]:
        name = f"{_NORMS.get(which, which)}-norm"
    article = "" if match.string[: match.start()].endswith(_ARTICLES) else "the "
    words = f"{' minus' if match['minus'] else ''} {article}{name} of {_LESS.sub(' minus ', match['inside'])}"
    if power := match["power"]:
        words += f", {_POWERS.get(power) or f'to the power of {power}'}"
    if match["less"] or match["over"]:
        return f"{words}, {'minus' if match['less'] else 'over'} "
    return words + (" " if match["more"] is None else ",")
