"""Answers that no language model writes: passages word for word (pure)."""

from collections.abc import Sequence

from bot.answers.material import Numbered
from bot.answers.sources import passage_source
from storage.model import Answer, AnswerKind

MIN_CONFIDENCE = 0.2
"""Without a model, no passages are shown below this confidence: twelve questions about the sample's papers
have .23 or more, and eleven of twelve about dough, dogs and weather less than .18. Of a paper that was named
they are shown even so: what is asked of it, such as what problem it solves, is often not in its own words."""
MAY_NOT_ANSWER = "These match your question poorly, and may not answer it."
BY_WORDS = (
    "Without a language model I can only look for the words of your question: ask in English, in words that "
    "papers use."
)
_MOST_PASSAGES = 3
_MOST_ABSTRACTS = 12
"""All that fit into a message whatever their titles are."""


def passages_alone(sources: Sequence[Numbered]) -> Answer:
    """The best passages; of abstracts, which tell what many papers are about, nearly all.

    Args:
        sources: At least one, the best first.
    """
    shown = sources[: _MOST_ABSTRACTS if _are_abstracts(sources) else _MOST_PASSAGES]
    return Answer(
        kind=AnswerKind.PASSAGES,
        sources=tuple(passage_source(source, number=number) for number, source in enumerate(shown, start=1)),
        remark=abstracts_left_out(shown, sources, "These are"),
    )


def abstracts_left_out(used: Sequence[Numbered], sources: Sequence[Numbered], verb: str) -> str | None:
    """A remark, after words such as "These are", if not all of some abstracts are used."""
    if len(used) == len(sources) or not _are_abstracts(sources):
        return None
    return f"{verb} {len(used)} of {len(sources)} abstracts."


def _are_abstracts(sources: Sequence[Numbered]) -> bool:
    return not any(source.passage.first_page or source.is_record for source in sources)
