"""A taste in words."""

from bot.taste.portrait import portrait
from bot.taste.taste import Taste
from bot.taste.votes import Opinion
from tests.bot.examples import paper
from tests.databases import NOW


def test_words_stand_as_most_liked_papers_write_them() -> None:
    titles = ["Bayes and quantum physics", "Statistics of Bayes networks", "A network of networks"]
    liked = [paper(f"2611.0000{number}", title=title, abstract="") for number, title in enumerate(titles)]
    taste = Taste(
        opinions={one.id: Opinion(liking=1.0, weight=1.0, last_cast_at=NOW) for one in liked},
        people=1,
        preferences=(),
        papers={one.id: one for one in liked},
    )

    drawn = portrait(taste, background=())

    assert set(drawn.words) == {"bayes", "quantum", "physics", "statistics", "networks"}
