"""The variables of a publication's web page: its colours, light and dark, and its fonts, without the rules that use them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import tinycss2

__all__ = ["tokens"]


@functools.lru_cache(maxsize=8)
def tokens(css: str) -> str:
    """Return the custom properties that the style sheet `css` gives to :root, with the media queries around them."""
    return "\n".join(_tokens(tinycss2.parse_stylesheet(css, True, True)))


def _tokens(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if node.type == "qualified-rule" and tinycss2.serialize(node.prelude).strip() == ":root":
            declared = tinycss2.parse_blocks_contents(node.content, True, True)
            own = [one.serialize() for one in declared if one.type == "declaration" and one.name.startswith("--")]
            if own:
                yield f":root {{ {'; '.join(own)} }}"
        elif node.type == "at-rule" and node.lower_at_keyword == "media" and node.content is not None:
            inner = "\n".join(_tokens(tinycss2.parse_rule_list(node.content, True, True))).strip()
            if inner:
                yield f"@media{tinycss2.serialize(node.prelude)}{{ {inner} }}"
