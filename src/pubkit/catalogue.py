"""The catalogue: every rule is declared once, in the room that decides it, and only its entry makes a finding of it.

A rule that needs no question of its own (what reading, writing or proving has shown) is a value:

    SRC001 = Entry("SRC001", "A source file is strict UTF-8.", Severity.ERROR, remedy="Save the file as UTF-8.")
    ...
    raise refusal(SRC001, "This byte is not UTF-8: 0xff.", location)

One that asks about a manuscript is a class (`pubkit.rules.base.Rule`), whose entry is made from its statements. Values are
declared in the module `rules` of a room, classes in `pubkit.rules`; `entries` finds them there and in the packages that
register under the entry point group `pubkit.rules`.
"""

from __future__ import annotations

import enum
import functools
import importlib
import importlib.metadata
import pkgutil
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from msgspec import Struct, field

from pubkit.findings import Finding, Location, Severity

__all__ = [
    "ENTRY_POINTS",
    "OWN",
    "Entry",
    "Example",
    "Plugins",
    "When",
    "all_rules",
    "declared",
    "entries",
    "imported",
    "own_modules",
    "plugins",
    "refused",
    "where",
]

#: The entry point group under which other packages offer modules with rules.
ENTRY_POINTS = "pubkit.rules"

#: The origin of pubkit's own rules.
OWN = "pubkit"

_ID = re.compile(r"[A-Z][A-Z0-9]{1,3}[0-9]{3}")


class Example(Struct, frozen=True):
    """A manuscript that shows a rule: its text, and where it matters the bibliography and the front matter.

    `bibliography` is BibTeX; `metadata` replaces or adds front-matter fields (YAML values as Python data); `verdicts` gives
    keys a verdict, by the name of its status, as if a registry had answered.
    """

    text: str
    bibliography: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)


class When(enum.StrEnum):
    """When a rule is asked; `otherwise` says of a run that never came to it why not."""

    CHECKED = "checked"
    PROVED = "proved"
    DRAFT_PROVED = "proved in a draft"
    PLACED = "placed"
    RELEASED = "released"
    VERIFIED = "verified"
    VALIDATED = "validated"
    IMPORTED = "imported"

    @property
    def is_proof(self) -> bool:
        """Whether the rule is asked about finished files of a set."""
        return self in {When.PROVED, When.DRAFT_PROVED}

    @property
    def otherwise(self) -> str:
        """Why the rule was not asked, as the end of a sentence; nothing for a rule that every check asks."""
        return _OTHERWISE.get(self, "")


_OTHERWISE = {
    When.PROVED: "nothing was rendered",
    When.DRAFT_PROVED: "nothing was rendered",
    When.PLACED: "no set was put in place",
    When.RELEASED: "this is no release",
    When.VERIFIED: "`pubkit verify` asks it",
    When.VALIDATED: "`pubkit proof` asks it",
    When.IMPORTED: "`pubkit import-review` asks it",
}


class Entry(Struct, frozen=True):
    """One rule: its id, the wanted state in one line, how much a breach weighs, and what to do about one.

    `in_release` is the weight of a breach in a release, where it differs. `source` is what the rule rests on, `details` what
    else a reader of `pubkit explain` should know, `origin` the package or file that declares it. `bad` and `good` are
    manuscripts that break and keep it. `when` is the moment at which it is asked, `formats` are those that it is proved in;
    `english` says that it rests on English word lists.
    """

    id: str
    title: str
    severity: Severity
    remedy: str
    source: str = ""
    details: str = ""
    waivable: bool = True
    in_release: Severity | None = None
    when: When = When.CHECKED
    formats: tuple[str, ...] = ()
    english: bool = False
    bad: Sequence[str | Example] = ()
    good: Sequence[str | Example] = ()
    origin: str = OWN

    def at(
        self,
        location: Location | None,
        message: str,
        *,
        context: str = "",
        remedy: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule at `location`; `context` is the text in question (the sentence, the key)."""
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            message=message,
            remedy=remedy or self.remedy,
            location=location,
            context=context or message,
            waivable=self.waivable,
        )


class Plugins(Struct, frozen=True):
    """What other packages have registered: the modules that could be imported, and what is wrong with the others.

    `modules` maps each module to the name and version of its package, `faults` each of these to what is wrong, a sentence.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def entries() -> Mapping[str, Entry]:
    """Every rule of pubkit itself, by id.

    Raises:
        ValueError: an id is taken, or has no form that a waiver could name.
    """
    found: dict[str, Entry] = {}
    for module in own_modules():
        for entry in declared(module):
            if fault := refused(entry, found):
                raise ValueError(fault)
            found[entry.id] = entry
    return {name: found[name] for name in sorted(found)}


def all_rules() -> tuple[Entry, ...]:
    """Every rule of pubkit itself, by id; those of a publication and of other packages are in its `Report.entries`."""
    return tuple(entries().values())


def refused(entry: Entry, known: Mapping[str, Entry]) -> str:
    """Why `entry` cannot stand beside those that are `known`, or nothing."""
    if not _ID.fullmatch(entry.id):
        return f"{entry.id!r} is no id of a rule (two to four capitals or digits, then three digits, such as PUB001)"
    taken = known.get(entry.id)
    return f"the id {entry.id} is taken by a rule of {taken.origin}" if taken and taken is not entry else ""


def declared(module: ModuleType) -> Iterator[Entry]:
    """The entries that `module` declares: values, and those of its classes; a class that it has imported is not its own."""
    for value in vars(module).values():
        own = isinstance(value, type) and value.__module__ == module.__name__
        entry = vars(value).get("entry") if own else value
        if isinstance(entry, Entry):
            yield entry


def own_modules() -> list[ModuleType]:
    """The modules of pubkit that declare rules: `rules` in each room, and every module of `pubkit.rules`."""
    rooms = Path(__file__).parent
    names = [f"pubkit.{path.parent.name}.rules" for path in sorted(rooms.glob("*/rules.py"))]
    family = importlib.import_module("pubkit.rules")
    names += [f"pubkit.rules.{module.name}" for module in pkgutil.iter_modules(family.__path__)]
    return [imported(name) for name in names]


def imported(name: str) -> ModuleType:
    """The module `name`."""
    return importlib.import_module(name)


@functools.cache
def plugins() -> Plugins:
    """The modules of other packages that offer rules; one that cannot be imported is a fault of that package."""
    modules: dict[str, str] = {}
    faults: dict[str, str] = {}
    for entry_point in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda one: one.value):
        package = entry_point.dist
        origin = f"{package.name} {package.version}" if package else entry_point.value
        try:
            importlib.import_module(entry_point.module)
        except Exception as error:  # noqa: BLE001 - another package's code: whatever it raises is that package's fault
            faults[origin] = f"The rules of {origin} cannot be imported: {where(error)}."
        else:
            modules[entry_point.module] = origin
    return Plugins(modules, faults)


def where(error: Exception) -> str:
    """What an exception says, with the file and line of the code that raised it."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    return f"{said} ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else said
