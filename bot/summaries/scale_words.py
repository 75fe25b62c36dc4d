"""The words of each language for powers of ten, after a number: "Millionen", "mil", "万", "लाख" (pure).

One word means different powers: `trillion` is 10^12 in English and 10^18 in German, "mil" a thousand in
Spanish and a million in Czech. A word that only looks like one of these leaves the number in doubt.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_END = r"(?![^\W\d_])"
_SHORT_END = r"(?![\w-])"
_GOES_ON = r"(?:[^\W\d_]|[ऀ-ॿ]){0,16}"
_LATIN_END = "(?![A-Za-zÀ-ɏḀ-ỿ])"
"""In Chinese and Japanese, words follow a Latin letter without a space: "7B模型"."""
_LETTER = re.compile(rf"\s?[KMBT]{_LATIN_END}|k{_LATIN_END}")
_LETTERS = {"k": 3, "m": 6, "b": 9, "t": 12}
_MOST_WORDS = 3
"""In a row they multiply, as in "mil millones", "nghìn tỷ" and "百万"."""

_WORDS: dict[str, dict[int, str]] = {
    # Patterns by power of ten; a word that matches one with a star may go on. A thousandth is no thousand.
    "en": {3: "thousands?", 6: "millions?", 9: "billions?", 12: "trillions?", 15: "quadrillions?"},
    "de": {
        3: "tausend",
        6: "million(?:en)?",
        9: "milliarden?",
        12: "billion(?:en)?",
        15: "billiarden?",
        18: "trillion(?:en)?",
    },
    "fr": {
        3: "mille milliers?",
        6: "millions?",
        9: "milliards?",
        12: "billions?",
        15: "billiards?",
        18: "trillions?",
    },
    "es": {
        3: "mil millar(?:es)?",
        6: "mill[oó]n(?:es)?",
        9: "millardos?",
        12: "bill[oó]n(?:es)?",
        18: "trill[oó]n(?:es)?",
    },
    # By the book a trilione is 10^18; the press and everybody else write it for 10^12.
    "it": {
        3: "mille mila migliaia",
        6: "milion[ei]",
        9: "miliard[oi]",
        12: "bilion[ei] trilion[ei]",
    },
    # The forms of Portugal, bilião and trilião, are 10^12 and 10^18 there, and 10^9 and 10^12 in Brazil.
    "pt": {3: "mil milhar(?:es)?", 6: "milh(?:ão|ões)", 9: "bilh(?:ão|ões)", 12: "trilh(?:ão|ões)"},
    "nl": {
        3: "duizend(?:en)?",
        6: "miljoen(?:en)?",
        9: "miljard(?:en)?",
        12: "biljoen(?:en)?",
        15: "biljard(?:en)?",
        18: "triljoen(?:en)?",
    },
    "sv": {
        3: "tusen",
        6: "miljon(?:er(?:na)?)?",
        9: "miljard(?:er(?:na)?)?",
        12: "biljon(?:er(?:na)?)?",
        15: "biljard(?:er(?:na)?)?",
        18: "triljon(?:er(?:na)?)?",
    },
    "da": {
        3: "tusinde?r?",
        6: "million(?:er(?:ne)?)?",
        9: "milliard(?:er(?:ne)?)?",
        12: "billion(?:er(?:ne)?)?",
        15: "billiard(?:er(?:ne)?)?",
        18: "trillion(?:er(?:ne)?)?",
    },
    "nb": {
        3: "tusen",
        6: "million(?:er(?:ne)?)?",
        9: "milliard(?:er(?:ne)?)?",
        12: "billion(?:er(?:ne)?)?",
        15: "billiard(?:er(?:ne)?)?",
        18: "trillion(?:er(?:ne)?)?",
    },
    "fi": {
        3: "tuhat* tuhan(?!nesosa|nnesosa)* tuhans*",
        6: "miljoon(?!asosa|annesosa)*",
        9: "miljard(?!isosa)*",
        12: "biljoon(?!asosa)*",
        15: "biljard*",
        18: "triljoon*",
    },
    "pl": {
        3: "tysi[ąaę]c(?!zn)*",
        6: "milion(?!ow)*",
        9: "miliard(?!ow)*",
        12: "bilion(?!ow)*",
        15: "biliard*",
        18: "trylion*",
    },
    "cs": {
        3: "tisíc(?!in)*",
        6: "mili[oó]n(?!tin)*",
        9: "miliard(?!tin)*",
        12: "bili[oó]n(?!tin)*",
        15: "biliard*",
        18: "trili[oó]n*",
    },
    "hu": {
        3: "ezer* ezr(?!elék|ed)*",
        6: "millió*",
        9: "milliárd(?!od)*",
        12: "billió*",
        15: "billiárd*",
        18: "trillió*",
    },
    "ro": {
        3: "mie mii",
        6: "milion(?:ul)? milioane(?:le)? milioanelor",
        9: "miliard(?:ul)? miliarde(?:le)? miliardelor",
        12: "trilion(?:ul)? trilioane(?:le)?",
    },
    "el": {
        3: "χιλιάδ* χιλ",
        6: "εκατομμ[υύ]ρ[ιί](?!οστ)* εκατ",
        9: "δισεκατομμ[υύ]ρ[ιί](?!οστ)* δισ",
        12: "τρισεκατομμ[υύ]ρ[ιί](?!οστ)* τρισ",
    },
    "ru": {
        3: "тысяч(?!н)* тыс",
        6: "миллион(?!н)* млн",
        9: "миллиард(?!н)* млрд",
        12: "триллион(?!н)* трлн",
        15: "квадриллион(?!н)*",
    },
    "uk": {
        3: "тисяч(?!н)* тис",
        6: "мільйон(?!н)* млн",
        9: "мільярд(?!н)* млрд",
        12: "трильйон(?!н)* трлн",
        15: "квадрильйон(?!н)*",
    },
    "tr": {
        3: "bin(?:i|e|in|de|den|lik|le|lerce)?",
        6: "milyon*",
        9: "milyar*",
        12: "trilyon*",
        15: "katrilyon*",
    },
    "id": {3: "ribu", 6: "juta", 9: "mil[iy]ar", 12: "trili[uo]n triliyun"},
    "vi": {
        1: "chục",
        2: "trăm",
        3: "nghìn ngàn",
        4: "vạn",
        6: "triệu",
        9: "t[ỷỉ](?!\\s(?:lệ|số|trọng|suất|giá)\\b)",
    },
    "zh": {
        1: "十(?=[万亿萬億])*",
        2: "百(?!分)*",
        # With a unit it is one of its own: 千克 is a kilogram, 千字节 a kilobyte.
        3: "千(?!克|米|瓦|字[节節]|赫|伏|焦|卡|兆|帕|比特|位元|公)*",
        4: "[万萬]*",
        8: "[亿億]*",
    },
    "ja": {1: "十(?=[万億兆])*", 2: "百(?!分)*", 3: "千*", 4: "[万萬]*", 8: "[億亿]*", 12: "兆*"},
    "ko": {1: "(?<=\\d)십*", 2: "(?<=\\d)백(?!분|본)*", 3: "천*", 4: "만*", 8: "억*", 12: "조*"},
    "hi": {
        2: "सौ",
        3: "हज़ार* हजार*",
        5: "लाख*",
        6: "मिलियन*",
        7: "करोड़* करोड*",
        9: "अरब बिलियन*",
        11: "खरब",
        12: "ट्रिलियन*",
    },
    "ar": {
        3: "[أا]لف[\u064b-\u0652]?[اي]? [آا]لاف[\u064b-\u0652]?",
        6: "مليون* ملايين*",
        9: "مليار*",
        12: "تر[ي]?ليون*",
    },
    "he": {
        3: "אלף אלפי אלפים",
        6: "מי?ליון מי?ליוני מי?ליונים",
        9: "מי?ליארד מי?ליארדי מי?ליארדים",
        12: "טרי?ליון טרי?ליוני טרי?ליונים",
    },
    "fa": {
        3: "هزار(?!م)*",
        6: "م[یي]ل[یي]ون(?![یي]م)*",
        9: "م[یي]ل[یي]ارد(?!م)*",
        12: "تر[یي]ل[یي]ون(?!م)*",
    },
    "th": {2: "ร้อย(?!ละ)*", 3: "พัน(?!ธ)*", 4: "หมื่น*", 5: "แสน*", 6: "ล้าน*"},
}
_SHORT: dict[str, dict[int, str]] = {
    # In their usual case alone: three MR images, BN layers and Mn ions are no powers of ten. Nor are two
    # bi-encoders; a word with a hyphen here may begin a compound: "5-Mio-Datensatz".
    "en": {6: "mn", 9: "[Bb]n", 12: "tn"},
    "de": {3: "[Tt]sd-", 6: "[Mm]io- [Mm]ln-", 9: "[Mm]rd-", 12: "[Bb]io"},
    "fr": {6: "[Mm]io-", 9: "[Mm]ds? [Mm]rds?-"},
    "it": {6: "[Mm]ln- [Mm]io-", 9: "[Mm]ld- [Mm]rd-"},
    "pt": {6: "mi", 9: "bi", 12: "tri"},
    "nl": {6: "[Mm]ln-", 9: "[Mm]ld- [Mm]rd-"},
    "sv": {6: "mn [Mm]ilj-", 9: "md mdr [Mm]rd-"},
    "da": {6: "[Mm]io-", 9: "[Mm]ia [Mm]rd-"},
    "nb": {6: "[Mm]ill-", 9: "[Mm]rd-"},
    "fi": {6: "[Mm]ilj-", 9: "[Mm]rd-"},
    "pl": {3: "[Tt]ys-", 6: "[Mm]ln-", 9: "[Mm]ld-", 12: "[Bb]ln-"},
    "cs": {3: "[Tt]is-", 6: "[Mm]il- [Mm]io-", 9: "[Mm]ld- [Mm]rd-"},
    "hu": {9: "[Mm]rd-"},
    "ro": {6: "[Mm]il- [Mm]ln-", 9: "[Mm]ld- [Mm]rd-"},
    "tr": {6: "mn", 9: "mr", 12: "trn-"},
    "id": {3: "rb", 6: "jt"},
}
"""Short forms of the same, by language."""
_WORDS["zh-Hant"] = _WORDS["zh"] | {12: "兆(?!位元|字節|赫|瓦|比特)*"}
_LINKED = dict.fromkeys(("es", "fr", "pt", "ro"), r"(?:de\s)?")
"""What may stand before the word: "25 de mii", "millones de millones"."""
_WITHOUT_SPACES = frozenset({"ja", "ko", "th", "zh", "zh-Hant"})

_DOUBTFUL = re.compile(
    r"[\s-]?(?i:(?:de\s)?(?:m|b|tr|k[vw]?[au]?[dt]+r|quadr|cuatr|[kq][uvw]?int)[iy]l[ijylh]{1,3}"
    r"(?:o[ao]?n|un|[óãõ]|[aá]r|iom)"
    r"|(?:м|б|тр|квадр|квинт|квінт)[иі]л[ьлйи]{0,3}(?:он|[ая]рд)|\w{0,9}εκατομμ|χιλιοστ"
    r"|(?:tau|tu)send|thousand|tysi[ąaę]c|tis[ií]c|duizend|tuhan|ты?сяч|тисяч"
    r"|\S{0,7}िलियन|(?:[بم]|تر|كو?ادر)[يی]?ل(?:[يی]+(?:ون|ار)|اي[يی]ن)|\w{0,5}[یي]ل[یي](?:ون|ارد)"
    r"|[בטקמ]\w{0,4}לי(?:ון|ארד)|אלפית|هزارم)|(?<=\d)(?:[京兆]|경(?!우))"
)
"""What looks like such a word, and is not one of the language or not in a known form."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What follows a number."""

    power: int | None
    """Of ten; 0 if no such word follows, None if it is in doubt which."""
    end: int
    """Where the words end."""


def scale_after(text: str, start: int, code: str) -> Scale:
    """The power of ten that the words at `start`, just after a number, give it in a language.

    Args:
        text: In NFKC.
        start: Where the number ends.
        code: The language's.
    """
    if (letter := _LETTER.match(text, start)) is not None:
        return Scale(_LETTERS[letter[0].strip().lower()], letter.end())
    power, end, pattern = 0, start, _pattern(code)
    for _ in range(_MOST_WORDS):
        if (match := pattern.match(text, end)) is None:
            break
        power, end = power + int((match.lastgroup or "")[1:]), match.end()
    return Scale(None if _DOUBTFUL.match(text, end) else power, end)


@cache
def _pattern(code: str) -> re.Pattern[str]:
    short = _SHORT.get(code, {})
    named = "|".join(
        f"(?P<e{power}>{'|'.join([_whole(words, code), *map(_ended_short, short.get(power, '').split())])})"
        for power, words in _WORDS[code].items()
    )
    return re.compile(unicodedata.normalize("NFKC", rf"[\s-]?{_LINKED.get(code, '')}(?:{named})"))


def _whole(words: str, code: str) -> str:
    return f"(?i:{'|'.join(_ended(word, code) for word in words.split())})"


def _ended(word: str, code: str) -> str:
    if not word.endswith("*"):
        return word + _END
    return word.removesuffix("*") + ("" if code in _WITHOUT_SPACES else _GOES_ON)


def _ended_short(word: str) -> str:
    return word.removesuffix("-") + (r"(?!\w)" if word.endswith("-") else _SHORT_END)
