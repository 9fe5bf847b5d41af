"""Attacks on a build: each must be stopped by the wall that it is aimed at, or come out harmless.

An attack that is refused for another reason than its wall proves nothing: it counts as not run.
"""

from __future__ import annotations

import base64
import html
import http.server
import os
import re
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pubkit import pipeline
from pubkit.errors import PubkitError
from pubkit.findings import Finding

from ..conftest import BIBLIOGRAPHY, METADATA, png
from .tally import Tally

SECRET = "a-secret-that-no-reader-may-see-8c1f"
_ENTRY = "\n\nA guideline says so [@page2021].\n"
_HARMFUL = re.compile(
    r"<(?:iframe|object|embed|form|base|frame|applet)\b|<meta[^>]*http-equiv=.?refresh|<[^>]+\son[a-z]+\s*=|"
    r"(?:href|src)\s*=\s*[\"']?\s*(?:javascript|vbscript|data:text)|<script(?![^>]*ld\+json)",
    re.IGNORECASE,
)


EITHER = frozenset({"*"})


@dataclass(frozen=True)
class Attack:
    """One attack: what it adds to a sound publication, and the rules of which one must stop it.

    Without walls it must be built, harmless; with `EITHER` it may be built or stopped, as long as that ends in time.
    """

    name: str
    walls: frozenset[str]
    text: str = "Words about rest."
    metadata: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    prepare: Callable[[Path], object] = lambda _: None
    raw: bytes = b""


def run(attacks: tuple[Attack, ...] | None = None, step: int = 1) -> Iterator[Tally]:
    """Yield one tally for each family of attacks; with a `step`, of every so manieth attack."""
    with _canary() as (address, hits):
        families: dict[str, Tally] = {}
        for attack in (attacks or all_attacks(address))[::step]:
            family = attack.name.partition(":")[0]
            tally = families.setdefault(family, Tally(f"attacks: {family}"))
            with tempfile.TemporaryDirectory(prefix="pubkit-faults-") as folder:
                _try(attack, Path(folder), tally, hits)
        yield from families.values()


def _try(attack: Attack, folder: Path, tally: Tally, hits: list[str]) -> None:
    root = _publication(attack, folder)
    before, hits[:] = _content(folder), []
    out = folder / "out"
    found: tuple[Finding, ...] = ()
    stopped = False
    trial = Tally(attack.name)
    with trial.trial(attack.name):
        try:
            found = pipeline.build(root, out, draft=True, only=("html", "epub", "txt")).report.findings
        except PubkitError as error:
            found, stopped = error.findings, True
            if not 1 <= error.exit_code <= 4:
                raise
    if trial.lost:
        tally.lost += trial.lost
        return
    met = {finding.rule for finding in found}
    if fault := _harm(out, hits) or _left(folder, before, out):
        tally.enter(attack.name, fault)
    elif attack.walls and attack.walls != EITHER and not attack.walls & met:
        if stopped:
            tally.skip(attack.name, f"stopped by {', '.join(sorted(met)) or 'something else'}")
        else:
            tally.enter(attack.name, f"nothing stopped it; found: {', '.join(sorted(met))}")
    else:
        tally.enter(attack.name, "stopped although it is harmless" if stopped and not attack.walls else "")


def _publication(attack: Attack, folder: Path) -> Path:
    root = folder / "book"
    root.mkdir()
    said = {**METADATA, "bibliography": "references.bib", **attack.metadata}
    (root / "pubkit.yaml").write_bytes(attack.raw or yaml.safe_dump(said, allow_unicode=True, sort_keys=False).encode())
    (root / "01-text.md").write_text(f"# One\n\n{attack.text}{_ENTRY}", "utf-8", "surrogateescape")
    (root / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
    for ending in ("txt", "md", "png", "bib", "csl", "css"):
        (folder / f"secret.{ending}").write_text(f"# {SECRET}\n", "utf-8")
    for name, data in attack.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    attack.prepare(root)
    return root


def _content(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _left(folder: Path, before: Mapping[str, bytes], out: Path) -> str:
    """Return what is changed outside the output folder."""
    after = {name: data for name, data in _content(folder).items() if out.name not in Path(name).parts}
    return "" if after == before else f"changed outside the output: {sorted(set(after) ^ set(before))}"


def _harm(out: Path, hits: list[str]) -> str:
    """Return the harm that the files in `out` do, or that was done while they were made."""
    if hits:
        return f"the network was reached: {hits[0]}"
    texts = dict(_parts(out))
    for name, data in texts.items():
        if any(form in data for form in _SECRETS):
            return f"the secret is in {name}"
        if name.endswith(("html", "xhtml")) and (found := _HARMFUL.search(data.decode("utf-8", "replace"))):
            return f"{found[0][:60]!r} is in {name}"
    pages = [name for name in texts if name.endswith(".html") and not name.startswith("compliance")]
    if any("It is not medical advice" not in " ".join(_words(texts[name]).split()) for name in pages):
        return "the page has no disclaimer"
    return ""


_SECRETS = (
    SECRET.encode(),
    *(base64.b64encode(b"#" * pad + SECRET.encode())[8:-8] for pad in range(3)),
    "".join(f"%{ord(char):02x}" for char in SECRET).encode(),
)


def _words(data: bytes) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", data.decode("utf-8", "replace")))


def _parts(out: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(out.glob("*")) if out.is_dir() else ():
        if path.suffix == ".epub":
            with zipfile.ZipFile(path) as book:
                yield from ((name, book.read(name)) for name in book.namelist())
        elif path.is_file():
            yield path.name, path.read_bytes()


class _Canary(http.server.BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        pass


class _canary:  # noqa: N801 - used as a function
    """A server on this machine that nobody may ask for anything."""

    def __enter__(self) -> tuple[str, list[str]]:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Canary)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}", _Canary.hits

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


# ------------------------------------------------------------------------------------------------------------ the attacks

_NOT_A_FILE = frozenset({"SRC020", "SRC021", "SRC023", "SRC024", "SRC060", "SRC061", "SRC062", "SRC063"})
_LEFT_OUT = frozenset(
    {"SRC040", "SRC041", "SRC042", "SRC043", "SRC044", "SRC045", "SRC046", "SRC047", "SRC048", "SRC049"}
)
_METADATA = frozenset({"SRC011", "SRC012", "SRC013", "SRC014", "SRC015", "SRC018", "SRC019"})


def all_attacks(canary: str) -> tuple[Attack, ...]:
    """Return every attack; those on the network aim at the address `canary`."""
    return (
        *_files(),
        *_network(canary),
        *_active(),
        *_hiding(),
        *_hidden(),
        *_evading(),
        *_yaml(),
        *_bombs(),
        *_evidence(),
    )


def _files() -> Iterator[Attack]:
    outside = (
        "../secret.png", "./../secret.png", "a/../../secret.png", "%2e%2e/secret.png", "..%2fsecret.png", "/etc/hostname.png",
        "file:///etc/hostname", "..\\secret.png", "../book/../secret.png", "~/secret.png",
    )  # fmt: skip
    for path in outside:
        yield Attack(f"files: picture {path}", _NOT_A_FILE, f"![A]({path}){{alt=b}}")
        yield Attack(
            f"files: bibliography {path}",
            _NOT_A_FILE | {"SRC013", "CIT007"},
            metadata={"bibliography": f"{path[:-3]}bib"},
        )
    for name, kind in (
        ("link.png", "picture"),
        ("pipe.png", "picture"),
        ("zero.png", "picture"),
        ("folder.png", "picture"),
    ):
        yield Attack(f"files: {kind} {name}", _NOT_A_FILE, f"![A]({name}){{alt=b}}", prepare=_planted)
    yield Attack("files: bibliography link", _NOT_A_FILE, metadata={"bibliography": "link.bib"}, prepare=_planted)
    yield Attack("files: chapter outside", _NOT_A_FILE | _METADATA, metadata={"chapters": ["../secret.md"]})
    yield Attack(
        "files: chapter link", frozenset({"SRC024"}), prepare=lambda root: (root / "02.md").symlink_to("../secret.md")
    )
    yield Attack("files: style sheet link", _NOT_A_FILE, prepare=_linked_sheet)
    yield Attack("files: citation style outside", _NOT_A_FILE | {"SRC013", "SRC033"}, metadata={"csl": "../secret.csl"})
    for include in (
        "{{< include ../secret.md >}}",
        "```{include} ../secret.md\n```",
        "!include ../secret.md",
        "--8<-- '../secret.md'",
    ):
        yield Attack(f"files: {include[:14]}", frozenset(), include)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>%s</svg>"
    for inner in (
        b"<image href='../secret.png'/>", b"<script>1</script>", b"<rect onload='1'/>", b"<foreignObject/>",
        b"<style>@import 'x'</style>", b"<use href='file:///etc/hostname#a'/>",
    ):  # fmt: skip
        yield Attack(f"files: drawing {inner[:14]!r}", _NOT_A_FILE, "![A](a.svg){alt=b}", files={"a.svg": svg % inner})
    link = svg % b"<a href='javascript:1'><rect/></a>"
    yield Attack("files: drawing with a link", frozenset(), "![A](a.svg){alt=b}", files={"a.svg": link})
    entity = b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + svg % b"<text>&x;</text>"
    yield Attack("files: drawing with an entity", _NOT_A_FILE, "![A](a.svg){alt=b}", files={"a.svg": entity})


def _planted(root: Path) -> None:
    (root / "link.png").symlink_to("../secret.png")
    (root / "link.bib").symlink_to("../secret.bib")
    os.mkfifo(root / "pipe.png")
    (root / "zero.png").symlink_to("/dev/zero")
    (root / "folder.png").mkdir()


def _linked_sheet(root: Path) -> None:
    (root / "styles").mkdir()
    (root / "styles" / "web.css").symlink_to("../../secret.css")


def _network(canary: str) -> Iterator[Attack]:
    address = f"{canary}/a.png"
    for written in (address, address.replace("http", "HTTP"), address.removeprefix("http:"), f" {address} "):
        yield Attack(f"network: picture {written[:9]}", _NOT_A_FILE, f"![A](<{written}>){{alt=b}}")
    for text in (
        f"<img src='{address}'>", f"<link rel=stylesheet href='{address}'>", f"<video src='{address}'></video>",
        f"<object data='{address}'></object>", f"<iframe src='{address}'></iframe>", f"<style>@import '{address}'</style>",
        f"[x]{{style='background: url({address})'}}", f"<p background='{address}'>x</p>",
    ):  # fmt: skip
        yield Attack(f"network: {text[:8]}", _LEFT_OUT | _NOT_A_FILE | {"SRC050", "SRC051"}, text)
    for key in ("bibliography", "csl"):
        yield Attack(f"network: {key}", _NOT_A_FILE | {"SRC013", "CIT020"}, metadata={key: f"{canary}/a.bib"})
    for css in (
        "@import url(X);",
        "p { background: url(X) }",
        "@font-face { font-family: a; src: url(X) }",
        "li { list-style: url(X) }",
    ):
        yield Attack(
            f"network: {css[:8]}",
            frozenset({"SRC030"}),
            files={"styles/web.extra.css": css.replace("X", address).encode()},
        )


def _active() -> Iterator[Attack]:
    raw = (
        "<script>alert(1)</script>", "<ScRiPt src=x></ScRiPt>", "<img src=a.png onerror=alert(1)>", "<svg onload=alert(1)></svg>",
        "<form action=x><input></form>", "<base href=x>", "<meta http-equiv=refresh content=0>", "<body onload=alert(1)>",
        "<iframe srcdoc='<script>1</script>'></iframe>", "<math><mtext><script>1</script></mtext></math>", "<embed src=a>",
        "<details open ontoggle=alert(1)>x</details>", "<a href=javascript:alert(1)>x</a>",
    )  # fmt: skip
    for text in raw:
        yield Attack(f"active: {text[:12]}", frozenset(), text)
    links = (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#9;script:alert(1)",
        "vbscript:x",
        "data:text/html,<script>1</script>",
    )
    for link in links:
        yield Attack(f"active: link {link[:11]}", frozenset(), f"[x]({link})")
    for attribute in ("onclick", "onload", "style", "formaction", "srcdoc", "xlink:href"):
        yield Attack(f"active: {{{attribute}}}", frozenset(), f"[x]{{{attribute}='alert(1)'}}")
    for key in ("title", "subtitle", "publisher", "abstract", "funding"):
        yield Attack(f"active: {key}", frozenset(), metadata={key: "A <script>alert(1)</script> B"})
    # Keys of other tools have no meaning here; what nobody knows is a mistake.
    for key in ("header-includes", "css", "body", "include-before", "template"):
        wall = frozenset({"SRC013"}) if key == "body" else frozenset()
        yield Attack(f"active: key {key}", wall, metadata={key: "<script>alert(1)</script>"})
    for form in ("{=html}", "{=latex}", "{=openxml}"):
        yield Attack(f"active: raw {form}", frozenset(), f"`<script>1</script>`{form}")


def _hiding() -> Iterator[Attack]:
    for text in (
        "<div hidden>", "<!-- ", "<textarea>", "<details>", "::: {.pubkit-disclaimer}", "<template>", "<noscript>", "<title>", "<select>",
        "<div style='display:none'>", "<p id=pubkit-disclaimer-general>x</p>", "[x]{#pubkit-disclaimer-general}", "# X {.pubkit-disclaimer}",
    ):  # fmt: skip
        yield Attack(f"hiding: {text[:20]}", frozenset(), f"{text}\n\nWords about rest.")
    rules = (
        "aside { display: none }", "aside { position: absolute; left: -9999px }", "main { opacity: 0 }", "aside { color: #fff8 }",
        "aside { font-size: 1px }", "aside { transform: scale(0) }", "aside { clip-path: inset(50%) }", "aside { height: 0 }",
        "main { contain: size; overflow: clip }", "body { outline: 400px solid #fff }", "main { box-shadow: 0 0 0 3000px #fff }",
        "main { display: grid; grid-template-rows: 0 1fr }", "@media (min-width: 1400px) { aside { visibility: hidden } }",
        "main { filter: blur(9px) }", "main { mask: linear-gradient(#0000, #0000) }", "aside { content-visibility: hidden }",
        "aside { max-height: min(0px, 9px) }", "aside { text-indent: -9999px }", "h1 { margin-top: -900px }", "h1 { z-index: 9 }",
        "aside::before { content: 'Not true:' }", "aside p { text-decoration: line-through 2em }", "aside { all: unset }",
        "@layer a { aside { float: left } }", "@scope (main) { aside { inset: 0 } }", "aside { animation: a 1s }", "aside { line-height: 0 }",
        "p::after { content: 'N' 'o' 't' }", "p { quotes: 'N' 'o' 't' '!' }", "@page { @top-left { content: 'All this' } }",
        "@page { @top-left { content: 'All this' counter(page) } @top-right { content: 'is a lie' counter(page) } }",
        "@container (width > 1px) { aside { color: #fff } }", "@property --a { syntax: '*'; inherits: true }", "@starting-style { aside { opacity: 0 } }",
        "@counter-style a { system: cyclic; symbols: 'NOT' }", "@font-palette-values --a { font-family: a }", "aside p { text-emphasis: '█' }",
        "p { color: color-mix(in srgb, #fff 99%, #000) }", "p { color: rgb(from #000 r g b / 1%) }", "p { color: light-dark(#fff, #000) }",
        "p { color: oklch(1 0 0) }", "p { color: Canvas }", "aside { writing-mode: vertical-rl }", "aside { -webkit-text-stroke: 9px #fff }",
        "p { font-variation-settings: 'wght' 1 }", "p { font-size-adjust: .1 }", "aside { max-lines: 0 }", "aside { interactivity: inert }",
        "p { margin-left: calc(0px - 900em) }", "::details-content { display: none }", "p { color: if(style(--a): #fff) }",
        "p { color: red !important }", "main { aside { display: none } }", "aside { offset-path: none }", "html { zoom: .1 }",
    )  # fmt: skip
    for css in rules:
        yield Attack(f"hiding: {css}", frozenset({"SRC030"}), files={"styles/web.extra.css": css.encode()})


def _hidden() -> Iterator[Attack]:
    wall = frozenset({"SRC002"})
    for char in (
        "\u202e",
        "\u2067",
        "\u200f\u202b",
        "\U000e0041",
        "\x1b[31m",
        "\x07",
        "\ufffe",
        "\x0b",
        f"o{chr(0x302) * 60}",
    ):
        yield Attack(f"hidden: {char!a}", wall, f"Take {char}05 mg.")
    for number in ("&#x202E;", "&#8238;", "&#x2067;", "&#xE0041;", "&#27;", "&#x0000202e;"):
        yield Attack(f"hidden: {number}", wall, f"Take {number}05 mg.")
    yield Attack("hidden: in a title", wall | {"SRC013"}, metadata={"title": "A \u202etitle"})
    yield Attack(
        "hidden: in a bibliography",
        EITHER,
        files={"references.bib": BIBLIOGRAPHY.replace("{", "{\u202e", 2).encode()},
    )
    yield Attack("hidden: not UTF-8", frozenset({"SRC001"}), "Take \udcff05 mg.")


def _evading() -> Iterator[Attack]:
    disguises = (
        "Buy our kratom powder now", "Buy our kra\u200btom powder now", "Buy our kra\u00adtom powder now", "B*u*y our **kra**tom powder now",
        "Вuy our kratom powder now", "&#66;uy our kratom powder now", "Buy our [kratom](https://example.org) powder now",
        "BUY OUR KRATOM POWDER NOW", "Ｂｕｙ our kratom powder now",
        "| a |\n|---|\n| Buy our kratom powder now |", "| Buy our kratom powder now", "Words.[^1]\n\n[^1]: Buy our kratom powder now",
        "> Buy our kratom powder now", "![A](a.png){alt='Buy our kratom powder now'}", "`Buy our kratom powder now`",
        "# Buy our kratom powder now", "$\\text{Buy our kratom powder now}$", "- Buy our kratom powder now", "Term\n:   Buy our kratom powder now",
        "$\\text{Buy our }\\text{kratom powder now}$", "$\\text{Buy our {kratom} powder now}$", "$Buy\\;our\\;kratom\\;powder\\;now$",
        "$\\operatorname{Buy\\ our\\ kratom\\ powder\\ now}$", "$$\\begin{array}{l}\\text{Buy our}\\\\ \\text{kratom powder now}\\end{array}$$",
        "$\\textbf{Buy our kratom powder now}$", "$$x \\tag{Buy our kratom powder now}$$", "[Rest]{title='Buy our kratom powder now'}",
        "::: {title='Buy our kratom powder now'}\nRest\n:::", "<abbr title='Buy our kratom powder now'>R</abbr>",
        "<table><tr><td title='Buy our kratom powder now'>Rest</td></tr></table>", "Ⓑⓤⓨ ⓞⓤⓡ ⓚⓡⓐⓣⓞⓜ ⓟⓞⓦⓓⓔⓡ ⓝⓞⓦ", "🄱🅄🅈 🄾🅄🅁 🄺🅁🄰🅃🄾🄼 🄽🄾🅆",
        "🅱🆄🆈 🅾🆄🆁 🅺🆁🅰🆃🅾🅼 🅽🅾🆆", "🅑🅤🅨 🅞🅤🅡 🅚🅡🅐🅣🅞🅜 🅝🅞🅦", "Buy\u2800our\u2800kratom\u2800powder\u2800now", "Buy\u3164our\uffa0kratom powder now",
    )  # fmt: skip
    wall = frozenset(f"LNK{number:03}" for number in range(1, 30))
    for text in disguises:
        yield Attack(f"evading: {text[:24]!r}", wall, f"{text}.", files={"a.png": png()})
    for key in ("title", "subtitle", "abstract", "publisher", "contact", "funding", "audience", "licence"):
        yield Attack(f"evading: {key}", wall | {"SRC013"}, metadata={key: "Buy our kratom powder now"})
    person = {"name": "Buy our kratom powder now", "conflicts": "None."}
    for key, value in (
        ("authors", [person]),
        ("reviewers", [person]),
        ("unreviewed", {"who": "Ada", "role": person["name"], "why": "Not yet.", "on": "2026-11-20"}),
        ("identifier", "urn:x:Buy our kratom powder now"),
    ):
        yield Attack(f"evading: {key}", wall, metadata={key: value})
    for detail in ("number", "publisher", "pubstate", "edition", "address"):
        article = BIBLIOGRAPHY.replace("page2021,", f"page2021, {detail} = {{Buy our kratom powder now}},")
        yield Attack(f"evading: {detail} of an article", wall, files={"references.bib": article.encode()})


def _yaml() -> Iterator[Attack]:
    sound = yaml.safe_dump(METADATA, sort_keys=False)
    bombs = {
        "aliases": "a: &a [x]\nb: &b [*a, *a]\n", "a tag": "x: !!python/object:os.system {}\n", "a key twice": "title: Again\n",
        "a merge": "<<: {title: x}\n", "depth": f"x: {'[' * 500}{']' * 500}\n", "no mapping": "- x\n", "two documents": "---\ntitle: x\n",
        "a huge number": f"x: {'9' * 5000}\n", "half a character in a key": '"\\ud800": x\n', "a number beyond Unicode": 'x: "\\Uffffffff"\n',
        "an override in a key": '"a\\u202eb": x\n',
    }  # fmt: skip
    for name, more in bombs.items():
        yield Attack(f"yaml: {name}", _METADATA, raw=(sound + more).encode())
    yield Attack(
        "yaml: a second block", frozenset(), "---\ntitle: <script>1</script>\nbody: x\n---\n\nWords about rest."
    )


def _bombs() -> Iterator[Attack]:
    texts = {
        "brackets": "[" * 20_000, "emphasis": "*a **b " * 3_000, "quotations": "> " * 300 + "x", "lists": "".join(f"{'  ' * n}- x\n" for n in range(120)),
        "dunders": "[a.__b__]\n" * 40, "digits": "1,000," * 5_000, "risk": "no risk; " * 4_000, "notes": "".join(f"[^{n}]\n\n[^{n}]: x\n\n" for n in range(800)),
        "a long line": "x" * 100_001, "columns": f"| {'a | ' * 2_000}\n|{'---|' * 2_000}\n", "spans": "<table><tr><td colspan=99999999>x</td></tr></table>",
        "macros": "$\\def\\a{\\a\\a}\\a$", "headings": "# Same\n\nx\n\n" * 400, "backticks": "`" * 20_000, "tags": "<b>" * 5_000, "divs": "::: x\n" * 2_000,
    }  # fmt: skip
    for name, text in texts.items():
        yield Attack(f"bombs: {name}", EITHER, text)
    strings = "@string{a0 = {xxxxxxxx}}\n" + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 40))
    doubled = f"{BIBLIOGRAPHY}{strings}@misc{{b, title = a39}}\n"
    yield Attack("bombs: strings that double", EITHER, files={"references.bib": doubled.encode()})
    pixels = png().replace(b"\x00\x00\x00\x28\x00\x00\x00\x14", b"\x00\x00\xff\xff\x00\x00\xff\xff")
    yield Attack("bombs: pixels", _NOT_A_FILE, "![A](a.png){alt=b}", files={"a.png": pixels})
    rule = "rules: [{id: PUB001, kind: existence, patterns: ['%s']}]" % ("(?:aa|a)" * 36)
    yield Attack("bombs: a rule", frozenset({"SRC090"}), "a" * 90, files={"rules/a.yaml": rule.encode()})


def _evidence() -> Iterator[Attack]:
    lock = b'{"schema": 2, "references": {"page2021": {"cited": "0", "verdict": "OK", "match": "OK", "seal": "0"}}}'
    yield Attack("evidence: a lock by hand", frozenset({"REF110"}), files={"references.lock.json": lock})
    yield Attack(
        "evidence: a lock of tomorrow's pubkit",
        frozenset({"REF111"}),
        files={"references.lock.json": b'{"schema": 99}'},
    )
    yield Attack("evidence: no lock at all", frozenset({"REF111"}), files={"references.lock.json": b"[" * 5_000})
    yield Attack("evidence: no snapshot", EITHER, files={"retractions.sqlite": b"SQLite format 3\0" + b"x" * 5_000})
