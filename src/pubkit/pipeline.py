"""From a folder to a release: the whole way, on one screen.

load → read → look up → cite → judge → render and prove → publish

Each step is a function in `pubkit.steps`, or after the gate in `pubkit.finishing`, that takes the results of those
before it. `check` stops after the gate; `build` continues if the gate is open; a draft continues in any case, and says
so on each page; a release asks more of the gate. `pubkit.early` has what begins ahead of its turn; it starts before the
steps are imported, which takes a while, and a check does without what only a build needs. `pubkit.store` has what
earlier runs over the same input found, so that such a run takes only a look.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import as_path
from pubkit.project.memory import Text, on_disk
from pubkit.publish.model import Artifact, Blocked, Observer, Release

if TYPE_CHECKING:
    from pubkit.formats import OutputFormat
    from pubkit.outcome import Report
    from pubkit.render.model import Edition
    from pubkit.steps import Proofread, Reviewable
    from pubkit.store.kept import Kept

__all__ = [
    "Artifact",
    "Blocked",
    "Observer",
    "Release",
    "build",
    "check",
    "printed",
    "proofread",
    "release",
    "reviewable",
    "word_file",
]


def check(
    path: str | Path | Text = "manuscript", *, on_stage: Observer | None = None, cache: str | Path | None = None
) -> Report:
    """Check the publication at `path` without writing anything.

    Args:
        path: a folder with pubkit.yaml, one Markdown file with front matter, a manuscript of another tool, or a `Text`.
        on_stage: called as each stage ends, with its name and its seconds; if it raises, the check ends there.
        cache: a folder for the results of earlier runs; a publication that has not changed is not checked again, and a
            chapter that has not is not parsed again.

    Raises:
        UsageError, ConfigurationError, InputRefused, EnvironmentFault: it cannot be checked; see `pubkit.errors`.
    """
    with on_disk(path) as place:
        if cache is None:
            return _checked(place, on_stage)
        from pubkit.store import remembered
        from pubkit.store.kept import Kept

        results = as_path(cache, "the cache")
        return remembered.checked(results, place, on_stage, lambda: _checked(place, on_stage, Kept(results)))


def _checked(path: str | Path, observer: Observer | None, kept: Kept | None = None) -> Report:
    from pubkit import steps
    from pubkit.claims import answers, compiled
    from pubkit.outcome import Mode

    clock = steps.Clock(observer)
    with compiled.kept_in(kept, str(path)), answers.kept_in(kept, str(path)):
        order = steps.load(path)
        clock.plan()
        text = steps.read(order, clock, kept)
        known = steps.look_up(order, text, clock, kept)
        work = steps.gather(order, text, known, Mode.CHECK)
        cited = steps.cite(order, text, known, clock, kept, whole=False)
        return steps.judge(steps.compared(work, cited), clock)


def reviewable(path: str | Path) -> Reviewable:
    """Read the publication at `path` as far as a review needs; nothing is judged or written.

    Raises: as `check`.
    """
    from pubkit import steps
    from pubkit.outcome import Mode

    clock = steps.Clock(None)
    order = steps.load(path)
    text = steps.read(order, clock)
    return steps.for_review(steps.gather(order, text, steps.look_up(order, text, clock), Mode.CHECK))


def proofread(
    path: str | Path,
    form: OutputFormat = "html",
    report: Report | None = None,
    *,
    on_stage: Observer | None = None,
) -> Proofread:
    """Check the publication at `path`, and print it in one format as a draft has it, whatever is found.

    Args:
        path: as `check`.
        form: the format; nothing is written to disk.
        report: what an earlier check or build of the same text has found; it is not judged again.
        on_stage: called as each stage ends, with its name and its seconds.

    Raises: as `check`, and `pubkit.errors.PandocError` if pandoc fails.
    """
    from pubkit import render, steps
    from pubkit.outcome import Mode

    clock = steps.Clock(on_stage)
    order = steps.load(path)
    text = steps.read(order, clock)
    known = steps.look_up(order, text, clock)
    with ThreadPoolExecutor(max_workers=1) as beside:
        cited = beside.submit(steps.cite, order, text, known, clock)
        work = steps.gather(order, text, known, Mode.CHECK)
        work = steps.compared(work, cited.result())
        edition = steps.draft_edition(work, cited.result())
        printed = beside.submit(render.write, form, edition)
        report = report or steps.judge(work, clock)
        return steps.Proofread(report, edition, text, known.places, printed.result())


def word_file(path: str | Path) -> bytes:
    """Return the Word file of the publication at `path`, as a draft has it; nothing is judged or written.

    Raises: as `check`, and `pubkit.errors.PandocError` if pandoc fails.
    """
    from pubkit import render

    return render.write("docx", _printed(path, "draft", ["docx"]))


def printed(path: str | Path) -> Edition:
    """Return what is printed of the publication at `path`, for records of it; nothing is judged or written.

    Raises: as `word_file`.
    """
    return _printed(path, "build", None)


def _printed(path: str | Path, mode: str, only: Sequence[OutputFormat] | None) -> Edition:
    from pubkit import steps

    clock = steps.Clock(None)
    order = steps.load(path, mode, only)
    text = steps.read(order, clock)
    known = steps.look_up(order, text, clock)
    work = steps.gather(order, text, known, order.mode)
    return steps.edition(work, steps.cite(order, text, known, clock))


def build(
    path: str | Path | Text = "manuscript",
    out: str | Path = "dist",
    *,
    only: Sequence[OutputFormat] | None = None,
    draft: bool = False,
    on_stage: Observer | None = None,
    cache: str | Path | None = None,
) -> Release:
    """Check the publication at `path`, make its files, prove them, and put them into `out` as one set.

    Args:
        path: a folder with pubkit.yaml, one Markdown file with front matter, or a `Text`.
        out: the folder for the set; its contents stay unchanged unless everything succeeds.
        only: the formats to make; None for those that the publication names.
        draft: make what can safely be made even if findings block, with "Draft" on each page.
        on_stage: called as each stage ends, with its name and its seconds; if it raises, the build ends there, and `out`
            stays as it was.
        cache: a folder for the results of earlier runs; if neither the publication nor its set in `out` has changed,
            nothing is made again; if a few chapters of a book have, only they are parsed and set. If `only` is given, the
            set itself is not kept.

    Raises:
        Blocked: findings block the build; nothing was written.
        UsageError, ConfigurationError, InputRefused, EnvironmentFault: see `pubkit.errors`.
    """
    mode = "draft" if draft else "build"
    output = as_path(out, "the output folder")
    with on_disk(path) as place:
        if cache is None:
            return _made(place, output, mode, only, on_stage)
        from pubkit.store import remembered
        from pubkit.store.kept import Kept

        results = as_path(cache, "the cache")

        def make() -> Release:
            return _made(place, output, mode, only, on_stage, Kept(results))

        return make() if only is not None else remembered.built(results, place, output, mode, on_stage, make)


def release(
    path: str | Path = "manuscript",
    out: str | Path = "dist",
    *,
    only: Sequence[OutputFormat] | None = None,
    on_stage: Observer | None = None,
) -> Release:
    """Do as `build`, but allow nothing unchecked or too old, and no text neither reviewed nor declared unreviewed.

    The version is entered into the ledger beside the publication, and refused if it was released with other bytes.

    Raises: as `build`.
    """
    return _made(as_path(path, "a publication"), as_path(out, "the output folder"), "release", only, on_stage)


def _made(
    path: Path,
    out: Path,
    mode: str,
    only: Sequence[OutputFormat] | None,
    observer: Observer | None,
    kept: Kept | None = None,
) -> Release:
    from pubkit import early

    with early.begun(only, kept) as ahead:
        from pubkit import finishing, steps
        from pubkit.claims import answers, compiled
        from pubkit.publish.staging import open_staging

        clock = steps.Clock(observer)
        with (
            open_staging(out, path) as staging,
            compiled.kept_in(kept, str(path)),
            answers.kept_in(kept, str(path)),
        ):
            order = steps.load(path, mode, only)
            clock.plan(order.formats)
            ahead.knows(order.formats, order.publication, order.sheets)
            text = steps.read(order, clock, kept)
            ahead.sees(text.pictures)
            known = steps.look_up(order, text, clock, kept)
            cited = ahead.runs(lambda: steps.cite(order, text, known, clock, kept))
            work = steps.gather(order, text, known, order.mode, staging.output)
            steps.demand_disclaimers(work, clock)
            work = steps.compared(work, cited.result())
            edition = steps.edition(work, cited.result())
            ahead.prints(edition, functools.partial(clock.advance, "pdf"))
            report = steps.let_pass(steps.judge(work, clock), clock)
            lying = finishing.look_into(staging.output, edition, order)
            files = finishing.finish(edition, order, lying, ahead.press, clock)
            report = steps.let_pass(finishing.proved(report, work, files, lying), clock)
            return finishing.publish(staging, work, edition, files, report, lying, clock)
