"""Run a module whose discord.py talks to a fake Discord.

python -m tests.fakes.discord <url> <module> <arguments>
"""

import runpy
import sys

from tests.fakes.discord.server import point_discord_at

_, base_url, module, *arguments = sys.argv
point_discord_at(base_url)
sys.argv = [module, *arguments]
runpy.run_module(module, run_name="__main__", alter_sys=True)
