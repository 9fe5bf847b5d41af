"""The catalogue: every rule is declared once, in the package that decides it, and only its entry makes findings of it.

A rule without logic of its own (reading, rendering or proving shows the breach) is a value:

    SRC001 = Entry("SRC001", "Every source file is valid UTF-8.", Severity.ERROR, remedy="Save the file as UTF-8.")
    ...
    raise refusal(SRC001, "This byte is not UTF-8: 0xff.", location)

A rule that checks a manuscript is a class (`pubkit.rules.base.Rule`), whose entry is made from its attributes. Values are
declared in the module `rules` of a package, classes in `pubkit.rules`; `entries` finds them there and in packages that
register under the entry point group `pubkit.rules`.
"""

from __future__ import annotations

import enum
import functools
import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from msgspec import Struct, field

from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Location, Severity

__all__ = [
    "ENTRY_POINTS",
    "HOUSE",
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

#: The folder of a publication that has rules of its own.
HOUSE = "rules"

#: The origin of pubkit's own rules.
OWN = "pubkit"

_ID = expression(r"[A-Z][A-Z0-9]{1,3}[0-9]{3}")


class Example(Struct, frozen=True):
    """A manuscript that illustrates a rule: its text and, if needed, its bibliography and metadata.

    `bibliography` is BibTeX; `metadata` replaces or adds front-matter fields (YAML values as Python data); `verdicts` gives
    each key a verdict, by the name of its status, as if a registry had answered; `abstracts` gives keys the abstracts of
    their works, as if they were in the lock.
    """

    text: str
    bibliography: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)
    abstracts: Mapping[str, str] = field(default_factory=dict)


class When(enum.StrEnum):
    """When a rule runs; `otherwise` says why it did not."""

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
        """Return whether the rule checks finished files."""
        return self in {When.PROVED, When.DRAFT_PROVED}

    @property
    def otherwise(self) -> str:
        """Return why the rule did not run, as the end of a sentence; "" for a rule that runs in every check."""
        return _OTHERWISE.get(self, "")


_OTHERWISE = {
    When.PROVED: "nothing was rendered",
    When.DRAFT_PROVED: "nothing was rendered",
    When.PLACED: "no output was written",
    When.RELEASED: "this is not a release",
    When.VERIFIED: "reserved for `pubkit verify`",
    When.VALIDATED: "reserved for `pubkit proof`",
    When.IMPORTED: "reserved for `pubkit import-review`",
}


class Entry(Struct, frozen=True):
    """One rule: its id, the wanted state in one line, the severity of a breach, and what to do about it.

    `in_release` is the severity in a release, if it differs. `source` is what the rule rests on, `details` what
    else a reader of `pubkit explain` should know, `origin` the package or file that declares it. `bad` and `good` are
    manuscripts that break and keep it. `when` is when it runs, `formats` are those in which it is proved;
    `english` is true if it rests on English word lists, `told` if its findings are shown to people whatever their severity.
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
    told: bool = False
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
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding of this rule at `location`; `context` is the text in question (the sentence, the key)."""
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            message=message,
            remedy=remedy or self.remedy,
            location=location,
            context=context or message,
            waivable=self.waivable,
            fix=fix,
        )


class Plugins(Struct, frozen=True):
    """What other packages have registered: the modules that could be imported, and what is wrong with the rest.

    `modules` maps each module to the name and version of its package; `faults` maps each package that failed to what is
    wrong, as a sentence.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def entries() -> Mapping[str, Entry]:
    """Return every rule of pubkit itself, by id.

    Raises:
        ValueError: an id is taken, or does not have the form of a rule id.
    """
    found: dict[str, Entry] = {}
    for module in own_modules():
        for entry in declared(module):
            if fault := refused(entry, found):
                raise ValueError(fault)
            found[entry.id] = entry
    return {name: found[name] for name in sorted(found)}


def all_rules() -> tuple[Entry, ...]:
    """Return every rule of pubkit itself, by id; `Report.entries` also has a publication's and other packages'."""
    return tuple(entries().values())


def refused(entry: Entry, known: Mapping[str, Entry]) -> str:
    """Return why `entry` cannot be added to the `known` rules, or None."""
    if not _ID.fullmatch(entry.id):
        return f"{entry.id!r} is not a rule id (two to four capitals or digits, then three digits, such as PUB001)"
    taken = known.get(entry.id)
    return f"the id {entry.id} is taken by a rule of {taken.origin}" if taken and taken is not entry else ""


def declared(module: ModuleType) -> Iterator[Entry]:
    """Yield the entries that `module` declares: values, and those of its own classes, but not of classes it imports."""
    for value in vars(module).values():
        own = isinstance(value, type) and value.__module__ == module.__name__
        entry = vars(value).get("entry") if own else value
        if isinstance(entry, Entry):
            yield entry


def own_modules() -> list[ModuleType]:
    """Return the modules of pubkit that declare rules: `rules` in each package, and every module of `pubkit.rules`."""
    rooms = Path(__file__).parent
    names = [f"pubkit.{path.parent.name}.rules" for path in sorted(rooms.glob("*/rules.py"))]
    family = importlib.import_module("pubkit.rules")
    names += [f"pubkit.rules.{module.name}" for module in pkgutil.iter_modules(family.__path__)]
    return [imported(name) for name in names]


def imported(name: str) -> ModuleType:
    """Import and return the module `name`."""
    return importlib.import_module(name)


@functools.cache
def plugins() -> Plugins:
    """Return the modules of other packages that offer rules; if one cannot be imported, that package is at fault."""
    import importlib.metadata

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
    """Return what an exception says, with the file and line of the code that raised it."""
    import traceback

    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    return f"{said} ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else said
