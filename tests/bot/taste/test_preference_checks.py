"""What may be followed and muted."""

import pytest

from bot.errors import InputError
from bot.taste.preference_checks import check_one
from storage.model import Subject


@pytest.mark.parametrize(
    "names",
    [
        "Geoffrey Hinton, Yoshua Bengio",
        "geoffrey e. hinton, yoshua bengio",
        "Hinton, G. E.; Bengio, Y.",
        "Hinton, LeCun, Bengio",
        "Ada Example and Bo Sample",
    ],
)
def test_a_list_of_authors_is_refused_as_it_would_be_nobodys_name(names: str) -> None:
    with pytest.raises(InputError, match="Name one author at a time"):
        check_one(Subject.AUTHOR, names)


@pytest.mark.parametrize(
    "name",
    [
        "Hinton, Geoffrey E.",
        "van der Maaten, Laurens",
        "García Márquez, G. J.",
        "Ken Griffey, Jr.",
        "Griffey, Ken, Jr.",
        "Griffey, Jr., Ken",
        "Virgo and KAGRA Collaboration",
    ],
)
def test_one_author_is_no_list(name: str) -> None:
    assert check_one(Subject.AUTHOR, name) == name
