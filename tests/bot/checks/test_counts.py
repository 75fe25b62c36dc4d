"""Small number words: a reader may have counted, but must not contradict the paper's counts."""

import pytest

from tests.bot.checks.held import holds

EPOCHS = "The model is trained for 2 epochs on the corpus of letters."
LAYERS = "The encoder has four layers and 8 heads."
JUDGES = "Three judges, all of them nurses, read the reports. The reports are from five hospitals."


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (EPOCHS, "The model is trained for two epochs."),
        (EPOCHS, "Training on the corpus of letters takes two epochs."),
        (LAYERS, "The encoder has four layers and eight heads."),
        (JUDGES, "The reports are read by three judges."),
        (JUDGES, "Reports of five hospitals were read by three nurses."),
        # The paper counts nothing here, but a reader may have.
        ("Reports were read by nurses, by doctors and by students.", "Three groups read the reports."),
        # Another count of the same things is about something else.
        (f"{EPOCHS} Its warm-up in the old setting takes three epochs.", "Warm-up takes three epochs."),
        (f"{EPOCHS} The tests have Danish and Dutch parts.", "Two parts of the tests are Danish and Dutch."),
    ],
)
def test_a_count_in_words_is_kept(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (EPOCHS, "The model is trained for three epochs."),
        (EPOCHS, "Training on the corpus of letters takes five epochs."),
        (LAYERS, "The encoder has six layers and eight heads."),
        (LAYERS, "The encoder has four layers and six heads."),
        (JUDGES, "The reports are read by four judges."),
        (JUDGES, "Reports of seven hospitals were read."),
    ],
)
def test_a_count_that_differs_from_the_papers_is_not_supported(page: str, statement: str) -> None:
    assert not holds(page, statement)
