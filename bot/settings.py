"""One frozen Settings object; nobody else reads the environment.

Values come from the environment, then from a `.env` file in the working folder, and secrets from files too
(`secret_files`). `settings_loading` reads them.
"""

import os
import re
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

import platformdirs
from dotenv import dotenv_values
from pydantic import AfterValidator, Field, HttpUrl, SecretStr, TypeAdapter, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.secret_files import SecretFiles, bare

ENV_FILE_ENCODING = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put first."""
ARXIV_DELAY_SECONDS = 3.0
"""arXiv's terms of use: at most one request every three seconds (https://info.arxiv.org/help/api/tou.html)."""
_LARGEST_LIMIT = 10**12
"""Of questions and tokens: databases compare integers of 64 bits."""
_PROCESS_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
"""Has room for the name of a pod, by which Kubernetes tells processes apart."""
_MAIL_ADDRESS = re.compile(r"[^@:\s]+@[^@:\s]+\.[^@:\s]+")
_HOST = re.compile(r"[A-Za-z0-9._-]+|(?=.*:.*:)[0-9A-Fa-f:.]+(%\w+)?")
"""A name or an address; two colons only in one of IPv6."""
_POSTGRESQL_SCHEMES = frozenset({"postgresql", "postgres"})
_CLUSTER_ADDRESSES = ("tcp://", "udp://", "sctp://")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def _usual_data_folder() -> Path:
    """Where the system keeps programs' data; `~` stays if the user has no home, as in some containers."""
    try:
        return Path(platformdirs.user_data_dir("broadsheet", appauthor=False))
    except RuntimeError:
        return Path("~/.local/share/broadsheet")


def _is_a_folder(url: HttpUrl) -> HttpUrl:
    if url.username is not None or any(mark in str(url) for mark in "?#"):
        raise ValueError(
            "leave out any “?”, “#” and user name before “@”: page addresses are made by adding to it"
        )
    return url


def _is_a_mail_address(text: str) -> str:
    if _MAIL_ADDRESS.fullmatch(text) is None:
        raise ValueError("use a plain address, such as me@example.org")
    return text


def _is_a_host(text: str) -> str:
    if _HOST.fullmatch(text) is None:
        raise ValueError("use an address alone, such as 0.0.0.0 or ::, and BROADSHEET_SITE_PORT for the port")
    return text


SiteUrl: TypeAlias = Annotated[HttpUrl, AfterValidator(_is_a_folder)]
"""The address of a site, to which the paths of pages can be added."""


class Settings(BaseSettings):
    """Everything that can be set. Only `run` needs one: DISCORD_TOKEN."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding=ENV_FILE_ENCODING, extra="ignore", frozen=True
    )

    data_folder: Path = Field(
        default_factory=_usual_data_folder,
        validation_alias="BROADSHEET_DATA",
        description="Folder for the database, the durable runs, the passage index, recordings and pages.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO",
        validation_alias="BROADSHEET_LOG_LEVEL",
        description="DEBUG, INFO, WARNING or ERROR.",
    )

    discord_token: SecretStr | None = Field(
        default=None, validation_alias="DISCORD_TOKEN", description="The bot's token; `run` needs it."
    )

    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="OPENAI_API_KEY",
        description="Key for the language model; without it or a base URL, summaries are extracts.",
    )
    openai_base_url: HttpUrl | None = Field(
        default=None,
        validation_alias="OPENAI_BASE_URL",
        description="Address of any server that speaks the OpenAI API.",
    )
    openai_model: str = Field(
        default="gpt-5-mini",
        validation_alias="OPENAI_MODEL",
        description="The language model to use.",
    )
    openai_context_tokens: int = Field(
        default=128_000,
        ge=2_000,
        validation_alias="OPENAI_CONTEXT_TOKENS",
        description="The model's context window, in tokens; less if its server says so.",
    )
    openai_timeout_seconds: float = Field(
        default=120.0,
        gt=0,
        le=3600,
        validation_alias="OPENAI_TIMEOUT_SECONDS",
        description="Timeout of a model call in seconds, at most an hour.",
    )
    openai_concurrency: int = Field(
        default=4,
        ge=1,
        le=64,
        validation_alias="OPENAI_CONCURRENCY",
        description="Most model calls at a time.",
    )
    openai_price_prompt: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        validation_alias="OPENAI_PRICE_PROMPT",
        description="US dollars per million prompt tokens, to show costs.",
    )
    openai_price_completion: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        validation_alias="OPENAI_PRICE_COMPLETION",
        description="US dollars per million completion tokens.",
    )

    rerank: bool = Field(
        default=False,
        validation_alias="BROADSHEET_RERANK",
        description="Let the language model rank a digest's best 60 papers: up to 30,000 tokens a digest.",
    )

    embedder: Literal["minilm", "openai", "none"] = Field(
        default="minilm",
        validation_alias="BROADSHEET_EMBEDDER",
        description="minilm (local), openai, or none (words only).",
    )
    openai_embedding_model: str = Field(
        default="text-embedding-3-small",
        validation_alias="OPENAI_EMBEDDING_MODEL",
        description="The embedding model if the embedder is openai.",
    )
    embedding_threads: int = Field(
        default=min(4, os.cpu_count() or 1),
        ge=1,
        le=64,
        validation_alias="BROADSHEET_EMBEDDING_THREADS",
        description="CPU threads of the local embedder.",
    )

    voice: Literal["auto", "openai", "hibari", "none"] = Field(
        default="auto",
        validation_alias="BROADSHEET_VOICE",
        description="What reads digests aloud: openai, hibari (local) or none; auto is openai if "
        "OPENAI_SPEECH_MODEL is set, otherwise hibari.",
    )
    openai_speech_model: str | None = Field(
        default=None,
        validation_alias="OPENAI_SPEECH_MODEL",
        description="The speech model, such as gpt-4o-mini-tts; many servers have none.",
    )
    openai_speech_voice: str = Field(
        default="alloy",
        validation_alias="OPENAI_SPEECH_VOICE",
        description="Which of its voices to use.",
    )
    audio_weeks: int = Field(
        default=0,
        ge=0,
        le=5_000,
        validation_alias="BROADSHEET_AUDIO_WEEKS",
        description="Weeks to keep recordings, about 10 MB a digest; 0 keeps them for ever.",
    )

    user_questions_per_hour: int = Field(
        default=20,
        ge=0,
        le=_LARGEST_LIMIT,
        validation_alias="BROADSHEET_USER_QUESTIONS_PER_HOUR",
        description="Questions and new summaries for each person in an hour; 0 is no limit.",
    )
    server_questions_per_hour: int = Field(
        default=300,
        ge=0,
        le=_LARGEST_LIMIT,
        validation_alias="BROADSHEET_SERVER_QUESTIONS_PER_HOUR",
        description="Questions and new summaries for each server in an hour; 0 is no limit.",
    )
    user_tokens_per_day: int = Field(
        default=500_000,
        ge=0,
        le=_LARGEST_LIMIT,
        validation_alias="BROADSHEET_USER_TOKENS_PER_DAY",
        description="Tokens for each person's questions in 24 hours; 0 is no limit.",
    )
    server_tokens_per_day: int = Field(
        default=5_000_000,
        ge=0,
        le=_LARGEST_LIMIT,
        validation_alias="BROADSHEET_SERVER_TOKENS_PER_DAY",
        description="Tokens for each server's questions in 24 hours, and as many again for its previews; "
        "0 is no limit.",
    )

    site: bool = Field(
        default=False,
        validation_alias="BROADSHEET_SITE",
        description="Let `run` serve the public pages of servers that publish their digests.",
    )
    site_host: Annotated[str, AfterValidator(_is_a_host)] = Field(
        default="127.0.0.1",
        validation_alias="BROADSHEET_SITE_HOST",
        description="Address to serve them on; loopback is right behind a proxy.",
    )
    site_port: int = Field(
        default=8080,
        ge=1,
        le=65535,
        validation_alias="BROADSHEET_SITE_PORT",
        description="Port to serve them on.",
    )
    site_url: SiteUrl | None = Field(
        default=None,
        validation_alias="BROADSHEET_SITE_URL",
        description="Their public address, for feeds and links, such as https://papers.example.org/.",
    )
    site_email: Annotated[str, AfterValidator(_is_a_mail_address)] | None = Field(
        default=None,
        validation_alias="BROADSHEET_SITE_EMAIL",
        description="Email address shown in podcast feeds: directories write to it before they list one.",
    )

    arxiv_api_url: HttpUrl = Field(
        default=HttpUrl("https://export.arxiv.org/api/query"),
        validation_alias="ARXIV_API_URL",
        description="arXiv's query API.",
    )
    arxiv_rss_url: HttpUrl = Field(
        default=HttpUrl("https://rss.arxiv.org/rss"),
        validation_alias="ARXIV_RSS_URL",
        description="arXiv's announcement feeds.",
    )
    arxiv_pdf_url: HttpUrl = Field(
        default=HttpUrl("https://arxiv.org/pdf"),
        validation_alias="ARXIV_PDF_URL",
        description="Where arXiv's PDFs are downloaded.",
    )
    arxiv_delay_seconds: float = Field(
        default=ARXIV_DELAY_SECONDS,
        ge=0,
        le=3600,
        validation_alias="ARXIV_DELAY_SECONDS",
        description="Seconds between requests to arXiv, across all processes; at least 3.",
    )
    contact: str = Field(
        default="",
        validation_alias="BROADSHEET_CONTACT",
        description="Email address or web page shown to arXiv in the User-Agent.",
    )

    pdf_seconds: float = Field(
        default=30.0,
        gt=0,
        le=600,
        validation_alias="BROADSHEET_PDF_SECONDS",
        description="Most seconds for reading one PDF.",
    )
    pdf_workers: int = Field(
        default=2,
        ge=1,
        le=32,
        validation_alias="BROADSHEET_PDF_WORKERS",
        description="Most PDFs read at a time.",
    )

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="Address of a PostgreSQL database to use instead of the embedded SQLite.",
    )
    process_name: str = Field(
        default="main",
        validation_alias="BROADSHEET_PROCESS",
        description="Stable name of this process, unique among those that share a PostgreSQL database.",
    )
    chroma_url: SecretStr | None = Field(
        default=None,
        validation_alias="CHROMA_URL",
        description="Address of a Chroma server to use instead of the embedded index; default port 8000 "
        "(https: 443).",
    )

    @field_validator("site_port", mode="before")
    @classmethod
    def _is_not_kubernetes(cls, value: object) -> object:
        """Ignore what Kubernetes puts under this very name if a service is called broadsheet-site."""
        is_from_cluster = isinstance(value, str) and is_cluster_address(value)
        return cls.model_fields["site_port"].default if is_from_cluster else value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        """Refuse other databases here; whether the rest of the address is right shows when it is opened."""
        scheme = "" if value is None else value.get_secret_value().partition("://")[0]
        if value is not None and scheme.partition("+")[0] not in _POSTGRESQL_SCHEMES:
            raise ValueError(
                "use an address such as postgresql://user:password@host:5432/name, or leave it out to keep "
                "everything in the data folder (BROADSHEET_DATA)"
            )
        return value

    @field_validator("chroma_url")
    @classmethod
    def _is_an_address(cls, value: SecretStr | None) -> SecretStr | None:
        """Check it, but keep it as written: pydantic's URLs do not tell `:80` from no port (8000)."""
        if value is not None:
            TypeAdapter(HttpUrl).validate_python(value.get_secret_value())
        return value

    @field_validator("process_name")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if _PROCESS_NAME.fullmatch(value) is None:
            raise ValueError("use up to 63 letters, digits, “-” and “_”, without spaces")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("discord_token", "openai_api_key", mode="before")
    @classmethod
    def _is_a_key(cls, value: object) -> object:
        """Refuse stray characters from copying: the server would only say that the key is wrong."""
        strange = [mark for mark in value if not " " <= mark <= "~"] if isinstance(value, str) else []
        if strange:
            raise ValueError(f"it contains U+{ord(strange[0]):04X}, which no key does: copy it again")
        return value

    @field_validator("contact", "discord_token", "openai_api_key", mode="before")
    @classmethod
    def _fits_a_header(cls, value: object) -> object:
        if isinstance(value, str) and len(value.splitlines()) > 1:
            raise ValueError("it has more than one line")
        return value

    @model_validator(mode="before")
    @classmethod
    def _blank_is_not_set(cls, given: dict[str, Any]) -> dict[str, Any]:
        """People write `NAME=` to leave something out, and secrets often end in a newline."""
        stripped = {name: bare(value) if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @model_validator(mode="after")
    def _arxiv_is_not_hurried(self) -> Self:
        hosts = {url.host for url in (self.arxiv_api_url, self.arxiv_rss_url, self.arxiv_pdf_url)}
        if self.arxiv_delay_seconds < ARXIV_DELAY_SECONDS and not hosts <= LOOPBACK_HOSTS:
            raise ValueError(
                "ARXIV_DELAY_SECONDS may be below 3 only on loopback: arXiv's terms ask for 3 seconds"
            )
        return self

    @property
    def uses_model(self) -> bool:
        """Whether a language model is configured: a key, or a server that needs none."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def user_agent(self) -> str:
        """How Broadsheet introduces itself to arXiv: program, version, contact."""
        contact = self.contact or "https://github.com/broadsheet-bot/broadsheet"
        return f"Broadsheet/{version('broadsheet')} ({contact})"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings passes it by name
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over `.env`, and a value in either over the file named by its `*_FILE`."""
        env_file = dotenv_settings.env_file if isinstance(dotenv_settings, DotEnvSettingsSource) else None
        written: dict[str, str | None] = {}
        if isinstance(env_file, (str, Path)):
            written = dotenv_values(env_file, encoding=ENV_FILE_ENCODING)
        given = {name.upper(): value for name, value in (*written.items(), *os.environ.items())}
        return init_settings, SecretFiles(settings_cls, given), env_settings, dotenv_settings


def is_cluster_address(value: str) -> bool:
    """Whether this is how Kubernetes gives the address of a service, such as `tcp://10.0.0.3:8080`."""
    return value.startswith(_CLUSTER_ADDRESSES)
