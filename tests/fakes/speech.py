"""A voice that plays a tone for each segment, so that a test can tell the segments by their sound."""

import asyncio
import struct
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from bot.errors import SpeechError
from bot.speech.port import Samples, Utterance

RATE = 24_000
_CHARACTERS_A_SECOND = 15
_LOUDNESS = 8_000
_FADE_SECONDS = 0.01


def pitch_of(segment: str) -> float:
    """The pitch in hertz that stands for a segment: one of 40 from 300 to 2,250."""
    return 300.0 + 50.0 * (crc32(segment.encode()) % 40)


def tone_for(segment: str, *, rate: int = RATE) -> Utterance:
    """A tone as long as reading the segment aloud would take, with silence around it."""
    seconds = max(0.2, len(segment) / _CHARACTERS_A_SECOND)
    times = np.arange(int(seconds * rate)) / rate
    tone = _LOUDNESS * np.sin(2 * np.pi * pitch_of(segment) * times)
    ramp = np.minimum(1, np.minimum(times, times[::-1]) / _FADE_SECONDS)
    silence = np.zeros(rate // 10)
    return Utterance(samples=np.concatenate([silence, tone * ramp, silence]).astype(np.int16), rate=rate)


def wav_of(utterance: Utterance, *, says_length: bool = True) -> bytes:
    """The utterance as a WAV file; without `says_length`, of unknown length, as servers stream it."""
    sound = utterance.samples.astype("<i2").tobytes()
    length = len(sound) if says_length else 0xFFFFFFFF
    form = struct.pack("<HHIIHH", 1, 1, utterance.rate, 2 * utterance.rate, 2, 16)
    header = b"RIFF" + struct.pack("<I", min(36 + length, 0xFFFFFFFF)) + b"WAVE"
    return header + b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", length) + sound


def heard_pitch(samples: Samples, rate: int) -> float:
    """The strongest pitch in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


@dataclass
class ToneVoice:
    """Plays tones and records the segments; fails on demand."""

    name: str = "tones"
    segment_characters: int = 200
    said: list[str] = field(default_factory=list)
    failures: list[SpeechError] = field(default_factory=list)
    """Raised for the next segments, one each."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is clear, nothing is said."""

    def __post_init__(self) -> None:
        self.gate.set()

    async def speak(self, segments: Sequence[str]) -> AsyncGenerator[Utterance, None]:
        for segment in segments:
            await self.gate.wait()
            if self.failures:
                raise self.failures.pop(0)
            self.said.append(segment)
            yield tone_for(segment)
