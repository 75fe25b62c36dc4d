import pytest

from tests.bot.checks.held import holds

MEDIAN = "The median latency of the service is 48 ms."
BOTH = "Latency has a median of 48 ms and a mean of 96 ms over all runs."


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (MEDIAN, "The median latency of the service is 48 ms."),
        (MEDIAN, "The latency of the service is 48 ms."),
        (MEDIAN, "The service has a latency of 48 ms (median)."),
        ("The service takes 48 ms on average.", "The mean latency of the service is 48 ms."),
        (BOTH, "The mean latency over all runs is 96 ms."),
        ("The mean (median) latency of the service is 96 ms.", "The mean latency of the service is 96 ms."),
    ],
)
def test_a_mean_or_median_is_what_the_paper_says_it_is(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (MEDIAN, "The mean latency of the service is 48 ms."),
        (MEDIAN, "The latency of the service is 48 ms on average."),
        (BOTH, "Averaged over all runs, latency is 48 ms, and its median over all runs is 96 ms."),
        ("The service takes 48 ms on average.", "The median latency of the service is 48 ms."),
    ],
)
def test_a_median_is_no_mean(page: str, statement: str) -> None:
    assert not holds(page, statement)
