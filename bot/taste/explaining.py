"""Why a paper has its place in the week's order (pure)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.taste.judgement import quoted
from bot.taste.learning import Learned
from bot.taste.words import words
from bot.texts.latex import plain_line

NOTHING_NEARER = "nothing nearer to the interests was left"
NOTHING_VOTED_FOR = "nothing that the votes so far speak for was left"
"""Where no interests are set, and votes alone choose."""
_LIKED_SHOWN = 3
_WORDS_SHOWN = 5
_LEAST_PULL, _LEAST_SHARE = 0.02, 0.005
"""Of an example and of a word; less is not worth telling. On one reader's choices liked papers of the same
subject pull by .03 to .09, and the words that stand for it share .005 to .05."""
_PARTS_OF_A_REASON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What counted for one paper."""

    paper_id: str
    place: int
    """In the week's order by score, from 1."""
    considered: int
    """How many papers have a place."""
    interests: tuple[str, ...] = ()
    """The interests it matches: `matches "speech" in its title`."""
    has_interests: bool = True
    """Whether there are any to match."""
    resembles: tuple[str, ...] = ()
    """Titles of the liked papers that lifted it most, the strongest first."""
    unlike: tuple[str, ...] = ()
    """Titles of the disliked papers that held it down most."""
    words: tuple[str, ...] = ()
    """Words of its title that votes have made count for it."""
    followed: str | None = None
    """`by Ada Lovelace, whom you follow`."""
    explores: bool = False
    """Whether it was picked to find out, because the votes say least of it."""
    repeats: str | None = None
    """The title of one of the best that is before it and says nearly the same."""

    @property
    def is_pinned(self) -> bool:
        """Whether it has to keep its place, for a reason that is not its worth."""
        return bool(self.followed) or self.explores or self.repeats is not None

    @property
    def reason(self) -> str:
        """One line for a person."""
        parts = [] if self.followed is None else [self.followed]
        if self.explores:
            parts.append("exploration: the votes so far say least about papers like this")
        parts += self.interests
        if self.resembles:
            # Shown as it is meant, and then cut: half a formula is none.
            parts.append(f"like {quoted(plain_line(self.resembles[0]))}, which you liked")
        elif self.words:
            parts.append(f"its title says {quoted(', '.join(self.words))}")
        nothing = NOTHING_NEARER if self.has_interests else NOTHING_VOTED_FOR
        return "; ".join(parts[:_PARTS_OF_A_REASON]) or nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the votes say of one candidate."""

    resembles: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def evidence(taste: Learned | None, row: int, paper_id: str) -> Evidence:
    """The votes on other papers that moved a candidate most, and the words of its title that counted."""
    if taste is None:
        return Evidence()
    pulls = taste.pulls(row)
    examples = taste.examples
    others = [at for at in (-pulls).argsort(kind="stable") if examples[at].paper_id != paper_id]
    lifting = [at for at in others if examples[at].liking > 0]
    lowering = [at for at in reversed(others) if examples[at].liking < 0]
    return Evidence(
        resembles=tuple(examples[at].title for at in lifting[:_LIKED_SHOWN] if pulls[at] >= _LEAST_PULL),
        unlike=tuple(examples[at].title for at in lowering[:_LIKED_SHOWN] if pulls[at] <= -_LEAST_PULL),
        words=tuple(_telling(taste.words(row)))[:_WORDS_SHOWN],
    )


def _telling(shares: Iterable[tuple[str, float]]) -> Iterator[str]:
    """Those that add enough, but for what titles of any subject have, such as "for" and "language for"."""
    for word, share in shares:
        if share >= _LEAST_SHARE and all(map(words, word.split())):
            yield word
