"""`python -m bot` is the `broadsheet` command."""

from bot.cli import main

main()
