"""arXiv's categories: codes and names, for autocomplete and for checking what an admin typed.

`categories.txt` follows https://arxiv.org/category_taxonomy: 155 lines, each a code, a space and a name.
"""

import difflib
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from bot.errors import InputError, echoed
from bot.texts.folding import in_plain_characters
from bot.texts.separators import items


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One arXiv category."""

    code: str
    """Such as `cs.CL` or `hep-th`."""
    name: str

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


@functools.cache
def categories() -> tuple[Category, ...]:
    """All categories, in the order arXiv lists them."""
    text = resources.files("bot.papers").joinpath("categories.txt").read_text(encoding="utf-8")
    pairs = (line.split(" ", 1) for line in text.splitlines())
    return tuple(Category(code=code, name=name) for code, name in pairs)


def suggest(fragment: str, limit: int = 25) -> list[Category]:
    """Categories that match what was typed, best first: at the start of code, name or a word, or inside.

    `limit` is 25 by default: the most that Discord shows in autocomplete.
    """
    wanted = _folded(fragment)

    def rank(category: Category) -> int | None:
        code, name = category.code.casefold(), category.name.casefold()
        fits = (
            code.startswith(wanted),
            name.startswith(wanted),
            any(word.startswith(wanted) for word in name.split()),
            wanted in code or wanted in name,
        )
        return fits.index(True) if True in fits else None

    ranked = [(place, category) for category in categories() if (place := rank(category)) is not None]
    return [category for _, category in sorted(ranked, key=lambda pair: pair[0])[:limit]]


def listed(text: str) -> tuple[str, ...]:
    """The codes of the categories in a list that somebody typed; codes need no commas between them.

    Raises:
        InputError: as `check` does.
    """
    known, parts = _codes(), list[str]()
    for item in items(text):
        words = item.split()
        parts += words if any(_folded(word) in known for word in words) else [item]
    return check(parts)


def check(named: Iterable[str]) -> tuple[str, ...]:
    """The codes of these categories as arXiv spells them, each once, in the order given.

    A category is named by its code or, unless another one has the same, by its whole name.

    Raises:
        InputError: none was given, or one does not exist; the message names it and suggests the nearest.
    """
    checked = tuple(dict.fromkeys(map(_spelled, named)))
    if not checked:
        raise InputError("Name at least one arXiv category, such as cs.CL.")
    return checked


def _codes() -> dict[str, str]:
    """As arXiv spells them, by how they are compared."""
    return {category.code.casefold(): category.code for category in categories()}


def _folded(text: str) -> str:
    return in_plain_characters(text).strip().casefold()


def _spelled(code: str) -> str:
    known, wanted = _codes(), _folded(code)
    if wanted in known:
        return known[wanted]
    of_name = [category.code for category in categories() if category.name.casefold() == wanted]
    if len(of_name) == 1:
        return of_name[0]
    archive = wanted.rstrip(".*")  # of "cs.*" too
    inside = [spelled for folded, spelled in known.items() if folded.startswith(f"{archive}.")]
    near = [known[match] for match in difflib.get_close_matches(wanted, known, n=3)]
    if wanted and not near:
        near = [category.code for category in suggest(wanted, limit=3)]
    if inside:
        advice = f"It is a whole archive; name its categories, such as {', '.join(inside[:3])}."
    elif near:
        advice = f"Did you mean {' or '.join(near)}?"
    else:
        advice = "The full list: https://arxiv.org/category_taxonomy."
    echo = echoed(code)
    raise InputError(f"“{echo}” is not an arXiv category. {advice}", echo=echo)
