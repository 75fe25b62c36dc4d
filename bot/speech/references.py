"""Removes what means nothing to a listener: links, ids, citations, Markdown (pure)."""

import re

_URL = re.compile(r"(?:\b(?:https?|ftp)://|\bwww\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}’']", re.IGNORECASE)
_EMAIL = re.compile(r"\b[\w.+-]+@(?:[\w-]+\.)+[^\W\d_]{2,}\b")
"""If it ends in a number, it is a metric such as mAP@0.5."""
_ARXIV = re.compile(
    r"\(?\b(?:arXiv\s?:\s?\d{4}\.\d{4,5}(?:v\d+)?|\d\d(?:0[1-9]|1[0-2])\.(?:\d{5}(?:v\d+)?|\d{4}v\d+)|"
    r"(?:arXiv\s?:\s?)?[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)"
    r"(?:\s?\[[\w.-]+\])?(?![\w.]\w)\)?"
)
"""arXiv ids in both schemes (https://info.arxiv.org/help/arxiv_identifier.html), with the brackets around.

Without "arXiv:" in front, 1204.3456 is an ordinary number.
"""
_DOI = re.compile(r"\b(?:doi:\s?)?10\.\d{4,9}/[^\s,;)\]]+", re.IGNORECASE)
_NUMBERED = re.compile(r"\s?\[\s?[1-9]\d{0,2}(?:\s?[,;–-]\s?[1-9]\d{0,2})*\s?\]|\s?\[citations?\]")
_YEAR = r"(?:19\d\d|20[0-3]\d)[a-z]?"
_AUTHOR_YEAR = re.compile(
    r"\s?[(\[](?:see |e\.g\.,? |cf\. |also )*"
    rf"[A-ZÀ-Þ](?:[^()\[\]\d=]{{1,60}}?,|[a-zß-ÿ'’.-][^()\[\]\d=]{{0,60}}?) {_YEAR}"
    rf"(?:[;,] (?:[^()\[\]]{{1,60}}?,? )?{_YEAR})*[)\]]"
)
_YEAR_ALONE = re.compile(rf"(\b[A-ZÀ-Þ][a-zß-ÿ]+|\bal\.) ?\({_YEAR}(?:, {_YEAR})*\)")
"""After a name or "et al."; AIME (2024) and AIME (2025) are different tests, a length (2048) is no year."""
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*\)")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|code|del|div|em|figure|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|small|"
    r"span|strong|sub|sup|table|t[dhr]|tt|u|ul|var)(?:\s+[\w:-]+=[^<>]{0,200})?\s?/?>",
    re.IGNORECASE,
)
"""Known tags only, as "n<N and m>M" has none."""
_LINE_MARK = re.compile(
    r"^\s{0,3}(?:#{1,6}|(?:>+|\+)(?!\s*[\d.])|[-*•]|\d+[.)](?=\s+[A-Za-z]))\s+", re.MULTILINE
)
_STARS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])(.+?)(?<=\S)\1(?![\w*])")
"""Not within words: 2*3*4 is a product, and C*- and W*-algebras are not emphasised."""
_EMPHASIS = re.compile(r"(~~|\|\||`{1,3}|__)(?=\S)(.+?)(?<=\S)\1")
_UNDERSCORES = re.compile(r"(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)")
_EMPTY = re.compile(r"[(\[]\s*[,;]?\s*[)\]]")


def without_markdown(text: str) -> str:
    """The text without the marks of Markdown and HTML."""
    text = _TAG.sub(" ", _MARKDOWN_LINK.sub(r"\1", text))
    text = _LINE_MARK.sub("", text)
    return _UNDERSCORES.sub(r"\1", _EMPHASIS.sub(r"\2", _STARS.sub(r"\2", text)))


def without_references(text: str) -> str:
    """The text without citations and ids; web and e-mail addresses are only mentioned as such."""
    text = _URL.sub("a web address", text)
    text = _DOI.sub(" ", _EMAIL.sub("an e-mail address", text))
    text = _ARXIV.sub(" ", text)
    text = _AUTHOR_YEAR.sub("", _NUMBERED.sub("", text))
    return _EMPTY.sub(" ", _YEAR_ALONE.sub(r"\1", text))
