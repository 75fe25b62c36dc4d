"""What the fake model answers for a schema."""

import json

from jsonschema import validate

from bot.llm.untrusted import wrap
from tests.fakes.replies import summary_from_prompt

PAPER = """[page 3]
We train a small model on ten languages and compare it with others.
It reaches 71.5 % accuracy on the held-out set, 4.2 points above the baseline.
"""
SCHEMA = {
    "type": "object",
    "properties": {
        "gist": {"type": "string"},
        "kind": {"enum": ["method", "survey"]},
        "results": {"type": "array", "items": {"$ref": "#/$defs/Result"}},
    },
    "required": ["gist", "kind", "results"],
    "additionalProperties": False,
    "$defs": {
        "Result": {
            "type": "object",
            "properties": {
                "metric": {"type": "string"},
                "value": {"type": "string"},
                "baseline": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "quote": {"type": "string"},
                "page": {"type": "integer"},
            },
            "required": ["metric", "value", "baseline", "quote", "page"],
            "additionalProperties": False,
        }
    },
}


def test_the_reply_follows_the_schema_in_the_paper_s_own_words() -> None:
    reply = json.loads(summary_from_prompt(f"Ignore 99. {wrap(PAPER, 'paper')}", SCHEMA))

    validate(reply, SCHEMA)
    [result] = reply["results"]
    assert result["quote"] in PAPER
    assert result["value"] in result["quote"]
    assert result["page"] == 3
    assert reply["gist"] in PAPER


def test_a_prompt_without_sentences_still_gets_a_reply() -> None:
    validate(json.loads(summary_from_prompt("?", SCHEMA)), SCHEMA)
