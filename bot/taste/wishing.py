"""What may be followed and muted (pure)."""

from bot.errors import InputError
from bot.papers import taxonomy
from bot.taste.spelling import folded
from storage.model import PreferenceKind, Subject

_LONGEST = 100
_ALLOWED = {
    PreferenceKind.FOLLOW: (Subject.AUTHOR, Subject.TOPIC, Subject.CATEGORY),
    PreferenceKind.MUTE: (Subject.AUTHOR, Subject.TOPIC, Subject.CATEGORY, Subject.WORD),
}


def check_preference(kind: PreferenceKind, subject: Subject, value: str) -> str:
    """The value as it is stored: on one line, a category as arXiv spells it.

    Raises:
        InputError: it cannot be followed or muted.
    """
    if subject not in _ALLOWED[kind]:
        raise InputError(f"A {subject.value} cannot be {kind.value}ed.")
    plain = " ".join(value.split())
    if subject is Subject.CATEGORY:
        (plain,) = taxonomy.check([plain])
    if not any(character.isalnum() for character in folded(plain)):
        raise InputError(f"Name the {subject.value}.")
    if len(plain) > _LONGEST:
        raise InputError(f"That is too long for a {subject.value}: {_LONGEST} characters are enough.")
    return plain
