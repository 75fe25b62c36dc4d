"""A digest as JSON (pure).

The fields, which stay the same as long as `format` does, though later versions may add some:

- `format` (`broadsheet-digest/1`), `week` (ISO, `2026-W47`), `first_day`, `last_day`, `created_at` (UTC)
- `categories`, `interests`, `model` (null if no language model was used)
- `highlights`: `paper`, `reason`, `exploration` and `summary` of each; the best first
- `noted`: `paper`, `reason`, `exploration` and `gist` of each; the best first
- `receipt`: `announced`, `considered`, `read_in_full` and the other fields of storage.model.Receipt

A `paper` has `id`, `version`, `title`, `authors`, `categories` (the primary one first), `abstract`,
`submitted` (of version 1), `updated`, `abs_url`, `pdf_url`, and `comment`, `journal_reference`, `doi`,
`licence` (a URL; null if arXiv's feeds did not give it), `withdrawn`. A `summary` has the statements `gist`
and `claim`, and the lists of statements `method`, `critique` and `implications` (each statement has `text`,
`page`, `checked`); `results` (`metric`, `value`, `baseline`, `dataset`, `quote`, `page`); `kind` (`model` or
`extract`), `model`, `source` (`pdf` or `abstract`), `pages_read`, `page_count`, `not_read` and `language`.
Texts are as arXiv and the model gave them, TeX included.
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
    """The whole digest, without Discord's ids."""
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
    """The value with lone surrogates replaced, as UTF-8 cannot encode them."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case Mapping():
            return {str(name): _whole(each) for name, each in value.items()}
        case Sequence():
            return [_whole(each) for each in value]
        case _:
            return value
