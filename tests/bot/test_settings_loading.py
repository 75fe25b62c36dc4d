import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.locations import index_location
from bot.settings_loading import load_settings, shown


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_TOKEN", "OPENAI_API_KEY", "OPENAI_BASE_URL", "DATABASE_URL", "ARXIV_DELAY_SECONDS"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings(env_file=None)

    assert not settings.uses_model
    assert settings.discord_token is None
    assert settings.arxiv_delay_seconds == 3.0


@pytest.mark.parametrize("name", ["DISCORD_TOKEN_FILE", "discord_token_file"])
@pytest.mark.parametrize(("given", "token"), [(None, "abc.def"), (" ", "abc.def"), ("ghi", "ghi")])
def test_a_secret_can_be_given_as_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, given: str | None, token: str
) -> None:
    (tmp_path / "token").write_text("abc.def\n")
    monkeypatch.setenv(name, str(tmp_path / "token"))
    if given is not None:
        monkeypatch.setenv("DISCORD_TOKEN", given)

    settings = load_settings(env_file=None)

    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == token


def test_an_env_file_may_name_the_file_of_a_secret(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-file\n")
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY_FILE={tmp_path / 'key'}\n")

    settings = load_settings(env_file=str(tmp_path / ".env"))

    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-file"


@pytest.mark.parametrize("blank", ["", "  "])
def test_what_is_left_blank_is_not_set(blank: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-written\n")
    nothing = load_settings(env_file=None)
    names = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DISCORD_TOKEN", "DATABASE_URL", "BROADSHEET_DATA")
    for name in (*names, "BROADSHEET_SITE_URL", "OPENAI_PRICE_PROMPT", "BROADSHEET_SITE_PORT"):
        monkeypatch.setenv(name, blank)

    assert load_settings(env_file=None) == nothing
    assert not load_settings(env_file=str(tmp_path / ".env")).uses_model  # the environment wins


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_around_a_value_are_none_of_it(
    quote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("sk-file\n")
    given = {
        "OPENAI_BASE_URL": "http://localhost:11434/v1",
        "OPENAI_MODEL": "qwen3",
        "OPENAI_API_KEY_FILE": str(tmp_path / "key"),
        "DISCORD_TOKEN": "",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, f"{quote}{value}{quote}")

    settings = load_settings(env_file=None)

    assert str(settings.openai_base_url) == given["OPENAI_BASE_URL"]
    assert settings.openai_model == "qwen3"
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-file"
    assert settings.discord_token is None


@pytest.mark.parametrize("name", ["BROADSHEET_CONTACT", "DISCORD_TOKEN", "OPENAI_API_KEY"])
def test_what_is_sent_as_a_header_has_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "sk-first\nsk-second")

    with pytest.raises(SettingsError, match=f"^{name}: it has more than one line") as refused:
        load_settings(env_file=None)

    assert "sk-" not in str(refused.value)


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "OPENAI_API_KEY"])
@pytest.mark.parametrize(
    ("key", "mark"), [("sk-\u200babc", "200B"), ("sk-abc…", "2026"), ("sk-\u00a0abc", "00A0")]
)
def test_a_key_has_no_mark_that_no_key_has(
    name: str, key: str, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, key)

    with pytest.raises(SettingsError, match=rf"^{name}: it contains U\+{mark}, which no key does") as refused:
        load_settings(env_file=None)

    assert "abc" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://chroma", "http://chroma:80", "https://me:mine@chroma.example/papers/"]
)
def test_the_address_of_chroma_stays_as_it_was_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_URL", url)

    settings = load_settings(env_file=None)

    assert index_location(settings, owns_folder=True) == url
    assert url not in {text for _, text, _ in shown(settings)}


@pytest.mark.parametrize("url", ["chroma:8000", "ftp://chroma", "http://chroma:port"])
def test_the_address_of_chroma_is_an_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_URL", url)

    with pytest.raises(SettingsError, match=r"^CHROMA_URL: .*(URL|port)"):
        load_settings(env_file=None)


def test_white_space_around_a_secret_is_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-key\n")

    key = load_settings(env_file=None).openai_api_key

    assert key is not None
    assert key.get_secret_value() == "sk-key"


def test_a_secret_file_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN_FILE", "/nowhere/token")

    with pytest.raises(SettingsError, match="DISCORD_TOKEN_FILE names a file that cannot be read"):
        load_settings(env_file=None)


def test_an_env_file_fills_gaps_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("OPENAI_MODEL=from-file\nBROADSHEET_LOG_LEVEL=debug\n")
    monkeypatch.setenv("OPENAI_MODEL", "from-environment")

    settings = load_settings(env_file=str(tmp_path / ".env"))

    assert settings.openai_model == "from-environment"
    assert settings.log_level == "DEBUG"


def test_arxiv_cannot_be_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARXIV_DELAY_SECONDS", "0.5")

    with pytest.raises(SettingsError, match="3 seconds"):
        load_settings(env_file=None)


ADDRESSES = ("ARXIV_API_URL", "ARXIV_RSS_URL", "ARXIV_PDF_URL")


@pytest.mark.parametrize("asked", ADDRESSES)
def test_stand_ins_for_some_of_arxivs_servers_do_not_hurry_the_others(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in set(ADDRESSES) - {asked}:
        monkeypatch.setenv(name, "http://127.0.0.1:8080/x")
    monkeypatch.setenv("ARXIV_DELAY_SECONDS", "2.9")

    with pytest.raises(SettingsError, match="3 seconds"):
        load_settings(env_file=None)


_LIMITS = (
    "USER_QUESTIONS_PER_HOUR",
    "SERVER_QUESTIONS_PER_HOUR",
    "USER_TOKENS_PER_DAY",
    "SERVER_TOKENS_PER_DAY",
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((f"BROADSHEET_{name}", "-1") for name in _LIMITS),
        ("OPENAI_PRICE_PROMPT", "-0.1"),
        ("OPENAI_PRICE_COMPLETION", "-0.1"),
        ("OPENAI_CONCURRENCY", "0"),
        ("OPENAI_TIMEOUT_SECONDS", "0"),
        ("BROADSHEET_PDF_WORKERS", "0"),
        ("BROADSHEET_EMBEDDING_THREADS", "65"),
        ("ARXIV_DELAY_SECONDS", "inf"),
        ("OPENAI_PRICE_PROMPT", "inf"),
        ("OPENAI_PRICE_COMPLETION", "nan"),
        ("BROADSHEET_SITE_HOST", "0.0.0.0:8080"),
        ("BROADSHEET_SITE_HOST", "[::]"),
        ("BROADSHEET_SITE_HOST", "http://0.0.0.0"),
        ("BROADSHEET_SITE_EMAIL", "mailto:me@example.org"),
        ("BROADSHEET_EMBEDDER", "minilms"),
        ("BROADSHEET_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"^{name}: "):
        load_settings(env_file=None)


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("OPENAI_BASE_URL", "localhost:11434/v1", "use a URL that starts with http:// or https://"),
        ("BROADSHEET_SITE_URL", "papers.example.org", "use a URL that starts with http:// or https://"),
        (
            "OPENAI_BASE_URL",
            "http://localhost:99999",
            "use a URL that starts with http:// or https:// (invalid port number)",
        ),
        (
            "BROADSHEET_SITE_EMAIL",
            "Ada <ada@example.org>",
            "use a plain address, such as me@example.org",
        ),
        ("BROADSHEET_SITE", "maybe", "use true or false"),
        ("BROADSHEET_SERVER_TOKENS_PER_DAY", "5,000,000", "use a whole number, in digits only"),
        ("OPENAI_PRICE_PROMPT", "$0.25", "use a number such as 30 or 0.25, without a unit"),
        ("OPENAI_TIMEOUT_SECONDS", "0", "use more than 0"),
        ("OPENAI_CONTEXT_TOKENS", "1000", "use 2000 or more"),
        ("BROADSHEET_SITE_PORT", "80800", "use 65535 or less"),
        *((f"BROADSHEET_{name}", f"{10**19}", f"use {10**12} or less") for name in _LIMITS),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_what_would_do(
    name: str, value: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"^{re.escape(f'{name}: {advice}. ')}`broadsheet settings"):
        load_settings(env_file=None)


@pytest.mark.parametrize(
    "url", ["sqlite:////tmp/x.db", "mysql://me:secret@host/name", "host/name", "/tmp/x.db"]
)
def test_a_database_that_is_not_postgresql_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(SettingsError, match="DATABASE_URL: use an address such as postgresql://") as refused:
        load_settings(env_file=None)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_database_may_be_addressed_by_any_of_postgresqls_names(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{scheme}://me:secret@host/name"
    monkeypatch.setenv("DATABASE_URL", url)

    database_url = load_settings(env_file=None).database_url

    assert database_url is not None
    assert database_url.get_secret_value() == url


def test_a_stand_in_on_loopback_needs_no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ADDRESSES:
        monkeypatch.setenv(name, "http://127.0.0.1:8080/x")
    monkeypatch.setenv("ARXIV_DELAY_SECONDS", "0")

    assert load_settings(env_file=None).arxiv_delay_seconds == 0


def test_an_unknown_name_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_DATAS", "/tmp")

    with pytest.raises(SettingsError, match="Did you mean BROADSHEET_DATA"):
        load_settings(env_file=None)


@pytest.mark.parametrize("name", ["BROADSHEET_FOO", "BROADSHEET_LANGUAGE", "BROADSHEET_TIMEOUT"])
def test_a_name_that_is_like_no_setting_is_refused_without_a_guess(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")

    with pytest.raises(SettingsError, match=f"no setting {name}. `broadsheet settings` lists them all."):
        load_settings(env_file=None)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BROADSHEET_DATABSE", "DATABASE_URL"),
        ("BROADSHEET_OPENAI_MODLE", "OPENAI_MODEL"),
        ("BROADSHEET_VOCE", "BROADSHEET_VOICE"),
        ("BROADSHEET_USER_QUESTIONS", "BROADSHEET_USER_QUESTIONS_PER_HOUR"),
        ("BROADSHEET_DATABASE_URL", "DATABASE_URL"),
        ("BROADSHEET_DISCORD_TOKEN", "DISCORD_TOKEN"),
        ("BROADSHEET_TOKEN", "DISCORD_TOKEN"),
        ("BROADSHEET_MODEL", "OPENAI_MODEL"),
        ("BROADSHEET_URL", "BROADSHEET_SITE_URL"),
        ("broadsheet_dta", "BROADSHEET_DATA"),
        ("discord_tokn", "DISCORD_TOKEN"),
    ],
)
def test_a_misspelt_name_of_ours_is_refused_with_the_one_meant_whatever_its_prefix(
    name: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "x")

    with pytest.raises(SettingsError, match=f"no setting {name}. Did you mean {meant}[?]"):
        load_settings(env_file=None)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("DISCORD_TOKN_FILE", "DISCORD_TOKEN_FILE"),
        ("OPENAI_MODLE", "OPENAI_MODEL"),
        ("OPENAI_BASEURL", "OPENAI_BASE_URL"),
    ],
)
def test_a_misspelt_name_is_refused_in_the_environment_and_in_an_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    (tmp_path / ".env").write_text(f"{name}=x\n")

    with pytest.raises(SettingsError, match=f"no setting {name}. Did you mean {meant}"):
        load_settings(env_file=str(tmp_path / ".env"))

    monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsError, match=f"no setting {name}. Did you mean {meant}"):
        load_settings(env_file=None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1", "fe80::1%eth0", "papers.example.org", "localhost"])
def test_pages_can_be_served_on_any_address(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_SITE_HOST", host)

    assert load_settings(env_file=None).site_host == host


@pytest.mark.parametrize(("name", "meant"), [("DATABSE_URL", "DATABASE_URL"), ("CHROMA_ULR", "CHROMA_URL")])
def test_a_name_that_may_be_another_programs_is_refused_in_an_env_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    (tmp_path / ".env").write_text(f"{name}=x\n")

    with pytest.raises(SettingsError, match=f"no setting {name}. Did you mean {meant}"):
        load_settings(env_file=str(tmp_path / ".env"))

    monkeypatch.setenv(name, "x")
    load_settings(env_file=None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("DATABASE_URL: postgresql://host/name\n", 1),
        ("# ours\n\n\nOPENAI_MODEL=m\n\nDATABASE_URL postgresql://host/name\n", 6),
        ("OPENAI_MODEL=m\nDATABASE_URL\n", 2),
    ],
)
def test_a_line_of_an_env_file_that_sets_nothing_is_refused(tmp_path: Path, text: str, number: int) -> None:
    (tmp_path / ".env").write_text(text)

    with pytest.raises(SettingsError, match=rf"\.env, line {number}: write NAME=value"):
        load_settings(env_file=str(tmp_path / ".env"))


def test_a_name_alone_is_fine_if_the_environment_has_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("OPENAI_MODEL\n")
    monkeypatch.setenv("OPENAI_MODEL", "m")

    assert load_settings(env_file=str(tmp_path / ".env")).openai_model == "m"


def test_an_env_file_may_begin_with_the_mark_of_its_encoding(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPENAI_MODEL=m\n", encoding="utf-8-sig")

    assert load_settings(env_file=str(tmp_path / ".env")).openai_model == "m"


def test_a_setting_has_no_other_name_than_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = load_settings(env_file=None)
    for name, value in (("LOG_LEVEL", "warn"), ("SITE", "true"), ("AUDIO_WEEKS", "1"), ("DATA_FOLDER", "/x")):
        monkeypatch.setenv(name, value)

    assert load_settings(env_file=None) == usual


@pytest.mark.parametrize(
    "name",
    ["OPENAI_API_KEY_2", "OPENAI_ORG_ID", "OPENAI_API_BASE", "OPENAI_API_TYPE", "DATABASE_NAME", "PATHS"],
)
def test_names_of_other_programs_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / ".env").write_text(f"{name}=x\n")
    monkeypatch.setenv(name, "x")

    assert load_settings(env_file=str(tmp_path / ".env")).openai_api_key is None


CLUSTER = {
    "SERVICE_HOST": "10.0.0.3",
    "SERVICE_PORT": "8080",
    "SERVICE_PORT_HTTP": "8080",
    "PORT": "tcp://10.0.0.3:8080",
    "PORT_8080_TCP": "tcp://10.0.0.3:8080",
    "PORT_8080_TCP_PROTO": "tcp",
    "PORT_8080_TCP_PORT": "8080",
    "PORT_8080_TCP_ADDR": "10.0.0.3",
}
"""What Kubernetes sets for one service in every container beside it."""


@pytest.mark.parametrize("service", ["BROADSHEET", "BROADSHEET_SITE", "BROADSHEET_DB_MAIN"])
def test_what_a_cluster_tells_of_its_services_is_left_alone(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CLUSTER.items():
        monkeypatch.setenv(f"{service}_{name}", value)

    settings = load_settings(env_file=None)

    assert (settings.site_host, settings.site_port) == ("127.0.0.1", 8080)


@pytest.mark.parametrize("name", ["BROADSHEET_PORT", "BROADSHEET_SITE_PROT"])
def test_a_port_under_another_name_is_still_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "9000")

    with pytest.raises(SettingsError, match="Did you mean BROADSHEET_SITE_PORT"):
        load_settings(env_file=None)


def test_a_wrong_value_is_named_without_its_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_TIMEOUT_SECONDS", "soon-secret")

    with pytest.raises(SettingsError, match="OPENAI_TIMEOUT_SECONDS") as caught:
        load_settings(env_file=None)

    assert "soon-secret" not in str(caught.value)


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "abc.def")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-123")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://ada:lovelace@models.example.org/v1")

    rows = shown(load_settings(env_file=None))

    assert "abc.def" not in str(rows)
    assert "sk-123" not in str(rows)
    assert "lovelace" not in str(rows)
    values = [row[:2] for row in rows]
    assert ("DISCORD_TOKEN", "(hidden)") in values
    assert ("OPENAI_BASE_URL", "https://(hidden)@models.example.org/v1") in values


def test_a_switch_is_shown_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_SITE", "yes")

    values = [row[:2] for row in shown(load_settings(env_file=None))]

    assert ("BROADSHEET_SITE", "true") in values
    assert ("BROADSHEET_RERANK", "false") in values


@pytest.mark.parametrize("written", [b"\xff\xfeO\x00", "OPENAI_API_KEY=Jürgen\n".encode("latin-1")])
def test_an_env_file_that_is_no_text_is_named(written: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(written)

    with pytest.raises(SettingsError, match=r"\.env cannot be read: it is not UTF-8 text"):
        load_settings(env_file=str(tmp_path / ".env"))


def test_a_folder_of_that_name_is_no_env_file(tmp_path: Path) -> None:
    """Some call their virtual environment so."""
    (tmp_path / ".env").mkdir()

    assert load_settings(env_file=str(tmp_path / ".env")) == load_settings(env_file=None)


SITE = "papers.example.org/a"


@pytest.mark.parametrize("address", [f"{SITE}?lang=en", f"{SITE}?", f"{SITE}#top", f"me@{SITE}"])
def test_an_address_that_nothing_can_be_added_to_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_SITE_URL", f"https://{SITE}")
    assert str(load_settings(env_file=None).site_url) == f"https://{SITE}"

    monkeypatch.setenv("BROADSHEET_SITE_URL", f"https://{address}")
    with pytest.raises(SettingsError, match=r"BROADSHEET_SITE_URL: .*leave out any “\?”"):
        load_settings(env_file=None)


@pytest.mark.parametrize("name", ["bot 1", "a" * 64, "bot.1"])
def test_a_process_name_that_will_not_do_is_refused_with_what_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_PROCESS", name)

    with pytest.raises(SettingsError, match=r"^BROADSHEET_PROCESS: use up to 63 letters, digits"):
        load_settings(env_file=None)
