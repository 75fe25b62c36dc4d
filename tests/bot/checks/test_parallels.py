import pytest

from tests.bot.checks.held import holds

WOMEN = "Prevalence was 12.5 % in women and 8.1 % in men."
MORNING = "The recall in the morning is 48.1 % and in the evening 62.3 %."
LAYERS = "The encoder has 12 layers and the decoder has 6 layers."
MICE = "In mice the dose was 5 mg and in rats 8 mg."
LAKES = "The catch was 48 tons in lake geneva and 62 tons in lake como."
SIZES = "The 7B model reaches 81.2 while the 13B model reaches 84.0."
TUNING = "Before tuning accuracy was 61 % and after tuning 74 %."
TIMES = "Training takes 3 hours, inference 5 minutes."
ERRORS = "The training error was 0.12 and the validation error 0.31."
LARGE = "The small model has 12 layers and the large model 24."
GAMES = "The corpus holds more than 100 games, whose titles were taken from two shops."
HEADS = "With 4 heads accuracy is 61 % and with 8 heads 74 %."

ONES = "The small model has 12 layers, the large one 24."
SCORES = "Men scored 61 in the test and women got 74."
BOOKS = "Gull answers 86 % of questions correctly, compared to 71 % for Heron."
CAUSES = "We find that 63 % of the faults are due to rust and 21 % to wear."
NOISE = "The proposed filter has a signal of 31.2 dB versus 29.8 dB for Heron."
HELD = [
    (BOOKS, "Heron answers 71 % of questions correctly."),
    (BOOKS, "Gull answers 86 % of questions correctly."),
    (CAUSES, "21 % of faults are due to wear."),
    (NOISE, "Heron has a signal of 29.8 dB."),
    (WOMEN, "Prevalence was 12.5 % in women."),
    (WOMEN, "Women had a prevalence of 12.5 % and men one of 8.1 %."),
    (WOMEN, "In men prevalence is lower than the 12.5 % of women."),
    (WOMEN, "Prevalence reached 12.5 %."),
    (MORNING, "In the evening recall is 62.3 %, in the morning 48.1 %."),
    (LAYERS, "The decoder has 6 layers and the encoder has 12 layers."),
    (MICE, "In rats the dose was 8 mg."),
    (LAKES, "The catch was 48 tons in lake geneva."),
    (SIZES, "The 13B reaches 84.0 and the 7B 81.2."),
    (TUNING, "After tuning accuracy was 74 %, before 61 %."),
    (TUNING, "Tuning raises accuracy from 61 % to 74 %."),
    (TIMES, "Inference takes 5 minutes."),
    (TIMES, "Training needs 3 hours, more than inference."),
    (ERRORS, "The validation error is 0.31, higher than the training error of 0.12."),
    (LARGE, "The large model has 24 layers."),
    (HEADS, "With 8 heads accuracy is 74 %."),
    (GAMES, GAMES),
    (ONES, "The large model has 24 layers."),
    (ONES, "The small one has 12 layers."),
    (SCORES, "In the test women scored 74."),
    (SCORES, "Men got 61 in the test."),
]
ANOTHERS = [
    (BOOKS, "Gull answers 71 % of questions correctly."),
    (BOOKS, "Heron and Gull answer 71 % of questions correctly."),
    (CAUSES, "21 % of faults are due to rust."),
    (CAUSES, "63 % of faults are due to wear."),
    (WOMEN, "Prevalence in men was 12.5 %."),
    (WOMEN, "Prevalence was 12.5 % in men."),
    (WOMEN, "Women had a prevalence of 8.1 % and men one of 12.5 %."),
    (MORNING, "The recall in the evening is 48.1 %."),
    (LAYERS, "The decoder has 12 layers."),
    (MICE, "In rats the dose was 5 mg."),
    (LAKES, "The catch in lake como was 48 tons."),
    (SIZES, "The 13B reaches 81.2."),
    (SIZES, "The 7B model reaches 84.0 while the 13B model reaches 81.2."),
    (TUNING, "Before tuning accuracy was 74 % and after tuning 61 %."),
    (TUNING, "After tuning accuracy was 61 %."),
    (TIMES, "Inference takes 3 hours."),
    (TIMES, "Training takes 5 minutes."),
    (ERRORS, "The training error was 0.31 and the validation error 0.12."),
    (ERRORS, "The validation error was 0.12."),
    (LARGE, "The large model has 12 layers."),
    (ONES, "The large model has 12 layers."),
    (SCORES, "Women scored 61 in the test."),
    (SCORES, "Men got 74."),
    (HEADS, "With 8 heads accuracy is 61 %."),
]


@pytest.mark.parametrize(("page", "statement"), HELD)
def test_a_number_is_of_the_group_that_it_stands_with(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), ANOTHERS)
def test_the_number_of_one_group_is_not_the_others(page: str, statement: str) -> None:
    assert not holds(page, statement)
