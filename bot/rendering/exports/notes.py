"""A digest as a folder of Markdown notes, one for each highlight, for Obsidian and similar apps (pure)."""

import re
import unicodedata
from collections.abc import Mapping

import yaml

from bot.rendering import wording
from bot.rendering.markdown import escape, noted_lines, paper_markdown, receipt_table
from storage.model import Digest, Highlight, Paper

_NAME_BYTES = 120
"""Less than the 255 bytes that file systems allow, to leave room for the suffix and, where paths are limited,
for the folders above."""
_FORBIDDEN = re.compile(r'[\\/:*?"<>|#^\[\]%\x00-\x1f\x7f]+')
"""Characters that Windows forbids in file names, or Obsidian in the targets of links."""


def digest_notes(digest: Digest) -> Mapping[str, str]:
    """A note for each highlight and an index that links to them, in one folder named after the week."""
    folder = f"Broadsheet {digest.week}"
    names = {highlight.pick.paper.key: note_name(highlight.pick.paper) for highlight in digest.highlights}
    notes = {
        f"{folder}/{names[highlight.pick.paper.key]}.md": _note(digest, highlight)
        for highlight in digest.highlights
    }
    return {f"{folder}/{folder}.md": _index(digest, folder, names), **notes}


def note_name(paper: Paper) -> str:
    """The id and as much of the title as every operating system allows in a file name.

    The id comes first, so names are unique, even on file systems that ignore case, and never reserved ones.
    """
    title = unicodedata.normalize("NFC", _FORBIDDEN.sub(" ", wording.title(paper)))
    words = " ".join(f"{paper.id.replace('/', '-')} {title}".split())
    return words.encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .")


def _index(digest: Digest, folder: str, names: Mapping[str, str]) -> str:
    front = {
        "title": wording.headline(digest),
        "week": digest.week,
        "first_day": digest.first_day,
        "last_day": digest.last_day,
        "tags": ["broadsheet"],
    }
    blocks = [_front_matter(front), f"# {escape(wording.headline(digest))}", escape(wording.overview(digest))]
    if digest.highlights:
        blocks += ["## Highlights", "\n".join(_link(each, folder, names) for each in digest.highlights)]
    else:
        blocks.append("No paper was highlighted this week.")
    if digest.noted:
        blocks += ["## Also noted", noted_lines(digest)]
    return "\n\n".join([*blocks, "## Receipt", receipt_table(digest)]) + "\n"


def _link(highlight: Highlight, folder: str, names: Mapping[str, str]) -> str:
    paper = highlight.pick.paper
    gist = wording.statement(paper, highlight.summary.gist).marked
    shown = " ".join(re.sub(r"[\[\]|]", " ", wording.title(paper)).split()) or paper.key
    return f"- [[{folder}/{names[paper.key]}|{shown}]]" + (f": {escape(gist)}" if gist else "")


def _note(digest: Digest, highlight: Highlight) -> str:
    paper = highlight.pick.paper
    front = {
        "title": wording.title(paper),
        "authors": list(wording.all_authors(paper)),
        "arxiv": paper.id,
        "version": paper.version,
        "url": paper.abs_url,
        "categories": list(paper.categories),
        "published": paper.published.date(),
        "week": digest.week,
        # In Obsidian a dot ends a tag.
        "tags": ["broadsheet", *(f"arxiv/{category.replace('.', '-')}" for category in paper.categories)],
    }
    title = f"# [{escape(wording.title(paper))}]({paper.abs_url})"
    body = paper_markdown(paper, highlight.summary, reason=wording.reason(highlight.pick))
    return "\n\n".join([_front_matter(front), title, body]) + "\n"


def _front_matter(fields: Mapping[str, object]) -> str:
    written = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{written}---"
