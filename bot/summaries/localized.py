"""Checks that a translation has the same numbers and units, however its language writes them (pure).

A number is read as a reader of that language reads it: "12.500" is 12,500 to a German and 12.5 to a Briton.
In doubt numbers count as different: a wrong one never passes, and a right one sometimes does not. Units are
compared where both are known.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.checks.number_words import in_digits
from bot.checks.numbers import names
from bot.checks.quotes import quoted_in
from bot.checks.sentences import plain
from bot.checks.spelling import has_name
from bot.checks.units import CURRENCY_BEFORE, MEASURED_UNITS, unit_of
from bot.languages import ENGLISH, Language
from bot.summaries.written_numbers import Written, written

_ARABIC_MARKS = str.maketrans({"٫": ".", "٬": ","})

_POINTS_AFTER = re.compile(
    r"[\s-]?(?:%-?(?:punkt|punt|enhet|poeng|yks|pont)|%\s?-?\s?(?:points?|punkte?n?|пункт\w{0,3}|bod[uůy]?"
    # Not "2,3 % pontosság", which is accuracy.
    r"|pont(?!o[sz]|atlan)\w*)\b"
    r"|%\s?-?\s?(?:p[pt]?(?![A-Za-z])|포인트|ポイント|अंक)|per\s?cent(?:age)?[\s-]points?|prozentpunkt|procentpunt|procentpoint|"
    r"procentenhet|prosentpoeng|prosenttiyks|points? de pourcentage|puntos? porcentual|pontos? percentua|"
    r"punti percentual|punkt\w{0,4} procentow|procentn\w{1,4} bod|százalékpont|процентн\w{1,4} пункт|"
    r"відсотков\w{1,4} пункт|(?:yüzde(?:lik)? )?puan|个百分点|個百分點|パーセント・?ポイント|퍼센트 ?포인트|"
    r"persen(?:tase)? poin|poin persentase|điểm phần trăm|प्रतिशत[ -]?(?:अंक|बिंदु|बिन्दु|पॉइंट)|प्रतिशतांक|"
    r"เปอร์เซ็นต์ ?พอย)",
    re.IGNORECASE,
)
_PERCENT_AFTER = re.compile(
    r"[\s-]?(?:%|٪|per\s?cent|prozent|pour cent|por cien(?:to)?|por cento|per cento|procent|prosent|"
    r"prosentti|proc\b|pct\b|процент|відсот|퍼센트|パーセント|प्रतिशत|phần trăm|persen|százalék|τοις εκατό|"
    r"في المائة|في المئة|بالمائة|بالمئة|درصد|אחוז|เปอร์เซ็นต์|la sută)",
    re.IGNORECASE,
)
_PERCENT_BEFORE = re.compile(r"(?:%|٪|yüzde|百分之|ร้อยละ)\s?$", re.IGNORECASE)
_UNIT_AFTER = re.compile(r"[\s-]?(?P<word>°\s?[CF](?!\w)|[°$€£¥₹]|[^\W\d_]+(?:-[^\W\d_]+)*)", re.IGNORECASE)
_UNIT_WORDS = {
    "ms": "milli?se[gkc]+[ou]n[dt]|миллисекунд|мс(?!\\w)|毫秒|ミリ秒|밀리초",
    "μs": "mi[ck]rose[gkc]+[ou]n[dt]|микросекунд|мкс(?!\\w)|微秒|マイクロ秒",
    "ns": "nanose[gkc]+[ou]n[dt]|наносекунд|нс(?!\\w)|纳秒|奈秒|ナノ秒",
    "s": "se[gkc]+[ou]n[dt]|секунд|saniye|秒|초",
    "min": "minut|минут|хвилин|dakika|分钟|分鐘|分間|분",
    "h": "stund|heures?(?!\\w)|horas?(?!\\w)|or[ae](?!\\w)|godzin|saat|час|годин|uur(?!\\w)"
    "|小时|小時|時間|시간",
    "day": "tagen?(?!\\w)|jours?(?!\\w)|d[ií]as?(?!\\w)|giorn|день|дня|дней|天",
    "KB": "kilo(?:byte|bajt)|ko(?!\\w)|килобайт|кб(?!\\w)",
    "MB": "mega(?:byte|bajt)|mo(?!\\w)|мегабайт|мб(?!\\w)",
    "GB": "giga(?:byte|bajt)|go(?!\\w)|гигабайт|гб(?!\\w)",
    "TB": "tera(?:byte|bajt)|терабайт|тб(?!\\w)",
    "$": "d[oó]l+ar|доллар|美元|ドル|달러",
    "€": "euro|евро|欧元|歐元|ユーロ|유로",
}
_UNIT_ELSEWHERE = re.compile(
    r"[\s-]?(?:" + "|".join(f"(?P<u{n}>{words})" for n, words in enumerate(_UNIT_WORDS.values())) + ")",
    re.IGNORECASE,
)
"""The commonest units, in languages that have words of their own for them."""
_QUOTE_MARKS = str.maketrans(dict.fromkeys("「」『』", '"'))


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal | None
    """None if it is in doubt."""
    is_percent: bool


@dataclass(frozen=True, slots=True)
class _Measure:
    number: _Number
    unit: str
    """Empty if there is none, or none that is known."""


def says_the_same(original: str, translation: str, language: Language) -> bool:
    """Whether a translation has exactly the numbers, the names with digits and the quotes of the original."""
    english, other = plain(original), _plain(translation)
    said, in_words_too = _measures(english, ENGLISH), _measures(in_digits(english), ENGLISH)
    translated = _measures(other, language.code)
    return (
        all(one.number.value is not None for one in translated)
        # Numbers that the original spells out may be in digits.
        and _counted(said) <= _counted(translated) <= _counted(in_words_too)
        and not _units_differ(in_words_too, translated)
        and all(has_name(other, name) for name in names(english))
        and _quotes(english) == _quotes(other)
    )


def _counted(measures: Sequence[_Measure]) -> Counter[_Number]:
    return Counter(one.number for one in measures)


def _plain(text: str) -> str:
    """As `plain`, with every script's digits as 0 to 9."""
    text = plain(text.translate(_ARABIC_MARKS).translate(_QUOTE_MARKS))
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def _measures(text: str, code: str) -> list[_Measure]:
    return [_measure(text, number) for number in written(text, code)]


def _measure(text: str, number: Written) -> _Measure:
    is_percent = _POINTS_AFTER.match(text, number.end) is None and (
        _PERCENT_AFTER.match(text, number.end) is not None
        or _PERCENT_BEFORE.search(text, 0, number.start) is not None
    )
    return _Measure(_Number(number.value, is_percent), _unit(text, number.start, number.end))


def _unit(text: str, start: int, end: int) -> str:
    """The unit before or after a number, if it is a measured one that is known; else empty."""
    before, after = CURRENCY_BEFORE.search(text, 0, start), _UNIT_AFTER.match(text, end)
    for unit in (unit_of(found[1]) for found in (before, after) if found is not None):
        if unit in MEASURED_UNITS:
            return unit
    elsewhere = _UNIT_ELSEWHERE.match(text, end)
    return list(_UNIT_WORDS)[int((elsewhere.lastgroup or "u0")[1:])] if elsewhere else ""


def _units_differ(said: Sequence[_Measure], translated: Sequence[_Measure]) -> bool:
    """Whether a number with a unit has another unit in the translation."""
    lost, added = Counter(said) - Counter(translated), Counter(translated) - Counter(said)
    given = {one.number for one in lost if one.unit}
    return any(one.unit and one.number in given for one in added)


def _quotes(text: str) -> Counter[str]:
    """The words in quotation marks, which are the paper's own and have to stay as they are."""
    return Counter(map(_squeezed, quoted_in(text)))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s_/.-]", "", text).casefold()
