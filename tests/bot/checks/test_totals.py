"""A total beside its parts: claims about all of them, and about one."""

import pytest

from tests.bot.checks.held import holds

IMAGES = "We collected 500 images (400 for training and 100 for testing)."
PEOPLE = "We recruited 120 participants, 70 women and 50 men."
LETTERS = "The corpus has 1,200 letters: 800 in Danish and 400 in Dutch."
DIALOGUES = "The corpus has 12,400 dialogues, of which 1,200 are used for testing and 800 for tuning."


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (IMAGES, "500 images were collected for training and testing."),
        (IMAGES, "They collected 500 images, 400 for training and 100 for testing."),
        (IMAGES, "500 images were collected."),
        (PEOPLE, "120 women and men were recruited."),
        (PEOPLE, "70 women and 50 men were recruited."),
        (LETTERS, "The corpus has 1,200 letters in Danish and Dutch."),
        (DIALOGUES, "The corpus has 12,400 dialogues."),
        (DIALOGUES, "Of the 12,400 dialogues, 1,200 are used for testing."),
    ],
)
def test_a_claim_about_all_parts_is_supported_by_their_sum(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (IMAGES, "500 images were collected for testing."),
        (IMAGES, "500 images were collected for training."),
        (IMAGES, "100 images were collected for training."),
        (PEOPLE, "120 women were recruited."),
        (LETTERS, "The corpus has 1,200 letters in Dutch."),
        (DIALOGUES, "12,400 dialogues are used for testing."),
        (DIALOGUES, "12,400 dialogues are used for testing and tuning."),
    ],
)
def test_a_claim_about_one_part_is_not(page: str, statement: str) -> None:
    assert not holds(page, statement)
