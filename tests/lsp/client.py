"""A text editor as the server sees it: JSON-RPC over the standard streams of a real process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

__all__ = ["Editor", "editor"]

#: A machine that is busy may take long; nothing waits for this unless a test fails.
PATIENCE = 20.0


class Editor:
    """One client: what it sends, and what it was sent. Positions are (line, character), as the protocol counts them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._in, self._out = process.stdin, process.stdout
        self._number = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._versions: dict[str, int] = {}
        self.said: deque[dict[str, Any]] = deque()
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while True:
            header = await self._out.readline()
            if not header:
                break
            length = int(header.split(b":")[1])
            while (await self._out.readline()).strip():
                pass
            await self._take(json.loads(await self._out.readexactly(length)))
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the server has ended"))

    async def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            answer = self._answers.pop(message["id"], None)
            if answer and not answer.done():
                answer.set_result(message)
            return
        if "id" in message:
            self.write({"jsonrpc": "2.0", "id": message["id"], "result": None})
        async with self._news:
            self.said.append(message)
            if message["method"] == "textDocument/publishDiagnostics":
                self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
            self._news.notify_all()

    def write(self, message: object) -> None:
        self.raw(json.dumps(message).encode())

    def raw(self, body: bytes) -> None:
        self.bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def bytes(self, data: bytes) -> None:
        self._in.write(data)

    def tell(self, method: str, **params: Any) -> None:
        self.write({"jsonrpc": "2.0", "method": method, "params": params})

    async def ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        self.write({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        message = await asyncio.wait_for(answer, PATIENCE)
        assert "error" not in message, message["error"]
        return message["result"]

    async def until(self, uri: str, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Wait until the diagnostics of a text are as `wanted`, and return them."""
        async with self._news:
            async with asyncio.timeout(PATIENCE):
                await self._news.wait_for(lambda: uri in self.diagnostics and wanted(self.diagnostics[uri]))
            return self.diagnostics[uri]

    def open(self, path: Path, text: str | None = None, uri: str = "") -> str:
        uri = uri or path.as_uri()
        words = path.read_bytes().decode() if text is None else text
        self._versions[uri] = 1
        self.tell("textDocument/didOpen", textDocument={"uri": uri, "languageId": "x", "version": 1, "text": words})
        return uri

    def type(self, uri: str, text: str) -> None:
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        self.diagnostics.pop(uri, None)
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    async def at(self, method: str, uri: str, line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        return await self.ask(f"textDocument/{method}", textDocument={"uri": uri}, position=position)

    async def actions(self, uri: str, line: int, character: int, only: list[str] | None = None) -> list[dict[str, Any]]:
        here = {"line": line, "character": character}
        context = {"diagnostics": [], **({"only": only} if only else {})}
        where = {"start": here, "end": here}
        found = await self.ask("textDocument/codeAction", textDocument={"uri": uri}, range=where, context=context)
        assert isinstance(found, list)
        return found


@contextlib.asynccontextmanager
async def editor(
    folders: list[Path], *options: str, encodings: tuple[str, ...] = (), **settings: Any
) -> AsyncIterator[Editor]:
    """Start the server as an editor does, for `folders`; positions are in the first of `encodings`, or else UTF-16."""
    general = {"general": {"positionEncodings": list(encodings)}} if encodings else {}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pubkit", "lsp", *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1 << 26,
    )  # fmt: skip
    one = Editor(process)
    errors = asyncio.create_task(process.stderr.read() if process.stderr else asyncio.sleep(0))
    try:
        await one.ask(
            "initialize",
            processId=None,
            rootUri=folders[0].as_uri(),
            workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name} for folder in folders],
            capabilities={"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}, **general},
            initializationOptions={"pauseMilliseconds": 0, **settings},
        )
        one.tell("initialized")
        yield one
        await one.ask("shutdown")
        one.tell("exit")
        code = await asyncio.wait_for(process.wait(), PATIENCE)
        assert code == 0
    finally:
        if process.returncode is None:
            process.kill()
        said = (await errors or b"").decode()
        print(said)
        assert "Traceback" not in said, said
