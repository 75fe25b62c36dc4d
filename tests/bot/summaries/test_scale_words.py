"""The words of each language for thousand, million, billion, trillion and percentage points."""

import pytest

from bot.languages import LANGUAGES, language
from bot.summaries.localized import says_the_same
from bot.summaries.scale_words import scale_after
from tests.bot.summaries.scale_table import rows

ROWS = rows()
OTHERS = ("3.2 %", "25", "25 thousand", "5", "5 million", "7", "7 billion", "2", "2 trillion")
WITHOUT_ENGLISH = {one.code for one in LANGUAGES} - {"en"}


@pytest.mark.parametrize(("code", "english", "ways"), ROWS)
def test_a_number_with_a_scale_is_known_however_it_is_written(code: str, english: str, ways: str) -> None:
    original = f"It is {english} of it."

    refused = [way for way in ways.split("; ") if not says_the_same(original, f"{way} X.", language(code))]

    assert refused == []


@pytest.mark.parametrize(("code", "english", "ways"), ROWS)
def test_a_number_with_a_scale_is_none_with_another(code: str, english: str, ways: str) -> None:
    others = [other for other in OTHERS if other != english]

    passed = [
        (other, way)
        for way in ways.split("; ")
        for other in others
        if says_the_same(f"It is {other} of it.", f"{way} X.", language(code))
    ]

    assert passed == []


def test_every_language_has_each_scale() -> None:
    scales = {english for _, english, _ in ROWS}

    assert {(code, english) for code, english, _ in ROWS} == {
        (code, english) for code in WITHOUT_ENGLISH for english in scales
    }


@pytest.mark.parametrize(
    ("code", "written", "power"),
    [
        ("de", "2 Trillionen Modelle", 18),
        ("tr", "2 trilyon model", 12),
        ("es", "5 mil ejemplos", 3),
        ("cs", "5 mil. vět", 6),
        ("ro", "5 mil. de fraze", 6),
        ("nb", "5 mill. setninger", 6),
        ("ru", "2 триллиона слов", 12),
        ("hi", "2 लाख करोड़ शब्द", 12),
        ("zh", "5千克", 0),
        ("el", "5 χιλιόμετρα", 0),
        ("th", "5 พันธุ์", 0),
        ("sv", "5 bilar", 0),
        ("es", "5 millas", 0),
        ("en", "5 milliseconds", 0),
    ],
)
def test_a_word_means_what_it_means_in_its_language(code: str, written: str, power: int) -> None:
    assert scale_after(written, 1, code).power == power


@pytest.mark.parametrize(
    ("code", "original", "translation"),
    [
        ("de", "It drops 3 BN layers.", "Es entfernt 3 BN-Schichten."),
        ("fr", "It drops 3 BN layers.", "Il retire 3 couches BN."),
        ("de", "There are 12 TN and 3 FP.", "Es gibt 12 TN und 3 FP."),
        ("de", "It has 3 Mn ions.", "Es hat 3 Mn-Ionen."),
        ("sv", "It has 3 Mn ions.", "Den har 3 Mn-joner."),
        ("de", "It has 2 Tn5 inserts.", "Es hat 2 Tn5-Inserts."),
        ("pt", "It trains 2 bi-encoders.", "Treina 2 bi-encoders."),
        ("de", "It uses 3 organic data sets.", "Es nutzt 3 Bio-Datensätze."),
        ("da", "It stops 5 MIA attacks.", "Den stopper 5 MIA-angreb."),
        ("tr", "It reads 500 MR images.", "500 MR görüntüsü okur."),
        ("cs", "It has 3 MIL models.", "Má 3 MIL modely."),
        ("de", "It has a set of 5 million.", "Es hat einen 5-Mio-Datensatz."),
        ("de", "It has 5 mn of them and 7 bn more.", "Es hat 5 Mio. davon und 7 Mrd. weitere."),
    ],
)
def test_a_short_form_counts_only_in_its_usual_case_and_alone(
    code: str, original: str, translation: str
) -> None:
    assert says_the_same(original, translation, language(code))


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("de", "7 Milliardstel"),
        ("de", "7 Tausendstel"),
        ("de", "7 trilyon"),
        ("fr", "7 millionièmes"),
        ("hu", "7 billion"),
        ("pt", "7 biliões"),
        ("ro", "7 bilioane"),
        ("ru", "7 биллионов"),
        ("uk", "7 миллионов"),
        ("pl", "7 milionowych"),
        ("ru", "7 тысячных"),
        ("tr", "7 katrilyar"),
        ("el", "7 τετρακισεκατομμύρια"),
        ("ar", "7 بليون"),
        ("he", "7 ביליון"),
        ("fa", "7 بیلیون"),
        ("hi", "7 क्वाड्रिलियन"),
        ("ja", "7京"),
    ],
)
def test_a_word_that_only_looks_like_one_is_in_doubt_and_passes_as_nothing(code: str, written: str) -> None:
    assert scale_after(written, 1, code).power is None
    assert not says_the_same("It has 7 of it.", written, language(code))


def test_a_doubtful_number_equals_no_other_doubtful_one() -> None:
    assert not says_the_same("It takes 5 thousandths.", "Es braucht 7 Tausendstel.", language("de"))
