"""The best papers, put into a better order by a language model that reads their abstracts (pure).

Here are the prompt and the reading of its reply. The model can only move papers that it was shown; a paper of
which its reply says nothing usable stays where it was.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import accumulate

from bot.llm.context import reply_limit
from bot.llm.port import Prompt, estimated_tokens, within_tokens
from bot.llm.schemas import list_of, object_of, text_of
from bot.llm.untrusted import RULE, wrap
from bot.papers.ids import find_first
from bot.taste.arrangement import MOST_MOVED
from storage.model import Pick

_ABSTRACT_CHARACTERS = 1500
"""Of each abstract, where they fit: 60 of them take about 30,000 tokens."""
_LEAST_ABSTRACT_TOKENS = 60
"""180 characters of English: where less of each would fit, fewer papers are shown."""
_REPLY_TOKENS = 4_000
"""Sixty ids, and the reasoning that some models put before them."""
_ID_CHARACTERS = 40
"""More than any id has, as in `astro-ph.CO/0601001`."""

SCHEMA = object_of(
    {
        "order": list_of(
            text_of(_ID_CHARACTERS),
            "The ids of the papers, the one the community would most like to read first.",
            at_most=MOST_MOVED,
        )
    }
)

_SYSTEM = f"""\
You order papers for a community by how much it would like to read them. You get its interests in its own
words and then papers, each with an id, a title and an abstract. Judge by what the abstract says was done, not
by how it praises itself. Answer with the ids of all papers, the best first, each once, and no other ids.

{RULE}"""


def rerank_prompt(picks: Sequence[Pick], interests: str, *, context_tokens: int) -> Prompt:
    """Ask for the order of the first 60 picks; of fewer, with shorter abstracts, in a small context."""
    told = wrap(interests, "interests")
    heads = [f"id: {pick.paper.id}\ntitle: {pick.paper.title}\nabstract: " for pick in picks[:MOST_MOVED]]
    room = context_tokens - reply_tokens(context_tokens)
    room -= sum(map(estimated_tokens, (_SYSTEM, json.dumps(SCHEMA), told, wrap("", "papers"))))
    tokens = [*accumulate(estimated_tokens(head) + _LEAST_ABSTRACT_TOKENS for head in heads)]
    shown = max(1, sum(total <= room for total in tokens))
    abstract_tokens = _LEAST_ABSTRACT_TOKENS + max(0, room - tokens[shown - 1]) // shown
    papers = [
        head + within_tokens(pick.paper.abstract[:_ABSTRACT_CHARACTERS], abstract_tokens)
        for head, pick in zip(heads[:shown], picks, strict=False)
    ]
    listed = "\n\n".join(papers)
    user = f"{told}\n\n{wrap(listed, 'papers')}"
    return Prompt(system=_SYSTEM, user=user, schema=SCHEMA, schema_name="order")


def reply_tokens(context_tokens: int) -> int:
    """How many tokens a reply may have."""
    return reply_limit(_REPLY_TOKENS, context_tokens)


def movable(picks: Sequence[Pick], pinned: Collection[str]) -> list[Pick]:
    """Those of the picks, best first, that the model may move; `pinned` has versionless ids."""
    return [pick for pick in picks[:MOST_MOVED] if pick.paper.id not in pinned]


def named_picks(moving: Sequence[Pick], order: object) -> list[Pick]:
    """The picks that a reply's `order` names, in that order, each once; anything else in it is ignored.

    Models write ids as they know them, such as `arXiv:2404.12345v1`.
    """
    unnamed = {pick.paper.id: pick for pick in moving}
    ids = [find_first(one) for one in order if isinstance(one, str)] if isinstance(order, list) else []
    return [found for one in ids if one is not None and (found := unnamed.pop(one.paper_id, None))]


def reranked(picks: Sequence[Pick], named: Sequence[Pick]) -> tuple[Pick, ...]:
    """The picks, best first, with those that were named in their new order.

    The others keep their places. Scores stay with the places, so that they never rise down the list.
    """
    moving = {pick.paper.id for pick in named}
    following = iter(named)
    moved = [next(following) if pick.paper.id in moving else pick for pick in picks]
    return tuple(replace(pick, score=place.score) for pick, place in zip(moved, picks, strict=True))
