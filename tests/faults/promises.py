"""The promises of docs/security.md, each as a loop that injects the fault that would break it."""

from __future__ import annotations

import ctypes
import errno
import gzip
import hashlib
import http.server
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import yaml

from pubkit import pipeline
from pubkit.errors import PubkitError
from pubkit.publish.manifest import verify
from pubkit.references.registries.lock import FILE_NAME as LOCK

from ..conftest import BIBLIOGRAPHY, METADATA, png
from .tally import Tally

_PUBKIT = [sys.executable, "-P", "-m", "pubkit"]
_TEXT = '# One\n\nA guideline says so [@page2021].\n\n![A bar](a.png){alt="One bar."}\n'
#: The calls by which a set reaches the disk.
_CALLS = ("open", "fsync", "fchmod", "rename", "mkdir")


def run(rounds: int = 20, seed: int = 1, only: Collection[int] = range(1, 16)) -> Iterator[Tally]:
    """Yield one tally for each promise, or `only` those; `rounds` is how often chance has a say."""
    loops: tuple[Callable[[Path, Tally], None], ...] = (
        all_or_nothing, lambda folder, tally: killed(folder, tally, rounds, seed), lambda folder, tally: at_once(folder, tally, rounds // 4),
        a_dead_build, the_same_bytes, a_damaged_cache, times_of_files, lying_tools, what_is_missing, bounded, nothing_outside, odd_names,
        read_only, clean_lines, no_network,
    )  # fmt: skip
    for number, loop in ((number, loop) for number, loop in enumerate(loops, 1) if number in only):
        tally = Tally(f"R{number} {_TITLES[number - 1]}")
        with tempfile.TemporaryDirectory(prefix="pubkit-faults-") as folder:
            loop(Path(folder), tally)
        yield tally


_TITLES = (
    "all or nothing", "kill -9", "one set", "no dead lock", "the same bytes", "a damaged cache", "times decide nothing", "lying tools",
    "what is missing", "bounded", "nothing outside", "names", "read-only", "clean lines", "no network, no pass",
)  # fmt: skip


def publication(folder: Path, text: str = _TEXT, files: Mapping[str, bytes] | None = None, **said: Any) -> Path:
    root = folder / "book"
    root.mkdir(parents=True)
    values = {**METADATA, "bibliography": "references.bib", **said}
    (root / "pubkit.yaml").write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), "utf-8")
    (root / "01-text.md").write_text(text, "utf-8")
    (root / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
    (root / "a.png").write_bytes(png())
    for name, data in (files or {}).items():
        (root / name).write_bytes(data)
    return root


def command(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PUBKIT_CACHE": "off", **options.pop("environment", {})}
    return subprocess.run(
        [*_PUBKIT, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=300,
        **options,
    )


def _digest(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir()) if path.is_file()
    }


def _whole(out: Path) -> str:
    return "; ".join(finding.message for finding in verify(out)) if out.is_dir() else ""


# ------------------------------------------------------------------------------------------------------------ R1 to R5


def all_or_nothing(folder: Path, tally: Tally) -> None:
    """The Nth call of each kind fails, for N from 1 until none is left, once and for ever, with a full disk."""
    root, out = publication(folder), folder / "out"
    pipeline.build(root, out, only=("txt",))
    for call in _CALLS:
        for for_ever in (False, True):
            nth, failed = 1, True
            while failed:
                before = _digest(out)
                (root / "01-text.md").write_text(f"{_TEXT}\nRound {call} {for_ever} {nth}.\n", "utf-8")
                with (
                    _failing(call, nth, for_ever=for_ever) as count,
                    tally.trial(f"{call} {nth}, for ever: {for_ever}", OSError),
                ):
                    pipeline.build(root, out, only=("txt",))
                failed = count[0] >= nth
                if (fault := _whole(out)) or not out.is_dir():
                    tally.enter(f"after {call} {nth}", fault or "the last set is gone")
                elif failed and for_ever and call != "mkdir" and _digest(out) != before and nth < 3:
                    tally.enter(f"after {call} {nth}", "the set changed although its files could not be written")
                nth += 1 if nth < 8 else 7
    tally.enter("what is left beside the set", ", ".join(p.name for p in folder.iterdir() if p.name.startswith(".out")))


@contextmanager
def _failing(call: str, nth: int, *, for_ever: bool) -> Iterator[list[int]]:
    real, count = getattr(os, call), [0]

    def failing(*arguments: Any, **options: Any) -> Any:
        if call == "open" and not arguments[1] & (os.O_WRONLY | os.O_RDWR):
            return real(*arguments, **options)
        count[0] += 1
        if count[0] == nth or (for_ever and count[0] > nth):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a file")
        return real(*arguments, **options)

    with mock.patch.object(os, call, failing):
        yield count


def killed(folder: Path, tally: Tally, rounds: int, seed: int) -> None:
    """kill -9 at a random moment: the last set stays whole, no child lives on, the next build tidies."""
    root, out = publication(folder), folder / "out"
    pipeline.build(root, out, only=("html", "txt"))
    random = Random(seed)
    for number in range(rounds):
        (root / "01-text.md").write_text(f"{_TEXT}\nRound {number}.\n", "utf-8")
        child = subprocess.Popen(
            [*_PUBKIT, "build", root, "--out", out, "--only", "html,txt", "-q"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "PUBKIT_CACHE": "off", "TMPDIR": str(folder)}, start_new_session=True,
        )  # fmt: skip
        with _quietly(subprocess.TimeoutExpired):
            child.wait(random.uniform(0.05, 3.0))
        child.send_signal(signal.SIGKILL)
        child.wait()
        tally.enter(f"kill {number}", _whole(out))
    pipeline.build(root, out, only=("html", "txt"))
    left = [path.name for path in folder.iterdir() if path.name.startswith(".out")]
    tally.enter("after the last kill", f"left behind: {', '.join(left)}" if left else _whole(out))


@contextmanager
def _quietly(error: type[Exception]) -> Iterator[None]:
    try:
        yield
    except error:
        pass


def at_once(folder: Path, tally: Tally, rounds: int) -> None:
    """Two builds into one folder at the same time: the set is one of the two."""
    out = folder / "out"
    roots = [publication(folder / name, f"{_TEXT}\nText of {name}.\n") for name in ("a", "b")]
    for number in range(max(1, rounds)):
        both = [
            subprocess.Popen(
                [*_PUBKIT, "build", root, "--out", out, "--only", "html,txt", "-q"], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={**os.environ, "PUBKIT_CACHE": "off"},
            )
            for root in roots
        ]  # fmt: skip
        codes = [child.wait(300) for child in both]
        texts = {
            name
            for path in out.iterdir()
            for name in ("a", "b")
            if f"Text of {name}." in path.read_text("utf-8", "replace")
        }
        fault = f"exit codes {codes}" if any(code not in {0, 4} for code in codes) else _whole(out)
        tally.enter(f"pair {number}", fault or ("" if len(texts) == 1 else f"a mixture of {sorted(texts)}"))


def a_dead_build(folder: Path, tally: Tally) -> None:
    """Folders of dead builds, with and without contents, neither hinder a build nor are mistaken for a set."""
    root, out = publication(folder), folder / "out"
    for name in ("empty", "foreign", "file", "link"):
        place = folder / f".out.pubkit-{name}"
        if name == "link":
            place.symlink_to(root)
        elif name == "file":
            place.write_bytes(b"x")
        else:
            place.mkdir()
        if name == "foreign":
            (place / "mine.txt").write_bytes(b"mine")
        with tally.trial(f"beside a dead folder: {name}"):
            pipeline.build(root, out, only=("txt",))
        tally.enter(f"the set beside {name}", _whole(out))
    kept = (folder / ".out.pubkit-foreign" / "mine.txt").is_file() and (root / "pubkit.yaml").is_file()
    tally.enter("what is not pubkit's", "" if kept else "was removed")


def the_same_bytes(folder: Path, tally: Tally) -> None:
    """Other folders, zones, languages, masks, hash seeds, line ends and orders of files give the same bytes."""
    root = publication(folder / "first")
    reference = folder / "reference"
    command("build", root, "--out", reference, "--only", "html,epub,docx,txt", "-q")
    expected = _digest(reference)
    surroundings: tuple[dict[str, str], ...] = (
        {"TZ": "Pacific/Kiritimati"}, {"TZ": "America/Adak", "LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}, {"COLUMNS": "20"}, {"HOME": "/nonexistent"},
    )  # fmt: skip
    for number, environment in enumerate(surroundings):
        _compare(folder, tally, f"{environment}", root, expected, number, environment)
    copies: dict[str, Callable[[bytes], bytes]] = {
        "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
        "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    }
    for number, (name, change) in enumerate(copies.items(), 50):
        other = folder / f"copy{number}" / "book"
        shutil.copytree(root, other)
        (other / "01-text.md").write_bytes(change((root / "01-text.md").read_bytes()))
        page = [
            one
            for one in expected
            if one.endswith((".html", ".epub", ".docx", ".txt")) and not one.startswith("compliance")
        ]
        _compare(folder, tally, name, other, {one: expected[one] for one in page}, number, {})
    _compare(folder, tally, "umask 077", root, expected, 90, {}, before=lambda: os.umask(0o077))


def _compare(
    folder: Path, tally: Tally, name: str, root: Path, expected: Mapping[str, str], number: int, environment: dict[str, str],
    before: Callable[[], object] | None = None,
) -> None:  # fmt: skip
    out = folder / f"out{number}"
    done = command(
        "build", root, "--out", out, "--only", "html,epub,docx,txt", "-q", environment=environment, preexec_fn=before
    )
    if not out.is_dir():
        tally.enter(name, f"exit code {done.returncode}: {done.stdout[-200:]} {done.stderr[-200:]}")
        return
    found = _digest(out)
    tally.enter(name, ", ".join(one for one in expected if found.get(one) != expected[one]))


# ----------------------------------------------------------------------------------------------------------- R6 to R10


def a_damaged_cache(folder: Path, tally: Tally) -> None:
    """An answer that is kept and then damaged, cut, emptied or replaced is as good as none."""
    root, cache = publication(folder), folder / "cache"
    expected = pipeline.check(root, cache=cache).counts
    changes: dict[str, Callable[[bytes], bytes]] = {
        "cut": lambda data: data[: len(data) // 2], "empty": lambda _: b"", "a bit": lambda data: data[:-9] + bytes(one ^ 4 for one in data[-9:]),
        "rubbish": lambda _: b"\xff" * 99, "another": lambda data: data.replace(b'"', b"'"), "a pipe": lambda data: data,
    }  # fmt: skip
    for name, change in changes.items():
        for path in [one for one in cache.rglob("*") if one.is_file()]:
            path.write_bytes(change(path.read_bytes()))
            if name == "a pipe":
                path.unlink()
                os.mkfifo(path)
        with tally.trial(f"cache: {name}"):
            found = pipeline.check(root, cache=cache).counts
        tally.enter(f"the answer after {name}", "" if found == expected else f"{found} instead of {expected}")


def times_of_files(folder: Path, tally: Tally) -> None:
    """Files of 1980 and 2099 are read like any other, and a change without a new time is seen."""
    root, cache = publication(folder), folder / "cache"
    for year in (10 * 365 * 86_400, 130 * 365 * 86_400):
        for path in root.iterdir():
            os.utime(path, (year, year))
        before = pipeline.check(root, cache=cache)
        chapter = root / "01-text.md"
        chapter.write_text(f"{_TEXT}\nA study found that tea cures insomnia.\n", "utf-8")
        os.utime(chapter, (year, year))
        after = pipeline.check(root, cache=cache)
        chapter.write_text(_TEXT, "utf-8")
        tally.enter(f"files of second {year}", "" if after.findings != before.findings else "the change was not seen")


def lying_tools(folder: Path, tally: Tally) -> None:
    """A pandoc that is missing, dies, says nothing, says half, floods, or is another program: exit code 4, one line."""
    root = publication(folder)
    scripts = {
        "says nothing": "exit 0", "fails": "echo broken >&2; exit 63", "dies": "kill -SEGV $$", "floods": "yes | head -c 600000000", "rubbish": "echo '{\"pandoc'", "another": "echo 'bash 5.2'", "too old": "echo 'pandoc 2.9'",
        "half an answer": '/proc/self/exe --version >/dev/null; echo \'{"pandoc-api-version":[1,23],"meta":{},"blocks":[{"t":"Para"\'',
        "another tree": 'echo \'{"pandoc-api-version":[1,23],"meta":{},"blocks":[{"t":"Nonsense","c":[1]}]}\'',
    }  # fmt: skip
    for name, script in scripts.items():
        program = folder / "pandoc"
        version = (
            ""
            if name in {"another", "too old", "says nothing", "dies"}
            else 'case "$1" in --version) echo "pandoc 3.9"; exit;; esac\n'
        )
        program.write_text(f"#!/bin/sh\n{version}{script}\n", "utf-8")
        program.chmod(0o755)
        done = command(
            "build", root, "--out", folder / "out", "--only", "txt", environment={"PYPANDOC_PANDOC": str(program)}
        )
        tally.enter(f"pandoc {name}", _stopped(done, 3, 4))
    for name, value in (("missing", "/nonexistent/pandoc"), ("no program", str(root / "a.png"))):
        done = command("check", root, environment={"PYPANDOC_PANDOC": value})
        tally.enter(f"pandoc {name}", _stopped(done, 4))


def _stopped(done: subprocess.CompletedProcess[str], *codes: int) -> str:
    said = done.stdout + done.stderr
    if "Traceback" in said:
        return "a traceback"
    return "" if done.returncode in codes else f"exit code {done.returncode}: {said[-200:]!r}"


def what_is_missing(folder: Path, tally: Tally) -> None:
    """A picture, a chapter, a bibliography or a key that is missing is found, whatever its name and the language."""
    for number, (name, rule) in enumerate((("none.png", "SRC060"), ("bü.png", "SRC060"), ("a b.png", "SRC060"))):
        root = publication(folder / str(number), f"# One\n\n![A](<{name}>){{alt=b}}\n")
        done = command("check", root, "--format", "json", environment={"LC_ALL": "POSIX"})
        rules = {one["rule"] for one in json.loads(done.stdout)["findings"]}
        tally.enter(
            f"picture {name}",
            "" if rule in rules and done.returncode == 1 else f"exit code {done.returncode}: {sorted(rules)}",
        )
    root = publication(folder / "chapter", chapters=["01-text.md", "02-none.md"])
    tally.enter("a chapter", _stopped(command("check", root), 2))
    root = publication(folder / "key", "# One\n\nWords [@nobody2020].\n")
    tally.enter("a key", _stopped(command("check", root), 1))


def bounded(folder: Path, tally: Tally) -> None:
    """Limits that are set from outside end a run with exit code 4, or do no harm."""
    root = publication(folder, "".join(f"In {year}, 7 of 10 people slept {year} hours.\n\n" for year in range(8_000)))
    small = publication(folder / "small")
    limits = (
        ("processor time", resource.RLIMIT_CPU, 2, root), ("memory", resource.RLIMIT_AS, 120 << 20, small), ("files", resource.RLIMIT_NOFILE, 6, small),
        ("size", resource.RLIMIT_FSIZE, 10_000, small), ("stack", resource.RLIMIT_STACK, 1 << 20, small), ("core", resource.RLIMIT_CORE, 0, small),
    )  # fmt: skip
    for name, limit, value, place in limits:
        done = command(
            "build", place, "--out", folder / "out", "--only", "html", "-q",
            preexec_fn=lambda limit=limit, value=value: resource.setrlimit(limit, (value, value)),
        )  # fmt: skip
        tally.enter(f"limit: {name}", _stopped(done, 0, 4))


# ---------------------------------------------------------------------------------------------------------- R11 to R15


def nothing_outside(folder: Path, tally: Tally) -> None:
    """Links that were planted in the output lead nowhere, and nothing else changes."""
    root, out, victim = publication(folder), folder / "out", folder / "victim"
    victim.write_bytes(b"precious")
    with tally.trial("the first build"):
        pipeline.build(root, out, only=("txt",))
    names = [path.name for path in out.iterdir()]
    for name in names:
        (out / name).unlink()
        (out / name).symlink_to(victim)
        with tally.trial(f"a link as {name}"):
            pipeline.build(root, out, only=("txt",))
        tally.enter(f"the file behind {name}", "" if victim.read_bytes() == b"precious" else "was overwritten")
        shutil.rmtree(out)
        pipeline.build(root, out, only=("txt",))
    out2 = folder / "linked"
    out2.symlink_to(root)
    with tally.trial("an output that is a link"):
        pipeline.build(root, out2, only=("txt",))
    tally.enter("the folder behind it", "" if (root / "pubkit.yaml").is_file() else "was replaced")


def odd_names(folder: Path, tally: Tally) -> None:
    """Names of folders and files that shells and other systems trip over."""
    names = (
        "a b",
        "ü",
        "u\u0308",
        "'",
        '"',
        "-rf",
        "[1]",
        "CON",
        "$HOME",
        "a\nb",
        "x" * 200,
        "%20",
        "#",
        "…",
        "😀",
        "a;b",
        "`id`",
        "\\",
        "*",
    )
    for number, name in enumerate(names):
        place = folder / str(number) / name
        place.mkdir(parents=True)
        root = publication(
            place,
            f"# One\n\nA guideline says so [@page2021].\n\n![A](<{number}.png>){{alt=b}}\n",
            {f"{number}.png": png()},
        )
        with tally.trial(f"folder {name!r}"):
            pipeline.build(root, place / "out", only=("txt",))
        tally.enter(f"the set in {name!r}", _whole(place / "out") or ("" if (place / "out").is_dir() else "is missing"))


def read_only(folder: Path, tally: Tally) -> None:
    """A source that cannot be written is built; an output that cannot be written ends with exit code 4 before any work."""
    root, shut = publication(folder), folder / "shut"
    shut.mkdir()
    for place in (root, shut):
        place.chmod(stat.S_IRUSR | stat.S_IXUSR)
    done = command("build", root, "--out", folder / "out", "--only", "txt", preexec_fn=_like_anybody)
    tally.enter("a read-only source", _stopped(done, 0))
    done = command("build", root, "--out", shut / "out", "--only", "txt", preexec_fn=_like_anybody)
    tally.enter("a read-only output", _stopped(done, 4))
    for place in (root, shut):
        place.chmod(stat.S_IRWXU)


def _like_anybody() -> None:
    """Give up, before the program starts, the powers by which root writes where the permissions do not allow it."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for power in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
            libc.prctl(24, power, 0, 0, 0)  # PR_CAPBSET_DROP


def clean_lines(folder: Path, tally: Tally) -> None:
    """No command prints a control character, or a line that a CI would carry out, whatever files say."""
    bad = "x\x1b[31m\r\n::error::pwn\n##[command]x\u202e\u0007"
    names = {
        "a chapter": (f"# {bad}\n\n[@{bad}]\n", {}),
        "a bibliography": (_TEXT, {"references.bib": f"@a{{{bad}, title={{{bad}}}}}".encode()}),
    }
    more: dict[str, dict[str, bytes]] = {
        "a lock": {LOCK: json.dumps({"schema": bad}).encode()}, "a rule": {"pubkit.baseline.json": json.dumps({"schema": bad}).encode()},
        "a ledger": {"releases.json": json.dumps({"schema": bad}).encode()}, "a picture": {f"{bad[:2]}\x1b.png": png()},
    }  # fmt: skip
    cases = {**names, **{name: (_TEXT, files) for name, files in more.items()}}
    for number, (name, (text, files)) in enumerate(cases.items()):
        root = publication(folder / str(number), text, files)
        for arguments in (
            ("check", root, "-v"),
            ("check", root, "--format", "github"),
            ("check", root, "--format", "gitlab"),
            ("refs", "list", root),
            ("refs", "show", bad, root),
            ("review", "status", root),
            ("build", root, "--draft", "--only", "txt", "--out", folder / "out"),
            ("verify", root),
            ("diff", root, root),
            ("deposit", "crossref", root),
            ("library", "check", root.parent),
            ("explain", bad[:9]),
        ):
            done = command(*arguments)
            printed = done.stdout + done.stderr
            dirty = [char for char in printed if unicodedata.category(char) in {"Cc", "Cf"} and char != "\n"] or [
                one for one in printed.split("\n") if one.startswith(("::error::pwn", "##[command]x"))
            ]
            tally.enter(
                f"{name}: {' '.join(str(one) for one in arguments if isinstance(one, str))[:40]!a}",
                f"printed {dirty[0]!r}" if dirty else _stopped(done, 0, 1, 2, 3, 4),
            )


#: What a registry, or whoever answers in its place, may send.
_ANSWERS: Mapping[str, tuple[int, Mapping[str, str], bytes]] = {
    "nothing at all": (0, {}, b""), "an error": (500, {}, b"{}"), "no such work": (404, {}, b"Resource not found."),
    "a page to log in": (200, {"Content-Type": "text/html"}, b"<html><form>Log in</form></html>"), "an empty answer": (200, {}, b""),
    "half of an answer": (200, {"Content-Type": "application/json", "Content-Length": "9999"}, b'{"status": "ok", "message": {'),
    "another work": (200, {"Content-Type": "application/json"}, b'{"status": "ok", "message": {"title": ["Bread"], "DOI": "10.1/x"}}'),
    "a deep answer": (200, {"Content-Type": "application/json"}, b"[" * 100_000), "a number": (200, {"Content-Type": "application/json"}, b"NaN"),
    "a loop": (302, {"Location": "/again"}, b""), "a way inside": (302, {"Location": "http://169.254.169.254/latest"}, b""),
}  # fmt: skip


@contextmanager
def _registry(answer: tuple[int, Mapping[str, str], bytes]) -> Iterator[str]:
    """Run a server that gives one answer to everything; yield its address."""
    code, headers, body = answer

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if code:
                self.send_response(code)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def no_network(folder: Path, tally: Tally) -> None:
    """A registry that nobody answers for changes no verdict to a pass."""
    root = publication(folder)
    for address in ("http://127.0.0.1:9", "http://127.0.0.1:1/x", "http://localhost:9"):
        done = command(
            "refs", "update", root, "--registries", address, "--contact", "a@example.org", "--only-references"
        )
        tally.enter(f"registries at {address}", _stopped(done, 4))
    bomb = gzip.compress(b" " * (300 << 20), 9)
    packed = (200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, bomb)
    for name, answer in (*_ANSWERS.items(), ("a bomb", packed)):
        with _registry(answer) as address:
            done = command(
                "refs", "update", root, "--registries", address, "--contact", "a@example.org", "--only-references"
            )
        tally.enter(f"a registry that sends {name}", _stopped(done, 0, 1, 4))
        listed = command("refs", "list", root)
        tally.enter(f"the verdict after {name}", "counts as confirmed" if "OK " in listed.stdout else "")
        (root / LOCK).unlink(missing_ok=True)
    listed = command("refs", "list", root)
    tally.enter("the verdict", "" if "UNCHECKED" in listed.stdout else listed.stdout[:200])
    with tally.trial("a release", PubkitError):
        pipeline.release(root, folder / "out", only=("txt",))
    tally.enter("a release", "was made" if (folder / "out").exists() else "")
