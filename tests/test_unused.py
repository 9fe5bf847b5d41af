"""Nothing is dead: what no line of src uses is gone, also where a test still uses it. `nox -s lint` runs this."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from msgspec import structs

from pubkit import catalogue
from pubkit.references.item import Date, Item, Name

vulture = pytest.importorskip("vulture", reason="vulture belongs to the lint extra")

SOURCE = Path(__file__).parents[1] / "src" / "pubkit"

#: What is used by something that no search for names can see.
SEEMINGLY_UNUSED = {
    "called by Python under this name": {"__dir__", "__getattr__", "__init_subclass__", "unraisablehook"},
    "called or read by Uvicorn and Starlette under this name": {
        "capture_signals", "redirect_slashes", "should_exit",
    },
    "called by pygls, under this name or by the method that it answers": {"report_server_error", "_"},
    "asked for by zipfile, PyYAML": {"create_system", "ignore_aliases"},
    "read by WeasyPrint when it draws a picture": {"_dpi"},
    "a part of pandoc's JSON that is written back as it came": {
        "hash", "note_number",
    },
    "found by the name of a registry": {"pmc", "europe_pmc", "open_library"},
    "a field of a record that is written as JSON or into a page": {
        "acute_risk_source", "busy", "dataset", "days_left", "href", "in_spine", "printed_sha256", "sha256sums",
        "strength_after", "strength_before",
    },
}  # fmt: skip


@functools.cache
def unused() -> dict[str, str]:
    """The names that nothing in src uses, each with its place."""
    search = vulture.Vulture()
    search.scavenge([SOURCE])
    return {item.name: f"{item.filename}:{item.first_lineno}" for item in search.get_unused_code(min_confidence=60)}


def test_every_name_is_used_or_has_a_reason() -> None:
    rules = {
        name for module in catalogue.own_modules() for name, value in vars(module).items() if hasattr(value, "entry")
    }
    # Citeproc prints every variable of CSL; pubkit itself reads a few of them.
    variables = {field.name for kind in (Item, Name, Date) for field in structs.fields(kind)}
    known = rules.union(variables, *SEEMINGLY_UNUSED.values())
    assert {name: place for name, place in unused().items() if name not in known} == {}


def test_no_reason_outlives_its_name() -> None:
    found = unused()
    assert [name for names in SEEMINGLY_UNUSED.values() for name in names if name not in found] == []
