"""The long session: every reader fuzzed, every attack tried, every promise kept under fault; one line for each.

    python -m tests.faults.run [--inputs 10000] [--rounds 60] [--seed 1]
        [--parts attacks promises] [--loops R10 SHA256SUMS] [--record | --sample]

`--record` writes the figures to docs/faults-measured.json, which docs/security.md shows. `--sample` takes every tenth attack,
a few inputs and the promises that cost least. `--loops` runs single readers and promises again, as after a mend. The exit code is 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pubkit.boundary.confinement import confinement

from . import attacks, awkward, promises, readers
from .tally import Tally

RECORD = Path(__file__).parents[2] / "docs" / "faults-measured.json"
#: The day of every run, so that no answer depends on the clock: 22 November 2026.
_DAY = "1795305600"
_ALL = range(1, 16)
#: The promises that a sample has time for.
_CHEAP = (4, 6, 7, 9, 11, 13)
_COUNTED = ("tried", "survived", "lost", "not run")


def main() -> int:
    options = _options()
    os.environ |= {"SOURCE_DATE_EPOCH": _DAY, "PUBKIT_CHROMIUM": "off", "PUBKIT_CACHE": "off"}
    print(f"confined by: {confinement() or 'nothing'}")
    only: Collection[int] = _CHEAP if options.sample else _ALL
    inputs, step, rounds = (300, 10, 4) if options.sample else (options.inputs, 1, options.rounds)
    if options.loops:
        only = tuple(number for number in _ALL if f"R{number}" in options.loops)
    parts: dict[str, Callable[[], Iterator[Tally]]] = {
        "readers": lambda: readers.fuzz(inputs, options.seed, options.loops),
        "attacks": lambda: attacks.run(step=step),
        "manuscripts": awkward.run,
        "promises": lambda: promises.run(rounds, options.seed, only),
    }
    loops = {name: {tally.name: _shown(tally) for tally in parts[name]()} for name in options.parts or parts}
    totals = {name: _total(counted.values()) for name, counted in loops.items()}
    for name, total in totals.items():
        print(f"{name:<32}", _line(total))
    if options.record:
        _recorded(loops, options.seed)
    return 1 if any(total["lost"] for total in totals.values()) else 0


def _recorded(loops: Mapping[str, Any], seed: int) -> None:
    """Write the figures of what was run, beside those of everything else; each part with the day of its last run."""
    record = json.loads(RECORD.read_text("utf-8"))
    day = dt.date.today().isoformat()  # noqa: DTZ011
    for part, counted in loops.items():
        record["loops"][part] = record["loops"].get(part, {}) | counted
        record["totals"][part] = _total(record["loops"][part].values())
        record["runs"][part] = {"date": day, "seed": seed, "confined by": confinement()}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Inject faults, and count what survives.")
    parser.add_argument(
        "--parts", nargs="+", choices=("readers", "attacks", "manuscripts", "promises"), help="only these"
    )
    parser.add_argument("--loops", nargs="+", default=(), help="only these readers, and promises by their number: R10")
    parser.add_argument("--inputs", type=int, default=10_000, help="inputs for all readers together")
    parser.add_argument("--rounds", type=int, default=60, help="random kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="write docs/faults-measured.json")
    parser.add_argument("--sample", action="store_true", help="take two minutes instead of the night")
    return parser.parse_args()


def _shown(tally: Tally) -> dict[str, int]:
    counts = dict(zip(_COUNTED, (tally.tried, tally.survived, len(tally.lost), len(tally.not_run)), strict=True))
    print(f"{tally.name:<32}", _line(counts))
    for line in (*(f"LOST {one}" for one in tally.lost), *(f"not run {one}" for one in tally.not_run)):
        print("   ", ascii(line)[:400])
    sys.stdout.flush()
    return counts


def _line(counts: Mapping[str, int]) -> str:
    return "  ".join(f"{name} {number:>6,}" for name, number in counts.items())


def _total(counted: Iterable[Mapping[str, int]]) -> dict[str, int]:
    listed = list(counted)
    return {name: sum(one[name] for one in listed) for name in _COUNTED}


if __name__ == "__main__":
    sys.exit(main())
