"""The `broadsheet` command: parse, call a service, print."""

import asyncio
import errno
import logging
import os
import signal
import sys
import tempfile
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import SystemClock
from bot.command_line.arguments import text
from bot.errors import BroadsheetError, InputError, SettingsError
from bot.languages import parse_language
from bot.logs import incident, to_file, to_terminal
from bot.papers.ids import parse
from storage.failures import StorageFailure

if TYPE_CHECKING:
    from bot.settings import Settings

log = logging.getLogger(__name__)

INPUT_PROBLEM, SERVICE_PROBLEM, UNEXPECTED, INTERRUPTED = 2, 1, 70, 130
"""Exit codes: the request has to change; something outside failed; our own fault; Ctrl-C."""
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_NAME = "broadsheet"
_ONE_LINE = 10_000
"""Characters, enough for any setting with its meaning."""

commands = typer.Typer(
    help="Broadsheet reads arXiv for a community.",
    context_settings={"max_content_width": 110},
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(is_requested: bool) -> None:
    if is_requested:
        from importlib.metadata import version

        Console(highlight=False).print(f"Broadsheet {version('broadsheet')}")
        raise typer.Exit


@commands.callback()
def broadsheet(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Broadsheet reads arXiv for a community."""


_Folder = Annotated[Path, typer.Option(help="Folder to write the files to.")]
_Formats = Annotated[
    list[str],
    typer.Option(
        "--format",
        metavar="<format>",
        help="md, html, json, bibtex, csv or obsidian (a folder of notes); can be repeated.",
    ),
]
_DEFAULT_FORMATS = ["md", "html"]
_Audio = Annotated[bool, typer.Option("--audio", help="Also read it aloud, to digest.mp3 and digest.opus.")]


@commands.command()
def demo(folder: _Folder = Path(), formats: _Formats = _DEFAULT_FORMATS, audio: _Audio = False) -> None:
    """Make the digest of an invented sample week; needs no key, Discord or internet."""
    from bot.command_line.demo import run_demo

    asyncio.run(run_demo(_settings(), folder=folder, formats=formats, audio=audio, console=Console()))


@commands.command()
def digest(
    categories: Annotated[str, typer.Option(parser=text, help="arXiv categories, such as cs.CL,cs.LG.")],
    week: Annotated[
        str | None,
        typer.Option(parser=text, help="ISO week, such as 2026-W47; by default the last complete week."),
    ] = None,
    interests: Annotated[
        str, typer.Option(parser=text, help="What you care about, in plain English words.")
    ] = "",
    exclude: Annotated[str, typer.Option(parser=text, help="Words to leave out, separated by commas.")] = "",
    highlights: Annotated[
        int, typer.Option(metavar="<number>", min=1, max=25, help="Papers summarised in full.")
    ] = 8,
    folder: _Folder = Path(),
    formats: _Formats = _DEFAULT_FORMATS,
    audio: _Audio = False,
) -> None:
    """Make the digest of a week of arXiv papers and print it."""
    from bot.command_line.digest import make_digest, subscription_from
    from bot.weeks import latest_complete_week, parse_week

    clock = SystemClock()
    chosen = parse_week(week) if week else latest_complete_week(clock.now())
    subscription = subscription_from(
        categories=categories, interests=interests, exclude=exclude, highlights=highlights
    )
    asyncio.run(
        make_digest(
            *(_settings(), subscription, chosen),
            folder=folder,
            formats=formats,
            audio=audio,
            console=Console(),
            clock=clock,
        )
    )


@commands.command()
def summarize(
    paper: Annotated[str, typer.Argument(parser=text, help="arXiv id or link, such as 2406.02528.")],
    language: Annotated[str, typer.Option(parser=text, help="Language of the summary.")] = "English",
) -> None:
    """Summarise an arXiv paper, with every number checked and linked to its page."""
    from bot.command_line.paper import summarize_paper

    reference, chosen = parse(paper), parse_language(language)
    asyncio.run(summarize_paper(_settings(), reference, chosen, console=Console(), clock=SystemClock()))


@commands.command()
def ask(
    question: Annotated[str, typer.Argument(parser=text, help="Your question, in plain words.")],
    paper: Annotated[
        str | None,
        typer.Option(parser=text, help="Search only this paper: an arXiv id or link, such as 2406.02528."),
    ] = None,
    week: Annotated[
        str | None,
        typer.Option(parser=text, help="Search only the highlights of this ISO week, such as 2026-W47."),
    ] = None,
) -> None:
    """Ask about a paper, a week, or everything stored; every sentence links to its page."""
    from bot.command_line.answer import answer_question, scope_of
    from bot.weeks import parse_week

    scope = scope_of(parse(paper) if paper else None, parse_week(week) if week else None)
    asyncio.run(answer_question(_settings(), question, scope, console=Console(), clock=SystemClock()))


@commands.command()
def run() -> None:
    """Run the bot until it is stopped."""
    from bot.running import run_bot

    settings = _settings()
    if settings.discord_token is None:
        raise SettingsError(
            "DISCORD_TOKEN is not set. Create a bot at https://discord.com/developers/applications, copy its "
            "token, and start again with DISCORD_TOKEN=<token> broadsheet run."
        )
    to_terminal(settings.log_level)
    asyncio.run(run_bot(settings, clock=SystemClock()))


@commands.command()
def health() -> None:
    """Check whether the bot is alive; exit code 0 if its last heartbeat is at most a minute old."""
    from bot.heartbeat import heartbeat_age_seconds
    from bot.locations import named_data_folder

    settings = _settings()
    seconds = heartbeat_age_seconds(
        named_data_folder(settings), process_name=settings.process_name, clock=SystemClock()
    )
    Console(highlight=False).print(f"The bot is alive: its last heartbeat was {seconds:.0f} s ago.")


index_commands = typer.Typer(help="Check, rebuild and clean up the passage index.")
commands.add_typer(index_commands, name="index")


@index_commands.command("check")
def check_index() -> None:
    """Compare the index with the database; the exit code is 1 if they differ."""
    from bot.command_line import index

    if not asyncio.run(index.check(_settings(), console=Console(), clock=SystemClock())):
        raise typer.Exit(SERVICE_PROBLEM)


@index_commands.command("rebuild")
def rebuild_index() -> None:
    """Embed passages that have no vector yet, and rebuild the index; the bot also does both by itself."""
    from bot.command_line import index

    asyncio.run(index.rebuild(_settings(), console=Console(), clock=SystemClock()))


@index_commands.command("forget")
def forget_vectors(
    embedder: Annotated[
        str, typer.Argument(parser=text, help="The embedder, as named by `broadsheet index check`.")
    ],
) -> None:
    """Delete the vectors that a previous embedder left in the database."""
    from bot.command_line import index

    asyncio.run(index.forget(_settings(), embedder, console=Console(), clock=SystemClock()))


@index_commands.command("separate")
def separate_index() -> None:
    """After copying a database: build this copy's index beside the original's on the Chroma server."""
    from bot.command_line import index

    asyncio.run(index.separate(_settings(), console=Console(), clock=SystemClock()))


site_commands = typer.Typer(help="Build the public pages of servers that publish their digests.")
commands.add_typer(site_commands, name="site")


@site_commands.command("build")
def build_site(
    folder: Annotated[Path, typer.Option(help="Folder to write the pages to.")] = Path("site"),
    url: Annotated[
        str | None,
        typer.Option(parser=text, help="Their public address, for feeds; by default BROADSHEET_SITE_URL."),
    ] = None,
) -> None:
    """Write the public pages to a folder for any web server; run again, it writes only what changed."""
    from bot.command_line.site import build_site as build

    asyncio.run(build(_settings(), folder=folder, url=url, console=Console(), clock=SystemClock()))


@commands.command("settings")
def show_settings() -> None:
    """Print all settings, with secrets hidden.

    They come from the environment and from `.env`; secrets also from files named by `<NAME>_FILE`.
    """
    from bot.settings_loading import shown

    table = Table(box=None, pad_edge=False)
    table.add_column("Setting", no_wrap=True)
    table.add_column("Value", overflow="fold")
    table.add_column("Meaning")
    for row in shown(_settings()):
        table.add_row(*row)
    console = Console(markup=False)
    if not console.is_terminal:
        console.width = _ONE_LINE  # for another program
    console.print(table)


def _settings() -> "Settings":
    from bot.settings_loading import load_settings

    return load_settings()


def main() -> None:
    """Run the command; every failure is one clear line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal or a pipe may lack some characters
    _take_other_signals_as_ctrl_c()
    try:
        code = commands(sys.argv[1:] or ["--help"], prog_name=_NAME, standalone_mode=False)
    except (BroadsheetError, StorageFailure) as error:
        _fail(str(error), INPUT_PROBLEM if isinstance(error, InputError) else SERVICE_PROBLEM)
    except (KeyboardInterrupt, typer.Abort):
        _fail("Stopped.", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the outermost edge: no user should meet a traceback
        usage = getattr(error, "format_message", None)  # the parser's own, such as a missing option
        if usage is not None:
            _fail(_misused(usage(), getattr(error, "ctx", None)), INPUT_PROBLEM)
        if isinstance(error, OSError) and error.errno in _NO_SPACE:
            _fail("The disk is full. Free some space, then try again.", SERVICE_PROBLEM)
        _fail(_reported(error), UNEXPECTED)
    else:
        if code == INTERRUPTED:  # typer's, after Ctrl-C
            _fail("Stopped.", INTERRUPTED)
        sys.exit(code)  # of typer.Exit; None is 0


def _take_other_signals_as_ctrl_c() -> None:
    """So that a stop by the system or a closed terminal leaves no temporary folders either."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, _end)


def _end(*_: object) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a script's shell has it for `broadsheet ... &`
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)


def _misused(words: str, context: typer.Context | None) -> str:
    """The parser's message as a sentence, and where to read about that command."""
    words = words if words.endswith((".", "?", "!")) else f"{words}."
    command = context.command_path if context is not None else _NAME
    return f"{words} See `{command} --help`."


def _reported(error: Exception) -> str:
    try:
        # A random name: a known one may be another user's file, or a link to one of ours.
        opened, name = tempfile.mkstemp(prefix="broadsheet-crash-", suffix=".log")
        os.close(opened)
        report = Path(name)
        to_file("WARNING", report)
    except OSError:  # even FileNotFoundError, if no temporary folder takes a byte
        return "No temporary folder can be written to: the disk may be full. Free some space, then try again."
    return f"{incident(log, 'the command failed', error)} It is in {report}."


def _fail(words: str, code: int) -> None:
    Console(stderr=True, highlight=False).print(f"broadsheet: {words}", markup=False, soft_wrap=True)
    sys.exit(code)
