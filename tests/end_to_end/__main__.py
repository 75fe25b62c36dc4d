"""`python -m tests.end_to_end` runs the bot.

The child processes that it spawns would import its main module again, unless that is a `__main__`.
"""

from tests.end_to_end.bot_process import main

main()
