"""Results of code that were made for a browser, as the Markdown around them can hold them: tables and pictures in HTML.

What sets the look of a page alone (style sheets, scripts that sort a table, classes) is left out; a result that only a
program in the browser draws is none.
"""

from __future__ import annotations

import re

from pubkit.expressions import expression

__all__ = ["readable"]

_RAW = expression(
    r"^[ \t]*(?P<fence>`{3,})[ \t]*\{=html\}[ \t]*\n(?P<html>.*?)\n[ \t]*(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL
)
#: What a program in the browser fills or moves.
_DRAWN = expression(
    r"html-?widget|<(?:canvas|iframe|object|embed|video|audio|form|input|svg|math)\b|<!-- rnb", re.IGNORECASE
)
_LOOK = expression(
    r"<(?P<tag>style|script)\b[^>]*>.*?</(?P=tag)\s*>|<!--.*?-->|</?(?:div|center|font|colgroup|col)\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ELEMENT = expression(r"<(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s[^<>]*?)?)(?P<end>\s*/?)>")
_ALIGNED = expression(r"text-align\s*:\s*(left|right|center)", re.IGNORECASE)
_KEPT = expression(
    r"\s(?:rowspan|colspan|src|alt|width|height|href)\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[\w.%-]+)", re.IGNORECASE
)
_FOR_A_BROWSER = expression(r"\{=\w+\}|<(?:script|style|iframe)\b|<!-- rnb", re.IGNORECASE)
#: Signs that Markdown would read within the words of a cell.
_SIGNS = expression(r"[\\`*_{}\[\]~^$@#|]")
_BLANKS = expression(r"\s+")
_TAG = expression(r"(<[^<>]*>)")
_BEGINS = expression(r"<(?:table|img|figure)\b", re.IGNORECASE)


#: Results with more of one of these, or longer ones, are not looked into.
_MOST = 100
_LONGEST = 300_000
_OPENINGS = ("<style", "<script", "<table", "<!--", "{=html}")


def readable(output: str) -> str | None:
    """Return the results of a chunk with what is in HTML as Markdown holds it; None if a part is for a browser alone."""
    small = output.lower()
    if len(output) > _LONGEST or any(small.count(one) > _MOST for one in _OPENINGS):
        return None
    text = _RAW.sub(lambda found: _written(found["html"]), output)
    if "<" in text and "{=" not in output:
        text = "\n".join(_plain_html(part) for part in _parts(text))
    return None if _FOR_A_BROWSER.search(text) or _DRAWN.search(output) else text


def _parts(text: str) -> list[str]:
    """Return `text` divided into its tables in HTML and what is around them."""
    return re.split(r"(?is)(<table\b.*?</table\s*>)", text)


def _plain_html(part: str) -> str:
    return _written(part) if part.lower().startswith("<table") else _LOOK.sub("", part) if "<div" in part else part


def _written(html: str) -> str:
    """Return `html` without what sets its look, if it holds a table or a picture; else as it is, in its fence."""
    plain = _LOOK.sub("", html)
    if not _BEGINS.search(plain):
        return f"```{{=html}}\n{html}\n```"
    plain = _ELEMENT.sub(_with_its_meaning, plain)
    parts = _TAG.split(plain)
    parts[::2] = [_SIGNS.sub(r"\\\g<0>", _BLANKS.sub(" ", part)) for part in parts[::2]]
    return f"\n{''.join(parts).strip()}\n"


def _with_its_meaning(found: re.Match[str]) -> str:
    """Return a tag with the attributes that say something: spans, sources, alignment."""
    kept = "".join(one[0] for one in _KEPT.finditer(found["attributes"]))
    side = _ALIGNED.search(found["attributes"]) if found["name"].lower() in {"td", "th"} else None
    aligned = f' align="{side[1].lower()}"' if side else ""
    return f"<{found['name']}{kept}{aligned}{found['end']}>"
