"""What a text costs without any check: pandoc with citeproc to HTML, to EPUB and to HTML for print, and WeasyPrint.

WeasyPrint's PDF is tagged, and has the style sheet, the faces and the page of pubkit's own PDF.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pubkit.boundary import pandoc
from pubkit.render import fonts
from pubkit.render.styles import sheets

__all__ = ["call", "common", "plainly"]

_PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>$title$</title></head><body class="{kind}">
<main>{contents}<div class="text main-matter" data-running="x">$body$</div></main></body></html>"""


def call(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a command quietly; findings (1) are no failure."""
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, env=environment, check=False
    )
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr.decode())


def common(chapters: Sequence[str], bibliography: str, *, book: bool = False) -> list[str | Path]:
    """What pandoc is called with, whatever it makes."""
    contents = ["--toc"] if book else []
    options = ["--citeproc", "-s", "--section-divs", f"--bibliography={bibliography}", "--metadata=title:x", *contents]
    return [pandoc.binary(), *chapters, *options]


def plainly(chapters: Sequence[str], bibliography: str, folder: Path, out: Path, *, book: bool = False) -> None:
    """Make the text of `folder` in three formats with pandoc and WeasyPrint alone, in `out`."""
    css = fonts.face_rules()
    for name, file in fonts.files().items():
        css = css.replace(f"{fonts.SCHEME}:{name.replace(' ', '%20')}", Path(file).as_uri()).replace(
            f"{fonts.SCHEME}:{name}", Path(file).as_uri()
        )
    for_books = ("print-book.css", "book-A4.css") if book else ()
    css += "".join(map(sheets.own, ("page-A4.css", *for_books))) + sheets.load(None).print
    (out / "print.css").write_text(css, "utf-8")
    contents = '<div class="contents">$toc$</div>' if book else ""
    page = _PAGE.format(kind="book" if book else "article", contents=contents)
    (out / "page.html").write_text(page, "utf-8")
    command = common(chapters, bibliography, book=book)
    call([*command, "-t", "html5", "-o", out / "web.html"], folder)
    call([*command, "-t", "epub3", "-o", out / "text.epub"], folder)
    call(
        [*command, "-t", "html5", "--embed-resources", "--template", out / "page.html", "-o", out / "print.html"],
        folder,
    )
    options = ["--pdf-tags", "--pdf-variant", "pdf/ua-1", "-s", str(out / "print.css")]
    call([sys.executable, "-m", "weasyprint", *options, out / "print.html", out / "text.pdf"], folder)
