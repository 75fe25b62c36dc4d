"""What a diligent model would answer: an object that follows the schema, in the document's own words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

_DATA = re.compile(r'<data id="(\w+)"[^>]*>\n(.*?)\n</data id="\1">', re.DOTALL)
_SENTENCE = re.compile(r"[A-Z](?:[^.!?]|\.(?=\d)){30,300}[.!?](?=\s|$)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?\s?%?")
_PAGE = re.compile(r"\bpage\W{0,2}(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    page: int


_PASSAGE = re.compile(r'Passage (\d+):\n<data id="(\w+)"[^>]*>\n(.*?)\n</data id="\2">', re.DOTALL)


def passages_in(prompt: str) -> dict[int, str]:
    """The numbered passages in the prompt of a question, without the lines that say where they are from."""
    return {int(found[1]): found[3].partition("\n\n")[2] for found in _PASSAGE.finditer(prompt)}


def answer_from_prompt(prompt: str) -> str:
    """An answer as JSON: the first sentence of each of the first two passages that have one, cited."""
    found = [
        (number, sentence)
        for number, text in passages_in(prompt).items()
        for sentence in _first_sentences(text)[:1]
    ]
    sentences = [{"text": text, "sources": [{"number": number, "quote": text}]} for number, text in found[:2]]
    return json.dumps({"about_papers": True, "answered": True, "sentences": sentences})


def _first_sentences(text: str) -> list[str]:
    """The first whole sentence of each paragraph; a heading has none."""
    found = (_SENTENCE.search(paragraph) for paragraph in text.split("\n\n"))
    return [" ".join(sentence[0].split()) for sentence in found if sentence is not None]


def summary_from_prompt(prompt: str, schema: Mapping[str, Any]) -> str:
    """JSON that follows `schema`, made of sentences from the wrapped documents in `prompt`.

    A property called `quote` gets a verbatim sentence with a number, `value` that number, and `page` the page
    it is on; other strings get a sentence, other values the smallest allowed.
    """
    documents = "\n".join(match[2] for match in _DATA.finditer(prompt)) or prompt
    return json.dumps(_Writer(documents, schema).value(schema))


def translation_from_prompt(prompt: str, *first: str, before: str = "Wörtlich: ") -> str:
    """JSON that translates the statements in `prompt`: the first ones so, the others by what comes before."""
    listed = [json.loads(line) for line in prompt.splitlines() if line.startswith('{"number"')]
    texts = [*first, *(before + statement["text"] for statement in listed[len(first) :])]
    return json.dumps(
        {"translations": [{"number": number, "text": text} for number, text in enumerate(texts, start=1)]}
    )


class _Writer:
    def __init__(self, documents: str, schema: Mapping[str, Any]) -> None:
        self._definitions = schema.get("$defs", {})
        self._sentences = _sentences(documents) or [_Sentence("The document says little.", 1)]
        self._measured = [sentence for sentence in self._sentences if _NUMBER.search(sentence.text)]
        self._turn = count()

    def value(self, schema: Mapping[str, Any]) -> Any:
        schema = self._resolved(schema)
        if "enum" in schema:
            return schema["enum"][0]
        kinds = schema.get("type", "object")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return [self.value(schema["items"]) for _ in range(max(1, schema.get("minItems", 1)))]
        if kind == "string":
            return self._next().text[: schema.get("maxLength", 400)]
        return {"integer": schema.get("minimum", 1), "number": 1.0, "boolean": True, "null": None}[kind]

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" in schema:
            return self._resolved(self._definitions[schema["$ref"].rsplit("/", 1)[-1]])
        return self._resolved(schema["anyOf"][0]) if "anyOf" in schema else schema

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        properties: Mapping[str, Any] = schema.get("properties", {})
        filled = {name: self.value(part) for name, part in properties.items()}
        source = self._measured[0] if "quote" in properties and self._measured else self._next()
        number = _NUMBER.search(source.text)
        own = {
            "quote": source.text,
            "page": source.page,
            "value": number[0].strip() if number else "1",
            "metric": max(re.findall(r"[A-Za-z]+", source.text), key=len),
            "baseline": None,
            "dataset": None,
        }
        if "quote" in properties:
            filled |= {name: words for name, words in own.items() if name in properties}
        elif "page" in properties and "text" in properties:
            filled |= {"text": source.text, "page": source.page}
        return filled

    def _next(self) -> _Sentence:
        return self._sentences[next(self._turn) % len(self._sentences)]


def _sentences(documents: str) -> list[_Sentence]:
    marks = [(mark.start(), int(mark[1])) for mark in _PAGE.finditer(documents)]
    return [
        _Sentence(
            " ".join(match[0].split()),
            next((page for start, page in reversed(marks) if start < match.start()), 1),
        )
        for match in _SENTENCE.finditer(documents)
    ]
