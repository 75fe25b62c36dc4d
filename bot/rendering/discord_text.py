"""Text from elsewhere in Discord's Markdown: it must show literally and do nothing (pure).

What Discord's clients act on: https://support.discord.com/hc/en-us/articles/210298617 (text) and
https://docs.discord.com/developers/reference#message-formatting (mentions, emoji, timestamps). A backslash
before any character except letters, digits and white space makes it literal.
"""

import re

from bot.rendering.limits import length, shorten

_ROLE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s)", re.MULTILINE)
_LINE_START = re.compile(r"^(\s*)(>|#|-#|[-+](?=\s))", re.MULTILINE)
_ANYWHERE = re.compile(
    r"(?=[\\*_`|\[\]<])"
    r"|(?<=\])(?=\()"  # a link opened earlier could end here, even though its bracket is escaped
    r"|(?=~~)|(?<=~)(?=~)"
    r"|(?=://)"  # clients link bare addresses
    r"|(?=:[\w~+-]+:)"  # an emoji's name
)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that set the direction of the rest of the line, our own words included."""
_SCHEME = re.compile(r"(?:\b[a-z][a-z0-9+.-]{0,20})?://", re.IGNORECASE)


def escape(text: str) -> str:
    """The text, made literal: it formats, links, mentions, pings, hides and reverses nothing."""
    text = _ANYWHERE.sub(r"\\", _TURNING.sub("", text))
    text = _LINE_START.sub(r"\1\\\2", text)
    text = _NUMBERED.sub(r"\1\\\2", text)
    # A backslash does not help here: Discord looks for the word in the raw text.
    return _ROLE.sub("@\u200b", text)


def escaped_length(text: str) -> int:
    """The text's length after escaping."""
    return length(escape(text))


def shown(text: str, limit: int | None = None) -> str:
    """The text on one line, escaped, and shortened to `limit` characters including the escapes."""
    text = " ".join(text.split())
    return escape(text if limit is None else shorten(text, limit, measure=escaped_length))


def link(words: str, url: str, limit: int = 300) -> str:
    """A link of ours with words from elsewhere.

    Brackets would end the link's text early, and Discord does not render links whose text has an address.
    """
    words = _TURNING.sub("", words).translate(str.maketrans("[]", "()"))
    words = _SCHEME.sub("", words).replace("://", " ")  # what is left of "http:x:////" has one again
    return f"[{shown(words, limit) or '…'}]({url})"
