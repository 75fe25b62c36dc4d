"""A digest as one self-contained HTML file, and its building blocks for other pages (pure)."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from bot.rendering import wording
from bot.rendering.licences import creative_commons
from bot.rendering.receipts import receipt_rows
from storage.model import Digest


def digest_html(digest: Digest) -> str:
    """A whole page, without scripts; opening it fetches nothing from elsewhere."""
    return templates().get_template("digest.html").render(digest=digest)


def style_css() -> str:
    """The style sheet for all our pages."""
    return templates().get_template("style.css").render()


@cache
def templates(*packages: str) -> Environment:
    """Our templates; those of `packages` come first and override ours."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "bot.rendering")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= {
        "wording": wording,
        "receipt_rows": receipt_rows,
        "creative_commons": creative_commons,
    }
    return environment
