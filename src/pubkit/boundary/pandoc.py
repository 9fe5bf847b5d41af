"""The only module that starts pandoc.

pypandoc supplies, finds and describes the binary. The conversions are run here, because pypandoc 1.17 sets no time
limit, passes its whole environment (with any token in it) to pandoc, treats file names as patterns, fetches URLs, and
uses `--sandbox` only on request. Here pandoc reads only standard input, inside `--sandbox`, in an empty folder, with an
environment of four variables, with limits on processor time, wall-clock time, heap and output, and where there is
bubblewrap, without a network and with no view of other files. `--sandbox` does not cover
citeproc, so bibliographies and styles are passed as files that pubkit itself has written.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import logging
import os
import re
import resource
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pubkit.boundary import child
from pubkit.boundary.child import Ended, Limits, Overrun
from pubkit.boundary.confinement import wall
from pubkit.boundary.faults import what_to_do
from pubkit.boundary.keeping import Keeper, answered
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError

__all__ = [
    "MINIMUM_VERSION",
    "PandocError",
    "binary",
    "convert",
    "is_walled",
    "metadata",
    "parse",
    "parse_metadata",
    "read",
    "read_html",
    "run",
    "version",
]

_VERSION = re.compile(rb"pandoc(?:\.exe)? (\d+(?:\.\d+)+)")
_NOT_ASCII = re.compile(r"[^ -~]")
#: Labels in a table's caption: 3.6.1 reads them as words, 3.8.2 is the lowest version that was tried and does not.
MINIMUM_VERSION = (3, 8, 2)

#: Pandoc's Markdown without the extensions by which text could be read in two ways or as another language. Between HTML
#: tags the text is Markdown, as in pandoc: each tag is a raw part of its own, and tags that are not closed cost no time
#: (measured: 2,000 of them took 20 seconds if elements are kept whole, and 0.7 here).
MARKDOWN = "markdown-latex_macros-yaml_metadata_block-pandoc_title_block-raw_tex"
_HTML = "html-raw_html"
#: Markdown of a line or a few paragraphs: no citations, formulas, notes, tables, headings or raw parts.
_METADATA = (
    "markdown-citations-tex_math_dollars-raw_html-raw_tex-raw_attribute-latex_macros-footnotes-inline_notes-example_lists"
    "-pandoc_title_block-definition_lists-pipe_tables-simple_tables-multiline_tables-grid_tables-table_captions-line_blocks"
    "-implicit_figures-fenced_divs-native_divs-native_spans-fenced_code_blocks-backtick_code_blocks"
)

#: The longest text, in bytes, whose tree is kept while this process runs, and the number of trees: an editor, a preview
#: and a library read the same bibliographies and chapters again and again.
_KEPT_BYTES = 1 << 15
_KEPT_TEXTS = 128
_HEAP_MEGABYTES = 1024
_OUTPUT_BYTES = 1 << 29
# Measured: ordinary Markdown takes pandoc 8 seconds a megabyte, citeproc 2 to 3 ms a reference.
_BASE_SECONDS = 8
_SECONDS_PER_MEGABYTE = 30


class PandocError(PubkitError):
    """Pandoc itself failed; `detail` is its message, which may contain text of the manuscript."""

    exit_code = 4

    def __init__(self, message: str, *, detail: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.detail = detail


@functools.cache
def binary() -> Path:
    """Return the path of pypandoc_binary's pandoc; without it, or if PYPANDOC_PANDOC is set, of the one pypandoc finds.

    Raises:
        EnvironmentFault: there is none, or it does not start.
    """
    shipped = _shipped()
    if shipped and not os.environ.get("PYPANDOC_PANDOC"):
        return shipped
    import pypandoc

    # Without a handler of its own, pypandoc's logger would print tracebacks of its search.
    logging.getLogger("pypandoc").addHandler(logging.NullHandler())
    try:
        return Path(pypandoc.get_pandoc_path())
    except OSError as error:
        raise EnvironmentFault(
            "pandoc was not found.",
            remedy="Install it again with: python -m pip install --force-reinstall pypandoc_binary"
            + (" (PYPANDOC_PANDOC is set: unset it, or correct it)." if os.environ.get("PYPANDOC_PANDOC") else "."),
        ) from error


def _shipped() -> Path | None:
    """Return the binary in the installed package; pypandoc itself would start every pandoc and take the newest."""
    spec = importlib.util.find_spec("pypandoc")
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder, "files", "pandoc")
        if os.access(file, os.X_OK):
            return file
    return None


@functools.cache
def version() -> str:
    """Return pandoc's version, such as "3.9".

    Raises:
        EnvironmentFault: pandoc does not answer, or is older than `MINIMUM_VERSION`.
    """
    found = _VERSION.match(_start([str(binary()), "--version"], b"", 20).output)
    if not found:
        raise EnvironmentFault(f"{binary()} does not behave like pandoc.", remedy="Reinstall pypandoc_binary.")
    text = found[1].decode()
    if tuple(int(part) for part in text.split(".")) < MINIMUM_VERSION:
        needed = ".".join(map(str, MINIMUM_VERSION))
        raise EnvironmentFault(
            f"pandoc {text} is too old.", remedy=f"Install pandoc {needed} or later (pypandoc_binary)."
        )
    return text


def parse(text: str, kept: Keeper | None = None) -> bytes:
    """Return the syntax tree of `text`, which is pandoc's Markdown, as JSON; `kept` has what was parsed before."""
    return read(MARKDOWN, text.encode(), kept=kept)


def metadata(values: Mapping[str, Any]) -> str:
    r"""Return `values`, texts of Markdown, as a block of metadata in ASCII.

    JSON writes a sign beyond U+FFFF as two escapes, which YAML does not know: \U0001f9ea is one.
    """
    written = json.dumps(values, ensure_ascii=False)
    in_ascii = _NOT_ASCII.sub(lambda sign: rf"\U{ord(sign[0]):08x}", written)
    return f"---\n{in_ascii}\n---\n"


def parse_metadata(values: Mapping[str, Any]) -> bytes:
    """Return the syntax tree of a document without text whose metadata is `values`, texts of Markdown."""
    return read(_METADATA, metadata(values).encode())


def read_html(text: str) -> bytes:
    """Return the syntax tree of the HTML `text`, as JSON; it has no raw parts."""
    return read(_HTML, text.encode())


def read(source: str, data: bytes, to: str = "json", *, kept: Keeper | None = None) -> bytes:
    """Return `data`, a document in pandoc's format `source`, as pandoc reads it: as JSON, or as another data format.

    Short documents are read once in a process; `kept` has what was read in earlier ones.

    Raises: as `run`.
    """
    if kept is not None:
        return _read(binary(), source, data, to, kept)
    reader = _read_once if len(data) <= _KEPT_BYTES else _read
    return reader(binary(), source, data, to)


def _read(_: Path, source: str, data: bytes, to: str, kept: Keeper | None = None) -> bytes:
    return run(["--from", source, "--to", to], data, kept=kept)


_read_once = functools.lru_cache(_KEPT_TEXTS)(_read)


def convert(tree: bytes, to: str, options: Sequence[str] = (), files: Mapping[str, bytes] | None = None) -> bytes:
    """Return the syntax tree `tree` (JSON) written in pandoc's format `to`; see `run` for `options` and `files`."""
    return run(["--from", "json", "--to", to, *options], tree, files)


def run(
    options: Sequence[str], data: bytes, files: Mapping[str, bytes] | None = None, *, kept: Keeper | None = None
) -> bytes:
    """Return what pandoc writes to standard output for `data` on standard input.

    Args:
        options: pandoc's options; `{folder}` stands for the folder that contains `files`.
        data: the document, UTF-8.
        files: names and contents of the files that the options name; they are written into a private folder first.
        kept: has what pandoc wrote before; None keeps nothing.

    Raises:
        PandocError: pandoc refused the input, or stopped without writing anything.
        InputRefused: the input needs more time or memory than pubkit allows.
        EnvironmentFault: pandoc could not be started.
    """
    if kept is None:
        return _ran(options, data, files)
    named = [part for name, content in (files or {}).items() for part in (name.encode(), content)]
    question = (b"pandoc", _identity(), *(option.encode() for option in options), b"", data, *named)
    return answered(kept, question, lambda: _ran(options, data, files))


def _identity() -> bytes:
    """Return what tells this pandoc from any other: its path, its size, and when it was written."""
    found = binary().stat()
    return f"{binary()} {found.st_ino} {found.st_size} {found.st_mtime_ns}".encode()


def _ran(options: Sequence[str], data: bytes, files: Mapping[str, bytes] | None) -> bytes:
    megabytes = (len(data) + sum(map(len, (files or {}).values()))) / 1_000_000
    seconds = int(_BASE_SECONDS + _SECONDS_PER_MEGABYTE * megabytes)
    with tempfile.TemporaryDirectory(prefix="pubkit-") as folder:
        for name, content in (files or {}).items():
            Path(folder, name).write_bytes(content)
        command = [str(binary()), "--sandbox", *(option.replace("{folder}", folder) for option in options)]
        command += ["+RTS", f"-M{_HEAP_MEGABYTES}M", "-RTS"]
        return _judged(_start(command, data, seconds, folder, _wall(folder) if is_walled() else ()))


@functools.cache
def is_walled() -> bool:
    """Return whether pandoc runs behind the wall of `pubkit.boundary.confinement`: whether it starts there."""
    with tempfile.TemporaryDirectory(prefix="pubkit-") as folder:
        before = _wall(folder)
        return bool(before and _VERSION.match(_start([str(binary()), "--version"], b"", 20, folder, before).output))


def _wall(folder: str) -> tuple[str, ...]:
    program = binary().resolve()
    return wall(folder, (program, program.parent.parent / "lib"))


def _judged(ended: Ended) -> bytes:
    """Return the output of a pandoc that has ended, or raise the error that its exit code means."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if ended.code == 251 and not 0 <= most < _HEAP_MEGABYTES << 20:
        raise _too_much(f"{_HEAP_MEGABYTES} MB of memory")
    if ended.code == 251 or (ended.code < 0 and most != resource.RLIM_INFINITY):
        raise _limited(f"{most >> 20} MB of memory")
    if ended.code < 0:
        name = signal.Signals(-ended.code).name
        raise PandocError(
            f"pandoc was stopped by {name}.", remedy="Reinstall pypandoc_binary, and see `pubkit doctor`."
        )
    detail = ended.errors.decode("utf-8", "replace").strip()
    if ended.code:
        raise PandocError(f"pandoc stopped with exit code {ended.code}.", detail=detail)
    if not ended.output:
        raise PandocError(
            "pandoc reported success but wrote nothing.", remedy="See `pubkit doctor` for the pandoc in use."
        )
    return ended.output


def _too_much(limit: str) -> InputRefused:
    return InputRefused(
        f"The manuscript needs more than {limit} in pandoc.",
        remedy="Split very long chapters, and look for deeply nested brackets, quotations, lists or tables.",
    )


def _start(
    command: Sequence[str], data: bytes, seconds: int, folder: str = "/nonexistent", before: Sequence[str] = ()
) -> Ended:
    """Run `command` in `folder`, within limits and behind the wall `before`.

    Raises:
        EnvironmentFault: it does not start.
        InputRefused: it needs more than its limits.
    """
    limits = Limits(seconds * 3, seconds, _OUTPUT_BYTES)
    try:
        return child.run(command, data, limits, child.bare(folder), folder if data else None, before)
    except OSError as error:
        raise EnvironmentFault(
            f"pandoc could not be started: {error.strerror}.",
            remedy=what_to_do(error, "Reinstall pypandoc_binary, and run `pubkit doctor`."),
        ) from error
    except Overrun as limit:
        raise (_limited(str(limit)) if limit.outside else _too_much(str(limit))) from None


def _limited(limit: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"pandoc needs more than {limit}, a limit that was set outside pubkit.", remedy="Raise it (ulimit -a)."
    )
