"""The server: what an editor sends, and when a publication is checked again.

A text is checked when it has been left alone for a moment. One check runs at a time; what changes meanwhile is checked
after it, and its own result is then not shown. Nothing that a text contains ends the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from pubkit.boundary.files import printable
from pubkit.catalogue import where
from pubkit.lsp import actions, reading
from pubkit.lsp.analysis import Analysis
from pubkit.lsp.incoming import Incoming
from pubkit.lsp.positions import Lines, Units
from pubkit.lsp.publications import path_of
from pubkit.lsp.session import Session
from pubkit.lsp.worker import Lost, Worker
from pubkit.project import loading

__all__ = ["serve"]

#: How long a text is left alone before it is checked, and how long a check may take, in seconds; a client may change both.
_PAUSE, _LONGEST = 0.3, 120.0
_WATCHED = "**/*.{md,qmd,Rmd,yaml,yml,bib,json,ris,nbib,xml,enw,css}"

Answer = TypeVar("Answer")


class Server(LanguageServer):
    """The server and its session; `pause` is how long a text is left alone before it is checked, in seconds."""

    def __init__(self, version: str) -> None:
        super().__init__("pubkit", version, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.session = Session()
        self.worker = Worker(_LONGEST)
        self.pause = _PAUSE
        self.ending = False
        self._waiting: dict[Path, asyncio.TimerHandle] = {}
        self._changed: dict[Path, None] = {}
        self._checking: asyncio.Task[None] | None = None
        # One thread asks the one process that checks.
        self._asking = ThreadPoolExecutor(max_workers=1)

    def begin(self, options: Any) -> None:
        """Take the settings of the client, and start the process that checks."""
        said = options if isinstance(options, dict) else {}
        pause, longest = said.get("pauseMilliseconds"), said.get("checkSeconds")
        if isinstance(pause, int) and 0 <= pause <= 60_000:
            self.pause = pause / 1000
        if isinstance(longest, int) and 0 < longest <= 3_600:
            self.worker = Worker(float(longest))
        self._asking.submit(self.worker.start)

    def changed(self, publication: Path | None) -> None:
        """Check a publication once it has been left alone."""
        if publication is None:
            return
        if waiting := self._waiting.pop(publication, None):
            waiting.cancel()
        loop = asyncio.get_running_loop()
        self._waiting[publication] = loop.call_later(self.pause, self._due, publication)

    def _due(self, publication: Path) -> None:
        self._waiting.pop(publication, None)
        self._changed[publication] = None
        if self._checking is None or self._checking.done():
            self._checking = asyncio.get_running_loop().create_task(self._check_all())

    async def _check_all(self) -> None:
        while self._changed:
            publication = next(iter(self._changed))
            del self._changed[publication]
            await self._check(publication)

    async def _check(self, publication: Path) -> None:
        unsaved = self.session.unsaved()
        loop = asyncio.get_running_loop()
        try:
            analysis = await loop.run_in_executor(self._asking, self.worker.ask, publication, unsaved)
        except Lost as lost:
            if self.ending:
                return
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"pubkit: {lost}"))
            return
        if not self.ending and publication not in self._waiting and publication not in self._changed:
            self.show(publication, analysis)

    def show(self, publication: Path, analysis: Analysis) -> None:
        """Publish the diagnostics of a publication: of its open texts in any case, so that a client knows them checked."""
        known = self.session.understood(publication, analysis)
        found = actions.diagnostics(self.session, publication, analysis)
        opened = {uri for uri in self.session.texts if self.session.publication(uri) == publication}
        for uri in sorted(known.published | found.keys() | opened):
            text = self.session.texts.get(uri)
            said = types.PublishDiagnosticsParams(uri, found.get(uri, []), text.version if text else None)
            self.text_document_publish_diagnostics(said)
        self.session.known[publication].published = frozenset(found)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Say in the log what could not be answered; a message for the user would only be in their way."""
        del source
        logging.getLogger("pygls").warning("%s", error)

    def end(self) -> None:
        """End the process that checks, and publish nothing more."""
        self.ending = True
        self._changed.clear()
        self.worker.interrupt()
        self._asking.shutdown(cancel_futures=True)
        self.worker.stop()


class _OneLine(logging.Formatter):
    """Writes each message as one line, with the type and place of an exception: editors show the log to people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message as one line."""
        error = record.exc_info[1] if record.exc_info else None
        raised = f": {where(error)}" if isinstance(error, Exception) else ""
        return f"pubkit lsp: {printable(record.getMessage().partition(chr(10))[0], 400)}{raised}"


def serve(version: str) -> int:
    """Serve one client on standard input and output until it goes, and return the exit code.

    Whatever else is written to standard output goes to standard error, so that it cannot be taken for a message.
    """
    log = logging.StreamHandler(sys.stderr)
    log.setFormatter(_OneLine())
    logging.getLogger("pygls").addHandler(log)
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    server = Server(version)
    _answer(server)
    try:
        server.start_io(Incoming(sys.stdin.buffer).stream(), output)
    finally:
        server.end()
    return 0


def _answer(server: Server) -> None:
    """Give the server its answers."""
    session = server.session

    @server.feature(types.INITIALIZE)
    def _(params: types.InitializeParams) -> None:
        server.begin(params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def _(_: types.InitializedParams) -> None:
        encoding = server.workspace.position_encoding or types.PositionEncodingKind.Utf16
        session.units = Units(types.PositionEncodingKind(encoding).value)
        await _watch(server)

    @server.feature(types.SHUTDOWN)
    def _(_: None) -> None:
        server.ending = True

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def _(params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        server.changed(session.opened(one.uri, one.version, one.text))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def _(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        text = session.texts[uri].text if uri in session.texts else ""
        for change in params.content_changes:
            text = _with_change(text, change, session.units)
        server.changed(session.opened(uri, params.text_document.version, text))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def _(params: types.DidCloseTextDocumentParams) -> None:
        server.changed(session.closed(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def _(params: types.DidSaveTextDocumentParams) -> None:
        server.changed(session.publication(params.text_document.uri))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def _(params: types.DidChangeWatchedFilesParams) -> None:
        for folder in {path.parent for event in params.changes if (path := path_of(event.uri))}:
            for publication in list(session.known):
                root = publication if publication.is_dir() else publication.parent
                if root == folder or root in folder.parents:
                    server.changed(publication)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def _(params: types.HoverParams) -> types.Hover | None:
        return reading.hovered(session, params.text_document.uri, params.position)

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["@", "{", ":", "-", " "])
    )
    def _(params: types.CompletionParams) -> types.CompletionList | None:
        return reading.completed(session, params.text_document.uri, params.position)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def _(params: types.DefinitionParams) -> types.Location | None:
        return reading.defined(session, params.text_document.uri, params.position)

    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, actions.FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def _(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = params.context.only
        uri = params.text_document.uri
        return actions.actions(session, uri, params.range, only, loading.today())


def _with_change(text: str, change: types.TextDocumentContentChangeEvent, units: Units) -> str:
    """Return `text` after a change of the whole, or of a part from a client that sends parts unasked."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    lines = Lines(text, units)
    start, end = (lines.offset(one.line, one.character) for one in (change.range.start, change.range.end))
    return f"{text[:start]}{change.text}{text[max(start, end) :]}"


async def _watch(server: Server) -> None:
    """Ask the client to say when files change on the disk, such as the bibliography that Zotero exports."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is None or not watching.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    wanted = types.Registration("pubkit-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    with contextlib.suppress(Exception):
        await server.client_register_capability_async(types.RegistrationParams([wanted]))
