"""What people of any script put between the items of a list (pure)."""

import re

OTHER_COMMAS = "\u060c\u3001\uff0c"
"""Of Arabic, Japanese and Chinese, for a class of characters in a pattern."""
OTHER_SEMICOLONS = "\u061b\uff1b"
SEPARATOR = re.compile(f"[,;{OTHER_COMMAS}{OTHER_SEMICOLONS}]")


def items(text: str) -> tuple[str, ...]:
    """The parts between commas or semicolons, stripped, once each; none without a letter or digit."""
    parts = (part.strip() for part in SEPARATOR.split(text))
    return tuple(dict.fromkeys(part for part in parts if any(map(str.isalnum, part))))
