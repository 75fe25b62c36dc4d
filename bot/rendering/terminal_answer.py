"""An answer in the terminal (pure): rich renderables, designed for 80 columns."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from bot.rendering import answer_words
from bot.texts.latex import plain_line
from storage.model import Answer, AnswerSentence, NearPaper, Source

_INDENT = 4


def answer_terminal(answer: Answer) -> RenderableType:
    """The answer with its sources. No text is interpreted as rich markup."""
    parts: list[RenderableType] = []
    notice = answer_words.notice(answer)
    if notice is not None:
        parts.append(Text(notice))
    if answer.sentences:
        parts.append(Text(" ").join(_sentence(sentence) for sentence in answer.sentences))
    if answer.sources:
        parts.append(Text())
        parts += (part for source in answer.sources for part in _source(source))
    if answer.nearest:
        parts += [Text(), Text(f"{answer_words.NEAREST}:", style="bold"), *map(_near, answer.nearest)]
    facts = answer_words.facts(answer)
    if facts:
        parts += [Text(), Text(" · ".join(facts), style="dim")]
    return Group(*parts)


def _sentence(sentence: AnswerSentence) -> Text:
    numbers = "".join(f"[{number}]" for number in sentence.sources)
    return Text.assemble(f"{plain_line(sentence.text)} ", (numbers, "blue"))


def _source(source: Source) -> list[RenderableType]:
    line = Text.assemble(
        (f"[{source.number}] ", "bold"), (answer_words.label(source), Style(link=source.page_url))
    )
    address = Text(source.page_url, style="dim")
    quote = Text(f"“{answer_words.quote(source)}”", style="italic")
    return [line, Padding(Group(quote, address), (0, 0, 0, _INDENT))]


def _near(paper: NearPaper) -> Text:
    words = f"- {answer_words.title(paper)}, {answer_words.key(paper)}"
    return Text(words, style=Style(link=paper.abs_url))
