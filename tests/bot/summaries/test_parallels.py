import pytest

from tests.bot.summaries.held import holds

WOMEN = "Prevalence was 12.5 % in women and 8.1 % in men."
MORNING = "The recall in the morning is 48.1 % and in the evening 62.3 %."
LAYERS = "The encoder has 12 layers and the decoder has 6 layers."
MICE = "In mice the dose was 5 mg and in rats 8 mg."
LAKES = "The catch was 48 tons in lake geneva and 62 tons in lake como."

HELD = [
    (WOMEN, "Prevalence was 12.5 % in women."),
    (WOMEN, "Women had a prevalence of 12.5 % and men one of 8.1 %."),
    (WOMEN, "In men prevalence is lower than the 12.5 % of women."),
    (WOMEN, "Prevalence reached 12.5 %."),
    (MORNING, "In the evening recall is 62.3 %, in the morning 48.1 %."),
    (LAYERS, "The decoder has 6 layers and the encoder has 12 layers."),
    (MICE, "In rats the dose was 8 mg."),
    (LAKES, "The catch was 48 tons in lake geneva."),
]
ANOTHERS = [
    (WOMEN, "Prevalence in men was 12.5 %."),
    (WOMEN, "Prevalence was 12.5 % in men."),
    (WOMEN, "Women had a prevalence of 8.1 % and men one of 12.5 %."),
    (MORNING, "The recall in the evening is 48.1 %."),
    (LAYERS, "The decoder has 12 layers."),
    (MICE, "In rats the dose was 5 mg."),
    (LAKES, "The catch in lake como was 48 tons."),
]


@pytest.mark.parametrize(("page", "statement"), HELD)
def test_a_number_is_of_the_group_that_it_stands_with(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), ANOTHERS)
def test_the_number_of_one_group_is_not_the_others(page: str, statement: str) -> None:
    assert not holds(page, statement)
