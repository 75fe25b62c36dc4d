"""A digest as one Markdown file (pure)."""

import re

from bot.rendering import wording
from bot.rendering.licences import creative_commons
from bot.rendering.receipts import receipt_rows
from storage.model import Digest, Highlight, Noted, Paper, Summary

_ACTIVE = re.compile(
    r"[\\*_`|\[\]<>~$]|&(?=#?\w+;)|:(?=//)|(?<=www)\.|@"
    r"|(?<!\w)#(?=\w)|=(?==)|%(?=%)"
)
_LINE_START = re.compile(r"^(\s*)([#+=-])|^(\s*\d+)([.)])(?=\s)", re.MULTILINE)


def escape(text: str) -> str:
    """Text from elsewhere, to be shown literally: no formatting, links, mentions, HTML or formulas.

    A backslash may precede any ASCII punctuation: https://spec.commonmark.org/0.31.2/#backslash-escapes.
    Addresses, `www.` and `@` are escaped because of GitHub's autolinks and mentions, `#SAT`, `==` and `%%`
    because of Obsidian's tags, highlights and comments
    (https://help.obsidian.md/obsidian-flavored-markdown).
    """
    return _LINE_START.sub(_at_line_start, _ACTIVE.sub(r"\\\g<0>", text))


def digest_markdown(digest: Digest) -> str:
    """The whole digest, ending in a newline."""
    blocks = [
        f"# {escape(wording.headline(digest))}",
        escape(wording.overview(digest)),
        "## Highlights" if digest.highlights else "No paper was highlighted this week.",
        *(_highlight(number, highlight) for number, highlight in enumerate(digest.highlights, start=1)),
    ]
    if digest.noted:
        blocks += ["## Also noted", noted_lines(digest)]
    blocks += ["## Receipt", receipt_table(digest)]
    return "\n\n".join(blocks) + "\n"


def paper_markdown(paper: Paper, summary: Summary, *, reason: str | None = None) -> str:
    """One paper's summary, without its title."""
    words = filter(None, (wording.authors(paper), ", ".join(paper.categories), paper.key))
    about = [*map(escape, words), f"[PDF]({paper.pdf_url})"]
    if licence := creative_commons(paper):
        about.append(f"[{licence.label}]({licence.url})")
    blocks = [" · ".join(about)]
    if reason:
        blocks.append(f"*Picked because: {_line(reason)}*")
    gist = wording.statement(paper, summary.gist)
    if gist.text:
        blocks.append(f"**{_line(gist.text)}**{gist.markdown_tail}")
    for part in wording.parts(paper, summary):
        blocks += [f"**{part.heading}**", "\n".join(map(_statement, part.lines))]
    facts = " ".join(f"{fact}." for fact in wording.facts(summary))
    blocks.append(f"*{escape(facts)}*")
    return "\n\n".join(blocks)


def noted_lines(digest: Digest) -> str:
    """The “also noted” papers as a list."""
    return "\n".join(map(_noted, digest.noted))


def receipt_table(digest: Digest) -> str:
    """What the digest covers, and what it does not."""
    rows = [*receipt_rows(digest.receipt), ("Written by", wording.model(digest))]
    return "\n".join(["| | |", "|---|---|", *(f"| {_line(name)} | {_line(value)} |" for name, value in rows)])


def _highlight(number: int, highlight: Highlight) -> str:
    paper = highlight.pick.paper
    heading = f"### {number}. [{_line(wording.title(paper))}]({paper.abs_url})"
    return f"{heading}\n\n{paper_markdown(paper, highlight.summary, reason=wording.reason(highlight.pick))}"


def _noted(noted: Noted) -> str:
    paper, gist = noted.pick.paper, wording.gist(noted)
    return f"- [{_line(wording.title(paper))}]({paper.abs_url})" + (f": {_line(gist)}" if gist else "")


def _statement(line: wording.Line) -> str:
    quote = f"\n  > “{_line(line.quote)}”" if line.quote else ""
    return f"- {_line(line.text)}{line.markdown_tail}{quote}"


def _line(text: str) -> str:
    return escape(" ".join(text.split()))


def _at_line_start(match: re.Match[str]) -> str:
    before, sign = (match[1], match[2]) if match[2] else (match[3], match[4])
    return f"{before}\\{sign}"
