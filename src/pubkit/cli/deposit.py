"""deposit: what a registration agency or a bookseller is sent about an edition."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import from_here, printable, replace_file
from pubkit.cli.arguments import Commands, add_command, add_path
from pubkit.cli.printing import put
from pubkit.errors import UsageError

if TYPE_CHECKING:
    from pubkit.project.metadata import Publication
    from pubkit.render.model import Edition

__all__ = ["add"]


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    text = "write what Crossref, DataCite or a bookseller is sent about an edition; nothing is sent"
    parser = add_command(commands, "deposit", _deposit, text)
    parser.add_argument("agency", choices=("crossref", "datacite", "onix"), help="for whom")
    add_path(parser)
    parser.add_argument("--by", metavar="NAME", help="who deposits (crossref, onix; default: the publisher)")
    parser.add_argument("--email", metavar="ADDRESS", help="where Crossref sends its answer (default: `contact:`)")
    parser.add_argument("--out", metavar="FILE", help="the file to write (default: standard output)")


def _deposit(options: argparse.Namespace) -> int:
    from pubkit import pipeline

    edition = pipeline.printed(options.path)
    _refuse_placeholders(edition.publication)
    made = _made(options, edition)
    if options.out:
        path = Path(options.out)
        replace_file(path, made)
        sys.stdout.write(f"{printable(from_here(path))}: written. Nothing was sent.\n")
    else:
        put(made.decode(), "json" if options.agency == "datacite" else "xml")
    return 0


def _refuse_placeholders(publication: Publication) -> None:
    """Refuse a record with what `pubkit init` lays down for authors to replace."""
    from pubkit.editorial.placeholders import placeholders

    laid = [f"{path[0]}: {value}" for path, value in placeholders(publication) if path[0] != "waivers"]
    if laid:
        message = f"These are not yours, but from the template: {printable('; '.join(laid), 300)}."
        raise UsageError(message, remedy="Replace them in pubkit.yaml; `pubkit check` shows their lines (EDI040).")


def _made(options: argparse.Namespace, edition: Edition) -> bytes:
    from pubkit.project import loading
    from pubkit.render.deposits.crossref import crossref
    from pubkit.render.deposits.datacite import datacite
    from pubkit.render.deposits.onix import onix

    if options.agency == "datacite":
        return datacite(edition)
    by = options.by or edition.publication.publisher
    if not by:
        raise UsageError("Nobody is named who deposits.", remedy="Add --by NAME, or write `publisher:`.")
    if options.agency == "onix":
        return onix(edition, by, loading.now())
    contact = edition.publication.contact or ""
    email = options.email or (contact if "@" in contact and "/" not in contact else "")
    if not email:
        raise UsageError(
            "Crossref sends its answer by email.", remedy="Add --email ADDRESS, or write it under `contact:`."
        )
    return crossref(edition, by, email, loading.now())
