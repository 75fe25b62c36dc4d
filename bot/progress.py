"""The progress of work, for those who watch it."""

from typing import Protocol


class Progress(Protocol):
    """Is told of stages, and may show them."""

    def wait(self, place: int) -> None:
        """Others come first: the place in the queue, where 1 is next. Called again when it changes."""
        ...

    def begin(self, stage: str, total: int | None = None) -> None:
        """A stage starts; `total` is the number of its steps, if known."""
        ...

    def advance(self, steps: int = 1) -> None:
        """This many more steps of the current stage are done."""
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


class SharedProgress:
    """Tells several watchers of the same work; those who come later first hear of the stages so far."""

    def __init__(self) -> None:
        self._watchers: list[Progress] = []
        self._stages: list[tuple[str, int | None]] = []
        self._place: int | None = None

    def watch(self, watcher: Progress) -> None:
        """Tell `watcher` too, starting with what it missed."""
        for stage, total in self._stages:
            watcher.begin(stage, total)
        if self._place is not None:
            watcher.wait(self._place)
        self._watchers.append(watcher)

    def wait(self, place: int) -> None:
        """Tell everyone the place in the queue."""
        self._place = place
        for watcher in self._watchers:
            watcher.wait(place)

    def begin(self, stage: str, total: int | None = None) -> None:
        """Tell everyone of a stage."""
        self._place = None
        self._stages.append((stage, total))
        for watcher in self._watchers:
            watcher.begin(stage, total)

    def advance(self, steps: int = 1) -> None:
        """Tell everyone of steps done."""
        for watcher in self._watchers:
            watcher.advance(steps)
