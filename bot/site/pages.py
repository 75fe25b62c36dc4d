"""The pages of the site (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby

from jinja2 import Environment

from bot.rendering import wording
from bot.rendering.html import style_css, templates
from bot.site import addresses
from bot.site.archive import Publication
from bot.texts.latex import plain_line
from bot.weeks import parse_week
from storage.model import Audio, Digest, Highlight, Noted, Paper

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""Content security policy, in each page and from the server: a page loads only files of its own site."""

ASSETS = ("search.js", "player.js", "icon.svg", "cover.png")
"""Files in the site's root besides the style sheet."""

LARGE_BYTES = 90_000
"""Larger pages are slow to load on a poor connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """Which feeds a publication has."""

    atom: bool
    podcast: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFile:
    """One file of a recording."""

    address: str
    """Relative to the publication's folder."""
    kind: str
    """Its media type."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A digest's recording, with at least one file."""

    audio: Audio
    files: tuple[RecordingFile, ...]


def root_page(publications: Sequence[Publication]) -> str:
    """The site's root: a list of the publications."""
    return _templates().get_template("site_root.html").render(publications=publications, root="")


def front_page(
    publication: Publication,
    newest: Digest | None,
    feeds: Feeds,
    *,
    indexes: Sequence[str],
    recorded: Mapping[str, Audio],
) -> str:
    """A publication's front page.

    `indexes` are the addresses of the search's scripts, `recorded` the recordings by digest id.
    """
    years = groupby(publication.digests, key=lambda digest: digest.week[:4])
    return (
        _templates()
        .get_template("front.html")
        .render(
            publication=publication,
            newest=newest,
            years=[(year, list(digests)) for year, digests in years],
            indexes=indexes,
            recorded=recorded,
            feeds=feeds,
            address=_address,
            root="../",
            home="",
        )
    )


def digest_page(
    publication: Publication,
    digest: Digest,
    feeds: Feeds,
    *,
    recording: Recording | None,
    earlier: str | None,
    later: str | None,
) -> str:
    """One digest; `earlier` and `later` are the neighbouring digests' weeks.

    If the page would be large, it links to the papers' pages in place of the folded parts.
    """
    template = _templates().get_template("public_digest.html")
    fields = {
        "publication": publication,
        "digest": digest,
        "feeds": feeds,
        "recording": recording,
        "earlier": earlier,
        "later": later,
        "address": _address,
        "root": "../",
        "home": "",
    }
    whole = template.render(fields, brief=False)
    return whole if len(whole.encode()) <= LARGE_BYTES else template.render(fields, brief=True)


def paper_page(publication: Publication, shown: Highlight | Noted, feeds: Feeds, weeks: Iterable[str]) -> str:
    """One paper as its newest digest shows it; `weeks` lists all digests that show it, newest first."""
    return (
        _templates()
        .get_template("public_paper.html")
        .render(
            publication=publication,
            paper=shown.pick.paper,
            summary=shown.summary if isinstance(shown, Highlight) else None,
            gist=wording.gist(shown) if isinstance(shown, Noted) else None,
            reason=wording.reason(shown.pick),
            weeks=list(weeks),
            feeds=feeds,
            root="../../",
            home="../",
        )
    )


def style_sheet() -> str:
    """The style sheet of all pages."""
    return style_css() + _templates().get_template("site.css").render()


def asset(name: str) -> bytes:
    """The content of one of `ASSETS`."""
    return resources.files("bot.site").joinpath("static", name).read_bytes()


def dates(week: str) -> str:
    """The days of an ISO week, such as `16–22 November 2026`."""
    parsed = parse_week(week)
    return wording.date_range(parsed.first_day, parsed.last_day)


def _address(paper: Paper) -> str:
    return addresses.paper_page(paper.id)


@cache
def _templates() -> Environment:
    environment = templates("bot.site")
    environment.globals |= {"policy": POLICY, "dates": dates, "plain_line": plain_line}
    return environment
