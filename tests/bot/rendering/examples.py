"""Invented digests, one of them as awkward as can be; no paper, person or result here is real."""

from datetime import UTC, date, datetime
from typing import Any

from bot.summaries.prompt import PROMPT_VERSION
from storage.model import (
    Digest,
    Highlight,
    Noted,
    Paper,
    Pick,
    Receipt,
    Result,
    Shortfall,
    Statement,
    Summary,
    SummaryKind,
    TextSource,
)

HOSTILE_TITLE = (
    "[click](https://evil.example) @everyone <@123> ||**boo**|| `x` <t:0:R> <script>alert(1)</script>"
)


def example_paper(number: int = 1, **changes: Any) -> Paper:
    fields: dict[str, Any] = {
        "id": f"2611.9{number:04}",
        "version": 1,
        "title": "Counting Tokens Twice: Why Budgeted Decoding Needs a Second Look",
        "abstract": "We look again at budgeted decoding.",
        "authors": ("Ada Example", "Bo Sample", "Cy Invented", "Di Fictional"),
        "categories": ("cs.CL", "cs.LG"),
        "published": datetime(2026, 11, 17, 9, 0, tzinfo=UTC),
        "updated": datetime(2026, 11, 17, 9, 0, tzinfo=UTC),
    }
    return Paper(**(fields | changes))


def example_summary(paper: Paper, **changes: Any) -> Summary:
    fields: dict[str, Any] = {
        "paper_id": paper.id,
        "version": paper.version,
        "recipe": f"invented-1/{PROMPT_VERSION}",
        "kind": SummaryKind.MODEL,
        "model": "invented-1",
        "gist": Statement(
            text="Counting the tokens a draft model throws away changes which decoding budget is best.",
            page=1,
        ),
        "claim": Statement(
            text="Budgets that ignore rejected draft tokens overstate the gain of drafting by 1.4 times.",
            page=2,
        ),
        "method": (
            Statement(
                text="Every token that the draft model proposes is charged at its latency, accepted or not.",
                page=3,
            ),
            Statement(text="The budget is then fitted per task on 500 held-out prompts.", page=4),
        ),
        "results": (
            Result(
                metric="Tokens per second",
                value="41.2",
                baseline="29.3",
                dataset="InventedSum",
                quote="our scheduler reaches 41.2 tokens per second against 29.3 for the fixed budget",
                page=6,
            ),
            Result(
                metric="Overstated gain",
                value="1.4 times",
                baseline=None,
                dataset=None,
                quote="the gain is overstated by a factor of 1.4",
                page=2,
            ),
        ),
        "critique": (
            Statement(text="Only one draft model was tried.", page=8),
            Statement(text="Latency on other hardware may differ by 30 %.", page=None, checked=False),
        ),
        "implications": (
            Statement(text="Serving stacks should log rejected tokens, not only accepted ones."),
        ),
        "source": TextSource.PDF,
        "pages_read": 12,
        "page_count": 14,
        "not_read": "pages 13-14 (appendix)",
        "statements_dropped": 1,
        "statements_marked": 1,
        "prompt_tokens": 11_840,
        "completion_tokens": 602,
        "cost_usd": 0.0061,
    }
    return Summary(**(fields | changes))


def example_highlight(number: int = 1, *, summary: dict[str, Any] | None = None, **paper: Any) -> Highlight:
    entry = example_paper(number, **paper)
    reason = "close to “inference cost of language models”; names speculative decoding"
    pick = Pick(paper=entry, score=0.9 - number / 100, reason=reason)
    return Highlight(pick=pick, summary=example_summary(entry, **(summary or {})))


def small_digest(**changes: Any) -> Digest:
    """A digest with one highlight and one noted paper."""
    noted = Pick(paper=example_paper(2, title="A Second Paper"), score=0.4, reason="in cs.CL")
    fields: dict[str, Any] = {
        "id": "digest:42:2026-W47",
        "server_id": 42,
        "week": "2026-W47",
        "first_day": date(2026, 11, 16),
        "last_day": date(2026, 11, 22),
        "highlights": (example_highlight(),),
        "noted": (Noted(pick=noted, gist="It says one more thing."),),
        "receipt": Receipt(announced=212, considered=180, read_in_full=1),
        "model": "invented-1",
        "created_at": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "chosen_at": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "categories": ("cs.CL", "cs.LG"),
        "interests": "inference cost of language models",
    }
    return Digest(**(fields | changes))


def example_digest() -> Digest:
    """Long titles, TeX, a hostile title, an extract, an abstract only, unchecked statements, 25 noted."""
    return small_digest(highlights=_highlights(), noted=_noted(), receipt=_receipt())


def _highlights() -> tuple[Highlight, ...]:
    return (
        example_highlight(1),
        example_highlight(
            3,
            title=r"$\mathcal{O}(n \log n)$ Attention with $\ell_{1}$-Sparse Keys: $\alpha_{i}^{2}$ Bounds, "
            r"Poincar\'e Embeddings and What \textbf{Sub-Quadratic} Sequence Models Lose on Long Documents",
            authors=("Élodie Exemple",),
            categories=("cs.LG", "cs.CL", "math.ST", "stat.ML"),
            summary=_long_summary(),
        ),
        example_highlight(
            4,
            title=HOSTILE_TITLE,
            authors=("<b>Mallory</b> @here", "# Heading"),
            summary={
                "gist": Statement(
                    text="# Not a heading\n> not a quote\n- ~~not a list~~ https://evil.example/x"
                ),
                "not_read": None,
                "pages_read": 14,
            },
        ),
        example_highlight(5, title="Small Models Summarise Well Enough", summary=_extract()),
        example_highlight(
            6,
            id="hep-th/9901001",
            version=3,
            title="A Scanned Note on Anomalies",
            authors=("O. L. D. Timer", "N. E. W. Comer"),
            categories=("hep-th",),
            summary=_abstract_only(),
        ),
    )


def _long_summary() -> dict[str, Any]:
    sentence = (
        r"Keys are pruned by $\ell_1$ magnitude before the $\frac{n}{2}$ largest are sorted, which costs "
        r"$\mathcal{O}(n \log n)$ and leaves $\sqrt{2}$ times the memory of a dense cache. "
    )
    return {
        "gist": Statement(
            text=r"Sorting pruned keys makes attention $\mathcal{O}(n \log n)$ at little loss.", page=1
        ),
        "claim": Statement(text=sentence * 3, page=2),
        "method": tuple(Statement(text=sentence * 2, page=page) for page in range(3, 9)),
        "results": tuple(
            Result(
                metric=f"Perplexity at {length:,} tokens",
                value=f"{9.1 + length / 10_000:.1f}",
                baseline="9.0",
                dataset="LongInvented",
                quote=f"at {length} tokens the model keeps a perplexity within 0.4 of dense attention, " * 2,
                page=9,
            )
            for length in (1_024, 2_048, 4_096, 8_192, 16_384)
        ),
        "critique": (Statement(text=sentence, page=11), Statement(text=sentence, page=12, checked=False)),
        "implications": (Statement(text=sentence),),
    }


def _extract() -> dict[str, Any]:
    return {
        "kind": SummaryKind.EXTRACT,
        "recipe": "extract/7",
        "model": "",
        "gist": Statement(text="We show that small models summarise well enough for triage.", page=1),
        "results": (),
        "implications": (),
        "statements_dropped": 0,
        "statements_marked": 0,
        "not_read": None,
        "pages_read": 14,
    }


def _abstract_only() -> dict[str, Any]:
    return {
        "source": TextSource.ABSTRACT,
        "pages_read": 0,
        "page_count": 0,
        "not_read": "the PDF is a scan without text",
        "gist": Statement(text="The anomaly cancels in ten dimensions.", page=0),
        "claim": Statement(text="The anomaly cancels in ten dimensions for one choice of signs.", page=0),
        "method": (),
        "results": (),
        "critique": (),
        "implications": (Statement(text="Older cancellations should be checked for the same signs."),),
    }


def _noted() -> tuple[Noted, ...]:
    titles = (
        "A Benchmark of Benchmarks",
        r"On the $\epsilon$-Regularity of Prompt Caches in Multi-Tenant Serving Systems with Skewed Traffic",
        "Retrieval Without Regret",
        "What Do Readers Want from Summaries? A Survey of 1,204 Reading Groups and Their Newsletters",
        "[RETRACTED?] _Tokenisers_ & <Markup>: 100% of $x, $5 and $10",
    )
    return tuple(
        Noted(
            pick=Pick(
                paper=example_paper(100 + number, title=f"{titles[number % 5]} ({number + 1})"),
                score=0.5 - number / 100,
                reason="in cs.CL",
            ),
            gist="Compares 14 suites and finds that 9 of them rank the same models in the same order.",
        )
        for number in range(25)
    )


def _receipt() -> Receipt:
    return Receipt(
        announced=1_212,
        considered=1_180,
        read_in_full=4,
        abstract_only=(
            Shortfall(
                paper_key="hep-th/9901001v3",
                title="A Scanned Note on Anomalies",
                why="the PDF is a scan without text",
            ),
        ),
        failed=(
            Shortfall(
                paper_key="2611.90077v1",
                title=r"Broken \emph{PDF} Considered Harmful",
                why="the PDF could not be read within 30 s",
            ),
        ),
        prompt_tokens=47_360,
        completion_tokens=2_408,
        cost_usd=0.0244,
        statements_dropped=4,
        statements_marked=3,
        hidden_characters=312,
        remarks=("Chosen by words only: the embedding model is missing.",),
    )
