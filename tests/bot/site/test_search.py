from bot.site.search import entries
from storage.model import Statement
from tests.bot.rendering.examples import example_highlight, small_digest


def test_search_results_mark_what_is_unchecked() -> None:
    said = Statement(text="Twice as fast.", checked=False)
    digest = small_digest(highlights=(example_highlight(summary={"gist": said}),))

    gists = [entry[4] for entry in entries(digest)]

    assert gists == ["Twice as fast. (unchecked)", "It says one more thing."]
