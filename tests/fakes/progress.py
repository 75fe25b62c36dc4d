"""A Progress that records what it was told."""


class HeardProgress:
    """The stages, the number of steps and the places in the queue so far."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.steps = 0
        self.places: list[int] = []

    def wait(self, place: int) -> None:
        self.places.append(place)

    def begin(self, stage: str, total: int | None = None) -> None:
        self.stages.append(stage)

    def advance(self, steps: int = 1) -> None:
        self.steps += steps
