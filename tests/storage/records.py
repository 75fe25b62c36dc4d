"""Records to fill a database with, with valid defaults for the fields a test does not care about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from storage.model import (
    Announcement,
    Delivery,
    Digest,
    Highlight,
    Noted,
    Page,
    Paper,
    PaperText,
    Passage,
    Pick,
    Receipt,
    Result,
    Section,
    SectionKind,
    Statement,
    Summary,
    SummaryKind,
    TextSource,
)

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
TUESDAY = date(2026, 11, 17)


def paper(paper_id: str = "2611.00001", **changes: Any) -> Paper:
    default = Paper(
        id=paper_id,
        version=1,
        title="Sparse attention at length",
        abstract="We attend sparsely.",
        authors=("Ada Writer", "Ben Coder"),
        categories=("cs.CL", "cs.LG"),
        published=MONDAY,
        updated=MONDAY,
    )
    return replace(default, **changes)


def announcement(paper_id: str = "2611.00001", **changes: Any) -> Announcement:
    default = Announcement(paper_id=paper_id, day=TUESDAY, kind="new", licence="http://cc/by")
    return replace(default, **changes)


def paper_text(paper_id: str = "2611.00001", **changes: Any) -> PaperText:
    default = PaperText(
        paper_id=paper_id,
        version=1,
        source=TextSource.PDF,
        reader="pypdf",
        pages=(Page(number=1, text="1 Introduction\n\nWe attend sparsely."), Page(number=2, text="The end.")),
        page_count=2,
        sections=(
            Section(
                heading="1 Introduction", kind=SectionKind.BODY, first_page=1, last_page=2, start=0, end=45
            ),
        ),
    )
    return replace(default, **changes)


def passage(ordinal: int = 0, paper_id: str = "2611.00001", **changes: Any) -> Passage:
    default = Passage(
        paper_id=paper_id,
        version=1,
        ordinal=ordinal,
        heading="1 Introduction",
        kind=SectionKind.BODY,
        first_page=1,
        last_page=2,
        text=f"Passage {ordinal}.",
    )
    return replace(default, **changes)


def summary(paper_id: str = "2611.00001", **changes: Any) -> Summary:
    default = Summary(
        paper_id=paper_id,
        version=1,
        recipe="gpt-5-mini/3",
        kind=SummaryKind.MODEL,
        model="gpt-5-mini",
        gist=Statement(text="Attention need not be dense.", page=1),
        claim=Statement(text="Sparse is enough.", page=1),
        method=(Statement(text="Top-k keys.", page=2, checked=False),),
        results=(
            Result(metric="F1", value="81.2", baseline=None, dataset="QASPER", quote="F1 of 81.2", page=2),
        ),
        critique=(),
        implications=(),
        source=TextSource.PDF,
        pages_read=2,
        page_count=2,
        cost_usd=0.0125,
    )
    return replace(default, **changes)


def digest(
    server_id: int = 7,
    week: str = "2026-W47",
    *,
    highlights: tuple[str, ...] = (),
    noted: tuple[str, ...] = (),
    **changes: Any,
) -> Digest:
    def pick(paper_id: str) -> Pick:
        return Pick(paper=paper(paper_id), score=0.5, reason="close to your interests")

    default = Digest(
        id=f"digest:{server_id}:{week}",
        server_id=server_id,
        week=week,
        first_day=date(2026, 11, 16),
        last_day=date(2026, 11, 22),
        highlights=tuple(
            Highlight(pick=pick(paper_id), summary=summary(paper_id)) for paper_id in highlights
        ),
        noted=tuple(Noted(pick=pick(paper_id), gist="In one line.") for paper_id in noted),
        receipt=Receipt(announced=3, considered=2, read_in_full=1),
        model="gpt-5-mini",
        created_at=MONDAY,
        chosen_at=MONDAY,
    )
    return replace(default, **changes)


def delivery(part: int = 0, **changes: Any) -> Delivery:
    default = Delivery(
        server_id=7,
        channel_id=2**63 - 1,
        week="2026-W47",
        part=part,
        payload={"flags": 1 << 15, "components": [{"type": 10, "content": f"part {part}"}]},
        deadline=MONDAY + timedelta(days=7),
    )
    return replace(default, **changes)
