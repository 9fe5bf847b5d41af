"""The one door to pandoc: what passes, what is bounded, what a broken tool looks like."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pypandoc
import pytest

from pubkit.boundary import pandoc
from pubkit.boundary.text import SourceFile
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError
from pubkit.manuscript.endless import parsed
from pubkit.manuscript.tree import Header, Para, decode, encode


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A loopback server that notes every request, and its address."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    thread.join()
    server.server_close()


def fake(tmp_path: Path, script: str, version: str = "3.9") -> Path:
    """A program that stands where pandoc should."""
    path = tmp_path / "pandoc"
    path.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo "pandoc {version}"; exit; fi\n{script}\n')
    path.chmod(0o755)
    return path


def forget() -> None:
    """Have pandoc looked for anew."""
    pypandoc.clean_pandocpath_cache()
    pandoc.binary.cache_clear()
    pandoc.version.cache_clear()


@pytest.fixture
def _stand_in() -> Iterator[None]:
    forget()
    yield
    forget()


def test_markdown_becomes_a_tree_and_a_tree_becomes_html() -> None:
    written = pandoc.parse("# One\n\nTwo *three*.\n")
    tree = decode(written)
    assert [type(block) for block in tree.blocks] == [Header, Para]
    assert pandoc.convert(encode(tree), "html5") == b'<h1 id="one">One</h1>\n<p>Two <em>three</em>.</p>\n'


def test_metadata_in_the_text_is_not_metadata() -> None:
    tree = decode(pandoc.parse("---\ntitle: x\nbibliography: /etc/passwd\n---\n\n% title\n% author\n\nText.\n"))
    assert tree.meta == {}


def test_no_file_and_no_address_is_read(tmp_path: Path, canary: tuple[str, list[str]]) -> None:
    address, requests = canary
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"SECRET-MARK")
    tree = pandoc.parse(f"![a]({secret}) ![b]({address}/b.png)\n")
    page = pandoc.convert(tree, "html5", ["--standalone", "--embed-resources", "--metadata=title:t"])
    assert b"SECRET" not in page
    assert requests == []


def test_the_environment_is_not_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _stand_in: None) -> None:
    monkeypatch.setenv("CI_TOKEN", "token-that-must-not-leak")
    monkeypatch.setenv("PYPANDOC_PANDOC", str(fake(tmp_path, "cat >/dev/null; env")))
    assert b"token-that-must-not-leak" not in pandoc.run([], b"")


def test_the_pandoc_that_came_with_pubkit_is_used_before_a_newer_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _stand_in: None
) -> None:
    """The same input shall give the same bytes, whatever else is installed."""
    shipped = pandoc.binary()
    forget()
    monkeypatch.setenv("PATH", str(fake(tmp_path, "", "99.0").parent), prepend=os.pathsep)
    assert pandoc.binary() == shipped
    assert not pandoc.version().startswith("99")


def test_many_threads_may_convert_at_once() -> None:
    def convert(number: int) -> bytes:
        return pandoc.convert(pandoc.parse(f"Number {number}."), "html5")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(convert, range(24))) == [f"<p>Number {number}.</p>\n".encode() for number in range(24)]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("cat >/dev/null; exit 0", "wrote nothing"),
        ("cat >/dev/null; echo no >&2; exit 64", "exit code 64"),
        ("cat >/dev/null; kill -SEGV $$", "SIGSEGV"),
    ],
)
def test_a_broken_pandoc_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _stand_in: None, script: str, words: str
) -> None:
    monkeypatch.setenv("PYPANDOC_PANDOC", str(fake(tmp_path, script)))
    with pytest.raises(PubkitError, match=words) as caught:
        pandoc.run(["--to", "json"], b"text")
    assert caught.value.exit_code == 4


def test_a_pandoc_that_is_too_old_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _stand_in: None) -> None:
    monkeypatch.setenv("PYPANDOC_PANDOC", str(fake(tmp_path, "", "2.9.2")))
    with pytest.raises(EnvironmentFault, match="too old"):
        pandoc.version()


def test_a_pandoc_that_is_none_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _stand_in: None) -> None:
    monkeypatch.setenv("PYPANDOC_PANDOC", str(fake(tmp_path, "", "of another kind")))
    with pytest.raises(EnvironmentFault, match="not found"):
        pandoc.version()


def test_a_bomb_is_refused_with_its_place_and_leaves_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "_BASE_SECONDS", 1)
    text = "# One\n\nA [link] and \\[ with\nmany " + "[" * 60 + "a" + "]" * 30 + "\n\nNo more.\n"
    with pytest.raises(InputRefused, match="needs more than") as caught:
        parsed(text, SourceFile("01.md", text, ""), None)
    [finding] = caught.value.findings
    assert (finding.rule, str(finding.location)) == ("SRC005", "01.md:4:6")
    assert "30 brackets of this paragraph are not closed" in finding.message
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    assert not [child for child in children if Path(f"/proc/{child}/comm").read_text().strip() == "pandoc"]
