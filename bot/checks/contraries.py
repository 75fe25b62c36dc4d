"""Whether claim and paper have contrary words beside a number (pure).

"Half of the patients recovered" does not support "half of the patients died", though only one word differs.
"""

import re
from functools import lru_cache

from bot.checks.stemming import stems
from bot.checks.vocabulary import NOT

_PAIRS = """
survive survived survival survivor alive recover recovery | die died dies dead death mortality fatal fatality
succeed success successful | fail failed failure
pass passed | fail failed
correct right | wrong error
accept accepted acceptance | reject rejected rejection
agree agreed agreement | disagree disagreement
won wins winner | lost loses loser
true | false
positive | negative
present presence | absent absence
man men male boy father husband | woman women female girl mother wife
child children infant | adult
younger | older elderly
benign | malignant
acute | chronic
systolic | diastolic
precision | recall
sensitivity | specificity
minimum minimal | maximum maximal
best | worst
highest | lowest
largest biggest | smallest
fastest | slowest
longest | shortest
strongest | weakest
earliest | latest
upper | lower
inner | outer
internal | external
left | right
north northern | south southern
east eastern | west western
summer | winter
night nighttime | daytime
urban | rural
public | private
import imported | export exported
buy bought buyer purchase | sell sold seller
profit profitable | deficit
asset | liability debt
encoder | decoder
encoding | decoding
input | output
upload uploaded upstream | download downloaded downstream
prefill | decode decoding
forward | backward
static | dynamic
online | offline
source | target
numerator | denominator
radius | diameter
perihelion periastron perigee | aphelion apastron apogee
"""
_NEGATING = ("un", "non", "in", "im", "mis")
_SHORTEST = 4
"""Letters a stem needs to be negated by a prefix: "matched" and "mismatched", but not "put" and "input"."""


def _table() -> dict[str, frozenset[str]]:
    """The contraries of each stem."""
    found: dict[str, frozenset[str]] = {}
    for line in _PAIRS.strip().splitlines():
        one, other = (frozenset().union(*map(stems, side.split())) for side in line.split("|"))
        for these, those in ((one, other), (other, one)):
            for stem in these:
                found[stem] = found.get(stem, frozenset()) | those
    return found


_CONTRARIES = _table()
_NEGATOR = re.compile(rf"\b(?:{NOT}|no|none|without)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w-]*")


def is_contrary(claim: str, near_claimed: str, statement: str, near_stated: str) -> bool:
    """Whether a word near the claim's number is the contrary of one near the paper's.

    Only words that the other sentence does not have anywhere count.

    Args:
        claim: The whole sentence.
        near_claimed: Its words near the number.
        statement: The paper's sentence, with its context.
        near_stated: Its words near the number.
    """
    if bool(_NEGATOR.search(near_claimed)) != bool(_NEGATOR.search(near_stated)):
        return False  # "not significant" is the same as "insignificant"
    here, there = _words(claim), _words(statement)
    ours, theirs = _words(near_claimed) - there, _words(near_stated) - here
    return any(not theirs.isdisjoint(_contraries(word)) for word in ours)


def _contraries(stem: str) -> frozenset[str]:
    found = _CONTRARIES.get(stem, frozenset())
    if len(stem) >= _SHORTEST:
        found |= {prefix + stem for prefix in _NEGATING}
    shorter = (stem.removeprefix(prefix) for prefix in _NEGATING if stem.startswith(prefix))
    return found | {one for one in shorter if len(one) >= _SHORTEST}


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The stems of whole words: "non-smokers" counts as "nonsmokers"."""
    return frozenset().union(*(stems(word.replace("-", "")) for word in _WORD.findall(text)))
