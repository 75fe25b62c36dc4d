"""Whether claim and paper have contrary words, anywhere or beside a number (pure).

"Half of the patients recovered" does not support "half of the patients died", though only one word differs.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.checks.stemming import stems
from bot.checks.vocabulary import FUNCTION_WORDS, NOT

_PAIRS = """
survive survived survival survivor alive recover recovery | die died dies dead death mortality fatal fatality
succeed success successful | fail failed failure
pass passed | fail failed
correct right | wrong error
accept accepted acceptance | reject rejected rejection
agree agreed agreement | disagree disagreement
include included | exclude excluded
encourage | discourage
overestimate | underestimate
won wins winner | lost loses loser
true | false
positive | negative
present presence | absent absence
advantage | disadvantage
optimistic | pessimistic
man men male boy father husband | woman women female girl mother wife
child children infant | adult
younger | older elderly
benign | malignant
acute | chronic
systolic | diastolic
before beforehand | after afterwards
first | last
start beginning | end ending
early earlier | late later
earliest | latest
new newer | old older
past | future
ancient | modern
summer | winter
night nighttime | daytime
same identical similar | different distinct dissimilar
good | bad poor
best | worst
high | low
highest | lowest
all every each always entirely | some several many most often sometimes usually partly mostly
few small | many large big
largest biggest | smallest
minimum minimal minimize minimise | maximum maximal maximize maximise
major majority | minor minority
short | long
longest | shortest
fast | slow
fastest | slowest
weak | strong
strongest | weakest
cheap | expensive
rich | poor
broad | narrow
full | partial
common frequent | rare
simple | complex
easy | difficult hard
hot | cold
wet | dry
single | multiple
singular | plural
top | bottom
above | below
upper | lower
inside | outside
inner | outer
internal | external
left | right
lefttoright | righttoleft
vertical | horizontal
north northern | south southern
east eastern | west western
urban | rural
public | private
open | closed
import imported | export exported
buy bought buyer purchase | sell sold seller
profit profitable | deficit
asset | liability debt
teacher | student
speaker | listener
attacker | defender
client | server
precision | recall
sensitivity | specificity
encoder | decoder
encoding | decoding
input | output
upload uploaded upstream | download downloaded downstream
prefill | decode decoding
forward | backward
source | target
train training trained | test testing tested
indomain | outofdomain
zeroshot | oneshot fewshot
static | dynamic
online | offline
shallow | deep
dense | sparse
local | global
parallel | sequential serial
synchronous | asynchronous
deterministic | random stochastic
discrete | continuous
symmetric | asymmetric
convex | concave
homogeneous | heterogeneous
ascending | descending
active | passive
implicit | explicit
absolute | relative
abstract | concrete
objective | subjective
theoretical | empirical
qualitative | quantitative
manual | automatic automatically automated
real | artificial synthetic
abstractive | extractive
generative | discriminative
monolingual | multilingual crosslingual
subject | object
prefix | suffix
uppercase | lowercase
synonym | antonym
hypernym | hyponym
vowel | consonant
numerator | denominator
radius | diameter
perihelion periastron perigee | aphelion apastron apogee
support supported confirm confirmed corroborate | refute refuted contradict contradicted disprove disproved
inhibit inhibited inhibition inhibitor suppress suppressed | promote promoted promotion activate activated
inhibit inhibited inhibition inhibitor suppress suppressed | stimulate stimulated stimulation
upregulate upregulated upregulation | downregulate downregulated downregulation
overexpress overexpressed overexpression | underexpress underexpressed underexpression knockdown knockout
strengthen strengthened | weaken weakened
expand expanded expansion | contract contracted contraction
attract attracted attraction | repel repelled repulsion
heat heated heating | cool cooled cooling
add added adding | remove removed removing removal
cause caused | prevent prevented prevention
enable enabled allow allowed | forbid forbidden
converge converged convergence convergent | diverge diverged divergence divergent
dominant | recessive
endogenous | exogenous
hydrophilic | hydrophobic
vitro | vivo
clockwise | counterclockwise anticlockwise
validationset developmentset devset | testset
validationset developmentset devset | trainingset trainset
"""
_DEGREES = {
    "more": ("less", "fewer"),
    "less": ("more",),
    "fewer": ("more",),
    "most": ("least",),
    "least": ("most",),
}
"""Contraries only before the same word: what needs less memory is more frugal."""
_NEGATING = ("un", "non", "in", "im", "il", "ir", "mis")
_SHORTEST = 4
"""Letters a stem needs to be negated by a prefix: "matched" and "mismatched", but not "put" and "input"."""
_NOT_NEGATED = {"import", "impress", "improv", "inform", "insight", "install", "instanc", "invent", "invest"}
"""Stems that only look like a negated "port", "prov" or "form"."""
_NEGATOR = re.compile(
    rf"\b(?:{NOT}|no|none|without|unlike|instead of|rather than|opposed to|in contrast to)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_][\w-]*")
_SPLIT = re.compile(r"\b(train(?:ing)?|validation|development|dev|test) (?:set|split)s?\b", re.IGNORECASE)
_ADDS_AMOUNT = re.compile(r"\badd(?:s|ed|ing)? (?=\d)")
"""What adds 2.6 points is not itself added, and may cost as much when it is removed."""
_DEGREE = re.compile(rf"\b({'|'.join(_DEGREES)}) ([^\W_][\w-]*)")


def is_contrary(
    claim: str, statement: str, *, near_claimed: str | None = None, near_stated: str | None = None
) -> bool:
    """Whether a word of the claim is the contrary of one in the paper's sentence.

    Only words that the other sentence has nowhere count, and only if neither has words of both sides.

    Args:
        claim: The whole sentence.
        statement: The paper's sentence, with its context.
        near_claimed: The claim's words that count, such as those near a number; all of them if None.
        near_stated: The same of the paper's sentence.
    """
    near_claimed = claim if near_claimed is None else near_claimed
    near_stated = statement if near_stated is None else near_stated
    if bool(_NEGATOR.search(near_claimed)) != bool(_NEGATOR.search(near_stated)):
        return False  # "not significant" means "insignificant", and "unlike the old one" means "the new one"
    here, there = _words(claim), _words(statement)
    ours, theirs = _words(near_claimed) - there, _words(near_stated) - here
    return any(
        here.isdisjoint(_contraries(one)) and there.isdisjoint(_contraries(other))
        for one in ours
        for other in theirs & _contraries(one)
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """What may have a contrary: words ("non-smokers" is "nonsmokers"), parts, "test set", "more accurate"."""
    words = _WORD.findall(_ADDS_AMOUNT.sub("", text))
    parts = (part for word in words if "-" in word for part in word.split("-"))
    degrees = (" ".join(found) for found in _DEGREE.findall(text.lower()))
    splits = _stems(f"{split}set" for split in _SPLIT.findall(text))
    return _stems(words) | _stems(parts) & _CONTRARIES.keys() | splits | frozenset(degrees)


def _stems(words: Iterable[str]) -> frozenset[str]:
    """The stems of words without their hyphens; words that are only grammar, such as "before", stay whole."""
    joined = (word.replace("-", "") for word in words)
    return frozenset().union(*(stems(word) or {word.lower()} for word in joined))


@lru_cache(maxsize=4096)
def _contraries(word: str) -> frozenset[str]:
    """The contraries of what `_words` finds."""
    degree, _, what = word.partition(" ")
    if what:
        return frozenset(f"{other} {what}" for other in _DEGREES[degree])
    found = _CONTRARIES.get(word, frozenset())
    if word in FUNCTION_WORDS or word in _NOT_NEGATED:
        return found
    negated = {prefix + word for prefix in _NEGATING if len(word) >= _SHORTEST} - _NOT_NEGATED
    positive = {word.removeprefix(prefix) for prefix in _NEGATING if word.startswith(prefix)} - FUNCTION_WORDS
    return found | negated | {one for one in positive if len(one) >= _SHORTEST}


def _table() -> dict[str, frozenset[str]]:
    """The contraries of each stem."""
    found: dict[str, frozenset[str]] = {}
    for line in _PAIRS.strip().splitlines():
        one, other = (_stems(side.split()) for side in line.split("|"))
        for these, those in ((one, other), (other, one)):
            for stem in these:
                found[stem] = found.get(stem, frozenset()) | those
    return found


_CONTRARIES = _table()
