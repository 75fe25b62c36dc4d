"""`broadsheet demo`: the whole weekly job, on an invented week that the package itself serves."""

import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import HttpUrl
from rich.console import Console

from bot.clock import SystemClock
from bot.command_line.digest import make_digest
from bot.sample.server import SampleArxiv
from bot.sample.week import CATEGORIES, INTERESTS, WEEK
from bot.settings import Settings
from bot.weeks import parse_week
from storage.model import Subscription

HIGHLIGHTS = 8

_NAME = "broadsheet"


def next_steps() -> str:
    """What to do after the demo, ready to copy: the program is named so that this shell finds it."""
    called = sys.argv[0]
    # In a virtual environment that is not activated it is only found by its path.
    is_elsewhere = Path(called).name == _NAME and shutil.which(_NAME) is None
    command = shlex.quote(called) if is_elsewhere else _NAME
    return f"""\
That was an invented week. Next:
  real papers        {command} digest --categories cs.CL,cs.LG --interests "what you care about"
  better summaries   set OPENAI_API_KEY, or OPENAI_BASE_URL for a model of your own
  on Discord         DISCORD_TOKEN=... {command} run, then /setup in your server"""


async def run_demo(
    settings: Settings, *, folder: Path, formats: Sequence[str], audio: bool, console: Console
) -> None:
    """Make the sample week's digest with everything local; only its files are left behind."""
    subscription = Subscription(
        server_id=0,
        channel_id=None,
        categories=CATEGORIES,
        interests=INTERESTS,
        highlights=HIGHLIGHTS,
    )
    with tempfile.TemporaryDirectory(prefix="broadsheet-demo-") as data:
        async with SampleArxiv() as arxiv:
            local = settings.model_copy(
                update={
                    "data_folder": Path(data),
                    "database_url": None,
                    "chroma_url": None,
                    "openai_api_key": None,
                    "openai_base_url": None,
                    "embedder": "minilm",
                    "voice": "hibari",
                    "arxiv_api_url": HttpUrl(arxiv.api_url),
                    "arxiv_rss_url": HttpUrl(arxiv.rss_url),
                    "arxiv_pdf_url": HttpUrl(arxiv.pdf_url),
                    "arxiv_delay_seconds": 0.0,
                }
            )
            await make_digest(
                *(local, subscription, parse_week(WEEK)),
                folder=folder,
                formats=formats,
                audio=audio,
                console=console,
                clock=SystemClock(),
            )
    console.print(f"\n{next_steps()}", markup=False, highlight=False, soft_wrap=True)
