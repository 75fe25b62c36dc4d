"""`broadsheet digest`: the same durable run as the bot's, watched, printed, and written to files."""

import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bot.app import Services, open_services
from bot.clock import Clock
from bot.command_line.watched import Watched
from bot.digest.plan import COMMAND_LINE, DigestRequest
from bot.errors import InputError, ServiceError
from bot.locations import RUNS_FILE, data_folder
from bot.logs import to_data_folder
from bot.papers import taxonomy
from bot.rendering.exports.formats import exported, fixed_file_names, known_formats
from bot.rendering.terminal import digest_terminal
from bot.runs.control import Runs
from bot.runs.engine import Engine
from bot.runs.retention import clear_up
from bot.runs.workflows import Workflows
from bot.settings import Settings
from bot.speech.podcasts import why_no_voice
from bot.speech.port import Voice
from bot.speech.recording import record
from bot.speech.script import NEWSLETTER
from bot.texts.separators import items
from bot.weeks import Week, check_started
from storage.addresses import sqlite_url
from storage.model import Subscription


def subscription_from(*, categories: str, interests: str, exclude: str, highlights: int) -> Subscription:
    """The subscription that the command line's options describe.

    Raises:
        InputError: a category does not exist.
    """
    return Subscription(
        server_id=COMMAND_LINE,
        channel_id=None,
        categories=taxonomy.listed(categories),
        interests=interests,
        excluded_words=items(exclude),
        highlights=highlights,
    )


async def make_digest(
    settings: Settings,
    subscription: Subscription,
    week: Week,
    *,
    folder: Path,
    formats: Sequence[str],
    console: Console,
    clock: Clock,
    audio: bool = False,
) -> None:
    """Make the digest, print it, and write it to `folder` in these formats.

    With `audio` also digest.mp3 and digest.opus; if the voice fails, everything else is there.

    Raises:
        InputError: the folder or a file cannot be written to, no such format, no voice, no such week yet.
        ServiceError: arXiv could not be asked; after everything else: a file or the voice failed.
    """
    formats = known_formats(formats)
    check_started(week, clock.now())
    _check_writable(folder, fixed_file_names(formats))
    to_data_folder(settings.log_level, data_folder(settings))
    run_id = f"preview:{COMMAND_LINE}:{week}:{secrets.token_hex(4)}"
    request = DigestRequest(run_id=run_id, subscription=subscription, week=str(week), published=False)
    written: list[Path] = []
    problem: ServiceError | None = None
    with Watched(console) as progress, tempfile.TemporaryDirectory(prefix="broadsheet-run-") as runs_folder:
        async with open_services(settings, clock=clock, progress=progress) as services:
            voice = _voice(services) if audio else None
            # Without a bot nothing else does this. As of the week's own time, so that what it needs is kept.
            await clear_up(services.database, min(clock.now(), week.complete_at))
            workflows = Workflows(digests=services.digests, clock=clock)
            # Runs of its own: the bot must not take over what a command leaves unfinished.
            async with Engine(
                database_url=sqlite_url(Path(runs_folder) / RUNS_FILE),
                process_name="command",
                workflows=workflows,
            ):
                runs = Runs(workflows, clock)
                await runs.start_digest(request)
                await runs.wait_for_end(run_id)
            async with services.database.begin() as tx:
                digest = await tx.digests.get(run_id)
            assert digest is not None, "its run has ended"
            try:
                for name, text in exported(digest, formats).items():
                    written.append(_written(folder, name, text))
                if voice is not None:
                    mp3, opus = folder / "digest.mp3", folder / "digest.opus"
                    await record(
                        digest, voice, name=NEWSLETTER, mp3=mp3, opus=opus, clock=clock, progress=progress
                    )
                    written += [mp3, opus]
            except ServiceError as error:
                problem = error
    # Only now that the progress is off the screen.
    console.print(digest_terminal(digest))
    if written:
        files = ", ".join(map(str, dict.fromkeys(written)))
        console.print(f"\nWritten: {files}", markup=False, highlight=False)
    if problem is not None:
        raise problem


def _voice(services: Services) -> Voice:
    if services.voice is None:
        raise InputError(why_no_voice(services.settings))
    return services.voice


def _written(folder: Path, name: str, text: str) -> Path:
    """Write one file and return its path or, if it is in a folder of its own, that folder's."""
    path = folder / name
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise ServiceError(f"{error.filename or path} could not be written: {error.strerror}.") from error
    return folder / name.partition("/")[0]


def _check_writable(folder: Path, names: Sequence[str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"The folder {folder} cannot be written to: {error.strerror}. Choose one with --folder."
        ) from None
    for path in (folder / name for name in names):
        try:
            if path.exists():
                path.open("a").close()
        except OSError as error:
            raise InputError(
                f"The file {path} cannot be written to: {error.strerror}. Choose another --folder."
            ) from None
