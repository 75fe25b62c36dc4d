"""How the fake Discord answers over HTTP: JSON as discord.py wants it, and refusals with Discord's codes."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord.world import Json


class ApiError(Exception):
    """A refusal.

    Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes.
    """

    def __init__(self, status: int, code: int, message: str, problems: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if problems:
            self.body["errors"] = _nested(problems)


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def unknown(what: str, code: int) -> ApiError:
    return ApiError(404, code, f"Unknown {what}")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def invalid_form(problems: dict[str, str]) -> ApiError:
    return ApiError(400, 50035, "Invalid Form Body", problems)


def answer(body: Any = None, *, status: int = 200, **headers: str) -> web.Response:
    """A JSON response without a charset, as discord.py compares the whole content type."""
    if body is None:
        return web.Response(status=204)
    return web.Response(
        body=json.dumps(body).encode(), status=status, content_type="application/json", headers=headers
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    index: int
    filename: str
    content: bytes = field(repr=False)


async def read_body(request: web.Request) -> tuple[Json, list[Upload]]:
    """The JSON of a request and its files: `payload_json` and `files[n]` if it is multipart."""
    if not request.content_type.startswith("multipart/"):
        return (await request.json() if request.can_read_body else {}), []
    payload: Json = {}
    files = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        name = part.name or ""
        if name == "payload_json":
            payload = json.loads(await part.text())
        else:
            index = int(name.removeprefix("files[").removesuffix("]"))
            files.append(Upload(index, part.filename or "file", bytes(await part.read())))
    return payload, files


def _nested(problems: dict[str, str]) -> Json:
    tree: Json = {}
    for path, message in problems.items():
        node = tree
        for name in path.split("."):
            node = node.setdefault(name, {})
        node.setdefault("_errors", []).append({"code": "BASE_TYPE_BAD_LENGTH", "message": message})
    return tree
