"""Which way a number's change goes: up or down, for better or worse (pure).

"Cuts latency by 12 %" goes down and is better, "cuts accuracy by 12 %" goes down and is worse. The change
word nearest to the number tells, and words such as latency or accuracy tell which way is better.
"""

from bot.checks.kinds import Kind, is_comparison, is_cost
from bot.checks.numbers import Number
from bot.checks.vocabulary import DIRECTIONS, HIGHER_IS_BETTER, LOWER_IS_BETTER, beginning_with
from bot.texts.patterns import caseless

_DIRECTIONS = (
    *DIRECTIONS,
    (caseless(r"\bas (?:high|large|long|many|much)\b"), 1, 0),
    (caseless(r"\bas (?:fast|quick)"), 0, 1),
)
_COMPARISON = caseless(r"\b(?:more|less|fewer|higher|lower|larger|smaller|better|worse) than\b")
_HIGHER_IS_BETTER = caseless(rf"{beginning_with(HIGHER_IS_BETTER)}|\bm?ap\b")
_LOWER_IS_BETTER = caseless(rf"{beginning_with(LOWER_IS_BETTER)}|\b(?:fid|mse|nll|time|wer)s?\b")


def direction(
    before: str, after: str, number: Number, kind: Kind, *, sides: tuple[str, str]
) -> tuple[int, int, bool]:
    """(amount, worth, by worth), as in `Sense`, of the change word nearest to the number.

    Args:
        before: The words before the number, or before the first of several numbers that share a verb, as
            `quantities.masked` gives them.
        after: The words after the number, likewise.
        number: Its sign tells the amount where no word does.
        kind: What `kinds.kind` says of it.
        sides: All words before and after, not masked.
    """
    if is_cost(before, number):
        return *_completed(0, -1, after, "".join(sides)), True
    before = _COMPARISON.sub(lambda match: " " * len(match[0]), before)
    nearest: tuple[int, int, int] | None = None
    beside = sides[0]
    follows = kind is Kind.CHANGE and is_comparison(after, number)
    for pattern, amount, worth in _DIRECTIONS:
        for match in pattern.finditer(before):
            distance = len(before) - match.end()
            if nearest is None or distance < nearest[0]:
                nearest, beside = (distance, amount, worth), sides[0]
        ahead = pattern.search(after[:40]) if follows else None
        if ahead is not None and (nearest is None or ahead.start() < nearest[0]):
            nearest, beside = (ahead.start(), amount, worth), sides[1]
    amount, worth = nearest[1:] if nearest else (number.sign, 0)
    return *_completed(amount, worth, beside, "".join(sides)), not amount and worth != 0


def _completed(amount: int, worth: int, beside: str, words: str) -> tuple[int, int]:
    """(amount, worth), with each derived from the other where missing.

    More is better, unless the words are about costs or errors. Those on the same side of the number as the
    change word (`beside`) come first: "accuracy rises by 12 % at the same latency".
    """
    for text in (beside, words):
        higher, lower = bool(_HIGHER_IS_BETTER.search(text)), bool(_LOWER_IS_BETTER.search(text))
        if higher and lower:
            return amount, worth
        if higher or lower:
            break
    direction = -1 if lower else 1
    return amount or worth * direction, worth or amount * direction
