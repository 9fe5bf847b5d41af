"""Zero errors and zero warnings from every reference validator, for everything that pubkit writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pubkit.findings import Severity
from pubkit.proof.validators.run import Outcome

VALIDATORS = {"html": ("Nu", "html-validate", "axe"), "epub": ("EPUBCheck", "Ace"), "pdf": ("veraPDF", "qpdf")}


@pytest.mark.parametrize("validator", [name for names in VALIDATORS.values() for name in names])
@pytest.mark.parametrize("publication", ["shipped", "torture", "book"])
def test_a_validator_finds_neither_errors_nor_warnings(
    publication: str,
    validator: str,
    files: Callable[[str], dict[str, Path]],
    outcome: Callable[[Path, str], Outcome],
) -> None:
    form = next(form for form, names in VALIDATORS.items() if validator in names)
    result = outcome(files(publication)[form], validator)
    assert result.checked, [finding.message for finding in result.findings]
    said = [f"{one.severity}: {one.message}" for one in result.findings if one.severity is not Severity.NOTE]
    if said:
        pytest.fail("\n".join(said), pytrace=False)
