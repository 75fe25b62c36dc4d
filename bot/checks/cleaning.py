"""Makes plain text of what a model writes: no formatting, links, mentions or talk about the model (pure).

"- **Sure!** Memory shrinks by [90 %](https://x.org) [3]." becomes "Memory shrinks by 90 %."
"""

import re
import unicodedata

from bot.checks.model_talk import MEANT_FOR_MODELS, META_TALK
from bot.checks.sentences import sentences

SENTENCE_CHARACTERS = 400

_TAG = re.compile(
    r"</?[A-Za-z][\w-]{0,20}(?:\s+[\w:-]+\s*=[^<>\n]{0,80})?\s*/?>|<[@#:][^<>\s]{1,40}>"  # not "a<b and c>d"
)
_LINKED_WORDS = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MARKDOWN = re.compile(r"(?<!\d)\*\*|\*\*(?!\d)|__|`+|~~")
_SPOILER = re.compile(
    r"(?<![\w|)])\|\|(?=[\d~]|[^|]*?\b[^\W\d_]{3,} [^\W\d_]{3,}\b)([^|]*[^\s|])\|\|(?![\w|^(])"
)
"""A spoiler hides words or values; `||x||` is a norm, and `p || q` may be a divergence."""
_EMPHASIS = re.compile(r"(?:^|(?<=[\s(]))([*_])(?=\w)([^*_]*\w)\1(?=\s|$|[.,;:!?)])")
"""In pairs only: A* is the name of a search."""
_LINE_START = re.compile(r"^\s*(?:#{1,6}\s+|[-*•]\s+|>\s+|\d{1,2}[.)]\s+(?=[A-Z]))")
_MENTION = re.compile(r"@(?=everyone\b|here\b)", re.IGNORECASE)
_CITATION = re.compile(r"\s?\[(?!0\b)(?:pages?\s)?\d{1,3}(?:\s?[,-]\s?\d{1,3})*\]", re.IGNORECASE)
_BEFORE_AN_INTERVAL = re.compile(
    r"(?:\b(?:in|to|from|over|within|between|ranges?|intervals?|scales?|domains?)|[∈⊂⊆=×])\s?\Z",
    re.IGNORECASE,
)
_NEAR_CHARACTERS = 16
_SEVERAL_NUMBERS = re.compile(r"\s?\[\d+\s?[,-].*")


def cleaned(value: object, max_characters: int) -> str:
    """One field of a reply as a line of plain text, shortened to `max_characters`; empty if it is no text."""
    text = _as_line(value, max_characters)
    talk = _model_talk(text)
    if talk:
        text = " ".join(part for part in sentences(text) if part not in talk)
    return shortened(text, max_characters)


def model_talk_in(value: object, max_characters: int) -> list[str]:
    """The sentences of a field that talk to or about the model."""
    return _model_talk(_as_line(value, max_characters))


def _as_line(value: object, max_characters: int) -> str:
    if not isinstance(value, str):
        return ""
    text = unicodedata.normalize("NFC", value[: 8 * max_characters])
    text = "".join(
        " " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else c for c in text
    )
    text = _LINK.sub("", _LINKED_WORDS.sub(r"\1", _TAG.sub(" ", text)))
    text = _CITATION.sub(_kept_if_interval, _MENTION.sub("", _unmarked(_LINE_START.sub("", text))))
    return " ".join(text.split())


def _unmarked(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _SPOILER.sub(r"\1", _MARKDOWN.sub("", text)))


def _kept_if_interval(match: re.Match[str]) -> str:
    """The brackets if they are an interval ("on a scale from [1, 5]"), or nothing if they are a citation."""
    before = match.string[max(0, match.start() - _NEAR_CHARACTERS) : match.start()]
    is_interval = _SEVERAL_NUMBERS.fullmatch(match[0]) and _BEFORE_AN_INTERVAL.search(before)
    return match[0] if is_interval else ""


def _model_talk(text: str) -> list[str]:
    patterns = MEANT_FOR_MODELS, META_TALK
    if not any(pattern.search(text) for pattern in patterns):
        return []
    return [part for part in sentences(text) if any(pattern.search(part) for pattern in patterns)]


def shortened(text: str, max_characters: int) -> str:
    """At most `max_characters` of `text`: whole sentences if these fill over half of it, or cut at a word."""
    if len(text) <= max_characters:
        return text
    head = text[: max_characters - 1]
    whole = ""
    for sentence in sentences(head)[:-1]:
        whole = f"{whole} {sentence}".strip()
    if len(whole) > max_characters // 2:
        return whole
    cut = max(head.rfind(mark) for mark in (", ", "; ", ": ", " ("))
    if cut < max_characters * 2 // 3:
        cut = head.rfind(" ")
    return (head[:cut] if cut > 0 else head).rstrip(" ,;:(-") + "…"
