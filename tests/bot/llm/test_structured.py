"""JSON is found in what models write around it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm.structured import UnusableJsonError, parsed

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '```json\n{"a": 1}\n```',
        'Sure! Here it is: {"a": 1} Anything else?',
        '<think>perhaps {x} or {"b": 2}</think>{"a": 1}',
        '<think>perhaps {"a": 2}, no</think>{"a": 1}',
        '<think>it has to be {"a": 1}</think>That is it.',
        '{"summary": {"a": 1}}',
        '{"a": 1, "note": "two\nlines"}',
    ],
)
def test_the_object_is_found(text: str) -> None:
    assert parsed(text, SCHEMA)["a"] == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ('{"a": 1', "not valid JSON"),
        ('{"a": "one"}', r"\$\.a: 'one' is not of type 'integer'"),
        ('{"b": 1}', "'a' is a required property"),
        ('{"a":' * 5000, "nested too deeply|not valid JSON"),
        ('{"gist": ' + "9" * 5000 + "}", "not valid JSON"),
    ],
)
def test_what_is_wrong_is_said(text: str, problem: str) -> None:
    with pytest.raises(UnusableJsonError, match=problem):
        parsed(text, SCHEMA)


@given(st.text(alphabet='{}[]":,a1\\ \n'))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        found = parsed(text, SCHEMA)
    except UnusableJsonError:
        return
    assert json.loads(json.dumps(found)) == found
