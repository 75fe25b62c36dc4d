"""How far a run is, for those who watch."""

from typing import Protocol


class Progress(Protocol):
    """Is told of stages; shows them or not."""

    def wait(self, place: int) -> None:
        """Others come first: 1 is the next in the line. Told again as the place changes."""
        ...

    def begin(self, stage: str, total: int | None = None) -> None:
        """A stage begins; `total` steps where their number is known."""
        ...

    def advance(self, steps: int = 1) -> None:
        """So many steps of the present stage are done."""
        ...


class Unwatched:
    """Shows nothing."""

    def wait(self, place: int) -> None:
        """Ignore it."""

    def begin(self, stage: str, total: int | None = None) -> None:
        """Ignore it."""

    def advance(self, steps: int = 1) -> None:
        """Ignore it."""


UNWATCHED: Progress = Unwatched()
"""For callers whom nobody watches."""


class RetoldProgress:
    """Tells several watchers of the same work; who comes later hears of the stages so far first."""

    def __init__(self) -> None:
        self._watchers: list[Progress] = []
        self._stages: list[tuple[str, int | None]] = []
        self._place: int | None = None

    def watch(self, watcher: Progress) -> None:
        """Tell `watcher` too, and all that it missed."""
        for stage, total in self._stages:
            watcher.begin(stage, total)
        if self._place is not None:
            watcher.wait(self._place)
        self._watchers.append(watcher)

    def wait(self, place: int) -> None:
        """Tell all of the place in the line."""
        self._place = place
        for watcher in self._watchers:
            watcher.wait(place)

    def begin(self, stage: str, total: int | None = None) -> None:
        """Tell all of a stage."""
        self._place = None
        self._stages.append((stage, total))
        for watcher in self._watchers:
            watcher.begin(stage, total)

    def advance(self, steps: int = 1) -> None:
        """Tell all of steps that are done."""
        for watcher in self._watchers:
            watcher.advance(steps)
