r"""Numbers and units as siunitx writes them (`\qty{5}{\milli\gram}`), in the TeX that every writer of formulas reads."""

from __future__ import annotations

import re

from pubkit.expressions import expression

__all__ = ["COMMAND", "spelled_out"]

_ARGUMENT = r"(?:\[[^\[\]]*\])?\{(?:[^{}]|\{[^{}]*\})*+\}"
#: A command with its arguments; the older names of siunitx (\SI, \si, \SIrange) mean the same.
COMMAND = expression(
    rf"\\(?:(?:SI|qty|numrange)(?:{_ARGUMENT}){{2}}|(?:SI|qty)range(?:{_ARGUMENT}){{3}}|(?:num|si|unit|ang){_ARGUMENT})"
)
_VALUE = expression(r"\{((?:[^{}]|\{[^{}]*\})*+)\}")
_PREFIXES = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n",
    "micro": "μ", "milli": "m", "centi": "c", "deci": "d", "deca": "da", "deka": "da", "hecto": "h", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E", "zetta": "Z", "yotta": "Y",
}  # fmt: skip
_UNITS = {
    "ampere": "A", "candela": "cd", "kelvin": "K", "kilogram": "kg", "gram": "g", "metre": "m", "meter": "m", "mole": "mol",
    "second": "s", "becquerel": "Bq", "degreeCelsius": "°C", "celsius": "°C", "coulomb": "C", "farad": "F", "gray": "Gy",
    "hertz": "Hz", "henry": "H", "joule": "J", "lumen": "lm", "katal": "kat", "lux": "lx", "newton": "N", "ohm": "Ω",
    "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr", "tesla": "T", "volt": "V",
    "watt": "W", "weber": "Wb", "astronomicalunit": "au", "bel": "B", "dalton": "Da", "day": "d", "decibel": "dB",
    "degree": "°", "electronvolt": "eV", "hectare": "ha", "hour": "h", "litre": "L", "liter": "L", "minute": "min",
    "neper": "Np", "tonne": "t", "percent": "%", "arcminute": "′", "arcsecond": "″", "bar": "bar", "mmHg": "mmHg",
    "angstrom": "Å", "byte": "B", "bit": "bit", "molar": "M",
}  # fmt: skip
#: The short names of siunitx: \mg, \um, \kHz. A letter or two of a prefix, and a unit that takes one.
_SHORT_PREFIXES = {**{sign: sign for sign in "fpnmcdkMGT"}, "u": "μ", "": ""}
_SHORT_UNITS = frozenset(
    {
        "g",
        "m",
        "s",
        "A",
        "V",
        "W",
        "J",
        "N",
        "Pa",
        "K",
        "F",
        "H",
        "Hz",
        "L",
        "l",
        "mol",
        "eV",
        "Bq",
        "Gy",
        "Sv",
        "S",
        "Da",
        "M",
    }
)
_POWERS = {"squared": "2", "cubed": "3"}
_PART = expression(
    r"\\(?P<name>[A-Za-z]+)(?:\{(?P<argument>-?\d+)\})?|\^(?:\{(?P<group>-?\d+)\}|(?P<power>-?\d))|(?P<letters>[^\W\d_]+|[%°])"
    r"|(?P<space>[.~\s·]+)|(?P<slash>/)"
)
_NUMBER = expression(
    r"\s*(?P<sign>[-+<>≤≥]|\\pm|\\approx|\\leq?|\\geq?)?\s*(?P<digits>\d[\d\s]*(?:[.,]\d+)?|[.,]\d+)?"
    r"(?:\s*(?:\((?P<spread>[\d.]+)\)|(?:\+-|\\pm|±)\s*(?P<error>[\d.,]+)))?(?:\s*[eEdD]\s*(?P<exponent>[-+]?\d+))?\s*"
)
#: What stands behind a number without a space.
_CLOSE = ("°", "′", "″")


class _Unknown(ValueError):
    """A number or unit that is not understood."""


def spelled_out(tex: str) -> str:
    r"""Return `tex` with each quantity in amsmath's commands; one that is not understood stays as it is."""
    return COMMAND.sub(_command, tex)


def _command(found: re.Match[str]) -> str:
    values = _VALUE.findall(found[0])
    try:
        return f"{{{_quantity(found[0][1:].partition('{')[0].partition('[')[0], values)}}}"
    except _Unknown:
        return found[0]


def _quantity(name: str, values: list[str]) -> str:
    match name:
        case "SI" | "qty":
            return _with_unit(values[0], values[1])
        case "SIrange" | "qtyrange":
            return f"{_with_unit(values[0], values[2])}\\text{{–}}{_with_unit(values[1], values[2])}"
        case "numrange":
            return f"{_number(values[0])}\\text{{–}}{_number(values[1])}"
        case "num":
            return _number(values[0])
        case "ang":
            parts = zip(values[0].split(";"), _CLOSE, strict=False)
            return "".join(f"{_number(part)}\\text{{{sign}}}" for part, sign in parts if part.strip())
    return _unit(values[0])


def _with_unit(value: str, written: str) -> str:
    unit = _unit(written)
    gap = "" if unit.removeprefix(r"\mathrm{").startswith(tuple(f"{sign}}}" for sign in _CLOSE)) else r"\,"
    return f"{_number(value)}{gap}{unit}"


def _number(written: str) -> str:
    """Return a number as TeX prints it: 1.5e-3 is 1.5 \\times 10^{-3}."""
    found = _NUMBER.fullmatch(written)
    if not found or not (found["digits"] or found["exponent"]):
        raise _Unknown(written)
    digits = re.sub(r"\s", "", found["digits"] or "").replace(",", ".")
    digits = f"0{digits}" if digits.startswith(".") else digits
    spread = f"({found['spread']})" if found["spread"] else ""
    error = f" \\pm {found['error']}" if found["error"] else ""
    power = f"10^{{{found['exponent'].removeprefix('+')}}}" if found["exponent"] else ""
    number = f"({digits}{error})" if error and power else f"{digits}{spread}{error}"
    return (found["sign"] or "") + r" \times ".join(filter(None, (number, power)))


def _unit(written: str) -> str:
    """Return a unit as TeX prints it, in upright letters: \\milli\\gram\\per\\litre is mg/L."""
    parts: list[str] = []
    prefix, per, power, at = "", "", "", 0
    while at < len(written):
        found = _PART.match(written, at)
        if not found:
            raise _Unknown(written)
        at, name = found.end(), found["name"] or ""
        raised = found["group"] or found["power"] or _POWERS.get(name) or (found["argument"] if name == "tothe" else "")
        if raised:
            if not parts:
                raise _Unknown(written)
            parts[-1] += f"^{{{raised}}}"
        elif name in {"square", "cubic"}:
            power = "2" if name == "square" else "3"
        elif name in _PREFIXES:
            prefix = _PREFIXES[name]
        elif name == "per" or found["slash"]:
            per = "/"
        elif not found["space"]:
            sign = found["letters"] or _UNITS.get(name) or _short(name)
            before = per or (r"\," if parts else "")
            sign = r"\%" if sign == "%" else sign
            parts.append(f"{before}\\mathrm{{{prefix}{sign}}}" + (f"^{{{power}}}" if power else ""))
            prefix = per = power = ""
    if prefix or per or power:
        raise _Unknown(written)
    return "".join(parts)


def _short(name: str) -> str:
    for length in (1, 0):
        before, unit = name[:length], name[length:]
        if before in _SHORT_PREFIXES and unit in _SHORT_UNITS:
            return _SHORT_PREFIXES[before] + ("L" if unit == "l" else unit)
    raise _Unknown(name)
