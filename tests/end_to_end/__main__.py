"""`python -m tests.end_to_end` is the bot.

Python imports the module that a process was started with again in each process of its own; not a `__main__`.
"""

from tests.end_to_end.bot_process import main

main()
