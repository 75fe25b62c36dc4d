"""Abbreviations and names that voices misread (pure).

Voices spell out capitals and pronounce words: LLM, BERT and MMLU come out right. The names listed here came
out wrong with hibari (it spelled BLEU, and said “es kwad” for SQuAD).
"""

import re

from bot.texts.patterns import any_of

_ABBREVIATIONS = {
    "e.g.": "for example", "i.e.": "that is", "w.r.t.": "with respect to",
    "i.i.d.": "independent and identically distributed", "vs.": "versus", "vs": "versus", "cf.": "compare",
    "resp.": "respectively", "approx.": "approximately", "a.k.a.": "also known as", "s.t.": "such that",
    "viz.": "namely", "et al.": "and others", "etc.": "and so on", "w/o": "without", "w/": "with",
    "Fig.": "Figure", "Figs.": "Figures", "fig.": "figure", "Eq.": "Equation", "Eqs.": "Equations",
    "eq.": "equation", "Sec.": "Section", "Secs.": "Sections", "sec.": "section", "Tab.": "Table",
    "App.": "Appendix", "Alg.": "Algorithm", "Thm.": "Theorem", "Prop.": "Proposition", "Ref.": "Reference",
    "pp.": "pages", "Ch.": "Chapter", "Dr.": "Doctor", "Prof.": "Professor", "incl.": "including",
    "max.": "maximum", "min.": "minimum", "avg.": "average", "ca.": "about", "eg.": "for example",
    "ie.": "that is", "hrs.": "hours",
}  # fmt: skip
_ENDING = {"and others", "and so on", "respectively", "hours"}
"""These can end a sentence; the full stop then stays."""
_UNITS = {"min.", "sec.", "hrs."}
"""After a number these are units, not a minimum or a section."""
_READ_AS = {
    "arXiv": "archive", "BLEU": "blue", "SacreBLEU": "sacre blue", "SQuAD": "squad", "ReLU": "relu",
    "GeLU": "gelu", "GELU": "gelu", "SwiGLU": "swiglu", "JSON": "jason", "MoE": "M O E", "MoEs": "M O Es",
    "CoT": "C O T", "RoPE": "rope", "ViT": "V I T", "ViTs": "V I Ts", "SoTA": "SOTA", "LaTeX": "latek",
    "SciPy": "sigh pie", "NumPy": "num pie", "QLoRA": "Q LoRA", "HumanEval": "Human Eval", "GSM8k": "GSM 8K",
    "LLaMA": "Llama", "LLaVA": "lava", "mAP": "mean A P", "IoU": "I O U", "mIoU": "mean I O U",
    "kNN": "K N N", "k-NN": "K N N", "SQL": "sequel", "NoSQL": "no sequel", "MySQL": "my sequel",
    "PostgreSQL": "Postgres", "GUI": "gooey", "DoRA": "dora", "KL": "K L", "bf16": "B F 16",
    "README": "read me", "NaN": "not a number", "ELBO": "elbow", "YAML": "yammel", "C#": "C sharp",
    "F#": "F sharp", "C++": "C plus plus", "24/7": "around the clock", "and/or": "and or",
    "either/or": "either or", "w/e": "whatever", "AI/ML": "AI and ML", "I/O": "I O", "N/A": "not available",
    "DALL·E": "dolly", "DALL-E": "dolly",
}  # fmt: skip
_EMPHASISED = (
    r"NOT|ALL|ONLY|AND|OR|NO(?! ?\d)|BUT|EVERY|NEVER|ALWAYS|MUST|MORE|LESS|"
    "BEFORE|AFTER|WITHOUT|WITH|IS|ARE|THE"
)
_CATEGORY = re.compile(r"\b(cs|stat|math|eess|econ|physics|astro-ph|cond-mat|q-bio|q-fin)\.(?=[A-Z]{2}\b)")


_ABBREVIATION = re.compile(rf"(?<![\w.])({any_of(_ABBREVIATIONS)})(?!\w)(?P<after>(?=\s+[A-Z]|\s*$))?")
_NAME = re.compile(rf"(?<![\w/])({any_of(_READ_AS)})(?![\w/])")
_SHOUTED = re.compile(r"\b[A-Z]{2,}(?:[\s:-]+[A-Z]{2,}){3,}\b")
"""Four or more words in capitals; a list of names, with commas, does not match."""
_EMPHASIS = re.compile(rf"(?<![\w-])(?:{_EMPHASISED})(?![\w-])")
_BEHIND_NUMBER = re.compile(r"\d[\s-]?$")
_ODDS_RATIO = re.compile(r"\bOR(?=,?\s?[=:]?\s?\d+\.\d|\s?=)")
_AT_NUMBERS = re.compile(r"\b(p|P)\.\s(?=\d)|\b[Nn]o\.\s(?=\d)")


def in_words(text: str) -> str:
    """The text with abbreviations written out, names as they are said, and emphasis in lower case."""
    text = _ABBREVIATION.sub(_written_out, text)
    text = _AT_NUMBERS.sub(lambda match: "page " if match[1] else "number ", text)
    text = _ODDS_RATIO.sub("odds ratio", _CATEGORY.sub(r"\1 ", text))
    text = _SHOUTED.sub(lambda match: match[0].lower(), text)
    text = _EMPHASIS.sub(lambda match: match[0].lower(), text)
    return _NAME.sub(lambda match: _READ_AS[match[1]], text)


def _written_out(match: re.Match[str]) -> str:
    words = _ABBREVIATIONS[match[1]]
    before = match.string[max(0, match.start() - 2) : match.start()]
    is_unit = match[1] in _UNITS and _BEHIND_NUMBER.search(before) is not None
    if is_unit:
        words = match[1].removesuffix(".")
    ends = match[1].endswith(".") and match["after"] is not None and (is_unit or words in _ENDING)
    return f"{words}." if ends else words
