"""What has changed for readers, in words for a terminal, and as Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pubkit.boundary.files import printable
from pubkit.editorial.changes import Changes
from pubkit.editorial.diff import Change, ChangeKind
from pubkit.editorial.editions import Work
from pubkit.editorial.rewording import OtherFigures, Rewording

__all__ = ["HEADS", "disclaimers", "markdown", "text"]

_SHOWN, _NEAR = 400, 60
#: A comment of a pull request has at most 65,536 characters.
_MOST, _LONGEST = 40, 60_000
#: The kinds of changes in the order in which they are listed, each with its heading.
HEADS = (
    (ChangeKind.STRENGTHENED, "Claims made stronger"),
    (ChangeKind.FIGURES, "Claims with other figures"),
    (ChangeKind.ADDED, "Claims added"),
    (ChangeKind.REMOVED, "Claims removed"),
    (ChangeKind.WEAKENED, "Claims made weaker"),
    (ChangeKind.REWORDED, "Claims reworded"),
    (ChangeKind.SOURCES, "Claims with other sources"),
)


def text(changes: Changes) -> Iterator[str]:
    """Yield what has changed, as lines for people."""
    claims = changes.claims
    for change in claims.changes:
        place = f" ({printable(change.file)}:{change.line})" if change.file else ""
        yield f"{change.kind.value}{place}"
        yield from (f"  {mark} {printable(words, _SHOWN)}" for mark, words in _sides(change) if words)
        for mark, keys in (("-", change.keys_removed), ("+", change.keys_added)):
            if keys:
                yield f"  {mark} sources: {', '.join(printable(key) for key in keys)}"
    for row in changes.unsourced:
        yield f"without source ({printable(row.file)}:{row.line})"
        yield f"  ! {printable(row.text, _SHOWN)}"
    for what, works in (("reference added", changes.works_added), ("reference removed", changes.works_removed)):
        for work in works:
            yield f"{what}: {printable(work.key)}{f', {printable(work.status)}' if work.status else ''}"
    for work in changes.works_judged:
        before, after = printable(changes.judged_before[work.key]), printable(work.status)
        yield f"reference judged anew: {printable(work.key)}, {before} to {after}"
    for what, names in disclaimers(changes):
        yield from (f"disclaimer {what}: {printable(name)}" for name in names)
    for one in changes.words.figures:
        yield f"figures in the text{_near(one)}"
        yield from (f"  {mark} {printable(words, _SHOWN)}" for mark, words in (("-", one.before), ("+", one.after)))
    if rest := _rest(changes.words):
        yield rest
    changed = "1 claim changed" if len(claims.changes) == 1 else f"{len(claims.changes)} claims changed"
    total = f"{changed}, {claims.unchanged} did not"
    old, new = printable(claims.old_version), printable(claims.new_version)
    yield f"Version {old} to {new}: {total}." if old != new else f"Both are version {old}: {total}."


def _sides(change: Change) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("-", change.before), ("+", change.after)


def disclaimers(changes: Changes) -> tuple[tuple[str, list[str]], ...]:
    """Return what happened to disclaimers ("added", "removed", "changed"), with their names."""
    return (
        ("added", changes.disclaimers_added),
        ("removed", changes.disclaimers_removed),
        ("changed", changes.disclaimers_changed),
    )


def markdown(changes: Changes) -> str:
    """Return what has changed as Markdown, what needs a look first; words of the manuscript cannot format or mention."""
    claims = changes.claims
    old, new = _plain(claims.old_version), _plain(claims.new_version)
    lines = [f"### What changes for readers: {f'{old} → {new}' if old != new else f'both are version {old}'}", ""]
    rest = _rest(changes.words)
    if changes.none and changes.words.none:
        said = "Nothing: no claim, reference or disclaimer differs, and no other words do."
        return "\n".join([*lines, f"No claim, reference or disclaimer differs. {rest}" if rest else said, ""])
    lines += _listed("⚠ Claims without a source", (_said(row.text, row.file, row.line) for row in changes.unsourced))
    lines += _works("⚠ References that are in question", [one for one in changes.works_added if _doubtful(one)])
    for kind, head in HEADS:
        lines += _listed(head, map(_change, claims.of(kind)))
    lines += _works("References added", [one for one in changes.works_added if not _doubtful(one)])
    lines += _works("References removed", changes.works_removed)
    judged = ((one, changes.judged_before[one.key]) for one in changes.works_judged)
    lines += _listed("References judged anew", (f"{_work(one)} (was {_plain(before)})" for one, before in judged))
    for what, names in disclaimers(changes):
        lines += _listed(f"Disclaimers {what}", map(_code, names))
    lines += _listed("⚠ Other figures in the text", map(_other_figures, changes.words.figures))
    lines += [rest, ""] if rest else []
    same = "1 claim" if claims.unchanged == 1 else f"{claims.unchanged} claims"
    lines.append(f"{same} did not change.\n")
    return _cut("\n".join(lines))


def _near(one: OtherFigures) -> str:
    return f", after “{printable(one.near, _NEAR)}”" if one.near else ""


def _other_figures(one: OtherFigures) -> str:
    return f"~~{_plain(one.before)}~~<br>{_plain(one.after)}{_plain(_near(one))}"


def _rest(words: Rewording) -> str:
    """Return what is to be said of words that are not listed; "" if there are none."""
    if not words.compared:
        return "Other words were not compared: the text of one edition is not kept."
    if not words.others:
        return ""
    passages = "1 other passage differs" if words.others == 1 else f"{words.others} other passages differ"
    return f"{passages}; `pubkit diff --format html` shows both texts side by side."


def _doubtful(work: Work) -> bool:
    return work.status not in {"OK", "INCOMPLETE", "UNCHECKED", ""}


def _listed(head: str, items: Iterable[str]) -> list[str]:
    """Return a list under its head, nothing if it is empty."""
    found = list(items)
    if not found:
        return []
    more = [f"- … and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return [f"**{head}** ({len(found)})", "", *(f"- {one}" for one in found[:_MOST]), *more, ""]


def _works(head: str, works: list[Work]) -> list[str]:
    return _listed(head, map(_work, works))


def _work(work: Work) -> str:
    status = _plain(work.status)
    verdict = f": **{status}**" if _doubtful(work) else f": {status}" if status else ""
    return f"{_code(work.key)} {_plain(work.text)}{verdict}".rstrip()


def _change(change: Change) -> str:
    keys = [*(f"+{_code(key)}" for key in change.keys_added), *(f"−{_code(key)}" for key in change.keys_removed)]
    sources = f" Sources: {', '.join(keys)}." if keys else ""
    if change.before and change.after and change.before != change.after:
        return f"~~{_plain(change.before)}~~<br>{_said(change.after, change.file, change.line)}{sources}"
    return f"{_said(change.after or change.before, change.file, change.line)}{sources}"


def _said(words: str, file: str, line: int) -> str:
    return f"{_plain(words)} ({_code(f'{file}:{line}')})" if file else _plain(words)


def _plain(words: str) -> str:
    """Return words of a manuscript so that they are shown as they are: no markup, no mention of a person or an issue."""
    escaped = re.sub(r"([\\`*_{}\[\]<>|~&])", r"\\\1", printable(" ".join(words.split()), _SHOWN))
    return re.sub(r"([@#])(?=\w)", "\\1\u2060", escaped)


def _code(words: str) -> str:
    return f"`{printable(words, _SHOWN).replace('`', '')}`"


def _cut(written: str) -> str:
    if len(written) <= _LONGEST:
        return written
    whole = written[:_LONGEST].rpartition("\n")[0]
    return f"{whole}\n\nThe rest is left out here: `pubkit diff` shows all of it.\n"
