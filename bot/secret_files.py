"""Secrets from files.

`DISCORD_TOKEN_FILE=/run/secrets/discord` stands for DISCORD_TOKEN with the contents of that file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.errors import SettingsError


class SecretFiles(PydanticBaseSettingsSource):
    """Reads a secret from the file that `<NAME>_FILE` names, unless NAME itself has a value."""

    def __init__(self, settings_cls: type[BaseSettings], given: Mapping[str, str | None]) -> None:
        """`given` is the environment with what `.env` adds, by names in upper case."""
        super().__init__(settings_cls)
        self._given = given

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """The file's contents without surrounding white space, as (value, key, is complex)."""
        name = str(field.validation_alias)
        path = bare(self._given.get(f"{name}_FILE") or "")
        if not path or bare(self._given.get(name) or "") or SecretStr not in get_args(field.annotation):
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), name, False
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a text file"
            raise SettingsError(f"{name}_FILE names a file that cannot be read: {reason}.") from None

    def __call__(self) -> dict[str, str]:
        """All secrets given as files."""
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {name: value for value, name, _ in found if value is not None}


def bare(value: str) -> str:
    """A value without surrounding white space and quotes: Docker's `--env-file` removes neither."""
    value = value.strip()
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if is_quoted else value
