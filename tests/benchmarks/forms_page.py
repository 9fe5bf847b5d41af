"""Make docs/forms.md, the page on the forms of the claim rules: `nox -s docs`.

The page is made of the forms (`src/pubkit/claims/forms` and those of other languages) and of docs/forms-measured.json, which
`nox -s bench -- claims --record` writes. What that file does not hold is shown as not measured.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pubkit.claims.engine import Form, FormFile, form_ids, forms

__all__ = ["MEASURED", "PAGE", "RULES", "interval", "page"]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "forms.md"
MEASURED = ROOT / "docs" / "forms-measured.json"

#: The rule that reports what the forms of a file find.
RULES = {
    "absolute-safety": "CLM011",
    "cure-by-parts": "CLM010",
    "dangerous-advice": "CLM028",
    "dangerous-claims": "CLM024",
    "disease-claims": "CLM010",
    "dose-advice": "CLM020",
    "doses": "CLM019",
    "health-effects": "CLM026",
    "named-uses": "CLM030",
    "plain-safety": "CLM012",
    "refusal-by-parts": "CLM023",
    "refused-treatment": "CLM023",
    "safety-by-parts": "CLM011",
    "sale-by-parts": "LNK001",
    "shop-wording": "LNK001",
    "testimonials": "LNK007",
    "unproven-cures": "CLM025",
}
LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}
_INTRODUCTION = """\
# The forms of the claim rules

<!-- Made by `nox -s docs` from the forms and from docs/forms-measured.json; do not edit. -->

A form is one way to put a claim: what pubkit looks for, and what excuses it. Each is listed here with its rule, the
sentences that it finds and those that it leaves alone, all of which are tests. Other claims are found by the grammar in
`src/pubkit/claims/` and by word lists; [claims.md](claims.md) describes the rules as a whole.

## Measured

Precision: of the sentences found, the share that two readers, or one, labelled as such a claim. Recall: of the sentences
labelled so, the share found. Each with its 95% interval (Wilson) and its counts. **The sets were seen while the rules were
written, so the figures show how well the rules fit these sentences, not how well they will do on other texts.**
"""


def interval(hits: int, of: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def page(measured: Mapping[str, Any]) -> str:
    """The whole page; `measured` is the content of docs/forms-measured.json, or empty."""
    parts = [_INTRODUCTION, _rules(measured), *_languages(measured)]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _rules(measured: Mapping[str, Any]) -> str:
    sets = measured.get("sets", {})
    if not sets:
        return "Not measured.\n"
    sizes = ", ".join(f"{name} with {one['sentences']} sentences" for name, one in sets.items())
    lines = [
        f"Measured on {measured['as_of']}: {sizes}.",
        "",
        "| rules | set | precision | recall |",
        "|---|---|---|---|",
    ]
    for category, first in next(iter(sets.values()))["categories"].items():
        for name, one in sets.items():
            counts = one["categories"][category]
            shares = f"{_share(counts['hits'], counts['found'])} | {_share(counts['hits'], counts['labelled'])}"
            lines.append(f"| {category}: {' '.join(first['rules'])} | {name} | {shares} |")
    return "\n".join(lines) + "\n"


def _share(hits: int, of: int) -> str:
    if not of:
        return "not measured"
    low, high = interval(hits, of)
    return f"{hits / of:.2f} ({low:.2f}–{high:.2f}; {hits} of {of})"


def _languages(measured: Mapping[str, Any]) -> Iterator[str]:
    for lang, name in LANGUAGES.items():
        for identifier in form_ids(lang):
            ready = forms(identifier, lang)
            if ready:
                yield _file(ready.file, name, measured if lang == "en" else {})


def _file(file: FormFile, language: str, measured: Mapping[str, Any]) -> str:
    lines = [
        f"## {file.id}, {language}: {RULES[file.id]}",
        "",
        _line(file.purpose),
        "",
        f"Source: {_line(file.source).rstrip('.')} ({file.as_of}).",
        "",
        "| form | finds | leaves alone | right, of those found in the sets |",
        "|---|---|---|---|",
    ]
    lines += [_form(form, _found(file.id, form, measured)) for form in file.forms]
    return "\n".join(lines)


def _form(form: Form, found: str) -> str:
    return f"| `{form.id}` | {_examples(form.bad)} | {_examples(form.good)} | {found} |"


def _examples(sentences: Sequence[str]) -> str:
    return "<br>".join(_line(sentence).replace("|", "\\|") for sentence in sentences) or "–"


def _line(text: str) -> str:
    return " ".join(text.split())


def _found(file: str, form: Form, measured: Mapping[str, Any]) -> str:
    """How many of the labelled sentences that a form finds have the label of its rule."""
    counts = [one["forms"].get(f"{file}/{form.id}") for one in measured.get("sets", {}).values()]
    known = [one for one in counts if one]
    return f"{sum(one[0] for one in known)} of {sum(one[1] for one in known)}" if known else "not measured"


def read() -> Mapping[str, Any]:
    """What was measured last; nothing if nothing was."""
    if not MEASURED.is_file():
        return {}
    measured: Mapping[str, Any] = json.loads(MEASURED.read_text("utf-8"))
    return measured


if __name__ == "__main__":
    PAGE.write_text(page(read()), "utf-8")
