"""The PDF: paged by WeasyPrint in a bounded process of its own, PDF/A-3a and PDF/UA-1 in one file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from pubkit.errors import EnvironmentFault, InputRefused, PubkitError
from pubkit.files import printable
from pubkit.render import claims, fonts, front, styles, weasy
from pubkit.render.body import as_html, contents, make, read_body, set_pictures
from pubkit.render.formulas import set_drawings
from pubkit.render.html import context, data_address
from pubkit.render.labels import labels_for
from pubkit.render.model import Edition
from pubkit.render.paged import arrange, contents_entries, running_head
from pubkit.render.tree import words

__all__ = ["LIBRARIES", "Press", "page", "render"]

#: What a Debian system lacks when WeasyPrint cannot load its libraries.
LIBRARIES = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

#: From this many words on, an edition is set as a book: a title page of its own, and each chapter on a new page.
BOOK_WORDS = 20_000

#: Goes after every other style sheet. PDF/A-3 (6.2.8) forbids smoothed pictures. The size of the disclaimers gives a
#: lowercase "o" of more than 4.5 points in Source Serif, on pages of any size (21 CFR 101.93(e)).
_CONFORMING = "* { image-rendering: crisp-edges !important } .pubkit-disclaimer { font-size: 10.4pt !important }"

#: Stands on every page of a draft, whatever the style sheet says of that page.
_DRAFT_MARK = """@page {{ @top-center {{ content: "{words}" !important; display: block !important;
  visibility: visible !important;
  width: auto !important; color: #9b1c1c !important; font: 700 13pt "Source Sans Pro" !important; opacity: 1 !important;
  letter-spacing: 1pt !important; vertical-align: middle !important }} }}"""

_BASE_SECONDS = 120
_SECONDS_PER_MEGABYTE = 240
_MISSING_CHARACTER = re.compile(r'"(.)" \((U\+[0-9A-F]+)\)')


def render(edition: Edition) -> bytes:
    """The edition as a PDF.

    Raises:
        EnvironmentFault: Pango or another library, or a face for a script of the text, is not installed.
        InputRefused: the text needs more time or memory than pubkit grants, or a formula cannot be drawn.
        PandocError: pandoc failed.
    """
    with Press() as press:
        press.start(edition)
        return press.result()


class Press:
    """WeasyPrint in its process, started before there is anything to print, because starting takes a third of its time.

    Used as a context; at its end the process is gone, whatever has happened. `start` hands over an edition and comes back at
    once, `result` waits for the file.
    """

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._seconds = _BASE_SECONDS
        self._written: Future[tuple[bytes, bytes]] | None = None

    def __enter__(self) -> Self:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="pubkit-"))
        self._process = _child(Path(folder))
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._process, self._written)
        self._pool.shutdown()
        self._stack.close()

    def start(self, edition: Edition) -> None:
        """Begin to print `edition`; raises as `render`, but for what only the printing shows."""
        job = _job(edition)
        self._seconds = job["cpu_seconds"]
        self._written = self._pool.submit(self._process.communicate, json.dumps(job).encode(), self._seconds * 3)

    def result(self) -> bytes:
        """The PDF that `start` has begun; raises as `render`."""
        if self._written is None:
            raise RuntimeError("nothing was started")
        try:
            output, errors = self._written.result()
        except subprocess.TimeoutExpired:
            raise _too_much(f"{self._seconds * 3} seconds") from None
        if self._process.returncode == 0 and output.startswith(b"%PDF-"):
            return output
        raise _failure(self._process.returncode, errors.decode("utf-8", "replace"), self._seconds)


def _job(edition: Edition) -> dict[str, Any]:
    """What the child process is told: see `pubkit.render.weasy`."""
    text = page(edition)
    tied = claims.tied_block(edition.disclaimers)
    return {
        "page": text,
        "styles": [
            fonts.face_rules(),
            styles.own(f"page-{edition.publication.page_size}.css"),
            edition.styles.print,
            styles.protection(),
            _CONFORMING,
            *([styles.own("statement.css")] if tied else []),
            *([_DRAFT_MARK.format(words=labels_for(edition.publication.lang)["draft"])] if edition.draft else []),
        ],
        "fonts": {face.name: str(fonts.file(face)) for face in fonts.FACES},
        "statement": tied and {"block": tied.identifier, "foot": f"{tied.identifier}-foot", "claims": claims.CLAIM},
        "identifier": hashlib.sha256(f"{edition.identifier} {edition.source_sha256}".encode()).hexdigest()[:32],
        "cpu_seconds": _BASE_SECONDS + _SECONDS_PER_MEGABYTE * len(re.sub(r'"data:[^"]*"', "", text)) // 1_000_000,
    }


def page(edition: Edition) -> str:
    """The whole edition as one HTML page for WeasyPrint."""
    body = read_body(edition, shift=1)
    lines = contents(body.text)
    claims.tie(body, edition.disclaimers)
    set_drawings(body, edition.publication.lang)
    set_pictures(body.text, edition, data_address)
    arrange(body)
    values = context(edition) | {
        "meta": front.meta_tags(edition),
        "kind": "book" if words(edition.tree) >= BOOK_WORDS else "article",
        "note_marks": "lower-alpha" if body.letters else "decimal",
        "body": front.trusted(as_html(body.text)),
        "contents": front.trusted(contents_entries(lines)),
        "running_title": running_head(edition.publication.title),
        "foot": front.trusted(_foot(edition)),
    }
    return front.render_template("print.html", values)


def _foot(edition: Edition) -> str:
    """The statement for the foot of those pages that bear a claim."""
    block = claims.tied_block(edition.disclaimers)
    if block is None:
        return ""
    foot = claims.copy_of(block, "foot")
    foot.set("class", f"{foot.get('class')} pubkit-disclaimer-foot")
    return as_html(make("div", foot))


def _child(folder: Path) -> subprocess.Popen[bytes]:
    """WeasyPrint's process, with `folder` for its files and an environment of its own."""
    if not sys.executable:
        raise EnvironmentFault("Python does not know its own program file.", remedy="Run pubkit with python itself.")
    configuration = folder / "fonts.conf"
    configuration.write_text(fonts.configuration(folder / "cache"), "utf-8")
    environment = {
        "FONTCONFIG_FILE": str(configuration),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PATH": os.defpath,
        "TMPDIR": str(folder),
        "TZ": "UTC",
    }
    for name in ("DYLD_FALLBACK_LIBRARY_PATH", "LD_LIBRARY_PATH"):
        if name in os.environ:
            environment[name] = os.environ[name]
    return subprocess.Popen(
        [sys.executable, "-I", weasy.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes], written: Future[tuple[bytes, bytes]] | None) -> None:
    """See the process gone, and whoever waits for what it writes."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if written is None:
        process.communicate()
    else:
        with contextlib.suppress(subprocess.TimeoutExpired):
            written.result()
        process.wait()


def _too_much(limit: str) -> InputRefused:
    return InputRefused(
        f"The manuscript needs more than {limit} to become a PDF.",
        remedy="Split it, or make its tables and pictures smaller.",
    )


def _failure(code: int, errors: str, seconds: int) -> PubkitError:
    """The error for a child process that ended without a PDF."""
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return _too_much(f"{seconds} seconds of processor time")
    last = errors.strip().rpartition("\n")[2]
    try:
        report = json.loads(last)
        fault, detail = str(report["fault"]), str(report["detail"])
    except (ValueError, KeyError, TypeError):
        fault, detail = "", last
    if fault == weasy.Fault.LIBRARY:
        return EnvironmentFault("The libraries that PDF needs are not installed.", remedy=f"Run: {LIBRARIES}")
    if fault == weasy.Fault.MEMORY:
        return _too_much("6 GB of memory")
    if fault == weasy.Fault.GLYPH:
        found = sorted(set(_MISSING_CHARACTER.findall(detail)))
        characters = ", ".join(f"{printable(char)} ({code})" for char, code in found[:8])
        if len(found) > 8:
            characters += f" and {len(found) - 8} more"
        return EnvironmentFault(
            f"No installed face has these characters, so the PDF cannot show them: {characters}",
            remedy="Run: sudo apt-get install fonts-noto-core fonts-noto-cjk fonts-dejavu fonts-symbola",
        )
    return PubkitError(f"WeasyPrint could not set the PDF: {printable(detail, 400)}", remedy="See `pubkit doctor`.")
