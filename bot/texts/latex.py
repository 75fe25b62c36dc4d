"""Turns LaTeX in titles, abstracts and summaries into plain Unicode text (pure; never raises).

arXiv gives titles and abstracts as their authors typed them: mostly prose, with some TeX
(https://info.arxiv.org/help/prep.html#abstracts). So a dollar may start a formula or be money, a per cent
sign starts no comment, and broken TeX must come out readable. "$O(n^2)$ for $5" becomes "O(n²) for $5".
"""

import re
from functools import lru_cache

from bot.texts import latex_words

_LONGEST = 20_000
"""Characters; an abstract has about 2,000. A longer text is shown as it is."""

_DEEPEST = 30
"""Levels of braces and environments; pylatexenc recurses about ten frames per level."""

_FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<display>[^$]{1,1000}?)\$\$"
    r"|(?<!\\)\$(?P<inline>(?:[^$\\]|\\.){1,1000}?)\$"
    r"|\\\((?P<round>.{1,1000}?)\\\)"
    r"|\\\[(?P<square>.{1,1000}?)\\\]",
    re.DOTALL,
)
_TEX = re.compile(r"[\\{}]|``|''|---")
_TIE = re.compile(r"(?<=[^\W_])~(?=[^\W_])|(?<=[.)}])~(?=[\w({\\])")
_NAMES_DASH = re.compile(r"(?<=[^\W\d_])--(?=[^\W\d_])")
_PERCENT = re.compile(r"(?<!\\)((?:\\\\)*)%")
_PERCENT_OR_MONEY = re.compile(r"(?<!\\)((?:\\\\)*)([%$])")
_OPENING = re.compile(r"\{|\\begin\b|\\left\b")
_OPENING_BAR = re.compile(
    r"\\(?:lvert(?![a-zA-Z])|left\s*\|)\s*|(?P<norm>\\(?:lVert(?![a-zA-Z])|left\s*\\\|))\s*"
)
_CLOSING_BAR = re.compile(
    r"\s*\\(?:rvert(?![a-zA-Z])|right\s*\|)|\s*(?P<norm>\\(?:rVert(?![a-zA-Z])|right\s*\\\|))"
)
_SPACES = re.compile(r"[^\S\n]*\n[^\S\n]*|[^\S\n]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """`text` with its TeX as Unicode and white space collapsed, except blank lines between paragraphs."""
    if len(text) > _LONGEST:
        return tidy(text)
    parts: list[str] = []
    end = searched = 0
    while match := _FORMULA.search(text, searched):
        formula = match[match.lastgroup or 0]
        if match.lastgroup == "inline" and not _is_formula(formula, text[match.end() : match.end() + 1]):
            # This dollar is money; the next one may start a formula.
            searched = match.start() + 1
            continue
        parts += (_prose(text[end : match.start()]), _formula(formula))
        end = searched = match.end()
    parts.append(_prose(text[end:]))
    return tidy("".join(parts))


def plain_line(text: str) -> str:
    """`plain` on one line, for titles and names."""
    return " ".join(plain(text).split())


def tidy(text: str) -> str:
    """`text` without invisible characters and lone surrogates, white space collapsed, paragraphs kept."""
    visible = "".join(filter(_is_visible, text))
    paragraphs = re.split(r"\n\s*\n", visible.strip())
    return "\n\n".join(_SPACES.sub(" ", paragraph).strip() for paragraph in paragraphs if paragraph.strip())


def _is_visible(character: str) -> bool:
    # Joiners are part of emoji and of Indic or Persian words; other invisible characters only hide things.
    return character.isprintable() or character.isspace() or character in "\u200c\u200d"


def _is_formula(inside: str, after: str) -> bool:
    """Whether `$inside$` is a formula and not money: pandoc's rule, but anything with TeX is a formula."""
    if re.search(r"[\\^_{]", inside):
        return True
    if inside[0].isspace() or inside[-1].isspace() or (inside[0].isdigit() and after.isdigit()):
        return False
    return not re.match(r"\d[\d.,]*\s*\S*\s+[^\W\d]{2,}", inside)


def _prose(text: str) -> str:
    text = _NAMES_DASH.sub("–", _TIE.sub(_untied, text))
    if not _TEX.search(text):
        return text
    # A dollar that does not start a formula is money.
    return _converted(_PERCENT_OR_MONEY.sub(r"\1\\\2", text), latex_words.prose_to_text)


def _untied(match: re.Match[str]) -> str:
    # "5~10" is a range in many titles, "Table~1" is a tie.
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return "~" if before.isdigit() and after.isdigit() else " "


def _formula(inside: str) -> str:
    for bar in (_OPENING_BAR, _CLOSING_BAR):
        # The space that ends a macro's name would separate the bar from what it belongs to.
        inside = bar.sub(lambda match: r"\|" if match["norm"] else "|", inside)
    return " ".join(_converted(_PERCENT.sub(r"\1\\%", inside), latex_words.formula_to_text).split())


def _converted(tex: str, to_text: latex_words.Converter) -> str:
    if len(_OPENING.findall(tex)) > _DEEPEST and _depth(tex) > _DEEPEST:
        return _stripped(tex)
    try:
        return to_text(tex)
    except Exception:  # noqa: BLE001 - broken TeX makes pylatexenc raise IndexError, ValueError and whatnot
        return _stripped(tex)


def _depth(tex: str) -> int:
    depth = deepest = 0
    for match in re.finditer(r"\{|\\begin\b|\\left\b|\}|\\end\b|\\right\b", tex):
        depth += 1 if _OPENING.fullmatch(match[0]) else -1
        deepest = max(deepest, depth)
    return deepest


def _stripped(tex: str) -> str:
    """The last resort: drop braces and backslashes, keep words."""
    return re.sub(
        r"\\([^a-zA-Z])", r"\1", re.sub(r"\\([a-zA-Z]+)\s*", r"\1 ", tex.replace("{", "").replace("}", ""))
    )
