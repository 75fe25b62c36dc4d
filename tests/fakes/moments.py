"""Lets a test act at a chosen moment of a request, such as to kill the process that sent it."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler


@dataclass
class _Moment:
    path: str
    act: Callable[[], object]
    answered: bool
    left: int

    def comes(self, request: web.Request, *, answered: bool) -> bool:
        if self.answered is not answered or not request.path.startswith(self.path):
            return False
        self.left -= 1
        return self.left == 0


class Moments:
    """The moments at which a test acts, on one server."""

    def __init__(self) -> None:
        self._awaited: list[_Moment] = []

    def at(self, path: str, act: Callable[[], object], *, nth: int = 1, answered: bool = False) -> None:
        """Call `act` once, when the `nth` request from now on to paths starting with `path` arrives.

        With `answered`, after the `nth` answer has been sent in full.
        """
        self._awaited.append(_Moment(path, act, answered, nth))

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Watch all requests to an application."""
        self._act(request, answered=False)
        response = await handler(request)
        if any(moment.answered for moment in self._awaited):
            await response.prepare(request)
            await response.write_eof()
            self._act(request, answered=True)
        return response

    def _act(self, request: web.Request, *, answered: bool) -> None:
        for moment in list(self._awaited):
            if moment.comes(request, answered=answered):
                self._awaited.remove(moment)
                moment.act()
