"""Everything that summaries say to a language model.

Raise PROMPT_VERSION with any change here that may change replies: stored summaries of the old version are
then made again when someone asks for them.
"""

import json
from collections.abc import Sequence

from bot.llm.port import Prompt, estimated_tokens, within_tokens
from bot.llm.schemas import Schema, list_of, object_of, text_of
from bot.llm.untrusted import RULE, wrap
from bot.summaries.draft import (
    FIELD_CHARACTERS,
    LIST_LENGTH,
    PARAGRAPH_CHARACTERS,
    QUOTE_CHARACTERS,
    Draft,
)
from storage.model import Paper, PaperText

PROMPT_VERSION = 2

_SLACK = 4 / 3
"""How much longer than what is kept a text may be, so that code ends it at a word, and not the server."""
_STATEMENT = text_of(int(_SLACK * PARAGRAPH_CHARACTERS))


def _field(description: str, *, or_nothing: bool = False) -> Schema:
    return text_of(int(_SLACK * FIELD_CHARACTERS), description, or_nothing=or_nothing)


SCHEMA = object_of(
    {
        "gist": _STATEMENT | {"description": "One sentence: what is new, and what it achieves."},
        "claim": _STATEMENT | {"description": "The core claim in one or two sentences, with its conditions."},
        "method": list_of(_STATEMENT, "Two to four statements: how it works or was studied.", at_most=4),
        "results": list_of(
            object_of(
                {
                    "metric": _field("What was measured, such as: exact match."),
                    "value": _field("As the paper writes it, with unit and qualifier."),
                    "baseline": _field("What it is compared with, and its value.", or_nothing=True),
                    "dataset": _field("The data set or task.", or_nothing=True),
                    "page": {
                        "type": ["integer", "null"],
                        "description": "Number of the [page n] mark above.",
                    },
                    "quote": text_of(
                        int(_SLACK * QUOTE_CHARACTERS),
                        "The words of the paper that hold the value, verbatim.",
                    ),
                }
            ),
            "Up to five main measured results; empty if nothing was measured.",
            at_most=5,
        ),
        "critique": list_of(_STATEMENT, "One to three limits: of scope, evidence or method.", at_most=3),
        "implications": list_of(
            _STATEMENT, "One or two consequences for people who build or study such systems.", at_most=2
        ),
    }
)

_SYSTEM = f"""\
You summarise one research paper for readers who work in the field.

{RULE}

How to write:
- Specific over vague: name the mechanism, the data sets, the baselines, the sizes. No praise and no hype
  (novel, groundbreaking, remarkable), no remarks about this task.
- Write in English, whatever language the paper is in; quotes and values stay as the paper has them.
- Plain text in every field: no Markdown, no LaTeX, no links, no citations.
- Use only what the text says. Leave a list empty rather than guess.
- Copy every number as the paper writes it, with its unit and its qualifier ("up to", "at least"), and say the
  same of it: "reduced to 12.5 %" and "reduced by 12.5 %" are different results. Don't round or compute.
- Statements with numbers use the paper's own words for what was measured.
- A quote is a run of the paper's words, copied exactly, 5 to 30 words long, that holds the value.
- Critique what the evidence does not show: missing baselines, narrow data, unclear costs, admitted limits.
"""

_NOTES_SYSTEM = f"""\
{_SYSTEM}
The text is one part of a longer paper. Summarise what this part says; leave what it does not tell empty.
"""

_MERGE_SYSTEM = f"""\
{_SYSTEM}
The text is notes on the parts of one paper, in its order, as JSON. Write one summary of the whole paper from
them. Copy numbers, quotes and pages from the notes unchanged, and keep the most important ones.
"""


def summary_prompt(paper: Paper, text: PaperText, chunk: str) -> Prompt:
    """The prompt for a paper whose chosen parts fit into one call."""
    source = "full text; [page n] marks where page n starts" if text.is_full else "abstract only"
    return _prompt(_SYSTEM, f"{_introduction(paper)}\nThe paper ({source}):\n{wrap(chunk, label='paper')}")


def notes_prompt(paper: Paper, chunk: str, *, part: int, parts: int) -> Prompt:
    """The prompt for one of several parts of a long paper."""
    user = f"{_introduction(paper)}\nPart {part} of {parts}; [page n] marks where page n starts:\n"
    return _prompt(_NOTES_SYSTEM, user + wrap(chunk, label=f"part {part}"))


def merge_prompt(paper: Paper, notes: Sequence[Draft], *, max_tokens: int) -> Prompt:
    """The prompt that makes one summary of the notes on all parts, shortened to fit into `max_tokens`."""
    listed = ""
    for items in (LIST_LENGTH, 3, 2, 1):
        listed = "\n".join(_as_json(draft, items) for draft in notes)
        if estimated_tokens(listed) <= max_tokens:
            break
    listed = within_tokens(listed, max_tokens)
    return _prompt(_MERGE_SYSTEM, f"{_introduction(paper)}\nThe notes:\n{wrap(listed, label='notes')}")


def overhead_tokens(paper: Paper) -> int:
    """How many tokens a prompt takes besides the text."""
    longest = _prompt(_MERGE_SYSTEM, _introduction(paper))
    return sum(map(estimated_tokens, (longest.system, longest.user, json.dumps(SCHEMA)))) + 100


def _introduction(paper: Paper) -> str:
    return f"Title:\n{wrap(paper.title, label='title')}"


def _prompt(system: str, user: str) -> Prompt:
    return Prompt(system=system, user=user, schema=SCHEMA, schema_name="paper_summary")


def _as_json(draft: Draft, items: int) -> str:
    record = {
        "gist": draft.gist,
        "claim": draft.claim,
        "method": draft.method[:items],
        "results": [
            {
                name: getattr(result, name)
                for name in ("metric", "value", "baseline", "dataset", "page", "quote")
            }
            for result in draft.results[:items]
        ],
        "critique": draft.critique[:items],
        "implications": draft.implications[:items],
    }
    return json.dumps(record, ensure_ascii=False)
