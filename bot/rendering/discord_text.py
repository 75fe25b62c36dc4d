"""Foreign words in Discord's Markdown: they must show as they are and do nothing (pure).

What Discord's clients act on: https://support.discord.com/hc/en-us/articles/210298617 (text) and
https://docs.discord.com/developers/reference#message-formatting (mentions, emoji, timestamps). A backslash in
front of any sign that is no letter, digit or blank takes its meaning away.
"""

import re

from bot.rendering.limits import length, shorten

_ROLE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s)", re.MULTILINE)
_LINE_START = re.compile(r"^(\s*)(>|#|-#|[-+](?=\s))", re.MULTILINE)
_ANYWHERE = re.compile(
    r"(?=[\\*_`|\[\]<])"
    r"|(?<=\])(?=\()"  # a link in front may reach as far as here, whatever stands before the bracket
    r"|(?=~~)|(?<=~)(?=~)"
    r"|(?=://)"  # clients link bare addresses
    r"|(?=:[\w~+-]+:)"  # an emoji's name
)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What sets the direction of all that follows on the line, ours too."""
_SCHEME = re.compile(r"\b[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def escape(text: str) -> str:
    """The text so that no part of it formats, links, mentions, pings, hides or turns round anything."""
    text = _ANYWHERE.sub(r"\\", _TURNING.sub("", text))
    text = _LINE_START.sub(r"\1\\\2", text)
    text = _NUMBERED.sub(r"\1\\\2", text)
    # A backslash does not help here: the word is looked for in the raw text.
    return _ROLE.sub("@\u200b", text)


def escaped_length(text: str) -> int:
    """The text's length once it is escaped."""
    return length(escape(text))


def shown(text: str, limit: int | None = None) -> str:
    """The text on one line, shortened to `limit` as it will stand there, and escaped."""
    text = " ".join(text.split())
    return escape(text if limit is None else shorten(text, limit, measure=escaped_length))


def link(words: str, url: str, limit: int = 300) -> str:
    """A link of ours with foreign words on it.

    Brackets would end the link's words early, and Discord shows a link raw when its words hold an address.
    """
    words = _SCHEME.sub("", words.translate(str.maketrans("[]", "()")))
    return f"[{shown(words, limit) or '…'}]({url})"
