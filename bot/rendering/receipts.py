"""A digest's receipt, in the words that all renderings share (pure)."""

from collections.abc import Sequence

from bot.rendering import wording
from bot.texts.latex import plain_line
from storage.model import Receipt, Shortfall


def receipt_rows(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """The receipt as a table of names and values."""
    rows = (
        ("Announced", f"{receipt.announced:,}"),
        ("Considered", f"{receipt.considered:,}"),
        ("Read in full", f"{receipt.read_in_full:,}"),
        ("Abstract only", _with_reasons(receipt.abstract_only)),
        ("Failed", _with_reasons(receipt.failed)),
    )
    return (*rows, *_found_and_spent(receipt), *(("Note", plain_line(remark)) for remark in receipt.remarks))


def receipt_lines(receipt: Receipt) -> tuple[str, ...]:
    """The receipt in as few lines as possible, the counts first."""
    lines = [_counts(receipt)]
    lines += (f"Abstract only: {_shortfall(short)}" for short in receipt.abstract_only)
    lines += (f"Failed: {_shortfall(short)}" for short in receipt.failed)
    others = [f"{name}: {value}" for name, value in _found_and_spent(receipt)]
    lines += ["; ".join(others)] if others else []
    return (*lines, *map(plain_line, receipt.remarks))


def _found_and_spent(receipt: Receipt) -> list[tuple[str, str]]:
    """What the checks found and what the models used; rows without a value are left out."""
    rows = []
    if receipt.statements_dropped or receipt.statements_marked:
        rows.append(("Statements not found in their papers", _statements(receipt)))
    if receipt.hidden_characters:
        rows.append(("Hidden text left out", wording.counted(receipt.hidden_characters, "character")))
    if receipt.prompt_tokens or receipt.completion_tokens:
        rows.append(("Tokens", f"{receipt.prompt_tokens:,} in, {receipt.completion_tokens:,} out"))
    if receipt.cost_usd is not None:
        rows.append(("Estimated cost", wording.cost(receipt.cost_usd)))
    return rows


def _counts(receipt: Receipt) -> str:
    """One line: `212 announced, 180 considered, 8 read in full, 1 abstract only, 0 failed`."""
    read = f"{receipt.read_in_full:,} read in full, {len(receipt.abstract_only):,} abstract only"
    return (
        f"{receipt.announced:,} announced, {receipt.considered:,} considered, {read}, "
        f"{len(receipt.failed):,} failed"
    )


def _shortfall(short: Shortfall) -> str:
    """Which paper was not read in full, and why."""
    return f"{plain_line(short.title) or short.paper_key} ({short.paper_key}): {plain_line(short.why)}"


def _statements(receipt: Receipt) -> str:
    return (
        f"{receipt.statements_dropped:,} left out, {receipt.statements_marked:,} marked {wording.UNCHECKED}"
    )


def _with_reasons(shortfalls: Sequence[Shortfall]) -> str:
    if not shortfalls:
        return "0"
    return f"{len(shortfalls):,} ({'; '.join(map(_shortfall, shortfalls))})"
