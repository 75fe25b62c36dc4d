from bot.progress import SharedProgress
from tests.fakes.progress import HeardProgress


def test_who_watches_later_hears_of_the_stages_so_far() -> None:
    early, late, told = HeardProgress(), HeardProgress(), SharedProgress()

    told.watch(early)
    told.begin("fetching")
    told.begin("reading 14 pages", total=14)
    told.watch(late)
    told.advance(2)
    told.begin("writing")

    assert late.places == []

    told.wait(3)
    later = HeardProgress()
    told.watch(later)
    assert (late.places, later.places) == ([3], [3])

    stages = ["fetching", "reading 14 pages", "writing"]
    assert (early.stages, early.steps) == (stages, 2)
    assert (late.stages, late.steps) == (stages, 2)
