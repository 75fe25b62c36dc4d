"""What the words around a number make of it, so that the same digits in another use are no support."""

import pytest

from tests.bot.summaries.held import holds

ENDS_KEPT = [
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy from 71.2 % to 75.8 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy to 75.8 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Accuracy rises to 75.8 % from 71.2 % with folding."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "The accuracy before folding is 71.2 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Accuracy with folding is 75.8 %, up from 71.2 %."),
    ("The error falls from 12.4% (old) to 8.1%.", "The old error falls from 12.4 % to 8.1 %."),
    ("Accuracy with folding is 75.8 %, up from 71.2 %.", "Folding improves accuracy from 71.2 % to 75.8 %."),
    ("We collect stories from 12 languages.", "The stories collected extend to 12 languages."),
    ("Its accuracy is better compared to 71.2 %.", "It improves the accuracy from 71.2 %."),
    ("Accuracy grows from a baseline of 71.2 to 75.8.", "Accuracy grows to 75.8 from a baseline of 71.2."),
    ("Stories were collected from 2015 to 2019.", "The stories that were collected go back to 2015."),
]
ENDS_CHANGED = [
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy to 71.2 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy from 75.8 %."),
    ("The error falls from 12.4% to 8.1%.", "The error falls from 8.1 % to 12.4 %."),
    ("The error falls from 12.4% to 8.1%.", "The error falls to about 12.4 % from 8.1 %."),
    ("Accuracy with folding is 75.8 %, up from 71.2 %.", "Folding brings the accuracy to 71.2 %."),
    ("Accuracy grows from a baseline of 71.2 to 75.8.", "Accuracy grows to a mean of 71.2."),
]


@pytest.mark.parametrize(("page", "statement"), ENDS_KEPT)
def test_a_change_is_kept_with_its_ends(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), ENDS_CHANGED)
def test_the_start_of_a_change_is_not_its_end(page: str, statement: str) -> None:
    assert not holds(page, statement)
