"""What may be followed and muted (pure)."""

import re

from bot.errors import InputError
from bot.papers import taxonomy
from bot.taste.spelling import is_suffix
from bot.texts.folding import folded
from bot.texts.separators import OTHER_COMMAS, OTHER_SEMICOLONS
from storage.model import PreferenceKind, Subject

_LONGEST = 100
_QUOTED = re.compile(r"""["'“”„«»‘’`]\s*(?P<words>[^"“”„«»`]*?)\s*["'“”„«»‘’`]""")
_LISTED = re.compile(rf"[,;](?!\d)|[{OTHER_COMMAS}{OTHER_SEMICOLONS}]")
_JOINED = re.compile(r";|\s(?:and|&)\s", re.IGNORECASE)
_PARTICLES = frozenset({"van", "von", "der", "den", "del", "della", "dos", "das", "dal"})
_FULL_NAME = 2
"""So many words that are neither initials nor particles make a full name."""
_ALLOWED = {
    PreferenceKind.FOLLOW: (Subject.AUTHOR, Subject.TOPIC, Subject.CATEGORY),
    PreferenceKind.MUTE: (Subject.AUTHOR, Subject.TOPIC, Subject.CATEGORY, Subject.WORD),
}


def check_preference(kind: PreferenceKind, subject: Subject, value: str) -> str:
    """Return the value as it is stored: on one line, without quotation marks, a category as arXiv spells it.

    Raises:
        InputError: it cannot be followed or muted.
    """
    if subject not in _ALLOWED[kind]:
        raise InputError(f"A {subject.value} cannot be {kind.value}ed.")
    plain = bare(value)
    if subject is Subject.CATEGORY:
        (plain,) = taxonomy.check([plain])
    if not any(character.isalnum() for character in folded(plain)):
        raise InputError(f"Name the {subject.value}.")
    if len(plain) > _LONGEST:
        raise InputError(f"That is too long: use at most {_LONGEST} characters.")
    return plain


def check_one(subject: Subject, value: str) -> str:
    """Return the value if it is not a list, which as a whole would match no paper.

    Raises:
        InputError: it is a list of authors, topics or words.
    """
    if subject is Subject.AUTHOR and _names_several(value):
        raise InputError("Name one author at a time, without commas: first name first, as on the paper.")
    if subject in {Subject.TOPIC, Subject.WORD} and _LISTED.search(value):
        raise InputError(f"Name one {subject.value} at a time, without commas.")
    return value


def _names_several(value: str) -> bool:
    """Whether it is a list of people, as "Hinton, G. E." and "Griffey, Jr." are not."""
    if _JOINED.search(value) and "collaboration" not in value.casefold():
        return True
    parts = [part for part in value.split(",") if not is_suffix(part)]
    return len(parts) > _FULL_NAME or (len(parts) > 1 and all(map(_is_full_name, parts)))


def _is_full_name(part: str) -> bool:
    words = [word.strip(".") for word in part.split()]
    long = [word for word in words if len(word) > 1 and word.casefold() not in _PARTICLES]
    return len(long) >= _FULL_NAME


def bare(value: str) -> str:
    """The value on one line, without quotation marks around it, which papers do not have there."""
    plain = " ".join(value.split())
    quoted = _QUOTED.fullmatch(plain)
    return plain if quoted is None else quoted["words"]
