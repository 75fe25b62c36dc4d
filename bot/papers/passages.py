"""Cuts a paper's text into passages: what retrieval finds (pure).

One paragraph is the best passage for finding evidence (QASPER, recall@1500w within a paper: .840 for single
paragraphs, .824 at 150 words, .749 at 500), and the embedder silently cuts off what is longer than about 160
words.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from storage.model import PaperText, Passage, Section, SectionKind

MAX_WORDS = 150
MIN_WORDS = 40
"""A shorter paragraph is joined to the next one: alone it says too little."""

# Chinese, Japanese and Korean count by the character, as the embedder's tokens do. What is too long for one
# word counts as several: Thai has no spaces, and some PDFs lost theirs.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    r"|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]{1,20}"
)
_SENTENCE_END = re.compile(r"[.!?][\"”’)\]]*(?=\s)|[。！？]")
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_UNFINISHED = re.compile(r"[^\s.!?:…\"”’)\]。！？]\Z")
_Span = tuple[int, int]


def passages(text: PaperText, *, max_words: int = MAX_WORDS, min_words: int = MIN_WORDS) -> list[Passage]:
    """The passages of a paper in order, without its references.

    A passage stays inside one section and has at most `max_words` words: a paragraph, several short ones, or
    a part of a long one that ends with a sentence where possible. Equal texts give equal passages.
    """
    full = _flowing(text)
    starts, numbers = text.page_starts, [page.number for page in text.pages]
    whole = Section(heading="", kind=SectionKind.BODY, first_page=0, last_page=0, start=0, end=len(full))
    result: list[Passage] = []
    for section in text.sections or (whole,):
        if section.kind is SectionKind.REFERENCES:
            continue
        for start, end in _spans(full, section, max_words, min_words):
            result.append(
                Passage(
                    paper_id=text.paper_id,
                    version=text.version,
                    ordinal=len(result),
                    heading=section.heading,
                    kind=section.kind,
                    first_page=numbers[bisect_right(starts, start) - 1],
                    last_page=numbers[bisect_right(starts, end - 1) - 1],
                    text=full[start:end],
                )
            )
    return result


def _flowing(text: PaperText) -> str:
    """The full text with a sentence that goes on over the end of a page in one paragraph; offsets stay."""
    flowing = "".join(page.text for page in text.pages[:1])
    for earlier, later in pairwise(text.pages):
        goes_on = later.text[:1].islower() and _UNFINISHED.search(earlier.text)
        flowing += (" \n" if goes_on else "\n\n") + later.text
    return flowing


def below_heading(passage: Passage) -> str:
    """The passage's text without its section's heading, which may be all there is."""
    return passage.text.removeprefix(passage.heading).lstrip()


def embedded_text(title: str, passage: Passage) -> str:
    """What is embedded for a passage: title and heading say what it is about."""
    text = below_heading(passage) or passage.text
    return ". ".join(part for part in (title, passage.heading, text) if part)


def _spans(full: str, section: Section, max_words: int, min_words: int) -> Iterator[_Span]:
    """Where the section's passages are in the text."""
    open_span: _Span | None = None
    words = 0
    for start, end, count in _pieces(full, section, max_words):
        if open_span is not None and (words >= min_words or words + count > max_words):
            yield open_span
            open_span = None
        if open_span is None:
            open_span, words = (start, end), count
        else:
            open_span, words = (open_span[0], end), words + count
    if open_span is not None:
        yield open_span


def _pieces(full: str, section: Section, max_words: int) -> Iterator[tuple[int, int, int]]:
    """Paragraphs, and parts of those that are too long, as (start, end, number of words)."""
    position = section.start
    while position < section.end:
        match = _PARAGRAPH_END.search(full, position, section.end)
        end = match.start() if match else section.end
        words = [found.span() for found in _WORD.finditer(full, position, end)]
        while words:
            taken = len(words) if len(words) <= max_words else _cut(full, words, max_words)
            yield words[0][0], words[taken - 1][1], taken
            words = words[taken:]
        position = match.end() if match else section.end


def _cut(full: str, words: list[_Span], max_words: int) -> int:
    """How many words to take of a long paragraph: up to a sentence's end, if one is in the second half."""
    for taken in range(max_words, max_words // 2, -1):
        if _SENTENCE_END.search(full, words[taken - 1][0], words[taken - 1][1] + 1):
            return taken
    return max_words
