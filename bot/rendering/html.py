"""A digest as one self-contained HTML file, and its pieces for other pages (pure)."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.rendering import wording
from bot.rendering.licences import creative_commons
from storage.model import Digest, Paper, Summary


def digest_html(digest: Digest) -> str:
    """A whole page: no script, and nothing is fetched from elsewhere when it opens."""
    return templates().get_template("digest.html").render(digest=digest)


def paper_html(paper: Paper, summary: Summary, *, reason: str | None = None) -> Markup:
    """One paper's summary as an `<article>`, to stand in another page with `style_css`."""
    macros = templates().get_template("paper.html").module
    return Markup(macros.article(paper, summary, reason))  # type: ignore[attr-defined] # noqa: S704 - the template escapes


def style_css() -> str:
    """The style sheet of all our pages."""
    return templates().get_template("style.css").render()


@cache
def templates(*packages: str) -> Environment:
    """Our templates, and before them those of other packages."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "bot.rendering")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= {"wording": wording, "creative_commons": creative_commons}
    return environment
