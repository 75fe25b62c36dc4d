"""Reads WAV as servers send it (pure). Source: http://soundfile.sapp.org/doc/WaveFormat/."""

import struct

import numpy as np

from bot.speech.port import Samples, Utterance

_PCM, _EXTENSIBLE = 1, 0xFFFE
_BITS = 16
_NO_SIZE = 0x7FFF0000
"""A size from here on, or zero, means that the server sends while it speaks and does not know the length yet:
most write 0xFFFFFFFF, some less their header, and sox 0x7FFFF000 (`MS_UNSPEC` in its wav.c)."""


def utterance(wav: bytes) -> Utterance:
    """The sound of a WAV file with 16-bit samples; several channels are mixed into one.

    Raises:
        ValueError: it is not such a file, or it ends before its announced length.
    """
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    at, channels, rate = 12, 0, 0
    while at + 8 <= len(wav):
        kind, size = struct.unpack_from("<4sI", wav, at)
        at += 8
        if kind == b"data" and channels:
            return Utterance(samples=_samples(wav[at:], size, channels), rate=rate)
        if kind == b"fmt " and at + 16 <= len(wav):
            form, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", wav, at)
            if form not in {_PCM, _EXTENSIBLE} or bits != _BITS or not channels or not rate:
                raise ValueError(f"a WAV file of format {form} with {bits} bits")
        at += size + size % 2
    raise ValueError("a WAV file without sound")


def _samples(data: bytes, size: int, channels: int) -> Samples:
    has_size = 0 < size < _NO_SIZE
    if has_size and size > len(data):
        raise ValueError("the WAV file is cut off")
    sound = data[:size] if has_size else data
    frames = np.frombuffer(sound[: len(sound) - len(sound) % (2 * channels)], dtype="<i2")
    mono: Samples = frames.reshape(-1, channels).mean(axis=1).round().astype(np.int16)
    return mono
