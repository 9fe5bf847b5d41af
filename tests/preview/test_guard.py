"""Only a browser on this machine that was given the address sees a preview, and nothing of a manuscript runs there."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

import httpx

from .conftest import Running


def answer(running: Running, request: str) -> str:
    """What the server answers to a request of any form."""
    place = urlsplit(running.address)
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(request.encode())
        return line.recv(65_536).decode("utf-8", "replace")


def test_a_name_that_was_made_to_lead_here_is_refused(running: Running) -> None:
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:4040",
        "localhost@evil.example",
        "[::2]",
    ):
        assert running.get(headers={"host": host}).status_code == 421, host
    path = urlsplit(running.address).path
    assert "HTTP/1.1 4" in answer(running, f"GET {path} HTTP/1.0\r\n\r\n")
    assert "HTTP/1.1 4" in answer(running, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")


def test_without_the_secret_nothing_is_told(running: Running) -> None:
    place = urlsplit(running.address)
    origin = f"{place.scheme}://{place.netloc}"
    for path in ("/", "/events", "/page", "/x" + place.path, place.path.rstrip("/")[:-1] + "/", "/%2e%2e" + place.path):
        told = httpx.get(origin + path)
        assert told.status_code == 404, path
        assert "book" not in told.text


PATHS = (
    "../pubkit.yaml", "%2e%2e/%2e%2e/etc/passwd", "window.py", "window.../app", "epub/1/../../pubkit.yaml", "pdf/1/-1.png",
    "pdf/99999999999999999999/0.png", f"epub/{'9' * 5_000}/x", "file/html/1", "file/pdf/1", "page/..%2f..%2fpubkit.yaml",
)  # fmt: skip


def test_no_path_leads_to_a_file(running: Running) -> None:
    place = urlsplit(running.address)
    for path in PATHS:
        told = answer(running, f"GET {place.path}{path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n")
        assert told.startswith(("HTTP/1.1 404", "HTTP/1.1 400")), (path, told[:200])
        assert "title:" not in told


def test_nothing_can_be_sent_and_no_other_site_loads_a_part(running: Running) -> None:
    assert httpx.post(running.address + "page", content=b"x").status_code == 405
    embedded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}
    assert running.get("page", headers=embedded).status_code == 403
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert running.get(headers=followed).status_code == 200


def test_every_answer_forbids_scripts_frames_and_copies(running: Running) -> None:
    running.ready()
    for path in ("page", "good", "nowhere", "events/x"):
        headers = running.get(path).headers
        assert "script-src" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("sandbox ")
        assert "allow-scripts" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
    window = running.get()
    assert "script-src 'self'" in window.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in window.headers["content-security-policy"]
    assert not re.search(r"<script(?! type=\"module\" src=\"window\.js\")|\son\w+=", window.text)


def test_nothing_of_a_manuscript_becomes_a_script(running: Running) -> None:
    before = running.ready()
    text = (running.folder / "01-text.md").read_text("utf-8")
    attack = (
        'Text <script>alert(1)</script> and <img src=x onerror="alert(2)"> and <svg onload=alert(3)></svg>.\n\n'
        '[Link](javascript:alert(4)) <iframe srcdoc="<script>alert(5)</script>"></iframe>\n\n'
        "[@<script>alert(6)</script>] `</style><script>alert(7)</script>`\n\n"
        "[Open](https://evil.example){.pk-open #pk-unplaced} [Fixed]{.pk-slip}\n\n::: {.pk-head}\nReady.\n:::\n"
    )
    running.write(text + "\n" + attack)
    running.after(before)
    page = running.get("page").text
    assert not re.search(r"<(?:script|iframe|object|embed|svg|base|form)\b", page)
    assert not re.search(r"<[^>]+\son\w+\s*=|href=\"(?:javascript|vbscript|data:(?!image/png;)):?", page)
    assert "alert(7)" in page
    assert not re.search(
        r'pk-open[^>]*evil|evil[^>]*pk-open|class="pk-slip"|class="pk-head"|id="pk-unplaced"[^>]*href', page
    )
    running.write(text)
    running.state(lambda now: now["total"] == before["total"] and not now["busy"])
