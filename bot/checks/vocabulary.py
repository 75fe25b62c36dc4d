"""The word lists that statements are compared by (pure).

Among them are the words that say nothing (`the`, `paper`) and those of change ("reduces" shrinks, "faster"
is better).
"""

import re

_FUNCTION_WORDS = """
a an the and or but nor of to in on at by for from with without into onto over under than then as is are
was were be been being do does did has have had that this these those it its we our they their he she his
her i you your which who whom whose what when where while whereas how why if so such not no can could may
might will would should must shall also only just both either neither each every all any some more most
less least much many few very too up down out off per via using used use uses about around across after before
between during through within against among compared versus vs et al respectively there here same other
another new
"""
_GENERIC_WORDS = """
paper author method approach model result show shows propose work study experiment achieve obtain reach
report improve improvement increase decrease reduce reduction gain percent point time factor number value
average high higher low lower well large small good better best
"""

FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that say nothing about what a number measures."""
GENERIC_WORDS = frozenset(_GENERIC_WORDS.split())
"""Words found beside numbers in every paper."""

LEANS_ON_OTHERS = re.compile(
    r"(?:it|its|this|these|those|they|their|that|such|here|however|moreover|furthermore|also|thus|therefore|hence|"
    r"(?:in|by) contrast|in addition|additionally|similarly|instead|but|and|both|the latter|the former)\b",
    re.IGNORECASE,
)
"""How sentences start that can't be understood alone."""

NOT = r"not(?! only)|never|cannot|neither|nor|\w+n't"
"""A pattern for what negates a verb; phrases have more such words, such as "without"."""

_GROWING = """
increas rais grow grew ris rose higher more larger bigger greater longer expand enlarg doubl tripl deeper
wider
"""
_SHRINKING = """
reduc decreas lower drop fell fall cut shrink shrank shrunk fewer less smaller declin los lost loss sav
compress prun remov diminish shorter cheaper shorten narrow eliminat
"""
_BETTER = """
improv better gain outperform boost faster speedup speed-up surpass exceed beat accelerat enhanc superior
stronger ahead help benefit
"""
_WORSE = "worse degrad deteriorat underperform hurt slow behind inferior harm weaker trail"
_HIGHER_IS_BETTER = """
accurac f1 bleu rouge score recall precision auc mrr ndcg throughput performance win-rate success
"""
_LOWER_IS_BETTER = """
perplexit ppl error loss latenc memor cost rmse mae overhead runtime flops size step cache storage
delay carbon energy footprint hallucinat toxicit brier crps mape
"""
_CHANGING = (
    "sav cut reduc decreas increas improv boost gain los remov prun drop outperform exceed surpass beat"
)
_KEEPING = """
keep kept retain preserv maintain need requir occup consum us remain stay hold leav left tak run train
contain compris reach achiev obtain attain scor get got yield equal has hav had
"""

# Stems: a word belongs to a list if it starts with one of them.
GROWING, SHRINKING = _GROWING.split(), _SHRINKING.split()
BETTER, WORSE = _BETTER.split(), _WORSE.split()
HIGHER_IS_BETTER, LOWER_IS_BETTER = _HIGHER_IS_BETTER.split(), _LOWER_IS_BETTER.split()
CHANGING, KEEPING = _CHANGING.split(), _KEEPING.split()


def beginning_with(stems: list[str]) -> str:
    """A pattern for the words that start with one of these stems."""
    longest_first = sorted(stems, key=len, reverse=True)
    return rf"\b(?:{'|'.join(longest_first)})[a-z-]{{0,8}}"


CHANGE_WORD = beginning_with([*GROWING, *SHRINKING, *BETTER, *WORSE])
"""A pattern for all words of change."""
CHANGE_NOUN = (
    r"\b(?:speed-?ups?|(?:improve|enhance)ments?|gains?|reductions?|(?:in|de)creases?|drops?|savings?|boosts?"
    r"|declines?|compression (?:ratio|factor)s?|loss(?:es)?)"
)
"""A pattern for nouns of change; verbs with the same spelling match too."""
COMPARATIVE = (
    r"(?:higher|lower|larger|bigger|greater|longer|deeper|wider|smaller|shorter|cheaper|fewer|less|better"
    r"|faster|stronger|superior|worse|slower|weaker|inferior)"
)
"""A pattern for comparatives: "a higher accuracy of 81 %" does not say how much higher."""

DIRECTIONS = (
    (re.compile(beginning_with(GROWING), re.IGNORECASE), 1, 0),
    (re.compile(beginning_with(SHRINKING), re.IGNORECASE), -1, 0),
    (re.compile(beginning_with(BETTER), re.IGNORECASE), 0, 1),
    (re.compile(beginning_with(WORSE), re.IGNORECASE), 0, -1),
)
"""Words of change as (pattern, amount, worth): 1 is more or better, -1 less or worse, 0 not said."""
