"""How numbers may be written, and that no form is mistaken for another."""

from decimal import Decimal

import pytest

from bot.checks.numbers import numbers
from bot.checks.sentences import plain
from tests.bot.checks.held import holds

WRITTEN = [
    ("1/3 of the books", str(Decimal(100) / 3), "%"),
    ("by 3/4 in all", "75", "%"),
    ("a rate of 3·10−4", "0.0003", ""),
    ("a rate of 3 · 10^-4", "0.0003", ""),
    ("a rate of 3⋅10^-4", "0.0003", ""),
    ("a rate of 3 × 10⁻⁴", "0.0003", ""),
    ("a rate of 10^−4", "0.0001", ""),
    ("a set of 10^6 books", "1000000", ""),
    ("a set of 2^16 books", "65536", ""),
    ("a set of 2**16 books", "65536", ""),
    ("a mass of 10^10.5 suns", str(Decimal(10) ** Decimal("10.5")), ""),
    ("a set of 2^{16} books", "65536", ""),
    ("a set of 10 000 books", "10000", ""),
    ("a set of 10\u2009000 books", "10000", ""),
    ("a set of 10\u00a0000 books", "10000", ""),
    ("a set of 1\u202f250\u202f000 books", "1250000", ""),
    ("a set (1 250 000) of books", "1250000", ""),
    ("a star of 1.4 M⊙", "1.4", "M⊙"),
    ("a star of 1.4 M ⊙ here", "1.4", "M⊙"),
    ("a star of 1.4 M_sun", "1.4", "M⊙"),
    ("a star of $1.4 M_\\odot$", "1.4", "M⊙"),
    ("a star of $1.4\\,M_{\\odot}$", "1.4", "M⊙"),
    ("a star of 1.4 solar masses", "1.4", "M⊙"),
    ("a set of 1.4 M books", "1400000", ""),
    ("an area of 5 m^2", "5", "m"),
    ("a level of 81.2^3", "81.2", ""),
    (r"an error of $1.2\times10^{-3}$", "0.0012", ""),
    (r"a gain of $\sim10\%$", "10", "%"),
    (r"a set of $\sim$500 books", "500", ""),
    (r"a share of $\geq$90\%", "90", "%"),
    (r"a factor of $5{\times}$", "5", "x"),
    (r"a factor of $2.3\!\times$", "2.3", "x"),
    ("a time of 2½ hours", "2.5", "h"),
    ("a machine of 8×A100", "8", ""),
    ("a machine of 8xA100 GPUs", "8", ""),
    ("a machine of 4 × NVIDIA H100", "4", ""),
]
SEVERAL = [
    ("layers, width: Foldcache 12 768 StreamLM 24 512", ["12", "768", "24", "512"]),
    ("width 64 128 256 512 1024", ["64", "128", "256", "512", "1024"]),
    ("there are 12 768-dimensional keys", ["12", "768"]),
    ("there are 10 000, 20 000 and 35 500 books", ["10000", "20000", "35500"]),
    ("it was 2019 and R^2 was 0.9", ["2019", "0.9"]),
]


@pytest.mark.parametrize(("text", "value", "unit"), WRITTEN)
def test_a_number_is_read_however_it_is_written(text: str, value: str, unit: str) -> None:
    (number,) = numbers(plain(text))

    assert (number.value, number.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(("text", "values"), SEVERAL)
def test_numbers_beside_each_other_stay_apart(text: str, values: list[str]) -> None:
    assert [number.value for number in numbers(plain(text))] == list(map(Decimal, values))


KEPT = [
    ("Stories were collected in 2019³ by us.", "The stories were collected in 2019."),
    ("Foldcache is tested on seven tasks.", "Foldcache is tested on 7 tasks."),
    ("Foldcache wins on two of the five tasks.", "Foldcache wins on 2 of 5 tasks."),
    ("We fold the keys of Llama-3.1 here.", "The keys of Llama 3.1 are folded."),
    ("We fold the keys of Llama 3.1 here.", "The keys of Llama-3.1 are folded."),
    ("We fold the keys of GPT4 here.", "The keys of GPT 4 are folded."),
    ("Groups of 10 000 to 20 000 words are read.", "Groups of up to 20,000 words are read."),
]
CHANGED = [
    ("Foldcache is tested on seven tasks.", "Foldcache is tested on 9 tasks."),
    ("Foldcache wins on seven tasks.", "Foldcache wins on 7 % of the tasks."),
    ("We fold the keys of Llama-3.1 here.", "The keys of Llama 3.2 are folded."),
    ("We fold the keys of Llama-3.1 here.", "The keys of Llama 3 are folded."),
    ("A star of 1.4 M⊙ was seen.", "A star of 1.4 million was seen."),
    ("Groups of 10 000 to 20 000 words are read.", "Groups of 20,000 words are read."),
    ("We read books of children⁵ in groups.", "We read 5 books of children in groups."),
]


@pytest.mark.parametrize(("page", "statement"), KEPT)
def test_numbers_in_small_words_and_names_are_supported(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), CHANGED)
def test_other_numbers_in_small_words_and_names_are_not(page: str, statement: str) -> None:
    assert not holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (
            "Foldcache gives a 2.3×–4.1× speedup on phones.",
            "The speedup of Foldcache on phones is up to 4.1×.",
        ),
        (r"The score of Foldcache is $81.2\pm0.3$ here.", "Foldcache has a score of 81.2 ± 0.3 here."),
        (
            r"The accuracy of Foldcache is $\geq 90\%$ here.",
            "Foldcache has an accuracy of at least 90 % here.",
        ),
        ("We train for 2.5 days on 8×A100 GPUs.", "Training takes 2.5 days on 8 A100 GPUs."),
        ("We train for 2.5 days on 8xA100 GPUs.", "Training takes 2.5 days on eight A100 GPUs."),
    ],
)
def test_signs_beside_numbers_are_told_apart(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (r"We add $\leq 5\%$ noise to the signal.", "We add 5 % noise to the signal."),
        ("Reading lasts 2½ hours in the study.", "Reading lasts 2 hours in the study."),
        ("We train for 2.5 days on 8xA100 GPUs.", "Training takes 2.5 days on 100 GPUs."),
    ],
)
def test_a_part_of_what_is_written_is_no_support(page: str, statement: str) -> None:
    assert not holds(page, statement)


@pytest.mark.parametrize(
    "page",
    [
        "The depth is 12 (+3/−2) km.",
        "The depth is 12 +3 -2 km.",
        "The depth is 12 (+3, −2) km.",
        "The depth is $12^{+3}_{-2}$ km.",
        "The depth is 12 km (+3/-2 km).",
    ],
)
def test_the_ends_of_an_error_are_no_values(page: str) -> None:
    for written in ("12 km", "12 (+3/−2) km", "12 +3 -2 km"):
        assert holds(page, f"The depth is {written}.")
    for end in ("3", "2"):
        assert not holds(page, f"The depth is {end} km.")


@pytest.mark.parametrize(
    ("page", "true", "false"),
    [
        ("A third of the books are old.", "1/3 of the books are old.", "2/3 of the books are old."),
        (
            "About 2/3 of the books are old.",
            "Two thirds of the books are old.",
            "A third of the books are old.",
        ),
        ("Reading is 1/4 faster.", "Reading is a quarter faster.", "Reading is a third faster."),
        ("It works in 1/3 of the runs.", "It works in 1/3 of runs.", "It works in 1/4 of runs."),
        ("It works in 2/3 runs.", "It works in 2 of 3 runs.", "It works in 2/4 runs."),
    ],
)
def test_a_share_may_be_written_as_a_fraction(page: str, true: str, false: str) -> None:
    assert holds(page, true)
    assert not holds(page, false)
