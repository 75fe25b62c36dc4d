"""What Broadsheet asks of a voice."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.int16]
"""Mono sound, shape (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """One segment as it was spoken."""

    samples: Samples
    rate: int
    """Samples a second."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


class Voice(Protocol):
    """Reads text aloud. Implementations own time-outs and retries."""

    @property
    def name(self) -> str:
        """Who speaks, such as `hibari` or `gpt-4o-mini-tts/alloy`."""
        ...

    @property
    def segment_characters(self) -> int:
        """The longest segment it takes."""
        ...

    def speak(self, segments: Sequence[str]) -> AsyncGenerator[Utterance, None]:
        """One utterance for each segment, in their order; close the generator to stop it early.

        Raises:
            SpeechError: it failed once the adapter's own retries are spent, or cut a segment short.
        """
        ...
