"""Everything a language model is told in order to answer."""

import json
from collections.abc import Sequence

from bot.answers.asked import TURNS
from bot.answers.material import Numbered
from bot.llm.context import reply_limit
from bot.llm.port import Prompt, estimated_tokens
from bot.llm.schemas import list_of, object_of, text_of
from bot.llm.untrusted import RULE, wrap
from bot.papers.passages import below_heading
from storage.model import Turn

REPLY_TOKENS = 1_200
_TURN_CHARACTERS = 800
_SENTENCE_CHARACTERS = 800
"""More than a sentence or a quote needs, but an end for a model that goes round in circles."""
_QUOTE_CHARACTERS = 400
_MOST_SOURCES = 3


SCHEMA = object_of(
    {
        "about_papers": {
            "type": "boolean",
            "description": "False only for small talk and for wishes that have nothing to do with research.",
        },
        "answered": {"type": "boolean", "description": "False if no passage helps to answer the question."},
        "sentences": list_of(
            object_of(
                {
                    "text": text_of(_SENTENCE_CHARACTERS, "One sentence that can be read alone."),
                    "sources": list_of(
                        object_of(
                            {
                                "number": {"type": "integer", "description": "Of a passage above."},
                                "quote": text_of(
                                    _QUOTE_CHARACTERS, "5 to 30 words of it, verbatim, that say so."
                                ),
                            }
                        ),
                        at_most=_MOST_SOURCES,
                    ),
                }
            ),
            at_most=5,
        ),
    }
)

SYSTEM = f"""\
You answer a question about research papers, from numbered passages of these papers and from nothing else.

{RULE}

How to write:
- One to five short sentences. The first one answers; the others say under which conditions.
- Give each sentence its sources: the numbers of the passages that say it, each with a quote, which is a run
  of the passage's words copied exactly.
- Keep to the words of the passages for what was done and measured. Copy every number with its unit and its
  qualifier ("up to", "at least") and say the same of it: "reduced to" and "reduced by" are different.
- Say which paper or method a statement is about by its name. Never mix what two papers say.
- Plain text in English: no Markdown, no LaTeX, no links, no source numbers inside the text, no remarks about
  the passages or about this task.
- If no passage helps, set "answered" to false and leave "sentences" empty. Do not guess, and do not use what
  you know from elsewhere.
- If the question is small talk or has nothing to do with research, set "about_papers" to false.
- Earlier turns only tell what the question refers to. They are no source.
- A question that is no more than a paper's name asks the same as the turn before it; without one, what the
  paper is about.
"""


def answer_prompt(
    question: str, sources: Sequence[Numbered], turns: Sequence[Turn] = (), *, context_tokens: int
) -> tuple[Prompt, tuple[Numbered, ...]]:
    """The prompt, and the passages that fit into it: the last ones are left out first.

    Args:
        question: In the person's words, with titles in place of ids and links.
        sources: Numbered from 1, the best first.
        turns: The conversation so far, oldest first.
        context_tokens: How much fits into one call, prompt and reply together.
    """
    earlier = _earlier(turns)
    asked = f"The question:\n{wrap(question, label='question')}"
    room = context_tokens - reply_tokens(context_tokens)
    room -= sum(map(estimated_tokens, (SYSTEM, json.dumps(SCHEMA), earlier, asked)))
    blocks: list[str] = []
    for source in sources:
        block = _passage(source)
        room -= estimated_tokens(block)
        if blocks and room < 0:
            break
        blocks.append(block)
    user = "\n\n".join(filter(None, (*blocks, earlier, asked)))
    prompt = Prompt(system=SYSTEM, user=user, schema=SCHEMA, schema_name="answer")
    return prompt, tuple(sources[: len(blocks)])


def reply_tokens(context_tokens: int) -> int:
    """How many tokens a reply may have."""
    return reply_limit(REPLY_TOKENS, context_tokens)


def _passage(source: Numbered) -> str:
    about = [f"Paper: {source.title}"]
    if source.passage.heading:
        about.append(f"Section: {source.passage.heading}")
    text = "\n".join((*about, "", below_heading(source.passage)))
    return f"Passage {source.number}:\n{wrap(text, label=f'passage {source.number}')}"


def _earlier(turns: Sequence[Turn]) -> str:
    if not turns:
        return ""
    said = "\n".join(
        f"Question: {turn.question[:_TURN_CHARACTERS]}\nAnswer: {turn.answer[:_TURN_CHARACTERS]}"
        for turn in turns[-TURNS:]
    )
    return f"Earlier turns of this conversation:\n{wrap(said, label='earlier turns')}"
