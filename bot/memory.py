"""What the C library keeps of freed memory."""

import ctypes
from contextlib import suppress

_ARENA_MAX = -8
"""`M_ARENA_MAX` of mallopt(3)."""
_ARENAS = 2


def share_arenas() -> None:
    """Let all threads of this process allocate from two arenas; call it before they start.

    glibc gives them eight for each processor, and each of these keeps up to 64 MB of what large arrays have
    used. Whichever threads learn a week's taste, sooner or later all arenas hold that much: a bot on two
    processors had 985 MB after three weekly digests, and 662 MB with two arenas, for the same processor time.
    Other C libraries have no arenas, and nothing changes.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)
