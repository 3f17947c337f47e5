"""The local page on which people review: loopback alone, a token in the address, nothing from elsewhere."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, PackageLoader
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from poytakirja.errors import UsageError
from poytakirja.report import labels
from poytakirja.report.page import environment
from poytakirja.review.session import Session

_MOST = 65_536
"""Bytes that a request may have."""
_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"), (b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
]  # fmt: skip
_TYPES = {"js": "text/javascript", "css": "text/css"}


class Guard:
    """Lets in who asks this host by its own name, from its own page, with the token; adds the headers that keep others out."""

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self.app = app
        self.token = token
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 403."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        given = scope["path"].split("/", 2)[1]
        allowed = headers.get("host") in self.hosts and (origin is None or origin.removeprefix("http://") in self.hosts)
        if not allowed or not secrets.compare_digest(given.encode(), self.token.encode()):
            await Response("Forbidden", 403)(scope, receive, send)
            return

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers)


def application(session: Session, token: str, port: int, language: labels.Language) -> Starlette:
    """The page and what it asks."""
    root = f"/{token}"
    routes = [
        Route(f"{root}/", partial(_page, root=root, language=language)),
        Route(f"{root}/assets/{{name}}", _asset),
        Route(f"{root}/labels.js", _labels),
        Route(f"{root}/queue", _json(session, lambda s, _: s.queue())),
        Route(f"{root}/place", _json(session, lambda s, q: s.place(q["id"], q.get("page")))),
        Route(f"{root}/image/{{document}}/{{page:int}}", partial(_image, session=session)),
        Route(f"{root}/check", _posted(session, lambda s, given: s.check(given)), methods=["POST"]),
        Route(f"{root}/decide", _posted(session, lambda s, given: s.decide(given)), methods=["POST"]),
        Route(f"{root}/add", _posted(session, lambda s, given: s.add(given)), methods=["POST"]),
        Route(f"{root}/undo", _posted(session, lambda s, given: s.undo(given)), methods=["POST"]),
    ]
    hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:
        stop = threading.Event()
        applying = threading.Thread(target=session.keep_applying, args=(stop,), daemon=True)
        applying.start()
        yield
        stop.set()
        await asyncio.to_thread(applying.join, 30)
        session.close()

    return Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(Guard, token=token, hosts=hosts)])


async def _page(_: Request, *, root: str, language: labels.Language) -> Response:
    template_of = environment(language).overlay(loader=ChoiceLoader([PackageLoader("poytakirja.review")]))
    html = template_of.get_template("review.html.j2").render(root=root)
    return Response(html, media_type="text/html")


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    for package in ("poytakirja.review", "poytakirja.report"):
        found = files(package).joinpath("assets", name)
        if name.rpartition(".")[2] in _TYPES and "/" not in name and found.is_file():
            return Response(found.read_bytes(), media_type=_TYPES[name.rpartition(".")[2]])
    return Response("Not found", 404)


async def _labels(_: Request) -> Response:
    return Response(f"report.labels={json.dumps(labels.labels())};", media_type="text/javascript")


async def _image(request: Request, *, session: Session) -> Response:
    image = session.pages.image(request.path_params["document"], request.path_params["page"])
    return Response(image, media_type="image/png") if image else Response("Not found", 404)


Answer = Callable[[Request], Awaitable[Response]]


def _json(session: Session, ask: Callable[[Session, Any], Any]) -> Answer:
    async def answer(request: Request) -> Response:
        return await _answered(ask, session, dict(request.query_params))

    return answer


def _posted(session: Session, ask: Callable[[Session, Any], Any]) -> Answer:
    async def answer(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return JSONResponse({"error": "JSON is wanted"}, 415)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST:
                return JSONResponse({"error": "too long"}, 413)
        try:
            given = json.loads(body)
        except ValueError:
            return JSONResponse({"error": "JSON is wanted"}, 400)
        if not isinstance(given, dict):
            return JSONResponse({"error": "an object is wanted"}, 400)
        return await _answered(ask, session, given)

    return answer


async def _answered(ask: Callable[[Session, Any], Any], session: Session, given: dict[str, Any]) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(ask, session, given))
    except UsageError as error:
        return JSONResponse({"error": str(error)}, 422)
    except KeyError as error:
        return JSONResponse({"error": f"{error} is missing"}, 400)


def serve(output: Path, inputs: Path | None, port: int, language: labels.Language, tell: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C; ``tell`` hears its address. UsageError where the port is taken."""
    import socket  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415  an extra

    token = secrets.token_urlsafe(24)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()  # who hears the address may ask at once
    except OSError as error:
        raise UsageError(f"port {port}: {error.strerror}: choose another one with --port, or 0") from error
    session = Session(output, inputs)
    port = listening.getsockname()[1]
    tell(f"http://127.0.0.1:{port}/{token}/")
    config = uvicorn.Config(application(session, token, port, language), log_level="error", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
