"""What every benchmark returns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured value.

    A benchmark compares systems over cases, such as files; the case `all` is the figure over all of them.
    """

    benchmark: str
    case: str
    system: str
    metric: str
    """With its unit: `pages/s`, `recall@5`."""
    value: float
