"""A digest as JSON (pure).

The fields, which stay as they are while `format` does; later versions may add some:

- `format` (`broadsheet-digest/1`), `week` (ISO, `2026-W47`), `first_day`, `last_day`, `created_at` (UTC)
- `categories`, `interests`, `model` (null where no language model wrote)
- `highlights`: each `paper`, `reason`, `exploration` and `summary`; the best first
- `noted`: each `paper`, `reason`, `exploration` and `gist`; the best first
- `receipt`: `announced`, `considered`, `read_in_full` and what else storage.model.Receipt holds

A `paper` has `id`, `version`, `title`, `authors`, `categories` (the primary one first), `abstract`,
`submitted` (of version 1), `updated`, `abs_url`, `pdf_url`, and `comment`, `journal_reference`, `doi`,
`licence` (an address; null where arXiv's feeds did not tell it), `withdrawn`. A `summary` has `gist` and
`claim`, the lists `method`, `critique` and `implications`, all of statements (`text`, `page`, `checked`), and
`results` (`metric`, `value`, `baseline`, `dataset`, `quote`, `page`); then `kind` (`model` or `extract`),
`source` (`pdf` or `abstract`), `pages_read`, `page_count` and `not_read`. Texts are as arXiv and the model
gave them, with their TeX.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from storage.model import Digest, Paper, Pick, Summary

FORMAT = "broadsheet-digest/1"

_SUMMARY = (
    *("gist", "claim", "method", "results", "critique", "implications"),
    *("kind", "model", "source", "pages_read", "page_count", "not_read", "language"),
)
_PAPER = (
    *("id", "version", "title", "authors", "categories", "abstract"),
    *("abs_url", "pdf_url", "comment", "journal_reference", "doi", "licence", "withdrawn"),
)


def digest_json(digest: Digest) -> str:
    """The whole digest, without the ids of Discord."""
    record = {
        "format": FORMAT,
        "week": digest.week,
        "first_day": digest.first_day.isoformat(),
        "last_day": digest.last_day.isoformat(),
        "created_at": digest.created_at.isoformat(),
        "categories": digest.categories,
        "interests": digest.interests,
        "model": digest.model or None,
        "highlights": [
            _pick(highlight.pick) | {"summary": _summary(highlight.summary)}
            for highlight in digest.highlights
        ],
        "noted": [_pick(noted.pick) | {"gist": noted.gist} for noted in digest.noted],
        "receipt": asdict(digest.receipt),
    }
    return json.dumps(_whole(record), ensure_ascii=False, indent=1) + "\n"


def _pick(pick: Pick) -> dict[str, Any]:
    return {"paper": _paper(pick.paper), "reason": pick.reason, "exploration": pick.exploration}


def _paper(paper: Paper) -> dict[str, Any]:
    moments = {"submitted": paper.published.isoformat(), "updated": paper.updated.isoformat()}
    return {name: getattr(paper, name) for name in _PAPER} | moments


def _summary(summary: Summary) -> dict[str, Any]:
    fields = asdict(summary)
    return {name: fields[name] for name in _SUMMARY}


def _whole(value: object) -> object:
    """The same without lone surrogates, which no UTF-8 file can hold."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case Mapping():
            return {str(name): _whole(each) for name, each in value.items()}
        case Sequence():
            return [_whole(each) for each in value]
        case _:
            return value
