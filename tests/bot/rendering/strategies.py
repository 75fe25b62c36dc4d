"""Hypothesis strategies for digests: any words in any field, as papers and models may send them."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from storage.model import (
    Digest,
    Highlight,
    Noted,
    Pick,
    Receipt,
    Result,
    Shortfall,
    Statement,
    SummaryKind,
    TextSource,
)
from tests.bot.rendering.examples import example_paper, example_summary, small_digest

LENIENT = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""For tests that draw whole digests."""
HOSTILE_WORDS = (
    "[a](https://evil.example)", "<https://evil.example>", "![i](https://evil.example/i.png)", "http://evil.example",
    "@everyone", "@here", "<@1>", "<@&2>", "<#3>", "<t:0:R>", "<:x:4>", "</a:5>", ":tada:", "discord.gg/x",
    "# h", "-# s", "> q", ">>> q", "- l", "1. l", "**b**", "__u__", "~~s~~", "||s||", "`c`", "```\nc", "\\",
    "\n", "\n\n", "<script>", "&amp;", "{{ x }}", "$x_1$", "[red]", "www.evil.example", "javascript:alert(1)",
    "𝒪" * 40, "e\u0301" * 30,
)  # fmt: skip
_repeated = st.builds(
    lambda word, times: word * times,
    st.sampled_from(["*", "_word ", "sentence one. ", "𝒪", "["]),
    st.sampled_from([1, 300, 900]),
)
words = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(HOSTILE_WORDS), max_size=12).map(" ".join), _repeated
)
_LICENCES = (
    None,
    "http://creativecommons.org/licenses/by-nc-sa/4.0/",
    "http://creativecommons.org/publicdomain/zero/1.0/",
    "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    "http://creativecommons.org/licenses/by/4.0/](https://evil.example)",
    'http://creativecommons.org/licenses/by/4.0/"><script>',
    "javascript:alert(1)",
)
_pages = st.one_of(st.none(), st.integers(0, 400))
_statements = st.builds(Statement, text=words, page=_pages, checked=st.booleans())
_several = st.lists(_statements, max_size=5).map(tuple)
_results = st.builds(
    Result,
    metric=words,
    value=words,
    baseline=st.one_of(st.none(), words),
    dataset=st.one_of(st.none(), words),
    quote=words,
    page=_pages,
)
_shortfalls = st.lists(
    st.builds(Shortfall, paper_key=st.just("2611.90001v1"), title=words, why=words), max_size=3
).map(tuple)


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    highlights = tuple(draw(_highlight(number)) for number in range(draw(st.integers(0, 4))))
    noted = tuple(
        Noted(pick=draw(_pick(100 + number)), gist=draw(words)) for number in range(draw(st.integers(0, 4)))
    )
    receipt = Receipt(
        announced=draw(st.integers(0, 10**6)),
        considered=draw(st.integers(0, 10**6)),
        read_in_full=draw(st.integers(0, 25)),
        abstract_only=draw(_shortfalls),
        failed=draw(_shortfalls),
        cost_usd=draw(st.one_of(st.none(), st.floats(0, 1e6))),
        remarks=tuple(draw(st.lists(words, max_size=2))),
    )
    return small_digest(
        highlights=highlights, noted=noted, receipt=receipt, model=draw(words), interests=draw(words)
    )


def _pick(number: int) -> st.SearchStrategy[Pick]:
    papers = st.builds(
        lambda title, authors, licence: example_paper(
            number, title=title, authors=tuple(authors), licence=licence
        ),
        words,
        st.lists(words, max_size=4),
        st.sampled_from(_LICENCES),
    )
    return st.builds(Pick, paper=papers, score=st.just(0.5), reason=words)


@st.composite
def _highlight(draw: st.DrawFn, number: int) -> Highlight:
    pick = draw(_pick(number))
    changes: dict[str, Any] = {
        "gist": draw(_statements),
        "claim": draw(_statements),
        "method": draw(_several),
        "results": tuple(draw(st.lists(_results, max_size=4))),
        "critique": draw(_several),
        "implications": draw(_several),
        "model": draw(words),
        "not_read": draw(st.one_of(st.none(), words)),
        "kind": draw(st.sampled_from(SummaryKind)),
        "source": draw(st.sampled_from(TextSource)),
    }
    return Highlight(pick=pick, summary=example_summary(pick.paper, **changes))
