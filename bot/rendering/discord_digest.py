"""A digest's head as Discord Markdown: the week in brief (pure)."""

from bot.rendering import wording
from bot.rendering.discord_pages import Section
from bot.rendering.discord_text import escape, link, shown
from bot.rendering.receipts import receipt_lines
from storage.model import Digest, Highlight, Noted


def sections(digest: Digest) -> list[Section]:
    """The head's sections: dates and counts, highlights, also noted, receipt."""
    highlights = tuple(
        _highlight(number, highlight) for number, highlight in enumerate(digest.highlights, start=1)
    )
    return [
        Section(blocks=(f"## {escape(wording.headline(digest))}\n{shown(wording.overview(digest), 400)}",)),
        Section(heading="### Highlights", blocks=highlights or ("No paper was highlighted this week.",)),
        Section(heading="### Also noted", blocks=tuple(map(_noted, digest.noted))),
        Section(heading="### Receipt", blocks=tuple(_receipt(digest))),
    ]


def _highlight(number: int, highlight: Highlight) -> str:
    paper = highlight.pick.paper
    gist = wording.statement(paper, highlight.summary.gist)
    lines = [f"**{number}.** **{link(wording.title(paper), paper.abs_url, 250)}**"]
    if gist.text:
        lines.append(shown(gist.text, 350) + ("" if gist.checked else f" *{wording.UNCHECKED}*"))
    if reason := wording.reason(highlight.pick):
        lines.append(f"-# {shown(reason, 200)}")
    return "\n".join(lines)


def _noted(noted: Noted) -> str:
    paper = noted.pick.paper
    gist = shown(wording.gist(noted), 200)
    return f"- {link(wording.title(paper), paper.abs_url, 180)}" + (f": {gist}" if gist else "")


def _receipt(digest: Digest) -> list[str]:
    lines = (*receipt_lines(digest.receipt), f"Written by: {wording.model(digest)}")
    return [f"-# {shown(line, 600)}" for line in lines]
