"""What stands on the command line, as the services can take it."""

import re

_HALF = re.compile("[\ud800-\udfff]")


def text(argument: str) -> str:
    """An argument that is text, with U+FFFD for each byte that is not UTF-8.

    Python keeps such bytes as lone surrogates, which paths need, but which no model and no database takes
    (https://peps.python.org/pep-0383/).
    """
    return _HALF.sub("\ufffd", argument)
