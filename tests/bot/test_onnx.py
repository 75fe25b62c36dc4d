"""Nobody is told what models run here."""

import asyncio
import importlib.abc
import os
import sys
from typing import Any

import pytest

from bot.llm.minilm.network import Network, minilm_file
from bot.speech.hibari_voice import HibariVoice

SETTING = "ORT_DISABLE_TELEMETRY"


class _StopsBeforeOnnx(importlib.abc.MetaPathFinder):
    """Refuses the import, and keeps what the environment said at that moment."""

    seen: str | None = None

    def find_spec(self, name: str, *_: object) -> None:
        if name == "onnxruntime":
            self.seen = os.environ.get(SETTING)
            raise ImportError(name)


def test_the_embedder_switches_telemetry_off_before_onnxruntime_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finder = _StopsBeforeOnnx()
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.delitem(sys.modules, "onnxruntime", raising=False)
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])

    with pytest.raises(ImportError):
        Network(minilm_file(), 1)

    assert finder.seen == "1"


async def test_the_voice_has_it_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []

    async def start(*_: object, env: dict[str, str], **_more: Any) -> None:
        told.append(env)
        raise FileNotFoundError

    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)

    with pytest.raises(FileNotFoundError):
        await anext(HibariVoice().speak(["Hello."]))

    assert told[0][SETTING] == "1"
