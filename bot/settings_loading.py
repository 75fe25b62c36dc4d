"""Reads the settings, and says what is wrong with them."""

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import SettingsError
from bot.logs import without_passwords
from bot.settings import ENV_FILE_ENCODING, Settings, is_cluster_address

_NOT_SETTINGS = frozenset({"BROADSHEET_SHARED_DATA"})
_MISSPELT = 0.9
"""From this likeness (difflib's ratio: a letter or two off) a name counts as one of ours misspelt."""
_ALIKE = 0.6
"""From this likeness what follows our prefix may stand for the name of a setting."""
_OURS = "BROADSHEET_"
_SHARED_PREFIXES = ("OPENAI_", "DISCORD_", "ARXIV_")
_OF_A_CLUSTER = re.compile(
    r"BROADSHEET_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)"
)
"""What Kubernetes sets in every container if a service is called broadsheet, or something like it
(https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables)."""
_ADDRESS = "use a URL that starts with http:// or https://"
_ADVICE = {
    "url_scheme": _ADDRESS,
    "url_parsing": _ADDRESS,
    "bool_parsing": "use true or false",
    "int_parsing": "use a whole number, in digits only",
    "float_parsing": "use a number such as 30 or 0.25, without a unit",
    "greater_than": "use more than {gt:.15g}",
    "greater_than_equal": "use {ge:.15g} or more",
    "less_than_equal": "use {le:.15g} or less",
    "literal_error": "use {expected}",
    "finite_number": "use a number such as 30 or 0.25, without a unit",
}
"""What to write instead, by pydantic's type of error
(https://docs.pydantic.dev/latest/errors/validation_errors/)."""
_NO_ADDRESS = "relative URL without a base"
"""pydantic's reason for a URL without a scheme, which `_ADDRESS` says better."""


def load_settings(env_file: str | None = ".env") -> Settings:
    """Read the settings from the environment, `.env` and secret files.

    Raises:
        SettingsError: a value cannot be used or a name is unknown; the message says what to use instead.
    """
    _refuse_unknown_names(env_file)
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsError(_words(error)) from None


def shown(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting as (name, value with secrets hidden, description)."""
    rows = []
    for field_name, field in Settings.model_fields.items():
        value = getattr(settings, field_name)
        text = without_passwords(_as_written(value))
        rows.append((str(field.validation_alias), text, field.description or ""))
    return rows


def _as_written(value: object) -> str:
    """A value as one would write it; a secret hidden, empty if it is not set."""
    if isinstance(value, SecretStr):
        return "(hidden)"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _refuse_unknown_names(env_file: str | None) -> None:
    fields = {str(field.validation_alias): field for field in Settings.model_fields.values()}
    secrets = {f"{name}_FILE" for name, field in fields.items() if SecretStr in get_args(field.annotation)}
    known = {*fields, *secrets, *_NOT_SETTINGS}
    in_file = _written_in(env_file)
    given: dict[str, str | None] = {**os.environ, **in_file}
    for written in sorted(written for written in given if written.upper() not in known):
        name = written.upper()
        is_ours = name.startswith(_OURS) and not _is_of_a_cluster(name, given[written] or "")
        nearest = _nearest(name, fields) if is_ours else _similar(name, {*fields, *secrets}, _MISSPELT)
        # Other programs have names of their own, such as OPENAI_API_KEY_2 and DATABASE_URI.
        may_be_ours = written in in_file or name.startswith(_SHARED_PREFIXES)
        is_misspelt = bool(nearest) and may_be_ours and f"{nearest[0]}_" not in name
        if is_ours or is_misspelt:
            advice = f" Did you mean {nearest[0]}?" if nearest else " `broadsheet settings` lists them all."
            raise SettingsError(f"There is no setting {written}.{advice}")


def _nearest(name: str, fields: Iterable[str]) -> list[str]:
    """The setting meant by a name with our prefix: some settings have no prefix, or another one."""
    known, rest = list(fields), name.removeprefix(_OURS)
    alike = [field for field in known if f"_{field}".endswith(f"_{rest}")]
    if not alike:
        # Without the prefix: it would make any two of ours alike.
        bare = {field.removeprefix(_OURS): field for field in known}
        return [bare[found] for found in _similar(rest, bare, _ALIKE)]
    return [min(alike, key=lambda field: (field != rest, not field.startswith(_OURS), len(field)))]


def _similar(name: str, fields: Iterable[str], likeness: float) -> list[str]:
    return difflib.get_close_matches(name, fields, n=1, cutoff=likeness)


def _is_of_a_cluster(name: str, value: str) -> bool:
    # `..._PORT` with a number may be meant for the public pages.
    return _OF_A_CLUSTER.fullmatch(name) is not None or (name.endswith("_PORT") and is_cluster_address(value))


def _written_in(env_file: str | None) -> dict[str, str | None]:
    """What the file gives by its names; a line that gives nothing is refused, as it was meant to."""
    path = Path(env_file or "")
    if not env_file or not path.exists() or path.is_dir():  # some name a virtual environment `.env`
        return {}
    try:
        with path.open(encoding=ENV_FILE_ENCODING) as file:
            lines = list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"{env_file} cannot be read: {reason}.") from None
    for line in lines:
        # A name alone is Docker's way to pass on what the environment has.
        is_nothing = line.key is not None and line.value is None and line.key not in os.environ
        if line.error or is_nothing:
            written = line.original.string
            number = line.original.line + written[: -len(written.lstrip())].count("\n")
            raise SettingsError(f"{env_file}, line {number}: write NAME=value, or # before a comment.")
    return {line.key: line.value for line in lines if line.key is not None}


def _words(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in problem["loc"])
        words = _advice(problem)
        lines.append(f"{name}: {words}" if name else words)
    return "; ".join(lines) + ". `broadsheet settings --help` says where settings come from."


def _advice(problem: ErrorDetails) -> str:
    """What to write instead; never what was written, which may be a secret."""
    more = problem.get("ctx", {})
    if problem["type"] not in _ADVICE:
        return problem["msg"].removeprefix("Value error, ")
    words = _ADVICE[problem["type"]].format(**more).replace("'", "")  # around each literal
    wrong = more.get("error", _NO_ADDRESS) if problem["type"] == "url_parsing" else _NO_ADDRESS
    return words if wrong == _NO_ADDRESS else f"{words} ({wrong})"
