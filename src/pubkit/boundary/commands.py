"""What a CI system carries out when it is printed, and how it is written so that nobody does.

GitHub's runner takes "##[name]" for a command wherever it stands in a line, and "::name::" after white space at the
beginning of one (actions/runner, ActionCommand.cs); Azure's agent takes "##vso[name]" wherever it stands. A text that is
printed can be broken into lines, so "::" counts wherever a line might begin.
"""

from __future__ import annotations

import re

from pubkit.expressions import expression

__all__ = ["disarmed", "disarmed_data"]

_ANYWHERE = r"#(?=#\w*\[)"
#: A line of a report is at least 31 columns wide, in which 15 wide characters have room.
_COMMAND = expression(rf"{_ANYWHERE}|(?:(?<!\S)|(?<=\S{{15}})):(?=:[A-Za-z])")


def disarmed(text: str) -> str:
    r"""Return words for people in which the first sign of each command is written by its number: \u0023#[error]."""
    return _COMMAND.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def disarmed_data(text: str, sign: str) -> str:
    r"""Return data for another program, which has lines of its own, with `sign` (\u0023, &#35;) for the first sign."""
    return re.sub(_ANYWHERE, lambda _: sign, text)
