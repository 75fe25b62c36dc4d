"""Finds a paper's headings, and so its sections (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.papers.paragraphs import Paragraph
from storage.model import Section, SectionKind

_NUMBER = r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|(?:Appendix )?[A-Z](?:\.\d{1,2}){0,3}\.?)"
_NUMBERED = re.compile(rf"{_NUMBER}[:\s]\s*(?P<title>\S.*)")
_RUN_IN_ABSTRACT = re.compile(r"(?P<title>Abstract)\s?[—–.:-]+\s*(?=\S)", re.IGNORECASE)
_REFERENCES = re.compile(
    r"(references( and notes)?|bibliography|literature cited|works cited)", re.IGNORECASE
)
_APPENDIX = re.compile(
    r"(appendix|appendices|supplementa(l|ry)( materials?| information)?|technical appendix)\b", re.IGNORECASE
)
_KNOWN = re.compile(
    r"(abstract|summary|introduction|background|motivation|preliminaries|related works?"
    r"|(materials and )?methods?|methodology|approach|experiments?|experimental (setup|results|settings?)"
    r"|evaluation|results( and discussions?)?|discussions?|analysis|ablation stud(y|ies)|conclusions?"
    r"|conclusions? and future works?|discussions? and conclusions?|future works?|limitations?"
    r"|(ethics|ethical|broader impacts?|impact|reproducibility)( (statement|considerations?))?"
    r"|acknowledge?ments?|funding|author contributions|data availability|code availability)",
    re.IGNORECASE,
)
_SPACED_CAPITAL = re.compile(r"\b([A-Z]) (?=[A-Z]{2,})")
_MAX_WORDS = 16
_MAX_CHARACTERS = 130
_NAMED_SENTENCE = re.compile(r"[.;,]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """A paragraph that is, or begins with, a heading."""

    text: str
    kind: SectionKind | None
    """None: that of the section before."""
    start: int
    page: int


def sections(found: Sequence[Paragraph], *, body: float) -> tuple[Section, ...]:
    """The sections of a paper, which cover its text without gaps; offsets as in `PaperText.full_text`.

    What stands before the first heading, title and authors mostly, is a section without a heading. `body` is
    the size of the running text in points.
    """
    headings = [_Heading(text="", kind=SectionKind.BODY, start=0, page=found[0].page)] if found else []
    ends: list[tuple[int, int]] = []
    position = 0
    numbers: list[str] = []
    for paragraph in found:
        heading = _heading(paragraph, position, body, headings[-1], numbers)
        if heading is not None:
            headings.append(heading)
        position += len(paragraph.text) + 2
        ends.append((position - 2, paragraph.page))
    return tuple(_sections(headings, ends))


def _sections(headings: Sequence[_Heading], ends: Sequence[tuple[int, int]]) -> list[Section]:
    result: list[Section] = []
    kind = SectionKind.BODY
    for position, heading in enumerate(headings):
        kind = heading.kind or (kind if kind is not SectionKind.ABSTRACT else SectionKind.BODY)
        limit = headings[position + 1].start if position + 1 < len(headings) else ends[-1][0] + 1
        inside = [(end, page) for end, page in ends if heading.start < end < limit]
        if not inside:
            continue  # the first paragraph is a heading, so nothing stands before it
        result.append(
            Section(
                heading=heading.text,
                kind=kind,
                first_page=heading.page,
                last_page=inside[-1][1],
                start=heading.start,
                end=inside[-1][0],
            )
        )
    return result


def _heading(
    paragraph: Paragraph, start: int, body: float, last: _Heading, numbers: list[str]
) -> _Heading | None:
    text = _SPACED_CAPITAL.sub(r"\1", paragraph.text)
    candidate = _Heading(text=text, kind=None, start=start, page=paragraph.page)
    if match := _RUN_IN_ABSTRACT.match(text):
        return replace(candidate, text=match["title"], kind=SectionKind.ABSTRACT)
    if paragraph.is_caption or len(text) > _MAX_CHARACTERS or len(text.split()) > _MAX_WORDS:
        return None
    match = _NUMBERED.fullmatch(text)
    title = (match["title"] if match else text).strip(" .:")
    number = match["number"].rstrip(".").removeprefix("Appendix ") if match else ""
    stands_out = paragraph.bold or paragraph.size > 1.06 * body or _is_small_capitals(title)
    in_references = last.kind is SectionKind.REFERENCES
    if _REFERENCES.fullmatch(title):
        return replace(candidate, kind=SectionKind.REFERENCES)
    if _APPENDIX.match(title) and (stands_out or title == text):
        return replace(candidate, kind=SectionKind.APPENDIX)
    if _KNOWN.fullmatch(title) and title[0].isupper() and (stands_out or number or not in_references):
        kind = SectionKind.ABSTRACT if title.casefold() == "abstract" else None
        return replace(candidate, kind=kind or _kind_after(last, number))
    if not re.match(r"[A-Z\d“\"¿]", title) or not any(char.islower() or char.isupper() for char in title):
        return None
    if number:
        follows = _follows(number, numbers)
        if (stands_out and (follows or not in_references)) or (follows and not _NAMED_SENTENCE.search(text)):
            numbers.append(number)
            return replace(candidate, kind=_kind_after(last, number))
        return None
    seen_any = bool(last.text)
    if seen_any and not in_references and paragraph.bold and not _NAMED_SENTENCE.search(text):
        return candidate
    return None


def _kind_after(last: _Heading, number: str) -> SectionKind | None:
    """References end at the next heading; a lettered one, or any after the references, is the appendix."""
    if last.kind is SectionKind.REFERENCES or (re.match(r"[A-Z](\.|$)", number) and len(number) > 0):
        return SectionKind.APPENDIX
    return None


def _is_small_capitals(title: str) -> bool:
    letters = [char for char in title if char.isalpha()]
    return len(letters) > 3 and all(char.isupper() for char in letters)  # noqa: PLR2004


def _follows(number: str, numbers: Sequence[str]) -> bool:
    """Whether `number` can come after those so far: 3.2 after 3.1, 4 after 3.2, 3.1 after 3."""
    *stem, step = number.split(".")
    if not numbers:
        return number in {"1", "I", "A", "0"}
    before = numbers[-1].split(".")
    if step == "1" and stem == before[: len(stem)] and len(before) == len(stem):
        return True
    peers = [one.split(".") for one in numbers if one.split(".")[:-1] == stem]
    if not peers:
        return step in {"1", "A"}
    return _ordinal(step) == _ordinal(peers[-1][-1]) + 1


def _ordinal(step: str) -> int:
    if step.isdigit():
        return int(step)
    roman = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
    return roman.get(step, ord(step[0]) - ord("A") + 1)
