"""Whom to call: crisis services and poison centres by jurisdiction, and how each language writes them.

Source of the rule of two: the Mindframe guideline (Australia) asks for at least two services that answer at all hours,
with direct links.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from pubkit.expressions import expression
from pubkit.language.labels import Phrases
from pubkit.packaged import parsed

__all__ = [
    "NEEDED",
    "Channel",
    "PoisonCentre",
    "Service",
    "crisis_services",
    "links_in",
    "poison_centre",
    "service_line",
    "service_links",
    "telephone",
]

#: How many services that answer day and night a crisis block must name.
NEEDED = 2


class Channel(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to reach a service: `at` is the number or address, `word` the text to send there, `link` its target."""

    kind: Literal["call", "text", "chat"]
    at: str
    word: str | None = None
    link: str | None = None


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that answers at all hours, with the page that says so and that page's date."""

    name: str
    channels: Annotated[list[Channel], Meta(min_length=1)]
    source: str
    as_of: dt.date
    audience: Literal["everyone", "young-people"] = "everyone"


class PoisonCentre(Struct, frozen=True, forbid_unknown_fields=True):
    """A poison centre's number, with the page that gives it and that page's date."""

    name: str
    number: str
    source: str
    as_of: dt.date


class _Directory(Struct, frozen=True, forbid_unknown_fields=True):
    poison_centres: dict[str, PoisonCentre]
    crisis: dict[str, list[Service]]


@functools.cache
def _directory() -> _Directory:
    return msgspec.convert(parsed(resources.files(__package__).joinpath("services.yaml").read_bytes()), _Directory)


def crisis_services(jurisdiction: str) -> tuple[Service, ...]:
    """Return the verified services of `jurisdiction` (ISO 3166-1 code); empty if there are none."""
    return tuple(_directory().crisis.get(jurisdiction, ()))


def poison_centre(jurisdiction: str) -> PoisonCentre | None:
    """Return the verified poison centre of `jurisdiction`."""
    return _directory().poison_centres.get(jurisdiction)


def service_links(services: Iterable[Service], wording: Phrases) -> dict[str, str]:
    """Return the link target of each way to reach the services: a number to call (tel, RFC 3966), or a page.

    Messages get no link: EPUBCheck knows no sms addresses.
    """
    links = {}
    for channel in (channel for service in services for channel in service.channels):
        if channel.link:
            links[channel.at] = channel.link
        elif channel.kind == "call":
            links[_way(channel, wording)] = telephone(channel.at)
    return links


def telephone(number: str) -> str:
    """Return the address of a number to call: "tel:18002221222" (RFC 3966); "+44 (0)20" is dialled without the zero."""
    dialled = number.replace("(0)", "") if number.startswith("+") else number
    return "tel:" + "".join(sign for sign in dialled if sign.isdigit() or sign == "+")


#: A telephone number as people write it: three digits or more, in groups. "24/7" and a year are none.
_NUMBER = expression(r"(?<![\w/.+-])(?!(?:19|20)\d\d\b(?![ -]\d))\+?\d(?:[ \u00a0().-]{0,2}\d){2,14}(?![\w/])")


def links_in(line: str, wording: Phrases) -> dict[str, str]:
    """Return the links of the telephone numbers in a line that an author wrote: words of the line, and the address.

    A number that only takes messages gets none; of one that takes calls too, the words "call 988" are the link.
    """
    links = {}
    for number in (found[0] for found in _NUMBER.finditer(line)):
        to_call = re.search(re.escape(wording.call.format(at=number)), line, re.IGNORECASE)
        if not re.search(_message_to(number, wording), line, re.IGNORECASE):
            links[number] = telephone(number)
        elif to_call:
            links[to_call[0]] = telephone(number)
    return links


def _message_to(number: str, wording: Phrases) -> str:
    """Return a pattern of how the language says to send a message to `number`."""
    ways = (
        re.escape(way.format(at=number, word="WORD")).replace("WORD", r"\S+") for way in (wording.text, wording.word)
    )
    return "|".join(ways)


def _way(channel: Channel, wording: Phrases) -> str:
    """Return one way to reach a service, in words: "call 988"."""
    pattern = wording.word if channel.word else {"call": wording.call, "text": wording.text}.get(channel.kind)
    return (pattern or wording.chat).format(at=channel.at, word=channel.word)


def service_line(service: Service, wording: Phrases) -> str:
    """Return `service` as one sentence: its name, and how to reach it."""
    ways = [_way(channel, wording) for channel in service.channels]
    line = wording.young_people if service.audience == "young-people" else wording.service
    return line.format(name=service.name, channels=wording.joined.join(ways))
