"""Prepares utterances for joining: no click at the ends, and an even pause after each (pure)."""

import numpy as np

from bot.speech.port import Samples, Utterance

PAUSE_SECONDS = 0.45
"""After a segment, as after a sentence."""
CHAPTER_PAUSE_SECONDS = 1.2
_QUIET = 60
"""Out of 32,768, or 55 dB below the maximum: softer than any consonant, louder than a voice's silence."""
_KEPT_SECONDS = 0.04
"""Silence kept at both ends, so that a soft start is not cut off."""
_FADE_SECONDS = 0.008


def prepared(utterance: Utterance, *, pause_seconds: float) -> Samples:
    """The sound, trimmed of the voice's own silence and faded at both ends, followed by the pause."""
    sound = _faded(_trimmed(utterance.samples, utterance.rate), utterance.rate)
    return np.concatenate([sound, np.zeros(round(pause_seconds * utterance.rate), np.int16)])


def _trimmed(samples: Samples, rate: int) -> Samples:
    heard = np.flatnonzero(np.abs(samples.astype(np.int32)) > _QUIET)
    if not len(heard):
        return samples[:0]
    kept = round(_KEPT_SECONDS * rate)
    return samples[max(0, heard[0] - kept) : heard[-1] + 1 + kept]


def _faded(samples: Samples, rate: int) -> Samples:
    length = min(round(_FADE_SECONDS * rate), len(samples) // 2)
    if not length:
        return samples
    ramp = np.linspace(0, 1, length, endpoint=False)
    sound = samples.astype(np.float64)
    sound[:length] *= ramp
    sound[-length:] *= ramp[::-1]
    return sound.round().astype(np.int16)
