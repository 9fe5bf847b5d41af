"""Citation keys of any signs: each is what pandoc reads, at its place, and adds nothing to the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pubkit.boundary import pandoc
from pubkit.manuscript import tree
from pubkit.manuscript.marking import mark

from ..conftest import Publish
from .test_reading import keys as places
from .test_reading import read

#: What an attacker, or a reference manager, may put between the braces of a key.
_SIGNS = st.characters(exclude_categories=("C", "Z"), exclude_characters="{}")
_KEYS = st.lists(st.text(_SIGNS, min_size=1, max_size=30), min_size=1, max_size=20)
_ODD = (
    'a"b', "a\\b", 'a","t":"RawInline","c":["html","<b>hi</b>"],"x":"y', "{a}b", "a{b}c", "x", "N\u00fcst2020", "\U0001f600",
    "\u0645\u0631\u062c\u0639", "HFH+:WEKA:09", "api", "Str", "doi:10.1016/0009-2614(84)85645-6", "</script>",
    "\\u0041", "\u738b", "\U00012000",
)  # fmt: skip


def marked_tree(text: str) -> list[tree.Block]:
    """What the marked text is read as, with every key put back."""
    marked = mark(text)
    blocks = tree.decode(marked.restore(pandoc.parse(marked.text).decode())).blocks
    for cite in tree.every(tree.Cite, blocks):
        for one in cite.citations:
            one.key = marked.keys.get(one.key, (one.key, 0))[0]
    return blocks


def plain_tree(text: str) -> list[tree.Block]:
    return tree.decode(pandoc.parse(text)).blocks


@settings(max_examples=25, deadline=None)
@given(_KEYS)
def test_a_text_with_keys_of_any_signs_is_read_as_without_marks(keys: list[str]) -> None:
    text = "\n\n".join(f"Words [see @{{{key}}}, p. 3] and @{{{key}}}." for key in keys)
    assert marked_tree(text) == plain_tree(text)


def test_odd_keys_are_read_as_without_marks() -> None:
    text = "\n\n".join(f"# On @{{{key}}}\n\nWords [@{{{key}}}; @other], @{{{key}}}." for key in _ODD)
    assert marked_tree(text) == plain_tree(text)


def test_keys_without_braces_are_read_as_without_marks() -> None:
    text = (
        'A [@key"x], @N\u00fcst2020, @\u0645\u0631\u062c\u0639, @a, [@a_b:c.d/e#f$g%h&i-j+k?l<m>n~o].\n\n'
        "# About @Who:2001/x\n\n# About @Who:2001/x\n\n"
        "+-----+-----+\n| @ab | x   |\n+-----+-----+\n| @\u738b | y   |\n+-----+-----+\n"
    )
    assert marked_tree(text) == plain_tree(text)


def test_a_thousand_mentions_of_a_short_key_are_read_as_without_marks() -> None:
    text = "Words " + ", ".join(["@api", "@Str", "@x", "@to"] * 1_000) + ".\n"
    assert marked_tree(text) == plain_tree(text)


def test_a_key_that_holds_json_adds_nothing_to_the_text(publication: Publish) -> None:
    key = 'a","t":"RawInline","c":["html","<b>hi</b>"],"x":"y'
    found = read(publication(f"Hello @{{{key}}} there.\n\nAnd [@{{x}}].\n"))
    assert places(found) == [(key, 1, 7), ("x", 3, 6)]
    assert not list(tree.every(tree.RawInline, found.document.tree.blocks))
    assert not found.findings
