"""What each TeX macro becomes: additions to pylatexenc's tables, which know about a thousand symbols."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    SpecialsTextSpec,
    fmt_math_text_style,
    get_default_latex_context_db,
)
from pylatexenc.latexwalker import LatexWalker
from pylatexenc.latexwalker import get_default_latex_context_db as get_default_walker_context_db
from pylatexenc.macrospec import MacroStandardArgsParser, SpecialsSpec, std_macro, std_specials

Converter: TypeAlias = Callable[[str], str]
_Texts: TypeAlias = list[str]

# fmt: off
_SYMBOLS = {
    "lq": "‘", "rq": "’", "deg": "°", "degree": "°", "textless": "<", "textgreater": ">", "textbar": "|",
    "textunderscore": "_", "|": "‖", "Pr": "Pr", "gcd": "gcd", "det": "det", "dim": "dim", "arg": "arg",
    "ker": "ker", "argmax": "arg max", "argmin": "arg min", "star": "⋆", "ie": "i.e.", "eg": "e.g.", "etc":
    "etc.", "etal": "et al.", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow":
    "⇔", "mapsto": "↦", "iff": "⇔", "implies": "⇒", "ne": "≠", "gets": "←", "land": "∧", "lor": "∨", "neg":
    "¬", "lnot": "¬", "perp": "⊥", "top": "⊤", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "div": "÷", "checkmark": "✓", "LaTeX": "LaTeX", "TeX": "TeX", "colon": ":", "\\": " ", "~": "~",
    "cdots": "…", "cdot": "·", "varepsilon": "ε", "epsilon": "ε", "varphi": "φ", "phi": "φ", "today":
    "today", "quad": " ", "qquad": " ", "bmod": "mod",
}
_NOTHING = (
    "xspace", "protect", "expandafter", "displaystyle", "textstyle", "limits", "nolimits", "em", "it", "bf",
    "sc", "sf", "tt", "rm", "small", "large", "normalsize", "noindent", "newline", "par", "centering",
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "-", "/", "@", "mathrm",
    "maketitle", "cal", "sl", "frak", "itshape", "bfseries", "scshape", "ttfamily",
)
_AS_IT_IS = (
    "mathbf", "mathit", "mathsf", "mathtt", "mathrm", "boldsymbol", "bm", "mathop",
    "textsf", "texttt", "textup", "textmd", "textnormal", "underline", "mbox", "hbox", "lowercase", "url",
    "bulurl", "nolinkurl",
)
"""Including the mathematical alphabets that add little and trip up screen readers and search."""
_CITATIONS = (
    "cite", "citet", "citep", "citealp", "citealt", "citeauthor", "citeyear", "parencite", "textcite",
    "autocite",
)
_REFERENCES = (
    "ref", "autoref", "cref", "Cref", "eqref", "label", "input", "include", "includegraphics", "phantom",
)
_SUPERSCRIPTS = dict(zip(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ*'′∘⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ*′′°ᵀ", strict=True))
_SCRIPT_OF_A_MACRO = re.compile(r"([\^_])\s*(\\[a-zA-Z]+\s*\{[^{}]*\})")
"""`x_\\text{max}`: TeX and pylatexenc take only the macro as the script; authors mean its argument too."""
_SCRIPT_WITH_A_SIGN = re.compile(r"([\^_])\{([^{}\\]{1,30}[-−+/,][^{}\\]{1,30})\}")
"""In prose braces are dropped, and `x_{t-1}` must not become `x_t-1`."""
_SUBSCRIPTS = dict(zip(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
# fmt: on
_RAISED_OR_LOWERED = frozenset([*_SUPERSCRIPTS.values(), *_SUBSCRIPTS.values()]) - frozenset("*°ᵀ")
_WORDS_APART = re.compile(r"[^\W\d_] +[^\W\d_]")
_FUNCTION = (
    r"\\(?:arg|arc(?:cos|sin|tan)|bmod|cosh?|cot|det|dim|exp|gcd|inf|ker|lim(?:inf|sup)?|ln|log|max|min|Pr|"
    r"sinh?|sup|tanh?)(?![a-zA-Z])"
)
_BEFORE_FUNCTION = re.compile(rf"(?:\\(?P<macro>[a-zA-Z]+)\s*|[a-zA-Z0-9)\]}}])(?={_FUNCTION})")
_OPENS = re.compile(r"left|l(?:floor|ceil|angle|vert|Vert)|[Bb]igg?l?")
_AFTER_FUNCTION = re.compile(rf"{_FUNCTION}(?=\s|\\(?!left|limits|nolimits|[Bb]ig)[a-zA-Z])")
"""TeX itself puts spaces into `n\\log n` and `\\sin\\theta`."""
_SCRIPT_BEFORE_LETTER = re.compile(
    r"([\^_])\s*(?:\{([^{}]*)\}|(\\[a-zA-Z]+)(?![a-zA-Z{])|([a-zA-Z]))\s*"
    r"(?=[a-zA-Z]|\\(?!right|[Bb]igg?r?(?![a-zA-Z]))[a-zA-Z])"
)
_RAISED_MACROS = frozenset(("\\circ", "\\prime", "\\top", "\\ast"))


def prose_to_text(tex: str) -> str:
    """Convert TeX outside formulas. Raises whatever pylatexenc raises on broken input."""
    return _convert(tex, formula=False)


def formula_to_text(tex: str) -> str:
    """Convert the inside of a formula. Raises whatever pylatexenc raises on broken input."""
    return _convert(tex, formula=True)


def _apart(match: re.Match[str]) -> str:
    """What comes before a function's name, with a space where TeX has one."""
    macro = match["macro"]
    belongs = macro and (macro in _WITH_ARGUMENTS or _OPENS.fullmatch(macro))
    return match[0] if belongs else f"{match[0]}\\ "


def _script_apart(match: re.Match[str]) -> str:
    """A script that Unicode has no letters for, followed by a space: `∇_θJ` would seem to include the J."""
    mark, *inside = match.groups()
    script = "".join(filter(None, inside))
    letters = _SUPERSCRIPTS if mark == "^" else _SUBSCRIPTS
    is_clear = script in _RAISED_MACROS or all(sign in letters for sign in script)
    return match[0] if is_clear else f"{mark}{{{script}}}\\ "


def _superscript(text: str) -> str:
    return _script(text, _SUPERSCRIPTS, "^")


def _subscript(text: str) -> str:
    return _script(text, _SUBSCRIPTS, "_")


def _script(text: str, letters: dict[str, str], mark: str) -> str:
    """`2` as `²`; `_model` and `^(a, b)` where Unicode lacks a letter; a power of a power is `^(2ⁿ)`."""
    squeezed = text.replace(" ", "")
    if _WORDS_APART.search(text) or any(sign in _RAISED_OR_LOWERED for sign in text):
        return f"{mark}({text.strip()})"
    if squeezed and all(letter in letters for letter in squeezed):
        return "".join(letters[letter] for letter in squeezed)
    return f"{mark}{squeezed}" if squeezed.isalnum() or len(squeezed) == 1 else f"{mark}({text.strip()})"


def _fraction(over: str, under: str) -> str:
    return "/".join(
        part if re.fullmatch(r"√?[\w.∞⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵏ]+|√?\([^()]*\)", part) else f"({part})"
        for part in (over, under)
    )


def _marked(mark: str) -> Callable[[_Texts], str]:
    # Only over one letter: Unicode has no mark that spans several.
    return lambda texts: (
        unicodedata.normalize("NFC", texts[0] + mark)
        if len(texts[0]) == 1 and texts[0].isalpha()
        else texts[0]
    )


def _letter(style: str) -> Callable[[_Texts], str]:
    # A single letter is a symbol, such as ℝ; a word in such letters is just hard to read.
    return lambda texts: str(fmt_math_text_style(texts[0], style)) if len(texts[0]) == 1 else texts[0]


def _code_point(name: str) -> str:
    number = int(name.removeprefix("x"), 16 if name.startswith("x") else 10)
    return chr(number)


_WITH_ARGUMENTS: dict[str, tuple[str, Callable[[_Texts], str]]] = {
    "frac": ("{{", lambda texts: _fraction(*texts)),
    "tfrac": ("{{", lambda texts: _fraction(*texts)),
    "dfrac": ("{{", lambda texts: _fraction(*texts)),
    "nicefrac": ("{{", lambda texts: _fraction(*texts)),
    "binom": ("{{", lambda texts: f"C({texts[0]}, {texts[1]})"),
    "stackrel": ("{{", lambda texts: texts[1] + _superscript(texts[0])),
    "overset": ("{{", lambda texts: texts[1] + _superscript(texts[0])),
    "underset": ("{{", lambda texts: texts[1] + _subscript(texts[0])),
    "widehat": ("{", _marked("\u0302")),
    "widetilde": ("{", _marked("\u0303")),
    "overline": ("{", _marked("\u0304")),
    "sqrt": ("[{", lambda texts: f"{_superscript(texts[0]) if texts[0] else ''}√{_grouped(texts[1])}"),
    "href": ("{{", lambda texts: texts[1] or texts[0]),
    "hyperlink": ("{{", lambda texts: texts[1] or texts[0]),
    "textcolor": ("[{{", lambda texts: texts[2]),
    "footnote": ("[{", lambda texts: f" ({texts[1]})"),
    "say": ("{", lambda texts: f"“{texts[0]}”"),
    "enquote": ("{", lambda texts: f"“{texts[0]}”"),
    "pmod": ("{", lambda texts: f"(mod {texts[0]})"),
    "operatorname": ("*{", lambda texts: texts[1]),
    "textsuperscript": ("{", lambda texts: _superscript(texts[0])),
    "textsubscript": ("{", lambda texts: _subscript(texts[0])),
    "unicode": ("{", lambda texts: _code_point(texts[0])),
    "mathbb": ("{", _letter("doublestruck")),
    "mathcal": ("{", _letter("script")),
    "mathscr": ("{", _letter("script")),
    "mathfrak": ("{", _letter("fraktur")),
    **{name: ("{", lambda texts: texts[0]) for name in _AS_IT_IS},
    **{name: ("*[[{", lambda _: "[citation]") for name in _CITATIONS},
    **{name: ("[{", lambda _: "") for name in _REFERENCES},
}


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isdigit() else f"({text})"


class _Text(LatexNodes2Text):  # type: ignore[misc] # pylatexenc has no types
    """pylatexenc's converter, but it keeps the names of macros that authors defined themselves."""

    def macro_node_to_text(self, node: Any) -> str:  # noqa: ANN401
        if self.latex_context.get_macro_spec(node.macroname) is not None:
            return str(super().macro_node_to_text(node))
        following = node.parsing_state.s[node.pos + node.len :]
        is_formatting = following.startswith("{") and not following.startswith("{}")
        return "" if is_formatting else node.macroname + node.macro_post_space


def _convert(tex: str, *, formula: bool) -> str:
    walker_context, converter = _tables(formula=formula)
    if formula:
        tex = _SCRIPT_BEFORE_LETTER.sub(_script_apart, _SCRIPT_OF_A_MACRO.sub(r"\1{\2}", tex))
    else:
        tex = _SCRIPT_WITH_A_SIGN.sub(r"\1(\2)", tex)
    # In prose too: extracted sentences have no dollars around their formulas.
    tex = _AFTER_FUNCTION.sub(r"\g<0>\\ ", _BEFORE_FUNCTION.sub(_apart, tex))
    walker = LatexWalker(tex, latex_context=walker_context, tolerant_parsing=True)
    nodes, _, _ = walker.get_latex_nodes(parsing_state=walker.make_parsing_state(in_math_mode=formula))
    return str(converter.nodelist_to_text(nodes))


@cache
def _tables(*, formula: bool) -> tuple[Any, LatexNodes2Text]:
    """(the parser's tables, the converter); making them takes some milliseconds."""
    parser = get_default_walker_context_db().filter_context(exclude_categories=["nonascii-specials"])
    marks = (
        [SpecialsSpec(mark, args_parser=MacroStandardArgsParser("{")) for mark in "^_"]
        if formula
        else [std_specials(mark) for mark in ("``", "''", "--", "---")]
    )
    parser.add_context_category(
        "broadsheet",
        macros=[std_macro(name, arguments) for name, (arguments, _) in _WITH_ARGUMENTS.items()],
        specials=marks,
        prepend=True,
    )
    texts = get_default_latex_context_db()
    texts.add_context_category(
        "broadsheet",
        macros=[
            *(MacroTextSpec(name, _replacement(to_text)) for name, (_, to_text) in _WITH_ARGUMENTS.items()),
            *(MacroTextSpec(name, symbol) for name, symbol in _SYMBOLS.items()),
            *(MacroTextSpec(name, discard=True) for name in _NOTHING if name not in _WITH_ARGUMENTS),
        ],
        specials=[
            SpecialsTextSpec("&", "&"),
            SpecialsTextSpec("^", _replacement(lambda arguments: _superscript(arguments[0]))),
            SpecialsTextSpec("_", _replacement(lambda arguments: _subscript(arguments[0]))),
        ],
        prepend=True,
    )
    # The space after a macro's name is not shown, as in `S\o ren`; but `n \log n` reads better with it.
    spaces = {"between-macro-and-chars": not formula, "between-latex-constructs": True}
    return parser, _Text(
        latex_context=texts, math_mode="text", keep_comments=True, strict_latex_spaces=spaces
    )


def _replacement(to_text: Callable[[_Texts], str]) -> Callable[[Any, LatexNodes2Text], str]:
    def replace(node: Any, l2tobj: LatexNodes2Text) -> str:  # noqa: ANN401
        arguments = node.nodeargd.argnlist if node.nodeargd else []
        return to_text(
            [l2tobj.nodelist_to_text([argument]).strip() if argument else "" for argument in arguments]
        )

    return replace
