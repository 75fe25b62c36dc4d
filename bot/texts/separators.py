"""What other scripts put between the items of a list, beside our own commas and semicolons (pure)."""

OTHER_COMMAS = "\u060c\u3001\uff0c"
"""Of Arabic, Japanese and Chinese, for a class of characters in a pattern."""
OTHER_SEMICOLONS = "\u061b\uff1b"
