"""One door each: what comes from outside, and what is replaced, goes through one module."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "pubkit"

#: What only a door may call, and the doors; each with the reason why it is not the first one of its kind.
DOORS = {
    r"\bsubprocess\b|\bos\.(?:popen|system|spawn|posix_spawn|fork|exec)": {
        "boundary/child.py": "the door",
        "boundary/forks.py": "inside a process that it has started, of which children are forked",
        "boundary/system.py": "noxfile.py reads it before pubkit is installed",
    },
    r"(?:XML|HTML)Parser|\b(?:etree|lxml\.html)\.(?:parse|XML|HTML|iterparse|\w*fromstring)|ElementTree\b|tinyhtml5": {
        "boundary/xml.py": "the door",
    },
    r"\bzipfile\b|\btarfile\b|unpack_archive": {"boundary/zip.py": "the door"},
    r"(?<!strict_)yaml\.(?:load|safe_load|full_load|compose|parse|scan)\b|(?:Safe|Full|Unsafe)Loader": {
        "project/yaml.py": "the door",
        "references/bibliography/formats/csl_yaml.py": "a bibliography is large, and one broken item hides no other",
        "packaged.py": "pubkit's own data",
    },
    r"\bos\.(?:replace|rename)|\bfsync\b|\.(?:replace|rename)\((?:path|target|output|whole|new|folder)\b": {
        "boundary/files.py": "the door",
        "publish/staging.py": "exchanges whole folders, and syncs what it creates",
    },
}


@pytest.mark.parametrize("calls", DOORS, ids=["programs", "XML", "zip", "YAML", "replacing"])
def test_nothing_goes_round_a_door(calls: str) -> None:
    through = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(calls, re.sub(r'"""(?s:.)*?"""|#.*', "", path.read_text("utf-8")))
    }
    assert through == set(DOORS[calls])


def test_no_parser_is_imported_by_its_own_name() -> None:
    imports = re.compile(r"from (?:lxml\.html|xml\.etree\S*|zipfile|subprocess) import ", re.MULTILINE)
    assert [path.name for path in SOURCE.rglob("*.py") if imports.search(path.read_text("utf-8"))] == []
