"""The languages a summary can be written in."""

from dataclasses import dataclass

from bot.errors import InputError, echoed
from bot.texts.folding import folded_but_hyphens

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language, and how it writes decimals."""

    code: str
    """ISO 639-1, with a script where there are two."""
    name: str
    """In English."""
    own_name: str
    decimal_comma: bool
    """Whether `12,5` is twelve and a half (https://cldr.unicode.org, number symbols)."""


def _languages(table: str, *, decimal_comma: bool) -> tuple[Language, ...]:
    rows = (line.split("|") for line in table.strip().splitlines())
    return tuple(
        Language(code=code, name=name, own_name=own_name, decimal_comma=decimal_comma)
        for code, name, own_name in rows
    )


_WITH_POINT = _languages(
    """
en|English|English
zh|Chinese (simplified)|简体中文
zh-Hant|Chinese (traditional)|繁體中文
ja|Japanese|日本語
ko|Korean|한국어
hi|Hindi|हिन्दी
ar|Arabic|العربية
he|Hebrew|עברית
fa|Persian|فارسی
th|Thai|ไทย
""",
    decimal_comma=False,
)
_WITH_COMMA = _languages(
    """
de|German|Deutsch
fr|French|Français
es|Spanish|Español
it|Italian|Italiano
pt|Portuguese|Português
nl|Dutch|Nederlands
sv|Swedish|Svenska
da|Danish|Dansk
nb|Norwegian|Norsk
fi|Finnish|Suomi
pl|Polish|Polski
cs|Czech|Čeština
hu|Hungarian|Magyar
ro|Romanian|Română
el|Greek|Ελληνικά
ru|Russian|Русский
uk|Ukrainian|Українська
tr|Turkish|Türkçe
id|Indonesian|Bahasa Indonesia
vi|Vietnamese|Tiếng Việt
""",
    decimal_comma=True,
)
LANGUAGES = (_WITH_POINT[0], *sorted((*_WITH_POINT[1:], *_WITH_COMMA), key=lambda language: language.name))
"""English, then the others by name."""
_BY_CODE = {language.code: language for language in LANGUAGES}
_BY_NAME = {
    folded_but_hyphens(name): language
    for language in LANGUAGES
    for name in (language.code, language.name, language.own_name)
}
_BY_NAME |= dict.fromkeys(("chinese", "中文"), _BY_CODE["zh"])
# Where the traditional script is written (https://cldr.unicode.org, likely subtags).
_BY_NAME |= dict.fromkeys(("zh-tw", "zh-hk", "zh-mo"), _BY_CODE["zh-Hant"])


def language(code: str) -> Language:
    """The language with this code, which has to be one of ours."""
    return _BY_CODE[code]


def parse_language(text: str) -> Language:
    """The language that `text` names: in English, in that language, or by its code, also with a region.

    Raises:
        InputError: it is none of ours.
    """
    name = folded_but_hyphens(" ".join(text.replace("_", "-").split()))
    while name not in _BY_NAME and "-" in name:
        name = name.rpartition("-")[0]
    found = _BY_NAME.get(name)
    if found is None:
        echo, offered = echoed(text), ", ".join(known.name for known in LANGUAGES)
        raise InputError(f"Summaries are not available in “{echo}”. Choose one of: {offered}.", echo=echo)
    return found


def suggested_languages(fragment: str, *, limit: int = 25) -> list[Language]:
    """The languages with a name that starts with `fragment`, then those with one that contains it."""
    wanted = folded_but_hyphens(fragment.strip())

    def place(known: Language) -> int:
        names = [folded_but_hyphens(name) for name in (known.name, known.own_name, known.code)]
        if any(name.startswith(wanted) for name in names):
            return 0
        return 1 if any(wanted in name for name in names) else 2

    return sorted((known for known in LANGUAGES if place(known) < 2), key=place)[:limit]  # noqa: PLR2004
