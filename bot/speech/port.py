"""What Broadsheet needs from a voice."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.int16]
"""Mono sound, shape (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """One spoken segment."""

    samples: Samples
    rate: int
    """Samples a second."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


class Voice(Protocol):
    """Reads text aloud. Implementations own timeouts and retries."""

    @property
    def name(self) -> str:
        """The voice's name, such as `hibari` or `gpt-4o-mini-tts/alloy`."""
        ...

    @property
    def segment_characters(self) -> int:
        """The longest segment it accepts."""
        ...

    def speak(self, segments: Sequence[str]) -> AsyncGenerator[Utterance, None]:
        """One utterance for each segment, in order; close the generator to stop early.

        Raises:
            SpeechError: it failed after the adapter's own retries, or cut a segment short.
        """
        ...
