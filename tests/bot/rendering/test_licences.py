import pytest

from bot.rendering.html import digest_html
from bot.rendering.licences import Licence, creative_commons
from bot.rendering.markdown import digest_markdown
from tests.bot.rendering.examples import example_highlight, example_paper, small_digest

BASE = "://creativecommons.org"


@pytest.mark.parametrize(
    ("told", "label", "url"),
    [
        (f"http{BASE}/licenses/by/4.0/", "CC BY 4.0", f"https{BASE}/licenses/by/4.0/"),
        (f"https{BASE}/licenses/by-nc-sa/3.0", "CC BY-NC-SA 3.0", f"https{BASE}/licenses/by-nc-sa/3.0/"),
        (f"http{BASE}/licenses/by-nd/4.0/", "CC BY-ND 4.0", f"https{BASE}/licenses/by-nd/4.0/"),
        (f"http{BASE}/publicdomain/zero/1.0/", "CC0 1.0", f"https{BASE}/publicdomain/zero/1.0/"),
    ],
)
def test_a_creative_commons_licence_has_its_short_name(told: str, label: str, url: str) -> None:
    assert creative_commons(example_paper(licence=told)) == Licence(label=label, url=url)


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
        f"http{BASE}/licenses/by/4.0/legalcode",
        f"http{BASE}.evil.example/licenses/by/4.0/",
        f"javascript:http{BASE}/licenses/by/4.0/",
    ],
)
def test_no_other_licence_is_named(told: str | None) -> None:
    assert creative_commons(example_paper(licence=told)) is None


def test_a_highlight_names_its_licence() -> None:
    digest = small_digest(highlights=(example_highlight(licence=f"http{BASE}/licenses/by/4.0/"),))

    assert f'<a href="https{BASE}/licenses/by/4.0/">CC BY 4.0</a></p>' in digest_html(digest)
    assert f" · [CC BY 4.0](https{BASE}/licenses/by/4.0/)\n" in digest_markdown(digest)


def test_where_no_licence_is_known_nothing_is_said_of_it() -> None:
    assert "PDF</a></p>" in digest_html(small_digest())
    assert "creativecommons" not in digest_markdown(small_digest())
