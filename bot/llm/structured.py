"""JSON that a language model wrote: found in its reply, and checked against a schema (pure)."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

_SHOWN_CHARACTERS = 300
_END_OF_THOUGHT = "</think>"
"""Servers without a parser for it leave it in the reply
(https://docs.vllm.ai/en/latest/features/reasoning_outputs/)."""
_DECODER = json.JSONDecoder(strict=False)  # models leave line breaks inside strings


class UnusableJsonError(ValueError):
    """The reply is not the JSON that was asked for; `str(error)` tells the model what to fix."""


def parsed(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The first object in `text` that follows `schema`: bare, in a code fence, or with words around it.

    It may also be the only value of another one, as in `{"summary": {...}}`.

    The model's thoughts, up to `</think>`, are searched only if nothing else fits: they may contain drafts.

    Raises:
        UnusableJsonError: there is none; the message says what is wrong with the first candidate.
    """
    validator = Draft202012Validator(schema)
    first_problem = None
    thought, end, said = text.rpartition(_END_OF_THOUGHT)
    for found in chain(_objects_in(said), _objects_in(thought) if end else ()):
        if isinstance(found, str):
            first_problem = first_problem or found
            continue
        for one in (found, *_inside(found)):
            problem = _problem(validator, one)
            if problem is None:
                return one
            first_problem = first_problem or problem
    raise UnusableJsonError(first_problem or "there is no JSON object in it")


def _objects_in(text: str) -> Iterator[dict[str, Any] | str]:
    """Every JSON object that starts at a brace outside the previous ones, or what is wrong there."""
    start = text.find("{")
    while start >= 0:
        end = start + 1
        try:
            found, end = _DECODER.raw_decode(text, start)
        except ValueError as error:  # a JSONDecodeError, or a number of more than 4,300 digits
            yield f"it is not valid JSON: {error}"
        except RecursionError:
            yield "it is nested too deeply"
            return
        else:
            yield found
        start = text.find("{", end)


def _inside(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The object that is the only value of another; models given a schema by name often answer like that."""
    values = list(found.values())
    return values if len(values) == 1 and isinstance(values[0], dict) else []


def _problem(validator: Draft202012Validator, found: Mapping[str, Any]) -> str | None:
    error = best_match(validator.iter_errors(found))
    return None if error is None else f"{error.json_path}: {error.message[:_SHOWN_CHARACTERS]}"
