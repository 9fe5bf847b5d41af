"""A preview from start to end: a port on this machine, a secret address, a browser, and a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator

import uvicorn
from msgspec import Struct

from pubkit.errors import EnvironmentFault
from pubkit.preview.app import application
from pubkit.preview.bench import Bench
from pubkit.preview.desk import Desk
from pubkit.preview.watching import changes
from pubkit.preview.work import Look, Request

__all__ = ["FIRST_PORT", "Options", "serve"]

#: The port that is tried first if none is named, and how many after it.
FIRST_PORT, _TRIED = 4040, 20
_HOST = "127.0.0.1"


class Options(Struct, frozen=True):
    """How a preview is served: `port` 0 for the first that is free; `poll` None for what the system needs."""

    port: int = 0
    open: bool = True
    poll: bool | None = None


def serve(request: Request, options: Options, begun: Callable[[str], None], seen: Callable[[Look], None]) -> None:
    """Serve the preview until it is interrupted.

    Args:
        request: what is shown.
        options: how.
        begun: called once with the address.
        seen: called after each look.

    Raises:
        EnvironmentFault: the port cannot be used.
    """
    with contextlib.closing(_bound(options.port)) as listening:
        token = secrets.token_urlsafe(24)
        address = f"http://{_HOST}:{listening.getsockname()[1]}/{token}/"
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            asyncio.run(_serve(request, options, listening, token, lambda: _announce(address, options, begun), seen))
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _announce(address: str, options: Options, begun: Callable[[str], None]) -> None:
    begun(address)
    if options.open and _has_browser():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


async def _serve(
    request: Request,
    options: Options,
    listening: socket.socket,
    token: str,
    begun: Callable[[], None],
    seen: Callable[[Look], None],
) -> None:
    bench = Bench()
    desk = Desk(request, bench, seen)
    server = _Server(
        uvicorn.Config(
            application(desk, token), log_level="error", access_log=False, lifespan="off", server_header=False,
            date_header=False, timeout_graceful_shutdown=1, ws="none", h11_max_incomplete_event_size=16_384,
        )
    )  # fmt: skip
    stop = asyncio.Event()

    def end() -> None:
        server.should_exit = True
        stop.set()
        desk.end()

    async def watch() -> None:
        async for _ in changes(request.root.resolve(), stop, poll=options.poll, deep=not request.is_file):
            desk.changed()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end)
    begun()
    tasks = [asyncio.create_task(desk.run()), asyncio.create_task(watch())]
    try:
        await server.serve(sockets=[listening])
    finally:
        for task in tasks:
            task.cancel()
        bench.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        desk.close()


class _Server(uvicorn.Server):
    """A server that leaves signals to the preview, which has more to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _bound(port: int) -> socket.socket:
    """Return a socket on a port of this machine: `port`, or the first that is free.

    Raises:
        EnvironmentFault: it is in use, or not allowed.
    """
    for candidate in (port,) if port else (*range(FIRST_PORT, FIRST_PORT + _TRIED), 0):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((_HOST, candidate))
            made.listen(64)
        except OSError as error:
            made.close()
            if not port:
                continue
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            remedy = "Name another one, or none: then the first that is free is taken."
            raise EnvironmentFault(f"Port {port} {why}.", remedy=remedy) from error
        return made
    raise EnvironmentFault("No port of this machine is free.", remedy="Close other servers.")


def _has_browser() -> bool:
    """Return whether there is a window for a browser; one in the terminal would take it over."""
    named = os.environ.get("BROWSER") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(named) or sys.platform != "linux" or "WSL_DISTRO_NAME" in os.environ
