"""Absolute values, sizes and norms, whose bars voices leave out: |x - y| would be x minus y (pure)."""

import re

_INSIDE = (
    r"(?![_^\s])(?P<inside>(?:[^|‖()\[\]⟨⟩]|\([^()|‖⟨⟩]*\)|\[[^\[\]|‖⟨⟩]*\]){1,60}?)"
    r"(?:(?<!\s)|(?<=\bhat )|(?<=\bbar )|(?<=\btilde ))"
)
_BEFORE = (
    # Taken away, or turned round: a dash between blanks would become a pause.
    r"(?P<minus>(?<=\S)\s[-−]\s|(?<![\w)\]}'’.-])[-−]|(?<=[\d)])[-−])?"
    # Behind a word it is a choice, as in yes|no; a letter may be a factor, and a few functions have it there.
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
"""Anything else is a set, or a list, more often than not: |D|, |d_i|."""
_POWER_FIRST = re.compile(r"(?<=[|‖])(\^\{?\w+\}?)(_\{?\w\}?)")
_LESS = re.compile(r"\s[-−]\s|(?:(?<=\b[^\W\d_])|(?<=_\w))[-−](?=[^\W\d_](?:_|\b))")
_APART = re.compile(r"(\b(?:D(?:_\w+)?|\w*KL|JSD?)\s?[(\[](?:[^|‖]|\|(?!\|)){1,80}?)\|\|(?!\|)")
"""Of what is measured how far it is from the other, as in KL(p || q) and D(q(z|x) || p(z))."""
_ARTICLES = ("the ", "The ")
_NORMS = {"∞": "infinity"}
_POWERS = {"2": "squared", "3": "cubed"}


def in_words(text: str) -> str:
    """What stands between bars called so; those of conditions and choices stay."""
    text = _POWER_FIRST.sub(r"\2\1", text.replace("∥", "‖"))
    text = _NORM.sub(lambda match: _said(match, "norm"), text)
    return _APART.sub(r"\1‖", _SIZE.sub(_size, text))


def _size(match: re.Match[str]) -> str:
    return _said(match, "absolute value" if _NUMBER.fullmatch(match["inside"]) else "size")


def _said(match: re.Match[str], name: str) -> str:
    """Commas part what is done to the whole from what is done inside."""
    if which := match["norm"]:
        name = f"{_NORMS.get(which, which)}-norm"
    article = "" if match.string[: match.start()].endswith(_ARTICLES) else "the "
    words = f"{' minus' if match['minus'] else ''} {article}{name} of {_LESS.sub(' minus ', match['inside'])}"
    if power := match["power"]:
        words += f", {_POWERS.get(power) or f'to the power of {power}'}"
    if match["less"] or match["over"]:
        return f"{words}, {'minus' if match['less'] else 'over'} "
    return words + (" " if match["more"] is None else ",")
