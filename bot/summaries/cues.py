"""Phrases that give sentences away: those meant for language models, and those that carry a paper's parts
(pure)."""

import re
from collections.abc import Callable
from typing import TypeAlias

MEANT_FOR_MODELS = re.compile(
    r"""\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instructions?|prompts?|rules|above|previous(?:ly)?)\b
    |\bas an?\s(?:ai|artificial\sintelligence)?\s?(?:large\s)?language\smodel\b
    |\bas an ai\b|\b(?:if you are|you are now|you are) an?\s(?:ai|llm|large\slanguage\smodel|language\smodel|assistant)
    |\b(?:give|write|provide|output)\b[^.]{0,30}\b(?:positive|favou?rable)\s(?:review|summary|assessment|rating)
    |\b(?:do not|don't|never)\s(?:mention|highlight|report)\b[^.]{0,30}\b(?:negatives?|weakness(?:es)?|limitations)
    |\b(?:language\smodels?|llms?|ai)\s(?:reviewers?|assistants?)\s?(?::|,\splease|must|should)
    |\bsystem\sprompt\b|<\|?(?:im_start|im_end|system|data\b)|\bnew instructions?\s?:""",
    re.IGNORECASE | re.VERBOSE,
)
"""Sentences that address language models. Real papers have carried hidden ones
(https://arxiv.org/abs/2507.06185)."""

META_TALK = re.compile(
    r"^\s*(?:sure|certainly|of course|here(?:'s| is| are)|below (?:is|are)|as requested|i (?:cannot|can't|am unable)"
    r"|i'm (?:sorry|unable)|the (?:user|prompt|schema|json) )",
    re.IGNORECASE,
)
"""How replies begin that talk about the task."""

Score: TypeAlias = Callable[[str], float]
"""How well a sentence fits a field; zero or less: not at all."""

METHOD_HEADING = re.compile(
    r"method|approach|model|framework|architecture|algorithm|proposed|system|design|formulation|our\b|training"
    r"|pipeline|overview|implementation|construction|procedure|technique",
    re.IGNORECASE,
)
RESULTS_HEADING = re.compile(
    r"result|experiment|evaluation|finding|analys|ablation|performance|comparison", re.IGNORECASE
)
RELATED_HEADING = re.compile(r"related|background|prior|previous|preliminar|literature", re.IGNORECASE)
LIMITATIONS_HEADING = re.compile(r"limitation|threats? to validity|weakness", re.IGNORECASE)
CLOSING_HEADING = re.compile(
    r"conclu|discussion|summary|implication|outlook|future|broader|impact", re.IGNORECASE
)
MIN_RESULT_SCORE = 2.0

_MIN_WORDS, _MAX_WORDS = 6, 60
_MIN_LETTERS = 0.72
_CITATION = re.compile(r"\[\d+[\d,; -]*\]|\([^()]*(?:et al\.|\b(?:19|20)\d\d[a-z]?\b)[^()]*\)")
_UNPRESENTABLE = re.compile(
    r"^(?:figure|fig\.|table|algorithm|proof|theorem|lemma|keywords|copyright|permission|accepted|published)\b"
    r"|\S+@\S+\.\w|[=∈∑∏∀∃⊂∪→←\ufffd\ue000-\uf8ff]|\barxiv\b|©",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:code|dataset|data|models?|repository|demo)\b.{0,60}\b(?:available|released?|at https?)|https?://",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"^(?:it|its|these|those|they|such|here|however|moreover|also|thus|therefore|hence|then)\b", re.IGNORECASE
)
_PROPOSES = re.compile(
    r"\b(?:we|this (?:paper|work|study|article|survey)|our (?:work|paper|study))\s(?:\w+\s){0,3}"
    r"(?:propos|introduc|present|develop|design|argu|formulat|devis|builds?\b|built\b|review|survey|connect)",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"\b(?:we|results?|experiments?|analys[ie]s|study|paper|work|evaluations?|findings?|theory)\s(?:\w+\s){0,3}"
    r"(?:show|find|found|demonstrat|prov(?:e|es|ed)\b|reveal|suggest|indicat|confirm|observe|establish|achiev|invalidat)",
    re.IGNORECASE,
)
_STUDIES = re.compile(
    r"\b(?:we|this (?:paper|work|study))\s(?:\w+\s){0,3}(?:study|studi|investigat|explor|examin|analy[sz]|compar|address"
    r"|ask|look|systematically)",
    re.IGNORECASE,
)
_WINS = re.compile(
    r"\b(?:outperform|surpass|exceed|improv|achiev|state-of-the-art|reduc|faster|speedup|better|gains?\b|on par|compet)",
    re.IGNORECASE,
)
_WORKS_BY = re.compile(
    r"\bwe\s(?:\w+\s){0,2}(?:use|employ|apply|train|encode|formulate|define|optimi[sz]e|fine-?tune|comput|sampl|"
    r"divid|split|combin|adopt|leverag|construct|generat|collect|annotat|mask|add|extend|replac|introduc|propos|"
    r"design|build|first|then|adapt|pre-?train|model|initiali[sz]e|measure|select|augment)"
    r"|\b(?:consists? of|is trained|are trained|is based on|works by|using|by adopting|by means of|framework|allows us)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:we|our|ours|this (?:work|paper|study|method|approach|model))\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:limit(?:s|ed|ation|ations)?\b|future (?:work|research|studies|direction)|we (?:did|do) not|only (?:consider|"
    r"evaluat|test|focus|explor|stud)|cannot|not (?:be )?(?:generali|applicable|explor|consider|includ|address)|"
    r"remains?\b|lack|restrict|require|costly|expensive|bias|beyond the scope|confined|computational|may not|might not"
    r"|drawback|fails?\b|struggle|challenge|due to|however|although|while|despite)",
    re.IGNORECASE,
)
_STRONG_LIMIT = re.compile(
    r"\b(?:(?:our|this|the main|one|another|a|first|second) (?:\w+ ){0,2}limitations?|we (?:did|do) not|limited to|"
    r"only (?:consider|evaluat|test|focus|explor|stud)|may not|might not|leave .{0,60}future|future (?:work|research))",
    re.IGNORECASE,
)
_EMPTY_LIMIT = re.compile(
    r"^(?:while|although|despite)?\s?(?:we|this).{0,60}\bthere are (?:some|several|a few)\b", re.IGNORECASE
)
_IMPLIES = re.compile(
    r"\b(?:suggest|impl(?:y|ies|ication)|potential|enabl|pav(?:e|es|ing) the way|could|can be|open(?:s|ing)? up|insight|"
    r"we (?:hope|believe|expect)|future|toward|highlight|shed|provid|useful|help|important|need for|promis)",
    re.IGNORECASE,
)


def is_presentable(text: str) -> bool:
    """Whether a sentence reads well alone: whole, not a caption or formula, and not meant for models."""
    words = text.split()
    letters = sum(character.isalpha() or character.isspace() for character in text)
    return (
        _MIN_WORDS <= len(words) <= _MAX_WORDS
        and text[0].isupper()
        and text.rstrip("\"')").endswith((".", "!", "?"))
        and letters >= _MIN_LETTERS * len(text)
        and _UNPRESENTABLE.search(text) is None
        and MEANT_FOR_MODELS.search(text) is None
    )


def gist_score(text: str) -> float:
    """Whether an abstract's sentence tells the contribution."""
    return _scored(text, (_PROPOSES, 4), (_SHOWS, 3), (_STUDIES, 2.5), (_WINS, 0.5)) - 3 * _matches(
        _CODE, text
    )


def claim_score(text: str) -> float:
    """Whether an abstract's sentence tells what was found."""
    has_number = any(character.isdigit() for character in text)
    return (
        _scored(text, (_SHOWS, 3), (_WINS, 2), (_PROPOSES, 1), (_STUDIES, 1))
        + has_number
        - 3 * _matches(_CODE, text)
    )


def method_score(text: str) -> float:
    """Whether a sentence tells how something was done."""
    if _matches(_CODE, text):
        return 0
    return _scored(text, (_WORKS_BY, 2), (_PROPOSES, 1.5), (_OWN, 0.5)) - 1.5 * (
        not _matches(_WORKS_BY, text)
    )


def result_score(text: str) -> float:
    """Whether a sentence with a measured value is a result of this paper."""
    numbers = sum(word[0].isdigit() for word in text.split())
    return _scored(text, (_WINS, 1.5), (_OWN, 1), (_SHOWS, 1)) - 0.5 * max(0, numbers - 3)


def result_place_score(heading: str) -> float:
    """How likely a section is to tell results."""
    if RELATED_HEADING.search(heading):
        return -3
    return 1.0 * _matches(RESULTS_HEADING, heading) + 1.0 * _matches(CLOSING_HEADING, heading)


def admitted_limit_score(text: str) -> float:
    """How much a sentence of a section on limitations says."""
    return 0.5 + _scored(text, (_STRONG_LIMIT, 2), (_LIMIT, 1)) - 2 * _matches(_EMPTY_LIMIT, text)


def own_limit_score(text: str) -> float:
    """Whether a sentence anywhere admits a limit of this work."""
    if not _matches(_OWN, text) or not _matches(_STRONG_LIMIT, text):
        return 0
    return _scored(text, (_STRONG_LIMIT, 2), (_LIMIT, 0.5)) - 2 * _matches(_EMPTY_LIMIT, text)


def implication_score(text: str) -> float:
    """Whether a sentence tells what follows from the work."""
    return 2 * _matches(_IMPLIES, text) + _scored(text, (_SHOWS, 0.5)) - 3 * _matches(_CODE, text)


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _scored(text: str, *cues: tuple[re.Pattern[str], float]) -> float:
    """The sum of the cues found, less for citations and for leaning on the sentence before."""
    total = sum(weight for pattern, weight in cues if pattern.search(text))
    return total - 0.5 * len(_CITATION.findall(text)) - 0.7 * _matches(_LEANING, text)
