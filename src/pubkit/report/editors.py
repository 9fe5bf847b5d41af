"""Addresses that open a file at a line in an editor."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from pubkit.boundary.files import printable
from pubkit.errors import UsageError
from pubkit.expressions import expression
from pubkit.findings import Location

__all__ = ["KNOWN", "VARIABLE", "address", "pattern"]

#: Names an editor, or the pattern of the addresses that open a place in it.
VARIABLE = "PUBKIT_EDITOR"
KNOWN = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscode-insiders": "vscode-insiders://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
    "file": "file://{path}",
    "none": "",
}
#: The scheme of an address that only opens something; a browser would run or load others.
_SCHEME = expression(r"(?!(?:javascript|data|vbscript|blob|about|https?):)[a-z][a-z0-9+.-]*:")
_FIELDS = expression(r"\{(path|line|column)\}")


def pattern(named: str) -> str:
    """Return the pattern of the addresses of an editor: a known name, or a pattern with {path}, {line} and {column}.

    Raises:
        UsageError: it is neither.
    """
    if named in KNOWN:
        return KNOWN[named]
    if _SCHEME.match(named) and "{path}" in named and named.isprintable() and " " not in named:
        return named
    raise UsageError(
        f"There is no editor {printable(named, 60)}.",
        remedy=f"Name one of {', '.join(KNOWN)}, or an address such as myeditor://open?file={{path}}&line={{line}}.",
    )


def address(form: str, root: Path | None, location: Location | None) -> str:
    """Return the address that opens `location`, below the folder `root`, by the pattern `form`; "" without one of them."""
    if not form or root is None or location is None:
        return ""
    values = {
        "path": quote(str(root.absolute() / location.file)),
        "line": str(location.line or 1),
        "column": str(location.column or 1),
    }
    return _FIELDS.sub(lambda field: values[field[1]], form)
