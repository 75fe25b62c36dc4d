"""One frozen Settings object; nobody else reads the environment.

Values come from the environment, then from a `.env` file in the working folder, and secrets from files too
(`secret_files`). `settings_loading` reads them.
"""

import os
import re
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Self, TypeAlias

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

ARXIV_DELAY_SECONDS = 3.0
"""arXiv's terms of use: at most one request every three seconds (https://info.arxiv.org/help/api/tou.html)."""
_PROCESS_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
"""A pod's name fits, by which Kubernetes tells its processes apart."""
_MAIL_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CLUSTER_ADDRESSES = ("tcp://", "udp://", "sctp://")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def _usual_data_folder() -> Path:
    """Where the system keeps programs' data; `~` stays where a user has no home, as a container's may."""
    try:
        return Path(platformdirs.user_data_dir("broadsheet", appauthor=False))
    except RuntimeError:
        return Path("~/.local/share/broadsheet")


def _is_a_folder(url: HttpUrl) -> HttpUrl:
    if url.username is not None or any(mark in str(url) for mark in "?#"):
        raise ValueError(
            "addresses of pages are made by adding to it: leave out any “?”, “#” and name before “@”"
        )
    return url


def _is_a_mail_address(text: str) -> str:
    if _MAIL_ADDRESS.fullmatch(text) is None:
        raise ValueError("use an address alone, like me@example.org")
    return text


SiteUrl: TypeAlias = Annotated[HttpUrl, AfterValidator(_is_a_folder)]
"""Where a site is, so that what is added to it is the address of a page."""


class Settings(BaseSettings):
    """Everything that can be set. Only `run` needs one: DISCORD_TOKEN."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, populate_by_name=True
    )

    data_folder: Path = Field(
        default_factory=_usual_data_folder,
        validation_alias="BROADSHEET_DATA",
        description="Folder of the database, the durable runs, the passage index, recordings and pages.",
    )
    log_level: str = Field(
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
        description="Without a key or a base URL, summaries are extracts.",
    )
    openai_base_url: HttpUrl | None = Field(
        default=None,
        validation_alias="OPENAI_BASE_URL",
        description="Any server that speaks the OpenAI API.",
    )
    openai_model: str = Field(
        default="gpt-5-mini",
        validation_alias="OPENAI_MODEL",
        description="The model that writes summaries.",
    )
    openai_context_tokens: int = Field(
        default=128_000,
        ge=2_000,
        validation_alias="OPENAI_CONTEXT_TOKENS",
        description="The model's context window.",
    )
    openai_timeout_seconds: float = Field(
        default=120.0,
        gt=0,
        le=3600,
        validation_alias="OPENAI_TIMEOUT_SECONDS",
        description="Time-out of one model call, at most an hour.",
    )
    openai_concurrency: int = Field(
        default=4,
        ge=1,
        le=64,
        validation_alias="OPENAI_CONCURRENCY",
        description="Model calls at a time.",
    )
    openai_price_prompt: float | None = Field(
        default=None,
        ge=0,
        validation_alias="OPENAI_PRICE_PROMPT",
        description="US dollars for a million prompt tokens, to show costs.",
    )
    openai_price_completion: float | None = Field(
        default=None,
        ge=0,
        validation_alias="OPENAI_PRICE_COMPLETION",
        description="US dollars for a million completion tokens.",
    )

    rerank: bool = Field(
        default=False,
        validation_alias="BROADSHEET_RERANK",
        description="Let the language model order a digest's best 60 papers: about 30,000 tokens a digest.",
    )

    embedder: str = Field(
        default="minilm",
        pattern="^(minilm|openai|none)$",
        validation_alias="BROADSHEET_EMBEDDER",
        description="minilm (local), openai, or none (words only).",
    )
    openai_embedding_model: str = Field(
        default="text-embedding-3-small",
        validation_alias="OPENAI_EMBEDDING_MODEL",
        description="The model when the embedder is openai.",
    )
    embedding_threads: int = Field(
        default=min(4, os.cpu_count() or 1),
        ge=1,
        validation_alias="BROADSHEET_EMBEDDING_THREADS",
        description="Processor threads of the local embedder.",
    )

    voice: str = Field(
        default="auto",
        pattern="^(auto|openai|hibari|none)$",
        validation_alias="BROADSHEET_VOICE",
        description="Who reads digests aloud: openai, hibari (local), none; auto: openai where "
        "OPENAI_SPEECH_MODEL is set, else hibari.",
    )
    openai_speech_model: str | None = Field(
        default=None,
        validation_alias="OPENAI_SPEECH_MODEL",
        description="The model that speaks, such as gpt-4o-mini-tts; servers that only write have none.",
    )
    openai_speech_voice: str = Field(
        default="alloy",
        validation_alias="OPENAI_SPEECH_VOICE",
        description="Which of its voices.",
    )
    audio_weeks: int = Field(
        default=0,
        ge=0,
        le=5_000,
        validation_alias="BROADSHEET_AUDIO_WEEKS",
        description="Weeks for which recordings are kept, about 10 MB a digest; 0 is for ever.",
    )

    user_questions_per_hour: int = Field(
        default=20,
        ge=0,
        validation_alias="BROADSHEET_USER_QUESTIONS_PER_HOUR",
        description="Questions and new summaries of one person in an hour; 0 is no limit.",
    )
    server_questions_per_hour: int = Field(
        default=300,
        ge=0,
        validation_alias="BROADSHEET_SERVER_QUESTIONS_PER_HOUR",
        description="Questions and new summaries of one server in an hour; 0 is no limit.",
    )
    user_tokens_per_day: int = Field(
        default=500_000,
        ge=0,
        validation_alias="BROADSHEET_USER_TOKENS_PER_DAY",
        description="Tokens that one person's questions may use in 24 hours; 0 is no limit.",
    )
    server_tokens_per_day: int = Field(
        default=5_000_000,
        ge=0,
        validation_alias="BROADSHEET_SERVER_TOKENS_PER_DAY",
        description="Tokens that one server's questions may use in 24 hours, and its previews as many again; "
        "0 is no limit.",
    )

    site: bool = Field(
        default=False,
        validation_alias="BROADSHEET_SITE",
        description="Let `run` serve the public pages of servers that publish their digests.",
    )
    site_host: str = Field(
        default="127.0.0.1",
        validation_alias="BROADSHEET_SITE_HOST",
        description="The address to serve them on; behind a proxy, loopback is right.",
    )
    site_port: int = Field(
        default=8080, ge=1, le=65535, validation_alias="BROADSHEET_SITE_PORT", description="The port."
    )
    site_url: SiteUrl | None = Field(
        default=None,
        validation_alias="BROADSHEET_SITE_URL",
        description="Where the world finds them, for feeds and links: https://papers.example.org/.",
    )
    site_email: Annotated[str, AfterValidator(_is_a_mail_address)] | None = Field(
        default=None,
        validation_alias="BROADSHEET_SITE_EMAIL",
        description="Public in podcast feeds: directories write to it before they list one.",
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
        description="Where PDFs are fetched.",
    )
    arxiv_delay_seconds: float = Field(
        default=ARXIV_DELAY_SECONDS,
        ge=0,
        validation_alias="ARXIV_DELAY_SECONDS",
        description="Seconds between two requests to arXiv, over all processes; 3 at least.",
    )
    contact: str = Field(
        default="",
        validation_alias="BROADSHEET_CONTACT",
        description="Address or page shown to arXiv in the User-Agent.",
    )

    pdf_seconds: float = Field(
        default=30.0,
        gt=0,
        le=600,
        validation_alias="BROADSHEET_PDF_SECONDS",
        description="Wall time to read one PDF.",
    )
    pdf_workers: int = Field(
        default=2,
        ge=1,
        le=32,
        validation_alias="BROADSHEET_PDF_WORKERS",
        description="PDFs read at a time.",
    )

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL instead of the embedded SQLite.",
    )
    process_name: str = Field(
        default="main",
        validation_alias="BROADSHEET_PROCESS",
        description="Stable name of this process, distinct where several share a PostgreSQL.",
    )
    chroma_url: SecretStr | None = Field(
        default=None,
        validation_alias="CHROMA_URL",
        description="A Chroma server instead of the embedded index; without a port, 8000 (https: 443).",
    )

    @field_validator("site_port", mode="before")
    @classmethod
    def _is_none_of_a_cluster(cls, value: object) -> object:
        """A service called broadsheet-site makes Kubernetes set this very name, where nobody else does."""
        is_told = isinstance(value, str) and is_cluster_address(value)
        return cls.model_fields["site_port"].default if is_told else value

    @field_validator("chroma_url")
    @classmethod
    def _is_an_address(cls, value: SecretStr | None) -> SecretStr | None:
        """Kept as it was written: pydantic's URLs do not tell `:80` from no port, which means 8000."""
        if value is not None:
            TypeAdapter(HttpUrl).validate_python(value.get_secret_value())
        return value

    @field_validator("process_name")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if _PROCESS_NAME.fullmatch(value) is None:
            raise ValueError("use up to 63 letters, digits, “-” and “_”, without blanks")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("use DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("discord_token", "openai_api_key", mode="before")
    @classmethod
    def _is_a_key(cls, value: object) -> object:
        """What a page or a chat put into the copy would be blamed on the server that refuses the key."""
        strange = [mark for mark in value if not " " <= mark <= "~"] if isinstance(value, str) else []
        if strange:
            raise ValueError(f"it has U+{ord(strange[0]):04X}, which no key has: copy it again")
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
        """`NAME=` is how people leave something out; and secrets often end in a newline."""
        meant = {name: bare(value) if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in meant.items() if value != ""}

    @model_validator(mode="after")
    def _arxiv_is_not_hurried(self) -> Self:
        hosts = {url.host for url in (self.arxiv_api_url, self.arxiv_rss_url, self.arxiv_pdf_url)}
        if self.arxiv_delay_seconds < ARXIV_DELAY_SECONDS and not hosts <= LOOPBACK_HOSTS:
            raise ValueError(
                "ARXIV_DELAY_SECONDS may be below 3 on loopback only: arXiv's terms ask for 3 seconds"
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
        """The environment wins over `.env`, and both over files named by `*_FILE`."""
        env_file = dotenv_settings.env_file if isinstance(dotenv_settings, DotEnvSettingsSource) else None
        written = dotenv_values(env_file) if isinstance(env_file, (str, Path)) else {}
        secret_files = SecretFiles(settings_cls, {**written, **os.environ})
        return init_settings, env_settings, dotenv_settings, secret_files


def is_cluster_address(value: str) -> bool:
    """Whether this is how Kubernetes tells where a service is, such as `tcp://10.0.0.3:8080`."""
    return value.startswith(_CLUSTER_ADDRESSES)
