"""A check that is done again whenever the text changes, for those who stay on the terminal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from pubkit.preview import work
from pubkit.preview.bench import Bench, Died
from pubkit.preview.watching import changes
from pubkit.preview.work import Checked, Request

__all__ = ["watch"]


def watch(request: Request, seen: Callable[[Checked], None]) -> None:
    """Check the publication now and after each change, until it is interrupted; `seen` gets each result."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        asyncio.run(_watch(request, seen))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _watch(request: Request, seen: Callable[[Checked], None]) -> None:
    stop, changed = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    bench = Bench()

    async def check() -> None:
        while True:
            try:
                seen(await bench.do(work.check, request))
            except Died:
                seen(work.uncheckable())
            await changed.wait()
            changed.clear()

    checking = asyncio.create_task(check())
    try:
        async for _ in changes(request.root.resolve(), stop, deep=not request.is_file):
            changed.set()
    finally:
        checking.cancel()
        bench.close()
        await asyncio.gather(checking, return_exceptions=True)
