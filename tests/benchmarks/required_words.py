"""Write src/pubkit/claims/required.json, what the patterns of the claim rules require: `nox -s docs`.

With `--check` nothing is written, and the program ends with 1 if the file is not what it would write.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from pubkit.claims.engine import form_ids, forms
from pubkit.claims.patterns import patterns
from pubkit.claims.recorded import FILE
from pubkit.claims.required import Condition, Required
from pubkit.claims.wordlists import word_list_ids
from pubkit.rules import own

RECORD = Path(__file__).parents[2] / "src" / "pubkit" / "claims" / FILE
LANGUAGES = ("en", "de", "es", "fr")


def required_words() -> Mapping[str, Required]:
    """What each pattern that comes with pubkit requires, by the name of its entry."""
    own()
    word_list_ids()
    for lang in LANGUAGES:
        for identifier in form_ids(lang):
            forms(identifier, lang)
    return {pattern.key: pattern.required() for pattern in patterns()}


def written(entries: Mapping[str, Required]) -> str:
    """The contents of the file for these entries, a condition or a pattern on each line."""
    numbers: dict[Condition, int] = {}

    def numbered(conditions: Iterable[Condition]) -> list[int]:
        return [numbers.setdefault(one, len(numbers)) for one in conditions]

    patterns_made = [
        f'"{name}":'
        + json.dumps([numbered(entries[name].conditions), [numbered(option) for option in entries[name].options]])
        for name in sorted(entries)
    ]
    conditions = [json.dumps(sorted(one), ensure_ascii=False, separators=(",", ":")) for one in numbers]
    return '{"conditions":[\n' + ",\n".join(conditions) + '\n],"patterns":{\n' + ",\n".join(patterns_made) + "\n}}\n"


def main() -> int:
    made = written(required_words())
    if "--check" not in sys.argv:
        RECORD.write_text(made, "utf-8")
    return int(made != RECORD.read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
