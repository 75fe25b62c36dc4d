import pytest

from bot.errors import InputError
from bot.zones import canonical_zone, suggested_zones, zone_named


def test_an_unknown_zone_is_refused_with_advice() -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd", "Europe"):
        with pytest.raises(InputError, match="Europe/Berlin"):
            zone_named(name)
        with pytest.raises(InputError, match="Europe/Berlin"):
            canonical_zone(name)


@pytest.mark.parametrize("typed", ["europe/berlin", " Europe/Berlin ", "EUROPE/BERLIN"])
def test_the_case_of_a_zone_does_not_matter(typed: str) -> None:
    assert canonical_zone(typed) == "Europe/Berlin"
    assert canonical_zone("america/new york") == "America/New_York"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("berlin", "Europe/Berlin"), ("New York", "America/New_York"), ("Kolkata", "Asia/Kolkata")],
)
def test_a_city_is_enough_where_only_one_zone_has_it(typed: str, zone: str) -> None:
    assert canonical_zone(typed) == zone


@pytest.mark.parametrize("typed", ["São Paulo", "sao paulo", "America/São_Paulo"])
def test_accents_do_not_matter(typed: str) -> None:
    assert canonical_zone(typed) == "America/Sao_Paulo"
    assert suggested_zones(typed) == ["America/Sao_Paulo"]


def test_a_city_with_two_names_is_to_be_chosen_and_a_direction_is_none() -> None:
    with pytest.raises(InputError, match="“Nicosia” may be Asia/Nicosia or Europe/Nicosia: choose one"):
        canonical_zone("Nicosia")
    with pytest.raises(InputError, match="is not a time zone"):
        canonical_zone("east")  # Brazil/East


@pytest.mark.parametrize("typed", ["UTC+2", "gmt +2", "+02:00", "UTC\u22125", "GMT+0530"])
def test_an_offset_is_no_zone_and_the_way_to_one_is_a_city(typed: str) -> None:
    assert suggested_zones(typed) == []
    with pytest.raises(InputError, match="choose a city in your zone, such as Europe/Berlin"):
        canonical_zone(typed)


@pytest.mark.parametrize("typed", ["localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin"])
def test_a_zone_that_is_another_elsewhere_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="is not a time zone"):
        canonical_zone(typed)


def test_zones_are_suggested_by_city_first() -> None:
    assert suggested_zones("lon")[:2] == ["Arctic/Longyearbyen", "Europe/London"]
    assert suggested_zones("atlantic")[0] == "Atlantic/Azores"
    assert suggested_zones("new york") == ["America/New_York"]
    assert suggested_zones("utc") == ["UTC", "Etc/UTC"]
    assert suggested_zones("gmt") == []  # Etc/GMT+2 is two hours behind UTC
    assert suggested_zones("cuba") == []  # names without a place are not for choosing
    assert len(suggested_zones("")) == 25
