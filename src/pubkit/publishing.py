"""The front door: check, build, release.

What a door opens to, `pubkit.production`, takes a while to import. WeasyPrint takes longer still to start, and has a
process of its own: it is started first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.outcome import Artifact, Blocked, Observer, Release
from pubkit.render.press import Press

if TYPE_CHECKING:
    from pubkit.gate import Report
    from pubkit.metadata import OutputFormat

__all__ = ["Artifact", "Blocked", "Observer", "Release", "build", "check", "release"]


def check(path: str | Path = "manuscript", *, on_stage: Observer | None = None) -> Report:
    """Check the publication at `path`; nothing is written.

    Raises:
        UsageError, ConfigurationError, InputRefused, EnvironmentFault: it cannot be checked; see `pubkit.errors`.
    """
    from pubkit import production

    return production.check(path, on_stage)


def build(
    path: str | Path = "manuscript",
    out: str | Path = "dist",
    *,
    only: Sequence[OutputFormat] | None = None,
    draft: bool = False,
    on_stage: Observer | None = None,
) -> Release:
    """Check the publication at `path`, make its files, prove them, and put them into `out` as one set.

    Args:
        path: a folder with pubkit.yaml, or one Markdown file with front matter.
        out: the folder for the set; what it holds stays untouched unless everything succeeds.
        only: the formats to make; those that the publication names where None.
        draft: make what can safely be made although findings block, and say "Draft" on each page.
        on_stage: told of each stage as it ends.

    Raises:
        Blocked: findings block the build; nothing was written.
        UsageError, ConfigurationError, InputRefused, EnvironmentFault: see `pubkit.errors`.
    """
    return _made(path, out, "draft" if draft else "build", only, on_stage)


def release(
    path: str | Path = "manuscript",
    out: str | Path = "dist",
    *,
    only: Sequence[OutputFormat] | None = None,
    on_stage: Observer | None = None,
) -> Release:
    """As `build`, but nothing may be unchecked or too old, and the text is reviewed or openly said not to be.

    The version is entered into the ledger beside the publication, and refused where it was released with other bytes.

    Raises: as `build`.
    """
    return _made(path, out, "release", only, on_stage)


def _made(
    path: str | Path, out: str | Path, mode: str, only: Sequence[OutputFormat] | None, observer: Observer | None
) -> Release:
    with _press(only) as press:
        from pubkit import production
        from pubkit.gate import Mode

        return production.make(path, out, Mode(mode), only, observer, press)


@contextlib.contextmanager
def _press(only: Sequence[OutputFormat] | None) -> Iterator[Press | None]:
    """WeasyPrint's process, unless no PDF is asked for; a publication that has none lets it go."""
    if only is not None and "pdf" not in only:
        yield None
    else:
        with Press() as press:
            yield press
