"""Chooses which parts of a paper are read, and says which were not (pure)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.checks.segments import Segment, segments
from bot.llm.port import estimated_tokens, within_tokens
from storage.model import PaperText, SectionKind

_PRIORITIES = (
    re.compile(r"abstract|^$", re.IGNORECASE),
    re.compile(r"introduction|conclu|contribution", re.IGNORECASE),
    re.compile(r"method|approach|model|framework|architecture|algorithm|proposed|system", re.IGNORECASE),
    re.compile(r"result|experiment|evaluation|finding|analys|ablation", re.IGNORECASE),
    re.compile(r"limitation|discussion|threat", re.IGNORECASE),
)
_OTHER_PRIORITY = len(_PRIORITIES)
_APPENDIX_PRIORITY = _OTHER_PRIORITY + 1
_MIN_PART_TOKENS = 150
"""Less of a section than this is not worth having."""
_WHOLE = re.compile(r".*(?:\n\n|\.(?= )|[。！？।۔])", re.DOTALL)
"""Everything up to the last end of a paragraph or sentence, in scripts with marks of their own too."""
_WORDS = re.compile(r".*\s", re.DOTALL)
_FAR_LONGER = 1.7
"""A body of up to this many contexts gets one call, with the important sections; a longer one several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was read, for the summary's record."""

    pages_read: int
    not_read: str | None
    """In words for a user; None if everything but the references was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlan:
    """The parts of a paper that go into one or several calls."""

    chunks: tuple[str, ...]
    """Texts with their pages marked; one for each call."""
    coverage: Coverage


def plan_reading(text: PaperText, *, chunk_tokens: int, max_chunks: int) -> ReadingPlan:
    """Choose what is read: all of it in one chunk, if it fits.

    Otherwise whole sections by priority (abstract, introduction and conclusion, method, results, limitations,
    others, appendix), the last one cut at a page or paragraph. One chunk is used while most of the body
    fits, and several for papers far longer than that. References are never read.

    Args:
        text: The paper.
        chunk_tokens: What fits into one call, by `estimated_tokens`.
        max_chunks: How many calls may be made.
    """
    pieces = _readable(text)
    body = [piece for piece in pieces if piece.kind is not SectionKind.APPENDIX]
    one_is_enough = _tokens(body) <= chunk_tokens * _FAR_LONGER
    chunks = 1 if one_is_enough else max_chunks
    chosen = _chosen(pieces, chunk_tokens * chunks)
    return ReadingPlan(
        chunks=tuple(_chunked(chosen, chunk_tokens))[:chunks],
        coverage=_coverage(text, pieces, chosen),
    )


def read_whole(text: PaperText) -> Coverage:
    """The coverage when all is read: everything but the references."""
    pieces = _readable(text)
    return _coverage(text, pieces, pieces)


def _readable(text: PaperText) -> list[Segment]:
    return [piece for piece in segments(text) if piece.kind is not SectionKind.REFERENCES]


def _tokens(pieces: Iterable[Segment]) -> int:
    return sum(estimated_tokens(_marked(piece)) for piece in pieces)


def _marked(piece: Segment) -> str:
    heading = f"## {piece.heading}\n" if piece.heading else ""
    return f"[page {piece.page}]\n{heading}{piece.text}" if piece.page else piece.text


def _priority(piece: Segment) -> int:
    if piece.kind is SectionKind.ABSTRACT:
        return 0
    if piece.kind is SectionKind.APPENDIX:
        return _APPENDIX_PRIORITY
    matching = (rank for rank, pattern in enumerate(_PRIORITIES) if pattern.search(piece.heading))
    return next(matching, _OTHER_PRIORITY)


def _chosen(pieces: Sequence[Segment], budget_tokens: int) -> list[Segment]:
    """The pieces that fit, in the paper's order; a piece that does not is cut, and its section ends there."""
    kept: list[tuple[int, Segment]] = []
    left = budget_tokens
    closed: set[int] = set()
    by_priority = sorted(enumerate(pieces), key=lambda item: (_priority(item[1]), item[0]))
    for position, piece in by_priority:
        if piece.section in closed:
            continue
        needed = _tokens([piece])
        if needed <= left:
            kept.append((position, piece))
            left -= needed
            continue
        closed.add(piece.section)
        part = _cut(piece, left)
        if part is not None:
            kept.append((position, part))
            left -= _tokens([part])
    return [piece for _, piece in sorted(kept, key=lambda item: item[0])]


def _cut(piece: Segment, budget_tokens: int) -> Segment | None:
    """The first paragraphs or sentences of a piece that fit; None if that would be too little.

    Text that has neither is cut between words or, without spaces as in Thai, anywhere.
    """
    room = budget_tokens - _MIN_PART_TOKENS // 3 - estimated_tokens(piece.heading)
    if budget_tokens < _MIN_PART_TOKENS or room < 2:  # noqa: PLR2004 - no character takes more
        return None
    head = within_tokens(piece.text, room)
    whole = _WHOLE.match(head) or _WORDS.match(head)
    return replace(piece, text=(whole[0] if whole else head).rstrip())


def _chunked(pieces: Sequence[Segment], chunk_tokens: int) -> Iterator[str]:
    """The pieces packed into chunks in their order; one larger than a chunk is split."""
    packed: list[str] = []
    used = 0
    for piece in _split(pieces, chunk_tokens):
        needed = _tokens([piece])
        if packed and used + needed > chunk_tokens:
            yield "\n\n".join(packed)
            packed, used = [], 0
        packed.append(_marked(piece))
        used += needed
    if packed:
        yield "\n\n".join(packed)


def _split(pieces: Sequence[Segment], chunk_tokens: int) -> Iterator[Segment]:
    for piece in pieces:
        rest = piece
        while _tokens([rest]) > chunk_tokens:
            part = _cut(rest, chunk_tokens)
            if part is None:
                part = replace(rest, text=within_tokens(rest.text, max(2, chunk_tokens // 2)))
            yield part
            rest = replace(rest, text=rest.text[len(part.text) :].lstrip())
        yield rest


def _coverage(text: PaperText, pieces: Sequence[Segment], chosen: Sequence[Segment]) -> Coverage:
    read = {(piece.section, piece.page): len(piece.text) for piece in chosen}
    missing: dict[str, set[int]] = defaultdict(set)
    for piece in pieces:
        if read.get((piece.section, piece.page), 0) < len(piece.text):
            missing[_name(piece)].add(piece.page)
    pages_with_text = {page.number for page in text.pages}
    references = pages_with_text - {piece.page for piece in pieces} - {0}
    missing["references"] |= references
    missing["no text"] |= set(range(1, text.page_count + 1)) - pages_with_text
    parts = [_pages(pages, name) for name, pages in missing.items() if pages]
    return Coverage(
        pages_read=len({piece.page for piece in chosen if piece.page}),
        not_read="; ".join(parts) or (None if text.is_full else text.problem),
    )


def _name(piece: Segment) -> str:
    return "appendix" if piece.kind is SectionKind.APPENDIX else piece.heading


def _pages(pages: set[int], name: str) -> str:
    """`pages 13-20 (appendix)`."""
    ranges: list[list[int]] = []
    for page in sorted(pages):
        if ranges and page == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], page]
        else:
            ranges.append([page])
    words = ", ".join("-".join(map(str, dict.fromkeys(ends))) for ends in ranges)
    label = "page" if len(pages) == 1 else "pages"
    what = f" ({name})" if name else ""
    return f"{label} {words}{what}" if pages != {0} else f"a part of the text{what}"
