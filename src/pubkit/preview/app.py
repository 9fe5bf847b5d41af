"""The pages of a preview: the window, and what it shows. Nothing can be sent here, and no path leads to a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import resources

import jinja2
import msgspec
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from pubkit.preview.desk import Desk
from pubkit.preview.guard import SHELL, Guard
from pubkit.preview.work import Book, Set

__all__ = ["application"]

#: Seconds between two signs of life, by which a window knows that the preview still runs.
_SIGN = 10
_ASSETS = {"window.js": "text/javascript", "window.css": "text/css"}


def application(desk: Desk, token: str) -> ASGIApp:
    """Return the application that shows `desk` to whoever knows the `token`."""
    routes = [
        Route("/", _window),
        Route("/window.{suffix:str}", _asset),
        Route("/events", _events),
        Route("/page", _page),
        Route("/good", _good),
        Route("/pdf/", _pdf),
        Route("/pdf/{number:int}/{sheet:int}.png", _sheet),
        Route("/epub/", _epub),
        Route("/epub/{number:int}/{path:path}", _part),
        Route("/file/{form:str}/{number:int}", _file),
    ]
    app = Starlette(routes=[Mount(f"/{token}", routes=routes)])
    app.router.redirect_slashes = False
    app.state.desk = desk
    return Guard(app, token)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


async def _window(_: Request) -> Response:
    return HTMLResponse(_text("window.html"), headers={"content-security-policy": SHELL})


async def _asset(request: Request) -> Response:
    name = f"window.{request.path_params['suffix']}"
    if name not in _ASSETS:
        return _nothing()
    return Response(_text(name), media_type=_ASSETS[name])


async def _events(request: Request) -> Response:
    desk = _desk(request)

    async def events() -> AsyncIterator[ServerSentEvent]:
        async for state in desk.states():
            yield ServerSentEvent(data=msgspec.json.encode(state).decode(), event="state")

    return EventSourceResponse(events(), ping=_SIGN)


async def _page(request: Request) -> Response:
    return HTMLResponse(_desk(request).page or _template("waiting"))


async def _good(request: Request) -> Response:
    return HTMLResponse(_desk(request).good or _template("waiting"))


async def _pdf(request: Request) -> Response:
    number, made = await _desk(request).made("pdf")
    if not isinstance(made, Set):
        return HTMLResponse(_template("refused", said=made))
    return HTMLResponse(_template("sheets", number=number, made=made))


async def _sheet(request: Request) -> Response:
    desk = _desk(request)
    data = await desk.picture(request.path_params["number"], request.path_params["sheet"])
    return _nothing() if data is None else Response(data, media_type="image/png")


async def _epub(request: Request) -> Response:
    number, made = await _desk(request).made("epub")
    if not isinstance(made, Book):
        return HTMLResponse(_template("refused", said=made))
    return HTMLResponse(_template("book", number=number, made=made))


async def _part(request: Request) -> Response:
    made = _desk(request).kept("epub", request.path_params["number"])
    part = made.parts.get(request.path_params["path"]) if isinstance(made, Book) else None
    return _nothing() if part is None else Response(part[1], media_type=part[0])


async def _file(request: Request) -> Response:
    form = request.path_params["form"]
    made = _desk(request).kept(form, request.path_params["number"]) if form in {"pdf", "epub"} else None
    if made is None:
        return _nothing()
    kind = "application/pdf" if form == "pdf" else "application/epub+zip"
    return Response(made.data, media_type=kind, headers={"content-disposition": f'attachment; filename="{made.name}"'})


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.\n", 404)


def _template(name: str, **values: object) -> str:
    return _PAGES.get_template("pages.html.jinja").render(kind=name, **values)


_PAGES = jinja2.Environment(
    autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    loader=jinja2.FunctionLoader(_text),
)  # fmt: skip
