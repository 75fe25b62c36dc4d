"""The child process that speaks with hibari.

    python -I -c "..." < segments

It reads one segment per line, as a JSON string, and answers each with the number of samples (four bytes,
little-endian) and the samples (16-bit integers, little-endian, 24,000 a second). It ends when its input ends.
The model takes about 300 MB, which must not stay in the bot.
"""

import json
import os
import struct
import sys

import numpy as np

RATE = 24_000
_LOUDEST = 32_767


def main() -> None:
    """Speak each segment until the input ends."""
    if sys.platform != "win32":
        os.nice(10)  # what people wait for comes first
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not mix with the sound
    # Not at the top: the bot imports this module for RATE.
    from hibari import Hibari  # noqa: PLC0415
    from hibari.g2p import G2P  # noqa: PLC0415
    from hibari.g2p.oov import OOV  # noqa: PLC0415

    guess = OOV()  # for words in none of its dictionaries; of longer ones it takes the first `maxlen` letters
    pronounce = G2P(oov=lambda word: "".join(guess(piece) or "" for piece in _pieces(word, guess.maxlen)))
    voice = Hibari(threads=1, g2p=pronounce)
    for line in sys.stdin.buffer:
        sound = voice(json.loads(line), seed=0)
        samples = (np.clip(sound, -1.0, 1.0) * _LOUDEST).astype("<i2")
        answers.write(struct.pack("<I", len(samples)) + samples.tobytes())
        answers.flush()


def _pieces(word: str, most_letters: int) -> list[str]:
    """The word in as few pieces as possible, of about the same length: one letter alone would be spelled."""
    count = -(-len(word) // most_letters)
    return [word[len(word) * at // count : len(word) * (at + 1) // count] for at in range(count)]
