"""An answer as one Discord message: Components V2, within every limit (pure)."""

from dataclasses import dataclass

import discord

from bot.rendering import answer_words
from bot.rendering.discord_components import Component
from bot.rendering.discord_pages import MESSAGE_LENGTH
from bot.rendering.discord_text import link, shown
from bot.rendering.discord_view import View, view_of
from bot.rendering.limits import length
from storage.model import Answer, AnswerKind, AnswerSentence, Source

_MORE = "Ask more"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ANSWER_COLOUR, _PASSAGES_COLOUR, _NOTHING_COLOUR = 0x2E8B6F, 0xC98A1B, 0x6B6F76


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """How much is shown; lengths in characters of escaped text."""

    sentence: int
    quote: int
    title: int
    question: int
    section: int = 40
    fact: int = 200
    linked: bool = True
    """Whether the numbers in the text are links; those in the list of sources always are."""


# The first that fits is taken; with the last, even the longest answer in the worst text fits.
_CUTS = (
    _Cut(sentence=800, quote=900, title=150, question=300),
    _Cut(sentence=600, quote=450, title=120, question=300),
    _Cut(sentence=450, quote=250, title=90, question=200),
    _Cut(sentence=350, quote=120, title=70, question=150),
    _Cut(sentence=300, quote=0, title=50, question=120),
    _Cut(sentence=160, quote=0, title=20, question=80, section=0, fact=60, linked=False),
)


def answer_view(answer: Answer, *, question: str | None = None, more: str | None = None) -> View:
    """The answer with its sources.

    Args:
        answer: The answer to show.
        question: Shown above the answer; None where the channel shows it already.
        more: The id of the conversation, for the button that continues it; None for no button.
    """
    texts = _fitted(answer, question, MESSAGE_LENGTH - length(_MORE))
    container: discord.ui.Container[View] = discord.ui.Container(accent_colour=_colour(answer))
    for place, text in enumerate(texts):
        if place:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(text))
    if more is not None:
        button: discord.ui.Button[View] = discord.ui.Button(
            label=_MORE, custom_id=Component.MORE.custom_id(more)
        )
        container.add_item(discord.ui.ActionRow(button))
    return view_of(container)


def _fitted(answer: Answer, question: str | None, limit: int) -> list[str]:
    texts: list[str] = []
    for cut in _CUTS:
        texts = _texts(answer, question, cut)
        if sum(map(length, texts)) <= limit:
            break
    return texts


def _texts(answer: Answer, question: str | None, cut: _Cut) -> list[str]:
    head = [f"> “{shown(question, cut.question)}”"] if question else []
    notice = answer_words.notice(answer)
    if notice is not None:
        head.append(notice)
    if answer.sentences:
        urls = {source.number: source.page_url for source in answer.sources}
        head.append(" ".join(_sentence(sentence, urls, cut) for sentence in answer.sentences))
    parts = ["\n".join(head)] if head else []
    if answer.sources:
        parts.append("\n".join(_source(source, cut) for source in answer.sources))
    if answer.nearest:
        listed = (
            f"- {link(answer_words.title(paper), paper.abs_url, cut.title)} {shown(answer_words.key(paper))}"
            for paper in answer.nearest
        )
        parts.append("\n".join((f"**{answer_words.NEAREST}**", *listed)))
    facts = " · ".join(shown(fact, cut.fact) for fact in answer_words.facts(answer))
    if facts:
        parts[-1] += f"\n-# {facts}"
    return parts


def _sentence(sentence: AnswerSentence, urls: dict[int, str], cut: _Cut) -> str:
    marks = [(str(number).translate(_SUPERSCRIPTS), urls[number]) for number in sentence.sources]
    numbers = "˒".join(f"[{mark}]({url})" if cut.linked else mark for mark, url in marks)
    return f"{shown(sentence.text, cut.sentence)}{numbers}"


def _source(source: Source, cut: _Cut) -> str:
    where = f"{shown(answer_words.key(source))}, [{answer_words.pages(source)}]({source.page_url})"
    section = shown(answer_words.section(source), cut.section)
    if section:
        where += f", {section}"
    line = f"**{source.number}** {link(answer_words.title(source), source.abs_url, cut.title)}, {where}"
    if not cut.quote:
        return line
    return f"{line}\n> “{shown(answer_words.quote(source), cut.quote)}”"


def _colour(answer: Answer) -> int:
    colours = {AnswerKind.ANSWER: _ANSWER_COLOUR, AnswerKind.PASSAGES: _PASSAGES_COLOUR}
    return colours.get(answer.kind, _NOTHING_COLOUR)
