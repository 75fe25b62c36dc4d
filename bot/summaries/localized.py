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
from bot.languages import Language

_SIGN = r"(?P<sign>(?<![\w)\]%×°.])[+-])?"
_POINT = re.compile(_SIGN + r"(?P<body>(?:(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<!\d)\.\d+)")
_COMMA = re.compile(
    _SIGN + r"(?P<body>(?<![\d.,])[1-9]\d{0,2}(?P<mark>[. '])\d{3}(?:(?P=mark)\d{3})*(?:,\d+)?(?![\d])"
    r"|\d+[.,]\d+|\d+|(?<!\d)[.,]\d+)"
)
_ARABIC_MARKS = str.maketrans({"٫": ".", "٬": ","})

_END = r"(?![^\W\d_])"
_LATIN_END = "(?![A-Za-zÀ-ɏḀ-ỿ])"
"""In Chinese and Japanese, words follow a Latin letter without a space: "7B模型"."""
_ENGLISH_SCALES = {12: "trillion", 9: rf"billion|bn{_END}", 6: rf"million|mn{_END}", 3: "thousand"}
_SCALES = {
    # `Billion` is 10^12 in most languages of Europe.
    12: "bill?ion|biljoen|bill[oó]n|trilh(?:ão|ões)|триллион|трлн|万亿|萬億|兆|조",
    9: rf"(?:bn|mrd|mld){_END}|milliard|miliard|miljard|миллиард|млрд|мільярд|milyar|miliar|"
    "bilh(?:ão|ões)|mil mill(?:ones|ón)|mil milh(?:ões|ão)|"
    "tỷ|δισεκατομμ|مليار|میلیارد|מיליארד|अरब|十亿|十億|십억|พันล้าน",
    8: "亿|億|억",
    7: "करोड़",
    6: rf"(?:mn|mio|mln){_END}|million|mill[oó]n|milh(?:ão|ões)|milion|milión|miljoen|miljon|"
    "миллион|млн|мільйон|milyon|juta|triệu|εκατομμ|مليون|میلیون|מיליון|मिलियन|百万|百萬|백만|ล้าน",
    5: "लाख",
    4: "万|萬|만",
    3: rf"(?:thousand|mille|mila|mil|mii|bin|ribu|ezer|tusen|tusind|tuhat){_END}|tausend|duizend|"
    "tysi[ąa]c|tisíc|тысяч|тыс|тисяч|nghìn|ngàn|χιλι|ألف|آلاف|هزار|אלף|हज़ार|हजार|千|천|พัน",
}


def _scale_pattern(scales: dict[int, str]) -> re.Pattern[str]:
    words = "|".join(f"(?P<e{exponent}>{alternatives})" for exponent, alternatives in scales.items())
    return re.compile(rf"(?P<letter>\s?[KMBT]{_LATIN_END}|k{_LATIN_END})|[\s-]?(?i:{words})")


_ENGLISH_SCALE, _SCALE = _scale_pattern(_ENGLISH_SCALES), _scale_pattern(_SCALES)
_LETTERS = {"k": 3, "m": 6, "b": 9, "t": 12}

_POINTS_AFTER = re.compile(
    r"[\s-]?(?:%\s?-?\s?(?:points?|punkt|pont|пункт|포인트|p\b|ポイント)|percentage[\s-]points?|prozentpunkt|"
    r"procentpunt|procentpoint|procentenhet|prosentpoeng|points? de pourcentage|puntos? porcentual|"
    r"pontos? percentua|punti percentual|punkt\w* procentow|процентн\w+ пункт|відсоткови\w+ пункт|"
    r"yüzde puan|个百分点|個百分點|パーセントポイント|퍼센트포인트|poin persentase|điểm phần trăm)",
    re.IGNORECASE,
)
_PERCENT_AFTER = re.compile(
    r"[\s-]?(?:%|٪|per\s?cent|prozent|pour cent|por cien(?:to)?|por cento|per cento|procent|prosent|"
    r"prosentti|процент|відсот|퍼센트|パーセント|प्रतिशत|phần trăm|persen|százalék|τοις εκατό|"
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
    value: Decimal
    is_percent: bool


@dataclass(frozen=True, slots=True)
class _Measure:
    number: _Number
    unit: str
    """Empty if there is none, or none that is known."""


def says_the_same(original: str, translation: str, language: Language) -> bool:
    """Whether a translation has exactly the numbers, the names with digits and the quotes of the original."""
    english, other = plain(original), _plain(translation)
    pattern = _COMMA if language.decimal_comma else _POINT
    in_words_too = _measures(in_digits(english), _POINT, _ENGLISH_SCALE)
    said, translated = _measures(english, _POINT, _ENGLISH_SCALE), _measures(other, pattern, _SCALE)
    return (
        # Numbers that the original spells out may be in digits.
        _counted(said) <= _counted(translated) <= _counted(in_words_too)
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


def _measures(text: str, pattern: re.Pattern[str], scales: re.Pattern[str]) -> list[_Measure]:
    return [_measure(text, match, scales) for match in pattern.finditer(text)]


def _measure(text: str, match: re.Match[str], scales: re.Pattern[str]) -> _Measure:
    value, end = _value(match), match.end()
    if (scale := scales.match(text, end)) is not None:
        value, end = value.scaleb(_exponent(scale)), scale.end()
    is_percent = _POINTS_AFTER.match(text, end) is None and (
        _PERCENT_AFTER.match(text, end) is not None
        or _PERCENT_BEFORE.search(text, 0, match.start()) is not None
    )
    number = _Number(-value if match["sign"] == "-" else value, is_percent)
    return _Measure(number, _unit(text, match.start(), end))


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


def _value(match: re.Match[str]) -> Decimal:
    body = match["body"]
    if match.re is _POINT:
        return Decimal(body.replace(",", ""))
    return Decimal(body.replace(match["mark"] or "", "").replace(",", "."))


def _exponent(scale: re.Match[str]) -> int:
    if scale["letter"]:
        return _LETTERS[scale["letter"].strip().lower()]
    named = next(name for name, words in scale.groupdict().items() if words)
    return int(named.removeprefix("e"))


def _quotes(text: str) -> Counter[str]:
    """The words in quotation marks, which are the paper's own and have to stay as they are."""
    return Counter(map(_squeezed, quoted_in(text)))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s_/.-]", "", text).casefold()
