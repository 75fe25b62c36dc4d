"""What arXiv's record says of a paper, as a passage of its own: dates, authors, categories, comment (pure).

No page of a paper says when it was submitted, and few where it was accepted.
"""

from collections.abc import Sequence

from bot.answers.found import FoundPassage
from bot.dates import written_day
from bot.papers import taxonomy
from bot.rendering.licences import creative_commons
from bot.rendering.wording import counted
from bot.texts.latex import plain_line
from storage.model import Paper, Passage, SectionKind

_HEADING = "arXiv's record"
_BEFORE_ALL = -1
_MOST_AUTHORS = 30


def recorded(paper: Paper, *, page_count: int = 0, newest: Paper | None = None) -> FoundPassage:
    """The record in sentences, each a paragraph. That it names no journal is said too, because people ask.

    Args:
        paper: As arXiv describes it.
        page_count: How many pages its PDF has; 0 if unknown.
        newest: The newest version that is known; it is told if it is another.
    """
    told = _told(paper, newest or paper)
    if page_count:
        told.append(f"Its PDF has {counted(page_count, 'page')}.")
    passage = Passage(
        paper_id=paper.id,
        version=paper.version,
        ordinal=_BEFORE_ALL,
        heading=_HEADING,
        kind=SectionKind.RECORD,
        first_page=0,
        last_page=0,
        text="\n\n".join(told),
    )
    return FoundPassage(passage=passage, title=paper.title)


def _told(paper: Paper, newest: Paper) -> list[str]:
    told = [*_dates(paper)]
    if newest.version > paper.version:
        told.append(_newer(newest))
    if paper.authors:
        told.append(f"The authors are {_authors(paper.authors)}.")
    if paper.categories:
        told.append(_categories(paper.categories))
    if paper.withdrawn:
        told.append("This version is withdrawn.")
    if paper.comment:
        told.append(f"The authors' comment: {plain_line(paper.comment).rstrip('.')}.")
    if paper.journal_reference:
        told.append(f"Published in: {plain_line(paper.journal_reference).rstrip('.')}.")
    if paper.doi:
        told.append(f"The DOI is {paper.doi}.")
    if not (paper.journal_reference or paper.doi):
        told.append("The record names no journal and no DOI.")
    licence = creative_commons(paper)
    if licence is not None:
        told.append(f"The licence is {licence.label}.")
    return told


def _dates(paper: Paper) -> tuple[str, str]:
    which = f"This is version {paper.version}"
    if paper.version > 1:
        which += f", an update of {written_day(paper.updated)}"
    submitted = f"The paper was submitted to arXiv, and published there, on {written_day(paper.published)}."
    return submitted, f"{which}."


def _newer(newest: Paper) -> str:
    withdraws = ", in which the paper was withdrawn" if newest.withdrawn else ""
    return f"The newest version known here is v{newest.version}, of {written_day(newest.updated)}{withdraws}."


def _authors(names: Sequence[str]) -> str:
    shown = [plain_line(name) for name in names[:_MOST_AUTHORS]]
    if len(names) > _MOST_AUTHORS:
        shown.append(f"{len(names) - _MOST_AUTHORS:,} others")
    *first, last = shown
    return f"{', '.join(first)} and {last}" if first else last


def _categories(codes: Sequence[str]) -> str:
    known = {category.code: category.name for category in taxonomy.categories()}
    primary, *others = [f"{code} ({known[code]})" if code in known else code for code in codes]
    also = f", and also {', '.join(others)}" if others else ""
    return f"The arXiv category is {primary}{also}."
