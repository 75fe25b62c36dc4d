"""What is stored of a notice until it has reached someone; afterwards it is the time of that (pure)."""

from typing import NamedTuple, Self

_MARK = "untold"


class Untold(NamedTuple):
    """A notice that has reached nobody yet."""

    tries: int = 0
    words: str = ""

    def __str__(self) -> str:
        """As it is stored."""
        return f"{_MARK} {self.tries} {self.words}"

    @classmethod
    def read(cls, stored: str) -> Self | None:
        """The notice that is stored; None if it has reached someone."""
        mark, _, rest = stored.partition(" ")
        tries, _, words = rest.partition(" ")
        return cls(int(tries), words) if mark == _MARK else None
