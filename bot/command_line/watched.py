"""Progress in the terminal."""

from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Watched:
    """Shows the stages in the terminal, each with its time and its count."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._stage: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is None:
            self._finish()
        if self._bars.tasks:
            self._bars.stop()

    def wait(self, place: int) -> None:
        """Show the place in the queue as a stage."""
        self.begin(f"Waiting: number {place} in the queue")

    def begin(self, stage: str, total: int | None = None) -> None:
        """A stage starts, which ends the previous one."""
        self._finish()
        self._bars.start()  # only now that there is something to show; repeating it is harmless
        self._stage = self._bars.add_task(stage, total=total)

    def advance(self, steps: int = 1) -> None:
        """This many more steps of the current stage are done."""
        if self._stage is not None:
            self._bars.advance(self._stage, steps)

    def _finish(self) -> None:
        if self._stage is not None:
            total = self._bars.tasks[self._stage].total or 1
            self._bars.update(self._stage, total=total, completed=total)
            self._stage = None
