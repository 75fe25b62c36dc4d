"""WAV as servers send it."""

import struct

import numpy as np
import pytest

from bot.speech.waves import utterance
from tests.fakes.speech import tone_for, wav_of

TONE = tone_for("Hello there.", rate=16_000)


def test_the_rate_is_the_files_own() -> None:
    heard = utterance(wav_of(TONE))

    assert heard.rate == 16_000
    np.testing.assert_array_equal(heard.samples, TONE.samples)


def test_other_chunks_are_passed_over() -> None:
    wav = wav_of(TONE)

    heard = utterance(wav[:36] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + wav[36:])

    np.testing.assert_array_equal(heard.samples, TONE.samples)


def test_two_channels_become_one() -> None:
    frames = np.column_stack([TONE.samples, np.zeros_like(TONE.samples)]).astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, 2, 16_000, 64_000, 4, 16)
    wav = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(frames))

    heard = utterance(wav + frames)

    np.testing.assert_allclose(heard.samples, TONE.samples / 2, atol=1)


def test_a_sound_of_unknown_length_is_heard_to_its_end() -> None:
    np.testing.assert_array_equal(utterance(wav_of(TONE, says_length=False)).samples, TONE.samples)


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0x7FFFFFFF - 36, 0x7FFFFFFF, 0xFFFFFFFF - 44, 0xFFFFFFFF])
def test_each_way_to_say_that_the_length_is_unknown_is_understood(size: int) -> None:
    told = len(TONE.samples) * 2
    wav = wav_of(TONE).replace(b"data" + struct.pack("<I", told), b"data" + struct.pack("<I", size))

    np.testing.assert_array_equal(utterance(wav).samples, TONE.samples)


@pytest.mark.parametrize(
    "broken",
    [b"", b"ID3\x04 an mp3", wav_of(TONE)[:30], wav_of(TONE)[:-2], wav_of(TONE).replace(b"data", b"dada", 1)],
    ids=["nothing", "mp3", "header only", "cut off", "no sound"],
)
def test_what_is_no_whole_wav_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"WAV"):
        utterance(broken)


def test_samples_as_floating_point_numbers_are_refused() -> None:
    wav = bytearray(wav_of(TONE))
    wav[20:22] = struct.pack("<H", 3)

    with pytest.raises(ValueError, match="format 3"):
        utterance(bytes(wav))
