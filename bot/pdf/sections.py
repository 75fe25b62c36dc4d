"""Finds a paper's headings, and so its sections (pure)."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain

from bot.pdf.bibliography import bibliographies
from bot.pdf.candidates import Candidate
from bot.pdf.contents import tables_of_contents
from bot.pdf.numbering import ROMAN, in_sequence
from bot.pdf.paragraphs import Paragraph
from storage.model import Section, SectionKind

_NUMBERED = re.compile(
    r"(?:Appendix )?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}(?=\.)|[A-Z](?:\.\d{1,2}){0,3})"
    r"[.:]?\s+(?P<title>\S.*)"
)
_ABSTRACT = re.compile(r"abstract", re.IGNORECASE)
_OPENING = re.compile(r"abstract|introduction", re.IGNORECASE)
_RUN_IN_ABSTRACT = re.compile(r"(?P<title>Abstract)\s?[—–.:-]+\s*(?=\S)", re.IGNORECASE)
_REFERENCES = re.compile(r"references( and notes)?|bibliography|literature cited|works cited", re.IGNORECASE)
_APPENDIX = re.compile(
    r"(technical )?(appendix|appendices|supplementa(l|ry)( materials?| information)?)", re.IGNORECASE
)
_APPENDIX_PART = re.compile(
    r"(online )?appendix( [A-Z\d]{1,2})?(: .+)?|supplementary (notes?|methods?)( \d{1,2})?(: .+)?"
    r"|supporting (materials?|information)|(.+ )?checklist",
    re.IGNORECASE,
)
"""Headings, whatever they look like, after the references; before them such words may end a sentence."""
_RUN_IN_SUPPLEMENT = re.compile(
    r"(?P<title>Supplement(?:al|ary) (?:Materials?|Information)|Supporting Information)(?: (?:for|to)\b|:)",
    re.IGNORECASE,
)
"""A supplement's title followed by the paper's: Supplemental Material for “A Paper”."""
_SUPPLEMENT_PART = re.compile(r"S\d{1,2}(?:\.\d{1,2})*[.:]? +[A-Z].*")
_LATE_CAPTION = re.compile(
    r"(?:(?:extended data|supplement(?:al|ary)) (?:fig\.|figure|table) |(?:fig\.|figure|table) (?=S))"
    r"S?\d{1,2}\s?[.:|]",
    re.IGNORECASE,
)
"""Captions of figures that journals put after the references."""
_CONTENTS = re.compile(r"(table of )?contents", re.IGNORECASE)
_KNOWN = re.compile(
    r"abstract|introduction|background|motivation|preliminaries|related works?|prior work"
    r"|(materials and )?methods?|methodology|experiments?|experimental (setup|results|settings?)"
    r"|evaluation|results( and discussions?)?|discussions?|analysis|ablation stud(y|ies)"
    r"|(discussions? and )?conclusions?( and future works?)?|future works?|limitations?( and future works?)?"
    r"|(ethics?|ethical|broader impacts?|impact|reproducibility)( (statement|considerations?))?"
    r"|acknowledge?ments?|funding|author contributions|(data|code) availability",
    re.IGNORECASE,
)
_LABEL = re.compile(r"background|methods?|experiments?|evaluation|results|discussion|analysis", re.IGNORECASE)
"""Names of sections that also label the parts of figures and head the columns of tables."""
_SPACED_CAPITAL = re.compile(r"(?<=\s)(?<!APPENDIX )([A-Z]) (?=[A-Z]{2,})")
"""Small capitals come in two sizes, with a gap: I NTRODUCTION."""
_SHORTEST_ABSTRACT_WORDS, _LONGEST_ABSTRACT_WORDS = 80, 450
"""If more words follow the heading of an abstract, it ends with the paragraph that makes it long enough."""
_MAX_WORDS = 16
_MAX_CHARACTERS = 130
_LARGER = 1.06
_SAME_SIZE_POINTS = 0.3
_ENOUGH_STYLED = 3
_ROW_SHARE = 0.2
"""Of words with digits: table rows have more, and prose has fewer."""


def sections(found: Sequence[Paragraph], *, body: float) -> tuple[Section, ...]:
    """The sections of a paper, which cover its text without gaps; offsets as in `PaperText.full_text`.

    What stands before the first heading, mostly title and authors, is a section without a heading. `body` is
    the size of the running text in points.
    """
    headings = list(_with_end_of_abstract(_headings(found, body), found))
    if found and (not headings or headings[0].position > 0):
        headings.insert(0, _implied("", 0, found[0]))
    starts, position = [], 0
    for paragraph in found:
        starts.append(position)
        position += len(paragraph.text) + 2
    result: list[Section] = []
    kind = SectionKind.BODY
    early = _early_appendix(headings)
    for index, heading in enumerate(headings):
        kind = SectionKind.APPENDIX if heading is early else _kind(heading, kind)
        last = headings[index + 1].position - 1 if index + 1 < len(headings) else len(found) - 1
        result.append(
            Section(
                heading=heading.text,
                kind=kind,
                first_page=found[heading.position].page,
                last_page=found[last].page,
                start=starts[heading.position],
                end=starts[last] + len(found[last].text),
            )
        )
    return tuple(result)


def _with_end_of_abstract(headings: Sequence[Candidate], found: Sequence[Paragraph]) -> Iterator[Candidate]:
    """The headings, and an implied one where the text follows the abstract without any, as in letters."""
    ends = [*(heading.position for heading in headings[1:]), len(found)]
    for heading, end in zip(headings, ends, strict=False):
        yield heading
        words = list(accumulate(len(paragraph.text.split()) for paragraph in found[heading.position : end]))
        if not heading.matches(_ABSTRACT) or words[-1] <= _LONGEST_ABSTRACT_WORDS:
            continue
        after = heading.position + bisect_left(words, _SHORTEST_ABSTRACT_WORDS) + 1
        if after < end:
            yield _implied("", after, found[after])


def _implied(title: str, position: int, paragraph: Paragraph) -> Candidate:
    """A heading that the paper leaves out."""
    return Candidate(
        position=position, text="", title=title, number="", size=paragraph.size, bold=False, stands_out=False
    )


def _kind(heading: Candidate, before: SectionKind) -> SectionKind:
    if heading.matches(_ABSTRACT):
        return SectionKind.ABSTRACT
    if heading.matches(_REFERENCES):
        return SectionKind.REFERENCES
    if heading.matches(_CONTENTS):
        return SectionKind.BODY if before is SectionKind.ABSTRACT else before
    is_part = (
        re.fullmatch(r"[A-Z](\.\d.*)?", heading.number)
        or heading.matches(_APPENDIX_PART)
        or _SUPPLEMENT_PART.fullmatch(heading.text)
    )
    late = is_part and before is SectionKind.REFERENCES  # earlier, "I" may be a Roman numeral
    if heading.matches(_APPENDIX) or late or before is SectionKind.APPENDIX:
        return SectionKind.APPENDIX
    # What follows the references and is not the appendix belongs to the paper, such as acknowledgements.
    return SectionKind.BODY


def _early_appendix(headings: Sequence[Candidate]) -> Candidate | None:
    """The first appendix before the references: lettered after the last numbered section, or named so."""
    whole = len(headings)
    end = next((place for place, one in enumerate(headings) if one.matches(_REFERENCES)), whole)
    last = max((place for place, one in enumerate(headings[:end]) if one.number.isdigit()), default=whole)
    after = (one for one in headings[last + 1 : end] if re.fullmatch(r"[A-Z]", one.number))
    lettered = next((one for one in after if one.stands_out), None)
    named = (one for one in headings[:end] if one.stands_out and one.text.casefold().startswith("appendix "))
    return lettered or next(named, None)


def _headings(found: Sequence[Paragraph], body: float) -> list[Candidate]:
    candidates = _outside_contents(list(_candidates(found, body)))
    # Before the abstract numbers belong to authors and their institutions.
    start = next((one.position for one in candidates if one.matches(_OPENING)), -1)
    numbered = _numbered([one for one in candidates if one.position >= start])
    references = min((one.position for one in candidates if one.matches(_REFERENCES)), default=len(found))
    named = [one for one in candidates if _is_named(one, is_late=one.position > references)]
    if len(numbered) >= _ENOUGH_STYLED:
        named = [one for one in named if not _is_label(one, found, body)]
    certain = [*named, *numbered]
    headings = {one.position: one for one in (*_alike(candidates, certain, found, body), *certain)}
    headings = _with_late_captions(headings, found, references)
    return [headings[position] for position in sorted(headings)]


def _numbered(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates whose numbers show that they are headings."""
    numbered = [one for one in in_sequence(candidates) if one.stands_out]
    if len(numbered) < _ENOUGH_STYLED:
        return in_sequence(candidates)  # the fonts do not tell, or the paper has no numbers
    if any(one.number in ROMAN for one in numbered[:2]):
        # IEEE: "II. METHOD", and in it an italic "A. Model", while "A model" begins a sentence.
        likely = [one for one in candidates if one.stands_out or not re.match(r"[A-Z]\s", one.text)]
        return [one for one in in_sequence(likely) if one.stands_out or one.number.isalpha()]
    # Elsevier: a bold "3. Method", and in it an italic "3.1. Data".
    divided = {one.number for one in numbered}
    likely = [one for one in candidates if one.stands_out or _parent(one.number) in divided]
    return in_sequence(likely)


def _parent(number: str) -> str:
    """3.1 of 3.1.2; empty for 3."""
    return number.rpartition(".")[0]


def _alike(
    candidates: Sequence[Candidate], certain: Sequence[Candidate], found: Sequence[Paragraph], body: float
) -> list[Candidate]:
    """The candidates without a number that look like the bold ones among the certain headings."""
    sizes = {one.size for one in certain if one.bold}
    first = min((one.position for one in certain), default=len(found))
    return [
        one
        for one in candidates
        if not one.number
        and one.position > first
        and one.bold
        and any(abs(one.size - size) < _SAME_SIZE_POINTS for size in sizes)
        and _precedes_text(one, found, body)
    ]


def _with_late_captions(
    headings: Mapping[int, Candidate], found: Sequence[Paragraph], references: int
) -> dict[int, Candidate]:
    """The headings, and an implied one where a figure's caption shows that the references are over."""
    known = dict(headings)
    within_references = False
    for position in range(references, len(found)):
        if position in known:
            within_references = known[position].matches(_REFERENCES)
        elif within_references and _LATE_CAPTION.match(found[position].text):
            known[position] = _implied("Appendix", position, found[position])
            within_references = False
    return known


def _outside_contents(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates outside tables of contents, whose entries would use up the numbers of the headings."""
    entries = set(chain.from_iterable(tables_of_contents(candidates)))
    return [one for one in candidates if one.position not in entries]


def _candidates(found: Sequence[Paragraph], body: float) -> Iterator[Candidate]:
    texts = [_without_gaps(paragraph.text) for paragraph in found]
    unheaded = [] if any(map(_is_references, texts)) else list(bibliographies(texts))
    starts, ends = {place.start for place in unheaded}, {place.stop for place in unheaded}
    entries = set(chain.from_iterable(unheaded))
    after_references = False
    for position, paragraph in enumerate(found):
        text = texts[position]
        if position in starts:
            yield _implied("References", position, paragraph)
            after_references = True
        if position in ends:
            yield _implied("Appendix", position, paragraph)
        if position in entries:
            continue
        after_references = after_references or _is_references(text)
        run_in = _RUN_IN_ABSTRACT.match(text) or (after_references and _RUN_IN_SUPPLEMENT.match(text))
        if run_in:
            text = run_in["title"]
        elif paragraph.is_caption or len(text) > _MAX_CHARACTERS or len(text.split()) > _MAX_WORDS:
            continue
        number, title = _parts(text)
        letters = [char for char in title if char.isalpha()]
        if len(letters) < 2 or not any(map(str.isupper, letters)):  # noqa: PLR2004 - the shortest is "QA"
            continue
        capitals = len(letters) > 4 and all(char.isupper() for char in letters)  # noqa: PLR2004
        yield Candidate(
            position=position,
            text=text,
            title=title,
            number=number,
            size=paragraph.size,
            bold=paragraph.bold,
            stands_out=paragraph.size > _LARGER * body
            or (paragraph.size > body - _SAME_SIZE_POINTS and paragraph.bold)
            or capitals
            or bool(run_in),
        )


def _parts(heading: str) -> tuple[str, str]:
    """The number, which may be empty, and the title of a heading."""
    match = _NUMBERED.fullmatch(heading)
    number, title = (match["number"], match["title"]) if match else ("", heading)
    return number, title.strip(" .:")


def _is_references(text: str) -> bool:
    _, title = _parts(text)
    return _REFERENCES.fullmatch(title) is not None and title[0].isupper()


def _without_gaps(text: str) -> str:
    """A heading in small capitals without its gaps; a letter that numbers an appendix stays apart."""
    if len(text) > _MAX_CHARACTERS or not text.isupper():
        return text
    text = _SPACED_CAPITAL.sub(r"\1", text)
    closed = text.replace(" ", "", 1)
    named = any(pattern.fullmatch(closed) for pattern in (_KNOWN, _REFERENCES, _APPENDIX))
    return closed if named else text


def _is_named(candidate: Candidate, *, is_late: bool) -> bool:
    """Whether its words show that it is a heading; after the references (`is_late`) more words do."""
    special = candidate.matches(_REFERENCES) or candidate.matches(_APPENDIX)
    usual = candidate.matches(_KNOWN) and (candidate.stands_out or not candidate.number)
    is_supplement = candidate.stands_out and _SUPPLEMENT_PART.fullmatch(candidate.text) is not None
    late = is_late and (candidate.matches(_APPENDIX_PART) or is_supplement)
    by_looks = candidate.matches(_CONTENTS) or candidate.text.startswith("APPENDIX ")
    return special or usual or late or (candidate.stands_out and by_looks)


def _is_label(candidate: Candidate, found: Sequence[Paragraph], body: float) -> bool:
    """Whether this labels part of a figure or table, in a paper that numbers its sections."""
    return not candidate.number and candidate.matches(_LABEL) and not _precedes_text(candidate, found, body)


def _precedes_text(candidate: Candidate, found: Sequence[Paragraph], body: float) -> bool:
    """Whether running text follows, as after a heading but not after a table cell."""
    looks = candidate.size > body - _SAME_SIZE_POINTS and re.match(r"[A-Z0-9“].*[^.,;]$", candidate.text)
    if not looks or candidate.position + 1 >= len(found):
        return False
    following = found[candidate.position + 1]
    alike = abs(following.size - body) < _SAME_SIZE_POINTS and not following.bold
    words = following.text.split()
    with_digits = sum(any(map(str.isdigit, word)) for word in words)
    return alike and len(words) >= _MAX_WORDS and with_digits < _ROW_SHARE * len(words)
