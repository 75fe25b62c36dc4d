"""When a statement says the opposite of a paper's sentence, and when it only says a part of it."""

import pytest

from bot.checks.turned import is_turned

LAPTOPS = "Tidepool was tested on laptops."
MEMORY = "Foldcache keeps 12.5 % of the key-value memory"
RELEASED = "The code and the models are released on GitHub"


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        (f"{MEMORY}.", f"{MEMORY}, without any retraining."),
        (f"{MEMORY}.", f"{MEMORY} with no retraining."),
        (f"{RELEASED}.", f"{RELEASED}, but not the data."),
        (
            "Each passage contains 100 words.",
            "Each passage contains 100 words, and the passages do not overlap.",
        ),
        ("Tidepool was not tested on laptops.", "Testing on laptops was not done for Tidepool."),
    ],
)
def test_a_negated_part_does_not_turn_the_rest_of_a_sentence(claim: str, statement: str) -> None:
    assert not is_turned(claim, statement)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        (
            "Foldcache does not keep the key-value memory.",
            "Foldcache keeps the key-value memory, without retraining.",
        ),
        (
            "Foldcache keeps the key-value memory with retraining.",
            "Foldcache keeps the key-value memory without retraining.",
        ),
        (LAPTOPS, "For Tidepool, testing on laptops was not done."),
        (LAPTOPS, "Testing on laptops was not done for Tidepool."),
        (LAPTOPS, "We did not test Tidepool on laptops, and fails were few."),
    ],
)
def test_what_a_sentence_denies_must_not_be_claimed(claim: str, statement: str) -> None:
    assert is_turned(claim, statement)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Tidepool is pruned before training.", "We prune Tidepool after training."),
        ("Foldcache works best on small corpora.", "Foldcache works best on large corpora."),
        ("The parser is supervised.", "We train an unsupervised parser."),
        ("The study covers low-resource languages.", "Our study covers high-resource languages."),
        ("The least frequent tokens are merged.", "We merge the most frequent tokens."),
        ("Foldcache gives less fluent answers.", "The answers of Foldcache are more fluent."),
        ("All readers like long summaries.", "Some readers like long summaries."),
        ("The parser always needs a lexicon.", "The parser often needs a lexicon."),
        ("In zero-shot prompts Tidepool fails.", "Tidepool fails in few-shot prompts."),
        ("The protein promotes the growth of moss.", "The protein inhibits the growth of moss."),
        ("The findings refute the hypothesis.", "The findings support the hypothesis."),
        ("The gene downregulates the pathway.", "The gene up-regulates the pathway."),
        ("The lattice contracts when warm.", "The lattice expands when warm."),
        ("The screen causes reflections.", "The screen prevents reflections."),
        ("Tidepool is tuned on the test set.", "Tidepool is tuned on the validation set."),
    ],
)
def test_a_word_must_not_become_its_contrary(claim: str, statement: str) -> None:
    assert is_turned(claim, statement)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Foldcache is more frugal with memory.", "Foldcache needs less memory."),
        ("Tidepool improves the parser.", "We prove that Tidepool makes the parser better."),
        ("Small corpora need few epochs.", "Small corpora need few epochs, unlike the large ones."),
        ("The first stage is long, the second short.", "The short second stage follows a first one."),
        ("Many readers saw a few long texts.", "A small number of long texts was seen by readers."),
        (
            "Instead of manual rules, Foldcache learns its features.",
            "The features of Foldcache are learned automatically.",
        ),
        ("The two tasks are not similar.", "The two tasks are different."),
        ("Tidepool was tested on letters.", "Tidepool was evaluated on the validation set of letters."),
        ("In addition, the lexicon is small.", "The lexicon is small, as rare words are removed."),
        ("The findings support the smart contracts.", "The findings support contracts that expand."),
    ],
)
def test_contraries_of_other_things_turn_nothing(claim: str, statement: str) -> None:
    assert not is_turned(claim, statement)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        (
            "Foldcache is released for mobile phones.",
            "In future work, we will release Foldcache for mobile phones.",
        ),
        ("They test Tidepool on Basque.", "We plan to test Tidepool on Basque."),
        ("Longer prompts cause the errors.", "Longer prompts may cause the errors."),
        ("The lexicon explains the gap.", "We suspect that the lexicon explains the gap."),
    ],
)
def test_what_is_supposed_or_planned_must_not_be_told_as_a_fact(claim: str, statement: str) -> None:
    assert is_turned(claim, statement)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Longer prompts might cause the errors.", "Longer prompts may cause the errors."),
        ("They plan to test Tidepool on Basque.", "We intend to test Tidepool on Basque."),
        ("The data was collected in Basque villages.", "In May, the data was collected in Basque villages."),
        (
            "Tidepool was tested on Basque news.",
            "Tidepool was tested on Basque news, which may differ from prose.",
        ),
    ],
)
def test_what_is_told_as_surely_as_the_paper_does_is_no_turn(claim: str, statement: str) -> None:
    assert not is_turned(claim, statement)


MIXED = "Folding on code improves recall but hurts precision."
RATES = "Methane emissions rose, while carbon emissions fell over the decade."
LAKES = "Salt levels fell in the north lake, but they rose in the south lake."


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Folding on code hurts recall.", MIXED),
        ("Folding on code improves precision.", MIXED),
        ("Folding on code improves precision but hurts recall.", MIXED),
        ("Methane emissions fell over the decade.", RATES),
        ("Carbon emissions rose over the decade.", RATES),
        ("Salt levels rose in the north lake.", LAKES),
        ("Salt levels fell in the south lake.", LAKES),
        ("Salt levels rose in 2015.", "Salt levels fell in 2015, but they rose in the next drought."),
    ],
)
def test_each_part_of_a_contrast_goes_its_own_way(claim: str, statement: str) -> None:
    assert is_turned(claim, statement)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Folding on code improves recall.", MIXED),
        ("Folding on code hurts precision.", MIXED),
        ("Folding on code hurts precision but improves recall.", MIXED),
        ("Methane emissions rose over the decade.", RATES),
        ("Over the decade carbon emissions fell.", RATES),
        ("Emissions rose and fell over the decade.", RATES),
        (
            "Folding reduces the memory at a higher recall.",
            "Folding reduces the memory, and recall is higher than before.",
        ),
        ("Methane emissions rose, as those of carbon fell.", RATES),
        ("Folding raises recall slightly.", "Folding cuts the memory in half, but recall rises slightly."),
        ("Pruning lowers the delay.", "Pruning hurts recall, although the delay is lower with it."),
        ("Salt levels rose in the south lake.", LAKES),
        ("Salt levels fell in the north lake.", LAKES),
    ],
)
def test_a_part_told_as_it_is_turns_nothing(claim: str, statement: str) -> None:
    assert not is_turned(claim, statement)
