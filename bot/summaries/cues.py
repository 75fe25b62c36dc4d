"""Cue phrases that tell which sentences carry a paper's gist, method, results and limits (pure)."""

import re
from collections.abc import Callable
from typing import TypeAlias

from bot.checks.model_talk import MEANT_FOR_MODELS
from bot.texts.patterns import caseless

Score: TypeAlias = Callable[[str], float]
"""How well a sentence fits a field; at zero or below, not at all."""

LIMITATIONS_HEADING = caseless(r"limitation|threats? to validity|weakness")
RELATED_HEADING = caseless(r"related|background|prior|previous|preliminar|literature")
CLOSING_HEADING = caseless(r"conclu|discussion|summary|implication|outlook|future|broader|impact")
MIN_RESULT_SCORE = 2.0

_RESULTS_HEADING = caseless(
    r"result|experiment|evaluation|finding|analys|ablation|performance|comparison|setup|case"
)
_METHOD_HEADING = caseless(
    r"method|approach|model|framework|architecture|algorithm|proposed|system|design|formulation|pipeline|technique"
)
_NO_METHOD_HEADING = caseless(r"ethic|acknowledg|licen[sc]|author|reproducib|availability|metric|abstract")

_MIN_WORDS, _MAX_WORDS = 6, 60
_MAX_ABSTRACT_WORDS = 100
"""Abstracts put a whole contribution into one sentence."""
_MIN_LETTERS = 0.72
_CITATION = re.compile(r"\[\d+[\d,; -]*\]|\([^()]*(?:et al\.|\b(?:19|20)\d\d[a-z]?\b)[^()]*\)")
_UNPRESENTABLE = caseless(
    r"^(?:figure|fig\.|table|algorithm|proof|theorem|lemma|keywords|copyright|permission|accepted|published)\b"
    r"|\bas follows\.$|\S@\S+\.\w|[=∈∑∏∀∃⊂∪→←⟨⟩†‡\ufffd\ue000-\uf8ff]|\barxiv\b|©|[ˆˇ˜]"
    r"|\b[a-z]{1,2}[+]\d|(?<!\w)[âêîôûãñõ](?!\w)"  # "At+1", "â"
)
_CODE = caseless(
    r"\b(?:code|dataset|data|models?|repository|demo)\b.{0,60}\b(?:available|released?|at https?)|https?://"
    r"|\b(?:is|are) freely available\b"
)
_SIGNPOST = caseless(
    r"\b(?:sub)?sections?\b|\boverview\b|\bas follows\b|\bfollowing (?:limitation|question|section)"
    r"|\bdetails (?:of|are)"
    r"|\b(?:figures?|fig\.|tables?|tab\.|appendix|appx\.?|algorithm|eqs?\.|equations?) ?\(?[\dA-Z]|§"
    r"|\bcan be summari[sz]ed\b|\b(?:some|several|few|key|two|three|four) (?:\w+ )?limitations\b[.:]?"
)
_LEANING = caseless(
    r"^(?:it|its|these|those|they|such|here|however|moreover|also|thus|therefore|hence|then|finally|besides"
    r"|additionally|furthermore|in addition|nevertheless|nonetheless|meanwhile|consequently|similarly"
    r"|(?:when|if|as|since|because) th(?:at|is|ese|ose))\b|^(?:we|this|the \w+) then\b"
)
_WE = r"\b(?:we|this (?:paper|work|study|article|survey)|our (?:work|paper|study|method)) (?:\w+ ){0,3}"
_PROPOSES = caseless(
    rf"{_WE}(?:propos|introduc|present|develop|design|formulat|devis|builds?\b|built\b|review|survey|connect|creat)"
)
_ARGUES = caseless(rf"{_WE}(?:argu|claim|posit|contend|hypothesi)")
_SHOWS = caseless(
    r"\b(?:we|results?|experiments?|analys[ie]s|study|paper|work|evaluations?|investigations?|findings?|theory)"
    r" (?:\w+ ){0,5}(?:show|find|found|demonstrat|prov(?:e|es|ed)\b|reveal|suggest|indicat|confirm|observe"
    r"|establish|achiev|invalidat|(?<!to )(?:validat|verif))"
)
_STUDIES = caseless(
    rf"{_WE}(?:study|studi|investigat|explor|examin|analy[sz]|compar|address|ask|look|systematically|mitigat|aim|tackl)"
)
_DOES = caseless(
    r"(?:\bwe|(?<!of )\bthis (?:\w+ )?(?:paper|work|study|article|survey|report)) "
    r"(?!conclude|recommend|hope|believe|call|release|publish)\w"
)
_ALSO = caseless(r"\b(?:we|this paper) also\b")
_HERE = caseless(r"\bin this (?:paper|work|study)\b|\bthis (?:paper|work|study)\b")
_WINS = caseless(
    r"\b(?:outperform|surpass|exceed|improv|achiev|state-of-the-art|reduc|faster|speed-?up|better"
    r"|gains?\b|on par|compet)"
)
_WORKS_BY = caseless(
    r"\bwe (?:\w+ ){0,2}(?:use|employ|apply|train|encode|formulate|define|optimi[sz]e|fine-?tune"
    r"|comput|sampl|divid|"
    r"split|combin|adopt|leverag|construct|generat|collect|annotat|mask|add|extend|replac|introduc|propos|design|build|"
    r"adapt|pre-?train|model|initiali[sz]e|measure|select|augment|recruit|ask|prompt|feed|input)"
    r"|\b(?:consists? of|is trained|are trained|is based on|works by|using|by adopting|by means of"
    r"|allows us)\b"
)
_OWN_METHOD = caseless(
    r"\b(?:our|the proposed) (?:\w+ ){0,2}(?:method|approach|framework|model|system|algorithm)\b"
)
_OWN = caseless(r"\b(?:we|our|ours|this (?:work|paper|study|method|approach|model))\b")
_LIMIT = caseless(
    r"\b(?:limit(?:s|ed|ation|ations)?\b|future (?:work|research|studies|direction)|only (?:consider"
    r"|evaluat|test|focus|"
    r"explor|stud)|cannot|not (?:be )?(?:generali|applicable|explor|consider|includ|address"
    r"|guarantee)|lack|restrict|"
    r"require|costly|expensive|bias|beyond the scope|confined|not cover|drawback|fails?\b|struggle"
    r"|challenge|due to)"
)
_STRONG_LIMIT = caseless(
    r"\b(?:(?:our|this|the main|one|another|a|first|second) (?:\w+ ){0,2}limitations?|we (?:did"
    r"|do) not|limited to|(?:is|are|was|were) "
    r"(?:\w+ )?limited|only (?:consider|evaluat|test|focus|explor|stud|for)|may not|might not"
    r"|leave .{0,60}future|future "
    r"(?:work|research)|cannot|not (?:be )?(?:applicable|generali)|lack|suboptimal|not necessarily)"
)
_LEFT_UNDONE = caseless(r"\b(?:not|never|no|only|rel(?:y|ies)|assum\w*|omi(?:t|ssion)\w*|suffers?)\b|n't\b")
"""What limits a work, where its authors speak of limits."""
_VALUE = re.compile(r"(?<![\w.])(?:\d*\.\d+(?: ?%)?|\d+ ?%)")
"""Unlike whole numbers, which are sizes and settings more often."""
_FEW_VALUES = 3
_TAKEN_APART = caseless(r"^(?:without|removing|replacing|omitting|ablating)\b")
_PLANS = caseless(r"\bwe (?:\w+ )?(?:will|plan|intend|encourage)\b|\bfuture \w+ (?:will|could|involves)\b")
_PRAISES = caseless(rf"{_WE}(?:hope|believe|propos|introduc|present|aims?)|\b(?:valuable|benefit)")
_POINTS_BACK = caseless(r"^(?:this|these|that) (?!paper|work|study|article|survey)")
_IMPLIES = caseless(
    r"\b(?:suggest|impl(?:y|ies|ication)|potential|enabl|pav(?:e|es|ing) the way|could|can be"
    r"|open(?:s|ing)? up|insight|"
    r"we (?:hope|believe|expect)|future|toward|highlight|shed|provid|useful|help|important|need for|promis)"
)


def is_presentable(text: str, *, in_abstract: bool = False) -> bool:
    """Whether a sentence can be shown alone: whole, not a caption or formula, and not meant for models."""
    words = text.split()
    letters = sum(character.isalpha() or character.isspace() for character in text)
    return (
        _MIN_WORDS <= len(words) <= (_MAX_ABSTRACT_WORDS if in_abstract else _MAX_WORDS)
        and text[0].isupper()
        and text.rstrip("\"')").endswith((".", "!", "?"))
        and letters >= _MIN_LETTERS * len(text)
        and _UNPRESENTABLE.search(text) is None
        and MEANT_FOR_MODELS.search(text) is None
    )


def gist_score(text: str) -> float:
    """How clearly a sentence of an abstract states the contribution."""
    aim = max(_weighed(text, _PROPOSES, 4), _weighed(text, _ARGUES, 2.7), _weighed(text, _STUDIES, 3.2))
    return max(aim, _weighed(text, _SHOWS, 2.5), _weighed(text, _DOES, 1)) + _scored(
        text, (_HERE, 1), (_WINS, 0.5), (_ALSO, -2), (_CODE, -3)
    )


def claim_score(text: str) -> float:
    """How clearly a sentence of an abstract states what was found."""
    has_number = any(character.isdigit() for character in text)
    cues = (_SHOWS, 3), (_WINS, 2), (_ARGUES, 2), (_PROPOSES, 1), (_STUDIES, 1), (_CODE, -3)
    return _scored(text, *cues) + has_number


def method_score(text: str) -> float:
    """How clearly a sentence says how something was done."""
    if not _WORKS_BY.search(text):
        return 0
    return _scored(text, (_WORKS_BY, 1), (_OWN_METHOD, 1.5), (_PROPOSES, 1), (_OWN, 1), (_CODE, -3)) - 0.7


def method_place_score(heading: str) -> float:
    """How likely a section is to describe the method; below zero, not at all."""
    others = (RELATED_HEADING, _RESULTS_HEADING, CLOSING_HEADING, LIMITATIONS_HEADING, _NO_METHOD_HEADING)
    if any(pattern.search(heading) for pattern in others):
        return -1
    return 1.0 if _METHOD_HEADING.search(heading) else 0.5


def result_score(text: str) -> float:
    """How clearly a sentence with a measured value states a result of this paper."""
    crowding = 0.5 * max(0, len(_VALUE.findall(text)) - _FEW_VALUES)
    return _scored(text, (_WINS, 1.5), (_OWN, 1), (_SHOWS, 1), (_TAKEN_APART, -1.5)) - crowding


def result_place_score(heading: str) -> float:
    """How likely a section is to report results."""
    if RELATED_HEADING.search(heading) or LIMITATIONS_HEADING.search(heading):
        return -3
    return _weighed(heading, _RESULTS_HEADING, 1) + _weighed(heading, CLOSING_HEADING, 1)


def admitted_limit_score(text: str) -> float:
    """How clearly a sentence in a section on limitations states one."""
    if not any(cue.search(text) for cue in (_STRONG_LIMIT, _LIMIT, _LEFT_UNDONE)):
        return 0
    limits = (_STRONG_LIMIT, 2), (_LIMIT, 1), (_LEFT_UNDONE, 1), (_OWN, 0.5), (_OWN_METHOD, 0.5)
    return _scored(text, *limits, (_PLANS, -2), (_PRAISES, -2), (_POINTS_BACK, -0.7))


def own_limit_score(text: str) -> float:
    """How clearly a sentence in any section admits a limitation of this work."""
    if not _OWN.search(text) or not _STRONG_LIMIT.search(text) or _SIGNPOST.search(text):
        return 0
    return _scored(text, (_STRONG_LIMIT, 2), (_LIMIT, 0.5))


def implication_score(text: str) -> float:
    """How clearly a sentence says what follows from the work."""
    return _scored(text, (_IMPLIES, 2), (_SHOWS, 0.5), (_CODE, -3)) if _IMPLIES.search(text) else 0


def _weighed(text: str, pattern: re.Pattern[str], weight: float) -> float:
    return weight if pattern.search(text) else 0


def _scored(text: str, *cues: tuple[re.Pattern[str], float]) -> float:
    """The sum of the cues found, less for citations, signposts, and leaning on the sentence before."""
    total = sum(_weighed(text, pattern, weight) for pattern, weight in cues)
    total -= _weighed(text, _SIGNPOST, 2) + _weighed(text, _LEANING, 0.7)
    return total - 0.5 * len(_CITATION.findall(text))
