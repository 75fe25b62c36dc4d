"""Which numbers of a sentence may be values of a metric at all, and in which sense (pure)."""

import re
from collections.abc import Sequence

from bot.checks.kinds import Kind
from bot.checks.numbers import Number, Role
from bot.checks.senses import says_change, sense
from bot.summaries.metric_names import METRIC

BETWEEN, AND = "between ", " and "
CHARACTERS_BEFORE = 160
"""Of the words before a number, or before a metric, that are looked at."""
_VARIABLE_BEFORE = re.compile(
    r"(?:\b[a-zα-ω]|\brates?) ?(?:[<>≤≥]|equals?|stays? below|is|of) ?$"
    r"|\b(?:(?:set|fixed|clipped|initiali[sz]ed) (?:to|at)|(?:multiplied|divided|scaled) by) $",
    re.IGNORECASE,
)
_VERSIONED = re.compile(r"\b(?P<name>[A-Z]\w{0,40}[A-Z]\w{0,40}) $")
"""What a version follows, such as "MultiWOZ 2.1"."""
_COUNTED = re.compile(
    r"\d+(?:-gram|-(?:hour|minute|day|week|fold) (?:\w+ ){0,2}(?:data ?sets?|data|corpus|sets?|splits?)\b"
    r"| ?% (?:data|training (?:data|set|split)|case|setting|split)\b"
    r"| times(?! (?:as|that|the|[a-z]+er|more|less)\b)|[- ]fold cross"
    r"|-point (?:\w+ ){0,3}(?:scale|likert|rating))",
    re.IGNORECASE,
)
"""What a setting is called by. "4 times faster" measures something."""
_CONFIDENCE_AFTER = re.compile(r" ?%? (?:confidence|credible|significance)\b", re.IGNORECASE)
_SHARE_AFTER = re.compile(r" ?(?:\([^()]{1,20}\) )?of (?P<whole>(?:the|its|their) )?", re.IGNORECASE)
_MAX_WORDS_OF_NAME = 2
"""Before the metric's own name: "10 % of ROUGE-SU4 score"."""
_CONCEDED = re.compile(r"(?:While|Whereas|Although|Though)\b(?!.*\b(?:we|our)\b)[^,]*$", re.IGNORECASE)
_BY_OTHERS_BEFORE = re.compile(
    r"(?:\bet al\.,?|\]|\b(?:19|20)\d\d[a-z]?\)|\bwho(?= report)|\b(?:previous|prior|earlier) \w{1,20}) "
    r"(?:report|achiev|obtain|reach|got|get)\w{0,3} [^,;]{0,40}$"
)
_BY_OTHERS_AFTER = re.compile(
    r"(?:[^;.\d]|\bF1\b){0,40}"
    r"\b(?:reported (?:by|in)|(?:higher|better|more|faster) than ours|points? behind)\b"
)
_COMPARED_BEFORE = re.compile(
    r"\b(?:compared (?:to|with)|as opposed to|unlike|versus|vs\.?|against) (?:\w+ )?$", re.IGNORECASE
)
_BY_BASELINE_BEFORE = re.compile(
    r"(?<!\bour )\b(?:random|majority|base(?:line)?|na[iï]ve|vanilla) "
    r"(?:classifier|model|system|baseline|guess\w*)s? "
    r"(?:\(|(?:(?:only|also) )?(?:ha[sd]|achiev|reach|obtain|get|got|is|was)\w{0,3} )[^,;()]{0,40}$"
    r"|(?:^|[,;])(?:(?!\b(?:our|we)\b)[^,;])*"
    r"\bonly (?:achiev|reach|obtain|get|got|ha[sd])\w{0,3} [^,;()]{0,40}$",
    re.IGNORECASE,
)
_BELOW = re.compile(r"\b(?:below|under) (?:[\w-]+ ){0,3}(?:level |threshold )?of $", re.IGNORECASE)
_OF_A_SPREAD = re.compile(r"\b(?:deviation|variance)\b[^,;]*$", re.IGNORECASE)
_CHANGE_NOUN = r"\b(?:gain|improvement|increase|decrease|drop|reduction|rise)(?:e?s)?\b"
_CHANGE_AFTER = re.compile(rf" {_CHANGE_NOUN}")
_LISTED_BEFORE = re.compile(r"(?:,|\band) $")
_RANGE = re.compile(r"\s?(?:-|~|to|±)\s?")
_ABOUT = r"(?:(?:about|around|approximately|roughly|nearly|up to|only) )?"
_DIFFERENCE_BEFORE = re.compile(
    r"\b(?:(?:differences?|gap|change|advantage) (?:in|of|between|is|was|are|were|being)"
    r"|margin (?:of|around|about|-)) [^,;()]{0,40}$"
    rf"|{_CHANGE_NOUN}[^,;()]{{0,80}}\b(?:is|are|was|were) {_ABOUT}$"
    rf"|{_CHANGE_NOUN} (?:up to |\(|of up to )$"
    r"|\b(?:improv|increas|rais|reduc|decreas)\w{0,4} at least $"
    r"|\b(?:outperform|surpass|exceed|improv|beat)\w{0,4} [^;()]{1,80} by [^;()]{1,40} and (?:over |about )?$"
    rf"|{_CHANGE_NOUN} (?:of|in) (?:(?!(?:to|from|at|with)\b)[\w@-]+ ){{1,3}}(?:\(|by |of )?{_ABOUT}$",
    re.IGNORECASE,
)
_RAISED_BEFORE = re.compile(
    rf"\b(?:improv|increas|boost|rais|reduc|decreas|lower(?=s|ed|ing))\w{{0,4}} "
    rf"(?:(?!(?:to|by|at|with|from|and|an?)\b)\w[\w@-]{{0,30}} ){{1,6}}(?:of|in) {_ABOUT}$",
    re.IGNORECASE,
)
"""As in "improves the accuracy of 28 %", which may be a level or a change."""

_ASIDES = (_OF_A_SPREAD, _COMPARED_BEFORE, _BY_OTHERS_BEFORE, _BY_BASELINE_BEFORE, _BELOW)
_MAY_BE_NEGATIVE = re.compile(r"(?:correlation|kappa|agreement|pearson r)", re.IGNORECASE)


def is_range(sentence: str, first: Number, second: Number) -> bool:
    """Whether two numbers that follow each other are the ends of one range, or a value and its spread."""
    joint = sentence[first.end : second.start]
    if first.unit not in {"", second.unit}:
        return False  # "by 4.2 points to 85 %"
    return bool(_RANGE.fullmatch(joint)) or (joint == AND and sentence[: first.start].endswith(BETWEEN))


def is_difference(sentence: str, number: Number, metric: re.Match[str]) -> bool:
    """Whether a value of a metric says how much it changed, or how far apart two are."""
    if number.sign < 0 and _MAY_BE_NEGATIVE.search(metric[0]):
        return False
    if says_change(sentence, number) or _DIFFERENCE_BEFORE.search(_before(sentence, number)):
        return True
    if number.end < metric.start() and changes_at(sentence, metric.end()):
        return True  # "a 1.2 % relative accuracy improvement"
    return sentence[number.start : number.end].endswith(("percentage points", "percentage point"))


def change_label(sentence: str, number: Number) -> str:
    """What to call the difference that a number is: a loss must not read as a gain."""
    use = sense(sentence, number)
    return "decrease" if use.amount < 0 and not use.by_worth else "difference"


def is_share(sentence: str, number: Number) -> bool:
    """Whether a value is a part of somebody's: "99 % of the accuracy"."""
    share = _SHARE_AFTER.match(sentence, number.end)
    return number.unit == "%" and share is not None and share["whole"] is not None


def is_named_at(sentence: str, position: int, metric: re.Match[str] | None) -> bool:
    """Whether a metric's name starts there, with at most two words of it before what `METRIC` knows."""
    if metric is None or metric.start() < position:
        return False
    return len(sentence[position : metric.start()].split()) <= _MAX_WORDS_OF_NAME


def may_be_value(sentence: str, number: Number, found: Sequence[Number]) -> bool:
    """Whether nothing speaks against it; `found` are the sentence's measures and spreads."""
    return _measures(sentence, number) and not _is_aside(sentence, number, found)


def changes_at(sentence: str, position: int) -> bool:
    """Whether a word such as "improvement" stands there."""
    return _CHANGE_AFTER.match(sentence, position) is not None


def _before(sentence: str, number: Number) -> str:
    return sentence[max(0, number.start - CHARACTERS_BEFORE) : number.start]


def _measures(sentence: str, number: Number) -> bool:
    """Whether it may be a value of a metric: in digits, unlike "twice", and with a unit or decimals."""
    written, before = sentence[number.start : number.end], _before(sentence, number)
    if number.role is Role.SPREAD or not any(map(str.isdigit, written)):
        return False
    if _VARIABLE_BEFORE.search(before) or _CONFIDENCE_AFTER.match(sentence, number.end):
        return False
    if number.value != number.value.to_integral_value():
        return not _is_version(before, number)
    return number.unit not in {"", "token"} and _COUNTED.match(sentence, number.start) is None


def _is_version(before: str, number: Number) -> bool:
    name = _VERSIONED.search(before)
    return name is not None and not number.unit and METRIC.fullmatch(name["name"]) is None


def _is_aside(sentence: str, number: Number, found: Sequence[Number]) -> bool:
    """Whether it is of something else: of what was before ("from 20.8 to 22.7"), of others, or unclear."""
    before = _before(sentence, number)
    if any(words.search(before) for words in _ASIDES) or _CONCEDED.match(sentence[: number.start]):
        return True
    if number.sign <= 0 and _RAISED_BEFORE.search(before):
        return True
    if _BY_OTHERS_AFTER.match(sentence, number.end) or _is_share_of_another(sentence, number):
        return True
    is_start = sense(sentence, number).end < 0
    later = next((other for other in found if other.start > number.start), None)
    if is_start and later is not None and not is_range(sentence, number, later):
        return True
    return _may_be_change(sentence, number, found)


def _is_share_of_another(sentence: str, number: Number) -> bool:
    """As in "26 % of the cases" and "26 % of the time", but not in "99 % of the accuracy"."""
    share = _SHARE_AFTER.match(sentence, number.end)
    if number.unit != "%" or share is None or says_change(sentence, number):
        return False
    whole = METRIC.search(sentence, share.end())
    is_metric = whole is not None and whole[0].lower() not in {"time", "error"}
    return not is_metric or not is_named_at(sentence, share.end(), whole)


def _may_be_change(sentence: str, number: Number, found: Sequence[Number]) -> bool:
    """Whether another number is a change and this one may be: "improves 4 % in A and 3 % in B"."""
    if sense(sentence, number).kind is not Kind.UNKNOWN or not _LISTED_BEFORE.search(
        _before(sentence, number)
    ):
        return False
    return any(
        other.unit == number.unit and says_change(sentence, other) for other in found if other is not number
    )
