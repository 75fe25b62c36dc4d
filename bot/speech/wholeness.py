"""Whether a voice said all that it was given (pure)."""

import re

import numpy as np

from bot.errors import SpeechError
from bot.speech.port import Utterance

_FASTEST_CHARACTERS = 50.0
"""A second: people read aloud at about 15, and no voice at three times that."""
_QUIET = 330
"""Of 32,768: 40 dB below the loudest, what a microphone would hear of a still room."""


def check_whole(utterance: Utterance, segment: str) -> None:
    """Refuse what is silent or far too short: servers cut long texts off without a word.

    Raises:
        SpeechError: it cannot be the whole segment.
    """
    letters = len(re.findall(r"\w", segment))
    if utterance.seconds * _FASTEST_CHARACTERS < letters or (letters and not _is_heard(utterance)):
        raise SpeechError("The voice did not say all that it was given.")


def _is_heard(utterance: Utterance) -> bool:
    return bool(np.max(np.abs(utterance.samples.astype(np.int32)), initial=0) > _QUIET)
