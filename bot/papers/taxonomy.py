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
    wanted = in_plain_characters(fragment).strip().casefold()

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


def check(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes as arXiv spells them, each once, in the order given.

    Raises:
        InputError: none was given, or one does not exist; the message names it and suggests the nearest.
    """
    checked = tuple(dict.fromkeys(_spelled(code) for code in codes))
    if not checked:
        raise InputError("Name at least one arXiv category, such as cs.CL.")
    return checked


def _spelled(code: str) -> str:
    known = {category.code.casefold(): category.code for category in categories()}
    wanted = in_plain_characters(code).strip().casefold()
    if wanted in known:
        return known[wanted]
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
