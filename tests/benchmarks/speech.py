"""Digests read aloud: speed, memory, and how many words a recogniser gets wrong.

The digest consists of extracts of the sample's papers. Words are compared as they sound, for text read as
it is written and for text made fit for ears, both with what a narrator would say (`bot.speech.spoken`).
Plain prose, which has no symbols, shows the errors of the recogniser and the voice themselves. The rules
were written with the sample's abstracts in view, but not those of the newsletter (in the shared data).
"""

import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.pdf.reader import ChildProcessReader
from bot.sample.week import sample_papers, sample_pdf
from bot.speech.encoding import Tags, encode
from bot.speech.hibari_voice import HibariVoice
from bot.speech.narration import Reading, read_aloud
from bot.speech.port import Voice
from bot.speech.script import ScriptChapter, script
from bot.speech.spoken import spoken
from bot.summaries.extract import extract
from storage.model import Digest, Highlight, Noted, Pick
from tests.benchmarks._hearing import Recogniser, errors, is_installed, words
from tests.benchmarks._invented import UNREADABLE
from tests.benchmarks.table import Row
from tests.bot.rendering.examples import small_digest
from tests.fakes.speech import ToneVoice
from tests.shared_data import SHARED_DATA

_HIGHLIGHTS, _ABSTRACTS = 8, 16
_NEWSLETTER = SHARED_DATA / "newsletter-2024-06-09.jsonl"
_PROSE = (
    "The morning was cold, and the road to the village lay under fresh snow. Nobody had walked on it yet.",
    "She opened the letter slowly, as if it might break, and read it twice before she said a word.",
    "There were apples on the table, a loaf of bread, and a small pot of honey that someone had left there.",
    "He asked the old man for the way, and the old man pointed to the hill without looking up from his book.",
    "When the bell rang, the children ran out into the yard, and the teacher closed the window behind them.",
    "It is a good rule to finish one thing before another is begun, though few people keep to it for long.",
)


def run() -> list[Row]:
    """Measure tones first: only the largest memory of any child process so far is known."""
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    chapters = script(await _digest())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = await _timed("joining", chapters, ToneVoice(segment_characters=500), folder)
        rows += await _timed("hibari", chapters, HibariVoice(), folder)
        if not is_installed():
            print("No recogniser is installed: see tests/benchmarks/_hearing.py.")
            return rows
        for case, texts in _cases().items():
            rows += await _heard(case, texts, folder)
    return rows


async def _digest() -> Digest:
    """A digest of extracts of the sample's readable papers."""
    reader, highlights = ChildProcessReader(), []
    for paper in sample_papers():
        pdf = sample_pdf(paper.key)
        if pdf is not None and paper.id not in UNREADABLE:
            text = await reader.read(pdf, paper)
            pick = Pick(paper=paper, score=0.5, reason="")
            highlights.append(Highlight(pick=pick, summary=extract(paper, text)))
    rest = [Noted(pick=Pick(paper=paper, score=0.1, reason=""), gist="") for paper in sample_papers()[:12]]
    return replace(small_digest(), highlights=tuple(highlights[:_HIGHLIGHTS]), noted=tuple(rest), model="")


async def _timed(system: str, chapters: Sequence[ScriptChapter], voice: Voice, folder: Path) -> list[Row]:
    samples = folder / "samples"
    began = time.perf_counter()
    reading = await read_aloud(chapters, voice, samples)
    spoken_seconds = time.perf_counter() - began
    child_megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    began = time.perf_counter()
    await _encoded(reading, samples, folder)
    encoded_seconds = time.perf_counter() - began
    figures = {
        "words": float(sum(len(chapter.text.split()) for chapter in chapters)),
        "audio s": reading.seconds,
        "spoken, audio s/s": reading.seconds / spoken_seconds,
        "encoded, audio s/s": reading.seconds / encoded_seconds,
        "largest child so far (MB)": child_megabytes,
        "own memory (MB)": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return [_row("digest", system, metric, value) for metric, value in figures.items()]


async def _encoded(reading: Reading, samples: Path, folder: Path) -> None:
    tags = Tags(title="t", album="a", artist="a", day=small_digest().last_day)
    await encode(reading, samples, tags, mp3=folder / "one.mp3", opus=folder / "one.opus")


def _cases() -> dict[str, list[str]]:
    cases = {"plain prose": list(_PROSE)}
    cases["sample's abstracts"] = [paper.abstract for paper in sample_papers()[:_ABSTRACTS]]
    if _NEWSLETTER.is_file():
        lines = _NEWSLETTER.read_text(encoding="utf-8").splitlines()
        abstracts = [json.loads(line)["abstract"] for line in lines]
        cases["newsletter's abstracts"] = [abstract for abstract in abstracts if abstract]
    return cases


async def _heard(case: str, texts: Sequence[str], folder: Path) -> list[Row]:
    recogniser, rows = Recogniser(), []
    for system, given in (("as written", texts), ("fit for ears", [spoken(text) for text in texts])):
        wrong = count = 0
        for text, said in zip(texts, given, strict=True):
            chapter = ScriptChapter(title="t", text=said)
            reading = await read_aloud([chapter], HibariVoice(), folder / "samples")
            await _encoded(reading, folder / "samples", folder)
            written = words(spoken(text))
            heard = words(spoken(recogniser.heard(folder / "one.opus")))
            wrong, count = wrong + errors(written, heard), count + len(written)
        rows += [
            _row(case, f"{system}, {recogniser.name}", "words written", count),
            _row(case, f"{system}, {recogniser.name}", "word error rate", wrong / count),
        ]
    return rows


def _row(case: str, system: str, metric: str, value: float) -> Row:
    return Row(benchmark="speech", case=case, system=system, metric=metric, value=value)
