"""Templates of the pages that are written about a publication: whatever comes from a manuscript is escaped."""

from __future__ import annotations

import functools
from importlib import resources

import jinja2
from markupsafe import Markup, escape

__all__ = ["template"]


@functools.cache
def template(package: str, name: str) -> jinja2.Template:
    """Return the template `name` of `package`; its filter `code` sets what stands between backticks as code."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = _code
    return environment.from_string(resources.files(package).joinpath(name).read_text("utf-8"))


def _code(text: str) -> Markup:
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    marked = (Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts))
    return Markup("").join(marked)
