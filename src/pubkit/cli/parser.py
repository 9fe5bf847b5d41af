"""The parser of the command line, which answers a mistyped option, command or value with the one that is meant."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from pubkit.boundary.files import printable
from pubkit.expressions import expression

__all__ = ["Parser"]

#: What argparse says of a value that is none of its choices, in every version of Python since 3.11.
_CHOICE = expression(
    r"(?P<argument>.*)invalid choice: '?(?P<given>.*?)'?(?:, maybe you meant [^(]*)? \(choose from (?P<choices>.*)\)",
    re.DOTALL,
)
_OPTION = expression(r"(?<![\w-])--[a-z][a-z-]*")
_WORD = expression(r"[\w-]+")


class Parser(argparse.ArgumentParser):
    """A parser for a command, and for the commands below it."""

    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Return the options, and no arguments that are left: the command to which they were given refuses them."""
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(self._unknown(unknown))
        return options, unknown

    def error(self, message: str) -> NoReturn:
        """End with exit code 2; a value that is none of the choices is answered with the nearest of them."""
        found = _CHOICE.fullmatch(message)
        if found:
            choices = _WORD.findall(found["choices"])
            hint = self._other_option(found["given"]) or _meant(found["given"], choices)
            message = f"{found['argument']}there is no {printable(found['given'], 40)}.{hint} "
            message += f"Choose from {', '.join(choices)}."
        super().error(message)

    def _other_option(self, given: str) -> str:
        """Return that the formats of the publication, unlike those of the report, have an option of their own."""
        from pubkit.formats import FORMATS

        return f" Did you mean --only {given}?" if given in FORMATS and "--only" in self.format_help() else ""

    def _unknown(self, arguments: Sequence[str]) -> str:
        options = [one for one in arguments if one.startswith("-") and len(one) > 1]
        if not options:
            return f"there is no place for {printable(' '.join(arguments), 200)}. `{self.prog} --help` lists all arguments."
        name = options[0].partition("=")[0]
        # Two dashes are alike in all options.
        hint = _meant(name.lstrip("-"), [one.lstrip("-") for one in _OPTION.findall(self.format_help())], "--")
        return f"there is no option {printable(name, 40)}.{hint} `{self.prog} --help` lists all options."


def _meant(given: str, choices: Sequence[str], before: str = "") -> str:
    import difflib

    close = difflib.get_close_matches(given, choices, 1)
    return f" Did you mean {before}{close[0]}?" if close else ""
