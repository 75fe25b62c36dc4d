"""Whether a voice read the whole text it was given (pure)."""

import re

import numpy as np

from bot.errors import SpeechError
from bot.speech.port import Utterance

_FASTEST_CHARACTERS = 50.0
"""Per second: people read aloud at about 15, and no voice is three times as fast."""
_QUIET = 330
"""Out of 32,768, or 40 dB below the maximum: what a microphone hears in a quiet room."""


def check_whole(utterance: Utterance, segment: str) -> None:
    """Refuse an utterance that is silent or far too short: servers cut long texts off without an error.

    Raises:
        SpeechError: the utterance cannot be the whole segment.
    """
    letters = len(re.findall(r"\w", segment))
    if utterance.seconds * _FASTEST_CHARACTERS < letters or (letters and not _is_heard(utterance)):
        raise SpeechError("The voice left out part of the text.")


def _is_heard(utterance: Utterance) -> bool:
    return bool(np.max(np.abs(utterance.samples.astype(np.int32)), initial=0) > _QUIET)
