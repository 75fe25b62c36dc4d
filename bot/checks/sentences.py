r"""Papers' text as plain characters, paragraphs and sentences (pure).

"It keeps 12.5\,\% (cf. Fig. 2). We show" has two sentences, and the first is "It keeps 12.5 % (cf. Fig. 2)."
"""

import re
import textwrap
import unicodedata

_RAISED_LETTERS = "ʰ-ʸˡ-ˣᴬ-ᵂᵃ-ᵡᶛ-ᶿⁱⁿⱽ"
_SUPERSCRIPT = re.compile(
    f"[⁺⁻]?[⁰¹²³⁴-⁹]+(?![⁺⁻⁼⁽{_RAISED_LETTERS}])"
    f"|(?<![⁰¹²³⁴-⁾{_RAISED_LETTERS}])(?!ᵗʰ|ˢᵗ|ⁿᵈ|ʳᵈ)[⁰¹²³⁴-⁾{_RAISED_LETTERS}]*[⁰¹²³⁴-⁹⁾{_RAISED_LETTERS}]"
)
"""An exponent; "5ᵗʰ" has none."""
_OF_ONE_PART = re.compile(r"[+-]?[^\W_]+|\(.*\)")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SINGLE_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–−﹣－", "-"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′", "'"),
        "⁄": "/",
        "—": " - ",
        "―": " - ",
    }
)
_BESIDE_FRACTION = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
"""2½ would be 21/2."""
_TIMES_NAME = re.compile(r"(?<=[1-9])x(?=[A-Z]{1,3}\d)")
"""As in 8xA100."""
_COMMAND_END = "(?![A-Za-z])"
"""A command also ends before a digit, as \\sim does in "\\sim10"."""
_LATEX = (
    (re.compile(r"(?<!\\)\\(?:\( ?([^$\n]{1,80}?) ?\\\)|\[ ?([^$\n]{1,80}?) ?\\\])"), r"$\1\2$"),
    (re.compile(r"\\([%&#_$])"), r"\1"),
    (re.compile(r"\\!"), ""),
    (re.compile(rf"\\(?:times|cdot){_COMMAND_END}"), "×"),
    (re.compile(rf"\\(?:sim|approx){_COMMAND_END}"), "~"),
    (re.compile(rf"\\pm{_COMMAND_END}"), "±"),
    (re.compile(rf"\\odot{_COMMAND_END}"), "⊙"),
    (re.compile(rf"\\(?:leq?|leqslant|lesssim){_COMMAND_END}"), "≤"),
    (re.compile(rf"\\(?:geq?|geqslant|gtrsim){_COMMAND_END}"), "≥"),
    # "$\\sim$500" is not 500 dollars.
    (re.compile(r"\{([×~±≤≥<>])\}|\$\s?([×~±≤≥<>])\s?\$"), r"\1\2"),
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"(?<=\d)\\,"), " "),
    # The ends of an error are no exponents.
    (re.compile(r"\^\{(\+[\d.]+)\}_\{(-[\d.]+)\}"), r" \1 \2"),
    (re.compile(r"_\{(-[\d.]+)\}\^\{(\+[\d.]+)\}"), r" \2 \1"),
    # Without the braces 2^{n-1} would read as 2^n minus 1.
    (re.compile(r"\^\{([^{}()]{1,12}[-+/][^{}()]{1,12})\}"), r"^(\1)"),
    (re.compile(r"\^\{([^{}]{1,12})\}"), r"^\1"),
    (re.compile(r"\{\\(?:em|bf|it|sc|tt)\s++([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:emph|text(?:bf|it|sc|tt|rm)?|math(?:bf|rm|it))\{([^{}]*)\}"), r"\1"),
    (re.compile(r"(?<=[\w.])~(?=\w)"), " "),
    # Without the dollar a command would swallow the space after it.
    (re.compile(r"(\\[A-Za-z]+)\$"), r"\1{}$"),
    # "$5 and $10" has no formula: one ends right after a character, and not before a digit.
    (re.compile(r"\$( ?)(?! )([^$\n]{1,80}?)(?<! )\1\$(?!\d)"), r"\1\2\1"),
)
_HYPHENATED_LINE_END = re.compile(r"(?<=[^\W\d_])-[ \t]*\n[ \t]*(?=[a-z])")
_LONGEST_SENTENCE = 2_000
_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE_END = re.compile(r"""[.!?](?:["')\]]|\[\d+(?:[,-]\s?\d+)*\])*\s+(?=["'(\[]?[A-Z0-9Α-Ω])""")
_ABBREVIATION = re.compile(
    r"""(?:^|[\s("'\[])(?:al|e\.g|i\.e|cf|vs|viz|resp|approx|w\.r\.t|i\.i\.d|ca|lem|cor|ed|eds|dr|prof|mr|mrs|
    (?-i:Ms)|st|inc|ltd|jr|dept|univ|[A-Za-z](?:\.[A-Za-z])*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_LABEL = re.compile(
    r"""(?:^|[\s("'\[])(?:figs?|eqs?|eqn|secs?|tabs?|refs?|apps?|algs?|thms?|defs?|props?|chap|nos?|vol|pp)$""",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\(?(?:\d|[A-Z](?![a-z]))")
"""What follows an abbreviated label, as in "Fig. 2", "Eq. (3)" and "App. B"."""


def plain(text: str) -> str:
    r"""`text` in NFKC, with simple dashes and quotes, common LaTeX resolved, and superscripts as `^2`.

    `\textbf{12.5\,\%} of 10⁶ “slots”` -> `12.5 % of 10^6 "slots"`
    """
    text = _SUPERSCRIPT.sub(_power, text)
    text = unicodedata.normalize("NFKC", _BESIDE_FRACTION.sub(" ", text).translate(_SINGLE_CHARACTERS))
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text.translate(_SINGLE_CHARACTERS)))
    text = _TIMES_NAME.sub("×", text)
    if "\\" in text or "$" in text or "~" in text:
        for pattern, replacement in _LATEX:
            text = pattern.sub(replacement, text)
    return text


def _power(raised: re.Match[str]) -> str:
    exponent = unicodedata.normalize("NFKC", raised[0]).replace("−", "-")
    return f"^{exponent}" if _OF_ONE_PART.fullmatch(exponent) else f"^({exponent})"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of `text`, each on one line, with words hyphenated at a line end joined."""
    joined = _HYPHENATED_LINE_END.sub("", plain(text))
    flowing = (" ".join(part.split()) for part in _PARAGRAPH_BREAK.split(joined))
    return [part for part in flowing if part]


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, in plain characters; a paragraph's end always ends a sentence."""
    return [sentence for paragraph in paragraphs(text) for sentence in _of_paragraph(paragraph)]


def _of_paragraph(paragraph: str) -> list[str]:
    found, start = [], 0
    for match in _SENTENCE_END.finditer(paragraph):
        if match[0][0] == "." and _is_abbreviation(paragraph, match):
            continue
        found.append(paragraph[start : match.end()].strip())
        start = match.end()
    found.append(paragraph[start:].strip())
    return [part for sentence in found if sentence for part in _bounded(sentence)]


def _bounded(sentence: str) -> list[str]:
    """The sentence, cut up if it is a table or worse, as each number is checked against a whole sentence."""
    if len(sentence) <= _LONGEST_SENTENCE:
        return [sentence]
    return textwrap.wrap(sentence, _LONGEST_SENTENCE, break_on_hyphens=False)


def _is_abbreviation(paragraph: str, match: re.Match[str]) -> bool:
    before = paragraph[max(0, match.start() - 12) : match.start()]
    is_label = _LABEL.search(before) is not None and _LABELLED.match(paragraph, match.end()) is not None
    return is_label or _ABBREVIATION.search(before) is not None
