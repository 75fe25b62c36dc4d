"""The words of answers that all renderings share (pure): plain text, which each escapes in its own way."""

from bot.rendering.wording import counted
from bot.texts.latex import plain_line
from storage.model import Answer, AnswerKind, NearPaper, Source

NOT_IN_PAPERS = "The papers I have don't answer this."
OFF_TOPIC = (
    "I answer questions about papers. Ask me what a paper found, how it works, or what it leaves open. "
    "On Discord, /ask also takes a paper's link, and /summarize sums a paper up."
)
"""Fits calls for help, thanks and greetings too, which ask for nothing that could be refused."""
NEAREST = "Closest papers I have"


def notice(answer: Answer) -> str | None:
    """What stands in place of an answer, or above the passages; None if an answer needs neither."""
    if answer.kind is AnswerKind.NOT_IN_PAPERS:
        return NOT_IN_PAPERS
    if answer.kind is AnswerKind.OFF_TOPIC:
        return OFF_TOPIC
    if answer.kind is AnswerKind.PASSAGES:
        return "The passages closest to the question, word for word:"
    return None


def title(paper: Source | NearPaper) -> str:
    """The paper's title on one line; its key if it has none."""
    return plain_line(paper.title) or key(paper)


def key(paper: Source | NearPaper) -> str:
    """Such as `arXiv:2404.12345v2`."""
    return f"arXiv:{paper.paper_key}"


def pages(source: Source) -> str:
    """`p. 7`, `pp. 7–8`, `abstract`, or `arXiv's record`."""
    if source.of_record:
        return "arXiv's record"
    if not source.first_page:
        return "abstract"
    if source.first_page == source.last_page:
        return f"p.\N{NO-BREAK SPACE}{source.first_page}"
    return f"pp.\N{NO-BREAK SPACE}{source.first_page}–{source.last_page}"


def label(source: Source) -> str:
    """Such as `Title, arXiv:2404.12345v2, p. 7, §3.2`."""
    return ", ".join(filter(None, (title(source), key(source), pages(source), section(source))))


def section(source: Source) -> str:
    """The section's number or heading; empty for the abstract, which `pages` names already."""
    words = plain_line(source.section)
    return "" if not source.first_page and words.casefold() == "abstract" else words


def quote(source: Source) -> str:
    """The paper's words on one line."""
    return plain_line(source.quote)


def facts(answer: Answer) -> list[str]:
    """What else a reader should know, each in a sentence or less."""
    told = []
    if answer.remark:
        told.append(plain_line(answer.remark).removesuffix("."))  # as other facts follow after a dot
    if answer.searched:
        told.append(f"Looked in: {plain_line(answer.searched)}")
    if answer.kind is AnswerKind.PASSAGES:
        told.append("Written by: no language model (passages only)")
    elif answer.model and answer.kind is AnswerKind.ANSWER:
        told.append(f"Written by: {plain_line(answer.model)}")
    if answer.dropped:
        told.append(f"Left out: {counted(answer.dropped, 'sentence')} that the papers don't support")
    return told
