import pytest

from bot.errors import InputError
from bot.languages import LANGUAGES, language, parse_language, suggested_languages


@pytest.mark.parametrize("text", ["German", " german ", "Deutsch", "DE"])
def test_a_language_is_known_by_its_names_and_its_code(text: str) -> None:
    assert parse_language(text) == language("de")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Chinese", "zh"),
        ("Espanol", "es"),
        ("francais", "fr"),
        ("Türkce", "tr"),
        ("pt-BR", "pt"),
        ("en_GB", "en"),
        ("zh-CN", "zh"),
        ("zh-Hans-CN", "zh"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("हिन्दी", "hi"),
        ("한국어", "ko"),
    ],
)
def test_a_language_is_known_without_accents_and_with_a_region(text: str, code: str) -> None:
    assert parse_language(text) == language(code)


def test_another_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"not available in “Klingon”.*German"):
        parse_language("Klingon")


def test_suggestions_begin_with_names_that_begin_so() -> None:
    assert [known.code for known in suggested_languages("rom")] == ["ro"]
    assert suggested_languages("日")[0].code == "ja"
    assert suggested_languages("uk")[0].code == "uk"
    assert suggested_languages("Espan")[0].code == "es"
    assert suggested_languages("klingon") == []


def test_nothing_typed_suggests_english_first_and_no_more_than_discord_shows() -> None:
    assert suggested_languages("")[0].code == "en"
    assert len(suggested_languages("")) == 25


def test_every_code_is_there_once() -> None:
    assert len({known.code for known in LANGUAGES}) == len(LANGUAGES)
