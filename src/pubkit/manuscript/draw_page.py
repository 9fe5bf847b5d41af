"""Draw the first page of the PDF on standard input as a PNG on standard output.

It runs in a process of its own (`pubkit.manuscript.pdf_pictures`), which imports nothing of pubkit.
"""

from __future__ import annotations

import io
import sys

#: 300 dots per inch, as far as the picture does not become larger than this, in pixels.
_SCALE, _LONGEST = 300 / 72, 4_000


def main() -> None:
    """Draw the page."""
    import pypdfium2

    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
        page = document[0]
        scale = min(_SCALE, _LONGEST / max(1.0, *page.get_size()))
        drawn = io.BytesIO()
        page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil().convert("RGB").save(drawn, "PNG")
    sys.stdout.buffer.write(drawn.getvalue())


if __name__ == "__main__":
    main()
