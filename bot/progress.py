"""How far a run is, for those who watch."""

from typing import Protocol


class Progress(Protocol):
    """Is told of stages; shows them or not."""

    def begin(self, stage: str, total: int | None = None) -> None:
        """A stage begins; `total` steps where their number is known."""
        ...

    def advance(self, steps: int = 1) -> None:
        """So many steps of the present stage are done."""
        ...


class Unwatched:
    """Shows nothing."""

    def begin(self, stage: str, total: int | None = None) -> None:
        """Ignore it."""

    def advance(self, steps: int = 1) -> None:
        """Ignore it."""
