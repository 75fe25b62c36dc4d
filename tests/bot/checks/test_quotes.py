from bot.checks.quotes import Quotable
from bot.checks.segments import Segment
from storage.model import SectionKind


def test_parts_of_a_quote_that_are_everywhere_are_not_compared_pairwise() -> None:
    """In a paper that repeats one sentence endlessly that would take hours."""
    text = "Old keys are folded into fewer slots. " * 30_000
    paper = Quotable([Segment(page=1, heading="", kind=SectionKind.BODY, text=text, section=0)])

    found = paper.find("old keys are … into fewer slots")

    assert found is not None
    assert found.text == "Old keys are … into fewer slots."
