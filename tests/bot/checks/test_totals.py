"""A total beside its parts: claims about all of them, and about one."""

import pytest

from tests.bot.checks.held import holds

IMAGES = "We collected 500 images (400 for training and 100 for testing)."
PEOPLE = "We recruited 120 participants, 70 women and 50 men."
LETTERS = "The corpus has 1,200 letters: 800 in Danish and 400 in Dutch."
TASKS = "The agent solved 12 of the 164 tasks."
PATIENTS = "37 of the 412 patients in the study died within 30 days."
LABELS = "Reviewers agreed on 870 of the 1,000 labels."
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
        (TASKS, "The agent solved 12 of the 164 tasks."),
        (TASKS, "The agent solved 12 tasks."),
        (TASKS, "The agent was given 164 tasks."),
        (PATIENTS, "37 of 412 patients died within 30 days."),
        (PATIENTS, "The study has 412 patients."),
        ("Of the old patients, 37 of 412 died.", "37 of 412 old patients died."),
        ("Foldcache succeeds on nearly 23 of 30 devices.", "There are 30 devices."),
        ("At least five of their 10 readers agreed.", "At least five of their 10 readers agreed."),
        ("It draws two hours of 44 kHz audio.", "It draws 44 kHz audio."),
        ("All 17 parsers fail, and three of the 17 parsers crash.", "All 17 parsers fail."),
        ("Six of the 30 children limped.", "The study had 30 children."),
        ("Six of the 30 Basque women limped.", "The study had 30 Basque women."),
        ("6 of the 90 owls with grey feathers hooted.", "The study had 90 owls with grey feathers."),
        (LABELS, "Reviewers agreed on most of the 1,000 labels."),
        (LABELS, "Reviewers agreed on the majority of our 1,000 labels."),
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
        (TASKS, "The agent solved 164 tasks."),
        ("The agent solved 12 out of 164 tasks.", "The agent solved 164 tasks."),
        ("The agent solved 12 tasks out of 164.", "The agent solved 164 tasks."),
        (PATIENTS, "412 patients died."),
        (PATIENTS, "412 patients died within 30 days."),
        ("Of the old patients, 37 of 412 died.", "412 old patients died."),
        ("Foldcache succeeds on nearly 23 of 30 devices.", "Foldcache succeeds on 30 devices."),
        ("Only three of the 17 parsers crash.", "All 17 parsers crash."),
        ("Six of the 30 children limped.", "30 children limped."),
        ("6 of the 90 owls with grey feathers hooted.", "90 owls hooted."),
        (LABELS, "Reviewers agreed on the 1,000 labels."),
        (LABELS, "Reviewers agreed on few of the 1,000 labels."),
        (LABELS, "Reviewers agreed on half of the 1,000 labels."),
    ],
)
def test_a_claim_about_one_part_is_not(page: str, statement: str) -> None:
    assert not holds(page, statement)
