"""Reads a model's reply: its sentences, and the passages each of them cites (pure)."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.answers.pointers import passages_cited, without_opening, without_pointers
from bot.checks.cleaning import SENTENCE_CHARACTERS, cleaned
from bot.checks.sentences import plain, sentences

_MOST_CHARACTERS = 16 * SENTENCE_CHARACTERS
"""More than one sentence needs, but an end for a model that goes round in circles."""
_NO_SENTENCE = re.compile(
    r"^[ \t]*+(?:\|(?!\|).*\|[ \t]*$|(?:#{1,6}[ \t].*[^.!?\s]|\*\*[^*\n]*[^*\n.!?]\*\*|.*:)[ \t]*(?=\n))",
    re.MULTILINE,
)
"""A row of a table; a heading, or a line that ends with a colon, if something follows."""
_BLOCK_END = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:#{1,6}[ \t]|[-*•>][ \t]|\d{1,2}[.)][ \t]))")
"""Where a paragraph or an item of a list ends; a line may also end inside of one."""
_ADDRESS = re.compile(
    r"(?<!\]\()\b(?:\w+://[^\s)\]]*|(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|io|ai|gg|dev|app|co|me"
    r"|info|xyz|edu|gov|ru|cn|de|uk|example|test|link|ly)(?:/[^\s)]*)?(?![\w-]))",
    re.IGNORECASE,
)
"""Without bounds "a.b.a.b." would be scanned again from each of its letters: ten thousand of them, in a paper
or a reply, would block all threads for half a minute."""
_LEFT_OF_LINKS = re.compile(r"\(\s*\)|\[\s*\]|(?<!\s)\s+(?=[.,;:!?)](?:\s|$))")
_VERDICT = re.compile(r"\A(?:yes|no)\s*(?:[.,:;!\u2013\u2014]\s*|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence as the model wrote it."""

    text: str
    cited: Mapping[int, str]
    """Passage number -> the quote offered for it; empty without one."""


def sentences_said(data: Mapping[str, Any], texts: Iterable[str]) -> list[Said]:
    """The sentences of a reply, each once, in plain characters.

    Args:
        data: A reply that follows the schema, or nearly.
        texts: What the passages say: an address that they name stays.
    """
    items = data.get("sentences")
    named = {match[0].casefold() for text in texts for match in _ADDRESS.finditer(text)}
    found: list[Said] = []
    for item in items if isinstance(items, list) else ():
        raw = item.get("text") if isinstance(item, Mapping) else item
        if not isinstance(raw, str):
            continue
        raw = raw[:_MOST_CHARACTERS]
        cited = _cited(item if isinstance(item, Mapping) else {}, raw)
        for block in _BLOCK_END.split(_NO_SENTENCE.sub("", raw)):
            text = _without_addresses(without_pointers(block), named)
            parts = sentences(plain(cleaned(text, 2 * SENTENCE_CHARACTERS)))
            found += (Said(text=part, cited=cited) for part in map(_without_opening, parts))
    return list({one.text: one for one in found if any(map(str.isalnum, one.text))}.values())


def _without_opening(sentence: str) -> str:
    """The sentence without an opening "yes", "no" or "According to passage 2,".

    No passage has them, and such a "no" negates nothing in the sentence.
    """
    rest = without_opening(_VERDICT.sub("", sentence))
    return sentence if rest == sentence else rest[:1].upper() + rest[1:]


def _cited(item: Mapping[str, Any], raw: str) -> dict[int, str]:
    cited: dict[int, str] = {}
    listed = item.get("sources")
    for source in listed if isinstance(listed, list) else ():
        number = source.get("number") if isinstance(source, Mapping) else source
        quote = source.get("quote") if isinstance(source, Mapping) else ""
        if isinstance(number, int) and not isinstance(number, bool):
            cited.setdefault(number, quote if isinstance(quote, str) else "")
    for number in passages_cited(raw):
        cited.setdefault(number, "")
    return cited


def _without_addresses(text: str, named: Container[str]) -> str:
    """The text without addresses, as clients link even bare ones; `fast.ai` stays where a paper names it."""

    def kept(match: re.Match[str]) -> str:
        return match[0] if "/" not in match[0] and match[0].casefold() in named else ""

    return _LEFT_OF_LINKS.sub("", _ADDRESS.sub(kept, text))
