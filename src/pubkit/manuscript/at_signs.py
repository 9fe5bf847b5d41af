"""Names after an @ that are no citations, and links without words."""

from __future__ import annotations

import re

from pubkit.expressions import expression
from pubkit.manuscript import tree

__all__ = ["PACKAGE", "leave_addresses_whole", "leave_names_of_users", "say_addresses"]

_SCHEME = expression(r"^(?:https?://|#)")
#: The name of a package: @scope/name; and any name.
PACKAGE, _ANY = re.compile(r"[\w-]+/[\w.-]+"), re.compile(r".+")
#: What comes before the @ in an address such as https://example.org/@name.
_ADDRESS_END = expression(r"(?:https?://|www\.)\S*[/=?&~+:-]$", re.IGNORECASE)


def leave_addresses_whole(blocks: list[tree.Block]) -> None:
    """Put the @name of a bare web address, which pandoc has taken for a citation, back into its text."""
    for siblings in tree.inline_lists(blocks):
        for index in range(len(siblings) - 1, 0, -1):
            match siblings[index - 1 : index + 1]:
                case [tree.Str(address), tree.Cite(content=[tree.Str(name), *others])]:
                    if _ADDRESS_END.search(address) and name.startswith("@"):
                        siblings[index - 1 : index + 1] = [tree.Str(address + name), *others]


def say_addresses(blocks: list[tree.Block]) -> None:
    """Give links without words those that MyST would look up: here their address."""
    for link in tree.every(tree.Link, blocks):
        if not link.content and link.target.url:
            link.content = [tree.Str(_SCHEME.sub("", link.target.url))]


def leave_names_of_users(blocks: list[tree.Block], like: re.Pattern[str] = _ANY) -> None:
    """Put @name, if it is `like` that, back into the text where there is no bibliography."""
    for siblings in tree.inline_lists(blocks):
        for index, inline in enumerate(siblings):
            match inline:
                case tree.Cite(citations=[tree.Citation() as one], content=[tree.Str() as name]):
                    if one.mode.t == "AuthorInText" and like.fullmatch(name.text.removeprefix("@")):
                        siblings[index] = name
