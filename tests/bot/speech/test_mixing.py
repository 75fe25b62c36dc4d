"""Utterances made fit to be joined."""

import numpy as np
import pytest

from bot.speech.mixing import prepared
from bot.speech.port import Utterance
from tests.fakes.speech import RATE, tone_for


def loud_noise(seconds: float = 0.5) -> Utterance:
    """It begins and ends at full strength."""
    samples = np.random.default_rng(0).integers(-20_000, 20_000, int(seconds * RATE)).astype(np.int16)
    samples[[0, -1]] = 20_000
    return Utterance(samples=samples, rate=RATE)


def test_the_same_pause_follows_each_utterance_in_place_of_the_voices_own_silence() -> None:
    short, long = tone_for("Yes."), tone_for("A sentence that takes longer.")

    joined = [prepared(one, pause_seconds=0.5) for one in (short, long)]

    for one, sound in zip((short, long), joined, strict=True):
        # A tenth of a second of silence stood at both ends, of which 40 ms stay.
        assert len(sound) / RATE == pytest.approx(one.seconds - 0.12 + 0.5, abs=0.02)
        assert not sound[-int(0.5 * RATE) :].any()


def test_no_step_is_heard_where_utterances_meet() -> None:
    joined = np.concatenate([prepared(loud_noise(), pause_seconds=0.1)] * 2).astype(np.int32)
    ends = [0, *(np.flatnonzero(np.diff(np.abs(joined) > 0)))]

    assert abs(joined[0]) <= 200
    assert all(abs(joined[end + 1] - joined[end]) <= 400 for end in (ends[0], ends[-1]))


def test_nothing_that_can_be_heard_is_trimmed() -> None:
    quiet_start = np.concatenate([np.full(RATE // 2, 100), np.full(RATE // 2, 10_000)]).astype(np.int16)

    sound = prepared(Utterance(samples=quiet_start, rate=RATE), pause_seconds=0)

    assert len(sound) == RATE


def test_silence_stays_silence() -> None:
    silence = Utterance(samples=np.zeros(RATE, np.int16), rate=RATE)

    assert not prepared(silence, pause_seconds=0.1).any()
